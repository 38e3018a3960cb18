// The domestic road: alipay.trade.pay, query, cancel, refund and fastpay.refund.query over OpenAPI v2, in payment's words. An answer
// counts only when its node's exact text is signed by Alipay, names our number and, where it approves, our amount.
// @see https://opendocs.alipay.com/open/02ekfp and the pages beside it

import type { KeyObject } from 'node:crypto';
import type { Clock } from '#foundation/instant.ts';
import { type Currency, formatDecimal } from '#foundation/money.ts';
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
import { refusedHere, sortOutcome } from '../reply.ts';
import type { Signing } from '../signing.port.ts';
import type { HttpTransport } from '../transport.port.ts';
import { cutText } from '../wire-text.ts';
import { toBeijingText } from '../wire-time.ts';
import { type Answer, verifiedAnswer } from './answer.ts';
import { authorized, inquired, refunded, refundInquired, reversed } from './outcomes.ts';
import { signedRequest } from './request.ts';

export type OpenapiSettings = {
  readonly gatewayUrl: string;
  readonly appId: string;
  readonly privateKey: PrivateKeySource;
  readonly alipayPublicKey: PublicKeySource;
  /** Sent with every payment: without it Alipay sends no notice at all. */
  readonly notifyUrl: string;
  /** When Alipay closes an unpaid trade by itself, a second net below our own cancel. Alipay advises five minutes or more. */
  readonly timeoutExpress?: string;
  /** The currency of the contract; the domestic gateway takes CNY unless the contract says otherwise. */
  readonly currency?: Currency;
};

export type OpenapiParts = {
  readonly transport: HttpTransport;
  readonly clock: Clock;
  /** Makes and checks signatures; the thread pool's unless given. */
  readonly signing?: Signing;
};

export function createOpenapiChannel(settings: OpenapiSettings, parts: OpenapiParts): Channel {
  return new OpenapiChannel(settings, parts);
}

class OpenapiChannel implements Channel {
  readonly #settings: OpenapiSettings;
  readonly #parts: Required<OpenapiParts>;
  readonly #keys: { readonly privateKey: KeyObject; readonly alipayPublicKey: KeyObject };
  readonly #currency: Currency;

  constructor(settings: OpenapiSettings, parts: OpenapiParts) {
    this.#settings = settings;
    this.#parts = { signing: pooledSigning, ...parts };
    this.#keys = requireKeys(settings);
    this.#currency = settings.currency ?? 'CNY';
  }

  async authorize(request: AuthorizeRequest, signal: AbortSignal): Promise<Result<AuthorizeReply, NotSent>> {
    if (request.amount.currency !== this.#currency) return success(refusedHere.currency);
    const payerCode = request.payerCode.reveal();
    const business = {
      out_trade_no: request.attemptId,
      total_amount: formatDecimal(request.amount),
      subject: subjectOf(request.description),
      auth_code: payerCode,
      scene: payerCode.startsWith('fp') ? 'security_code' : 'bar_code',
      product_code: 'FACE_TO_FACE_PAYMENT',
      timeout_express: this.#settings.timeoutExpress ?? '5m',
      store_id: request.storeId.slice(0, 32),
      terminal_id: request.deviceId.slice(0, 32),
      query_options: ['fund_bill_list', 'voucher_detail_list'],
      ...this.#currencyAs('trans_currency'),
    };
    const extra = { notify_url: this.#settings.notifyUrl };
    return await this.#ask('alipay.trade.pay', business, extra, signal, (answer) => authorized(request, answer));
  }

  async inquire(charge: ChargeReference, signal: AbortSignal): Promise<Result<InquiryReply, NotSent>> {
    const business = { out_trade_no: charge.attemptId };
    return await this.#ask('alipay.trade.query', business, {}, signal, (answer) => inquired(charge, answer));
  }

  async reverse(charge: ChargeReference, signal: AbortSignal): Promise<Result<ReversalReply, NotSent>> {
    const business = { out_trade_no: charge.attemptId };
    return await this.#ask('alipay.trade.cancel', business, {}, signal, (answer) => reversed(charge, answer));
  }

  async refund(request: RefundRequest, signal: AbortSignal): Promise<Result<RefundReply, NotSent>> {
    const business = {
      out_trade_no: request.charge.attemptId,
      refund_amount: formatDecimal(request.amount),
      out_request_no: request.refundId,
      ...this.#currencyAs('refund_currency'),
    };
    return await this.#ask('alipay.trade.refund', business, {}, signal, (answer) => refunded(request, answer));
  }

  async inquireRefund(request: RefundRequest, signal: AbortSignal): Promise<Result<RefundInquiryReply, NotSent>> {
    const business = {
      out_trade_no: request.charge.attemptId,
      out_request_no: request.refundId,
      query_options: ['gmt_refund_pay'],
    };
    const method = 'alipay.trade.fastpay.refund.query';
    return await this.#ask(method, business, {}, signal, (answer) => refundInquired(request, answer));
  }

  // Alipay takes an amount without a currency for CNY.
  #currencyAs(field: string): Readonly<Record<string, string>> {
    return this.#currency === 'CNY' ? {} : { [field]: this.#currency };
  }

  async #ask<Reply>(
    method: string,
    business: object,
    extra: Readonly<Record<string, string>>,
    signal: AbortSignal,
    read: (answer: Answer) => Reply,
  ): Promise<Result<Reply | Unclear, NotSent>> {
    const { transport, clock, signing } = this.#parts;
    const params = {
      app_id: this.#settings.appId,
      method,
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: toBeijingText(clock.now()),
      version: '1.0',
      ...extra,
      biz_content: JSON.stringify(business),
    };
    const request = await signedRequest(this.#settings.gatewayUrl, params, this.#keys.privateKey, signing);
    const outcome = sortOutcome(await transport.post(request, signal));
    if ('outcome' in outcome) return success(outcome);
    if (outcome.kind === 'not-sent') return failure(outcome);
    const answer = await verifiedAnswer(outcome.body, method, this.#keys.alipayPublicKey, signing);
    return success('outcome' in answer ? answer : read(answer));
  }
}

// Alipay refuses `/`, `=` and `&` in a subject (https://opendocs.alipay.com/open/02ekfp).
function subjectOf(description: string): string {
  const text = description.replace(/[/=&\p{Cc}]/gu, ' ').trim();
  return text === '' ? 'Sale' : cutText(text, 256);
}
