// The global road: pay with a user-presented code, inquiryPayment, cancel, refund and inquiryRefund over the JSON API, in payment's
// words. An answer counts only when its raw body is signed by Alipay for our client id and path, and names our ids and amount.
// @see https://docs.antom.com/ac/ams/upm

import type { KeyObject } from 'node:crypto';
import type { Clock } from '#foundation/instant.ts';
import { durationMs, plus } from '#foundation/instant.ts';
import { isCurrency, type Money, money, sameMoney } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type {
  ApprovalEvidence,
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
import { asObject, type JsonObject, objectOf, parseObject, textOf } from '../json-object.ts';
import { type PrivateKeySource, type PublicKeySource, requireKeys } from '../keys.ts';
import { declined, sortOutcome, unclear, unprovenCode } from '../reply.ts';
import { signText, verifyText } from '../signature.ts';
import type { HttpAnswered, HttpTransport } from '../transport.port.ts';
import { fromOffsetText, toOffsetText } from '../wire-time.ts';
import { meaningOfPay, meaningOfRefund } from './codes.ts';
import { fromSignatureHeader, signContent, toSignatureHeader } from './signature-header.ts';

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

export type GlobalParts = { readonly transport: HttpTransport; readonly clock: Clock };

type Verb = 'pay' | 'inquiryPayment' | 'cancel' | 'refund' | 'inquiryRefund';

/** A verified answer with its result taken apart. */
export type GlobalAnswer = { readonly body: JsonObject; readonly status: string; readonly code: string };

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
  readonly #parts: GlobalParts;
  readonly #keys: { readonly privateKey: KeyObject; readonly alipayPublicKey: KeyObject };
  readonly #origin: string;

  constructor(settings: GlobalSettings, parts: GlobalParts) {
    this.#settings = settings;
    this.#parts = parts;
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
    const { name, categoryCode } = this.#settings.merchant;
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
        orderDescription: [...request.description].slice(0, 256).join(''),
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
    read: (answer: GlobalAnswer) => Reply,
  ): Promise<Result<Reply | Unclear, NotSent>> {
    const { clientId } = this.#settings;
    const path = pathOf(clientId, verb);
    const body = JSON.stringify(message);
    const time = toOffsetText(this.#parts.clock.now());
    const signature = await signText(signContent({ path, clientId, time, body }), this.#keys.privateKey);
    const headers = {
      'content-type': 'application/json; charset=UTF-8',
      'client-id': clientId,
      'request-time': time,
      signature: toSignatureHeader(signature),
    };
    const outcome = sortOutcome(
      await this.#parts.transport.post({ url: `${this.#origin}${path}`, headers, body }, signal),
    );
    if ('outcome' in outcome) return success(outcome);
    if (outcome.kind === 'not-sent') return failure(outcome);
    const answer = await verifiedAnswer(outcome, path, clientId, this.#keys.alipayPublicKey);
    return success('outcome' in answer ? answer : read(answer));
  }
}

/** Proves an answer and takes its result apart. */
export async function verifiedAnswer(
  { headers, body }: HttpAnswered,
  path: string,
  clientId: string,
  key: KeyObject,
): Promise<GlobalAnswer | Unclear> {
  const parsed = parseObject(body);
  const result = objectOf(parsed, 'result');
  if (parsed === undefined || result === undefined) return unclear('garbled');
  const code = textOf(result, 'resultCode') ?? '';
  const signature = fromSignatureHeader(headers['signature']);
  const time = headers['response-time'];
  const named = headers['client-id'] === clientId;
  const content = time === undefined ? undefined : signContent({ path, clientId, time, body });
  if (!named || signature === undefined || content === undefined || !(await verifyText(content, signature, key))) {
    return unclear('bad-signature', unprovenCode(code));
  }
  return { body: parsed, status: textOf(result, 'resultStatus') ?? '', code };
}

/** Minor units as text, in Alipay's table of decimals, which ours follows. */
function toAmount(amount: Money): { readonly currency: string; readonly value: string } {
  return { currency: amount.currency, value: amount.minor.toString() };
}

function amountIn(body: JsonObject, name: string): Money | undefined {
  const amount = objectOf(body, name);
  const currency = textOf(amount, 'currency');
  const value: unknown = amount?.['value'];
  // Alipay's pages say text; some of its clients send numbers.
  const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (currency === undefined || !isCurrency(currency) || typeof digits !== 'string' || !/^\d{1,16}$/.test(digits)) {
    return undefined;
  }
  return money(currency, BigInt(digits));
}

/** The proof in a paid payment's fields, if they are about this number and amount. */
export function evidenceIn(body: JsonObject, number: string, amount: Money): ApprovalEvidence | undefined {
  const told = amountIn(body, 'paymentAmount');
  const channelReference = textOf(body, 'paymentId');
  const ours = textOf(body, 'paymentRequestId') === number && told !== undefined && sameMoney(told, amount);
  if (!ours || channelReference === undefined) return undefined;
  const payerAccount = textOf(objectOf(body, 'pspCustomerInfo'), 'displayCustomerId') ?? null;
  return { channelReference, amount, paidAt: fromOffsetText(textOf(body, 'paymentTime')), payerAccount };
}

export function amountOf(body: JsonObject): Money | undefined {
  return amountIn(body, 'paymentAmount');
}

function namesOther(body: JsonObject, field: string, id: string): boolean {
  const named = textOf(body, field);
  return named !== undefined && named !== id;
}

function authorized(request: AuthorizeRequest, { body, status, code }: GlobalAnswer): AuthorizeReply {
  if (namesOther(body, 'paymentRequestId', request.attemptId)) return unclear('mismatch', code);
  if (status === 'S') {
    const evidence = evidenceIn(body, request.attemptId, request.amount);
    return evidence === undefined ? unclear('mismatch', code) : { outcome: 'approved', evidence };
  }
  if (status === 'U') {
    return code === 'PAYMENT_IN_PROCESS' ? { outcome: 'awaiting-payer' } : unclear('system-error', code);
  }
  const meaning = status === 'F' ? meaningOfPay(code) : undefined;
  if (meaning === 'system') return unclear('system-error', code);
  return meaning === undefined || meaning === 'unclear' ? unclear('unknown-code', code) : declined(meaning, code);
}

function inquired(charge: ChargeReference, { body, status, code }: GlobalAnswer): InquiryReply {
  if (status === 'F' && code === 'ORDER_NOT_EXIST') return { outcome: 'never-received' };
  if (status !== 'S') return unclear('system-error', code);
  if (namesOther(body, 'paymentRequestId', charge.attemptId)) return unclear('mismatch', code);
  const paymentStatus = textOf(body, 'paymentStatus');
  switch (paymentStatus) {
    case 'SUCCESS': {
      if (isWhollyRefunded(body, charge.amount)) return { outcome: 'closed' };
      const evidence = evidenceIn(body, charge.attemptId, charge.amount);
      return evidence === undefined ? unclear('mismatch', code) : { outcome: 'approved', evidence };
    }
    case 'PROCESSING':
    case 'PENDING':
      return { outcome: 'awaiting-payer' };
    case 'CANCELLED':
      return { outcome: 'closed' };
    case 'FAIL': {
      const resultCode = textOf(body, 'paymentResultCode') ?? 'FAIL';
      const meaning = meaningOfPay(resultCode);
      // The payment's own status is final; only its reason may be one that we do not know.
      return declined(
        meaning === undefined || meaning === 'unclear' || meaning === 'system' ? 'other' : meaning,
        resultCode,
      );
    }
    default:
      return unclear('unknown-code', unprovenCode(paymentStatus));
  }
}

// A refunded payment stays SUCCESS here; its refunds stand beside it.
function isWhollyRefunded(body: JsonObject, amount: Money): boolean {
  const transactions: unknown = body['transactions'];
  if (!Array.isArray(transactions)) return false;
  let refundedMinor = 0n;
  for (const entry of transactions) {
    const transaction = asObject(entry);
    const isRefund = textOf(transaction, 'transactionType') === 'REFUND';
    if (transaction === undefined || !isRefund || textOf(transaction, 'transactionStatus') !== 'SUCCESS') continue;
    refundedMinor += amountIn(transaction, 'transactionAmount')?.minor ?? 0n;
  }
  return refundedMinor >= amount.minor;
}

function reversed(charge: ChargeReference, { body, status, code }: GlobalAnswer): ReversalReply {
  if (status === 'S') {
    if (namesOther(body, 'paymentRequestId', charge.attemptId)) return unclear('mismatch', code);
    // The answer does not tell whether the order had been paid; either way no money is kept.
    return { outcome: 'reversed', moneyReturned: false };
  }
  if (status === 'F' && code === 'ORDER_NOT_EXIST') return { outcome: 'never-received' };
  if (status === 'F' && (code === 'CANCEL_WINDOW_EXCEED' || code === 'ORDER_STATUS_INVALID'))
    return { outcome: 'too-late' };
  return unclear('system-error', code);
}

function refunded(request: RefundRequest, { body, status, code }: GlobalAnswer): RefundReply {
  if (status === 'S') {
    if (namesOther(body, 'refundRequestId', request.refundId)) return unclear('mismatch', code);
    return { outcome: 'refunded', refundedAt: fromOffsetText(textOf(body, 'refundTime')) };
  }
  const reason = status === 'F' ? meaningOfRefund(code) : undefined;
  return reason === undefined ? unclear('system-error', code) : declined(reason, code);
}

function refundInquired(request: RefundRequest, { body, status, code }: GlobalAnswer): RefundInquiryReply {
  if (status === 'F' && (code === 'ORDER_NOT_EXIST' || code === 'REFUND_NOT_EXIST'))
    return { outcome: 'never-received' };
  if (status !== 'S') return unclear('system-error', code);
  if (namesOther(body, 'refundRequestId', request.refundId)) return unclear('mismatch', code);
  switch (textOf(body, 'refundStatus')) {
    case 'SUCCESS':
      return { outcome: 'refunded', refundedAt: fromOffsetText(textOf(body, 'refundTime')) };
    case 'FAIL':
      return { outcome: 'never-received' };
    default:
      return unclear('system-error', code);
  }
}
