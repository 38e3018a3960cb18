// The global road: pay with a user-presented code, inquiryPayment, cancel, refund and inquiryRefund over the JSON API, in payment's
// words. An answer counts only when its raw body is signed by Alipay for our client id and path, and names our ids and amount.
// @see https://docs.antom.com/ac/ams/upm

import type { KeyObject } from 'node:crypto';
import type { Clock } from '#foundation/instant.ts';
import { durationMs, plus } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type {
  AuthorizeReply,
  AuthorizeRequest,
  Channel,
  ChargeReference,
  InquiryReply,
  NotSent,
  RefundInquiryReply,
  RefundReply,
  RefundRequest,
  ReversalReply,
  Unclear,
} from '#payment/index.ts';
import { type PrivateKeySource, type PublicKeySource, requireKeys } from '../keys.ts';
import { pooledSigning } from '../pooled-signing.ts';
import { sortOutcome, unclear } from '../reply.ts';
import type { Signing } from '../signing.port.ts';
import type { HttpTransport } from '../transport.port.ts';
import { cutText } from '../wire-text.ts';
import { toOffsetText } from '../wire-time.ts';
import { type Answer, verifiedAnswer } from './answer.ts';
import { authorized, inquired, refunded, refundInquired, reversed } from './outcomes.ts';
import { signContent, toSignatureHeader } from './signature-header.ts';

export type GlobalSettings = {
  /** The host alone, such as `https://open-sea-global.alipay.com`; a path in front of `/ams` is kept. */
  readonly gatewayUrl: string;
  /** Ids that begin with `SANDBOX_` use the sandbox's path, as Alipay's own clients do. */
  readonly clientId: string;
  readonly privateKey: PrivateKeySource;
  readonly alipayPublicKey: PublicKeySource;
  readonly notifyUrl: string;
  readonly merchant: { readonly name: string; readonly categoryCode: string };
};

export type GlobalParts = {
  readonly transport: HttpTransport;
  readonly clock: Clock;
  /** Makes and checks signatures; the thread pool's unless given. */
  readonly signing?: Signing;
};

type Verb = 'pay' | 'inquiryPayment' | 'cancel' | 'refund' | 'inquiryRefund';

// Alipay closes an unpaid order by itself after this, a second net below our own cancel.
const expiry = durationMs(180_000);

/** The path of a call; sandbox clients have their own. */
export function pathOf(clientId: string, verb: Verb): string {
  return `/ams/${clientId.startsWith('SANDBOX_') ? 'sandbox/' : ''}api/v1/payments/${verb}`;
}

export function createGlobalChannel(settings: GlobalSettings, parts: GlobalParts): Channel {
  return new GlobalChannel(settings, parts);
}

class GlobalChannel implements Channel {
  readonly #settings: GlobalSettings;
  readonly #parts: Required<GlobalParts>;
  readonly #keys: { readonly privateKey: KeyObject; readonly alipayPublicKey: KeyObject };
  readonly #origin: string;

  constructor(settings: GlobalSettings, parts: GlobalParts) {
    this.#settings = settings;
    this.#parts = { signing: pooledSigning, ...parts };
    this.#keys = requireKeys(settings);
    this.#origin = settings.gatewayUrl.replace(/\/+$/, '');
  }

  async authorize(request: AuthorizeRequest, signal: AbortSignal): Promise<Result<AuthorizeReply, NotSent>> {
    return await this.#ask('pay', this.#payBody(request), signal, (answer) => authorized(request, answer));
  }

  async inquire(charge: ChargeReference, signal: AbortSignal): Promise<Result<InquiryReply, NotSent>> {
    const body = { paymentRequestId: charge.attemptId };
    return await this.#ask('inquiryPayment', body, signal, (answer) => inquired(charge, answer));
  }

  async reverse(charge: ChargeReference, signal: AbortSignal): Promise<Result<ReversalReply, NotSent>> {
    const body = { paymentRequestId: charge.attemptId };
    return await this.#ask('cancel', body, signal, (answer) => reversed(charge, answer));
  }

  async refund(request: RefundRequest, signal: AbortSignal): Promise<Result<RefundReply, NotSent>> {
    const { channelReference } = request.charge;
    // A refund wants Alipay's own number, which every approval has told; without one there is nothing to give back yet.
    if (channelReference === null) return success(unclear('mismatch', 'tillway.no-payment-id'));
    const body = {
      refundRequestId: request.refundId,
      paymentId: channelReference,
      refundAmount: toAmount(request.amount),
      isAsyncRefund: false,
    };
    return await this.#ask('refund', body, signal, (answer) => refunded(request, answer));
  }

  async inquireRefund(request: RefundRequest, signal: AbortSignal): Promise<Result<RefundInquiryReply, NotSent>> {
    const body = { refundRequestId: request.refundId };
    return await this.#ask('inquiryRefund', body, signal, (answer) => refundInquired(request, answer));
  }

  #payBody(request: AuthorizeRequest): object {
    const { categoryCode } = this.#settings.merchant;
    const name = cutText(this.#settings.merchant.name, 256);
    const amount = toAmount(request.amount);
    const at = toOffsetText(request.at);
    return {
      productCode: 'IN_STORE_PAYMENT',
      paymentRequestId: request.attemptId,
      paymentFactor: { inStorePaymentScenario: 'PaymentCode' },
      paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: request.payerCode.reveal() },
      paymentAmount: amount,
      order: {
        referenceOrderId: request.attemptId,
        orderDescription: cutText(request.description, 256),
        orderAmount: amount,
        merchant: {
          referenceMerchantId: request.merchantId,
          merchantName: name,
          merchantMCC: categoryCode,
          store: { referenceStoreId: request.storeId, storeName: name, storeMCC: categoryCode },
        },
        env: { storeTerminalId: request.deviceId, storeTerminalRequestTime: at },
      },
      paymentNotifyUrl: this.#settings.notifyUrl,
      paymentExpiryTime: toOffsetText(plus(request.at, expiry)),
    };
  }

  async #ask<Reply>(
    verb: Verb,
    message: object,
    signal: AbortSignal,
    read: (answer: Answer) => Reply,
  ): Promise<Result<Reply | Unclear, NotSent>> {
    const { clientId } = this.#settings;
    const { transport, clock, signing } = this.#parts;
    const path = pathOf(clientId, verb);
    const body = JSON.stringify(message);
    const time = toOffsetText(clock.now());
    const signature = await signing.sign(signContent({ path, clientId, time, body }), this.#keys.privateKey);
    const headers = {
      'content-type': 'application/json; charset=UTF-8',
      'client-id': clientId,
      'request-time': time,
      signature: toSignatureHeader(signature),
    };
    const outcome = sortOutcome(await transport.post({ url: `${this.#origin}${path}`, headers, body }, signal));
    if ('outcome' in outcome) return success(outcome);
    if (outcome.kind === 'not-sent') return failure(outcome);
    const answer = await verifiedAnswer(outcome, path, clientId, this.#keys.alipayPublicKey, signing);
    return success('outcome' in answer ? answer : read(answer));
  }
}

/** Minor units as text, in Alipay's table of decimals, which ours follows. */
function toAmount(amount: Money): { readonly currency: string; readonly value: string } {
  return { currency: amount.currency, value: amount.minor.toString() };
}
