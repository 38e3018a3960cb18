// The domestic road: alipay.trade.pay, query, cancel, refund and fastpay.refund.query over OpenAPI v2, in payment's words. An answer
// counts only when its node's exact text is signed by Alipay, names our number and, where it approves, our amount.
// @see https://opendocs.alipay.com/open/02ekfp and the pages beside it

import type { KeyObject } from 'node:crypto';
import type { Clock } from '#foundation/instant.ts';
import { type Currency, formatDecimal, parseMoney, sameMoney } from '#foundation/money.ts';
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
import { type JsonObject, parseObject, textOf } from '../json-object.ts';
import { type PrivateKeySource, type PublicKeySource, requireKeys } from '../keys.ts';
import { declined, refusedHere, sortOutcome, unclear, unprovenCode } from '../reply.ts';
import { verifyText } from '../signature.ts';
import type { HttpTransport } from '../transport.port.ts';
import { fromBeijingText, toBeijingText } from '../wire-time.ts';
import {
  gatewayRefusal,
  isSystemError,
  isTooLateToCancel,
  isTradeUnknown,
  meaningOfPay,
  meaningOfRefund,
} from './codes.ts';
import { signedRequest } from './request.ts';
import { cutAnswer } from './response-node.ts';

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

export type OpenapiParts = { readonly transport: HttpTransport; readonly clock: Clock };

/** A verified node, or what payment is told instead. */
type Answer = { readonly node: JsonObject; readonly code: string; readonly subCode: string };

export function createOpenapiChannel(settings: OpenapiSettings, parts: OpenapiParts): Channel {
  return new OpenapiChannel(settings, parts);
}

class OpenapiChannel implements Channel {
  readonly #settings: OpenapiSettings;
  readonly #parts: OpenapiParts;
  readonly #keys: { readonly privateKey: KeyObject; readonly alipayPublicKey: KeyObject };
  readonly #currency: Currency;

  constructor(settings: OpenapiSettings, parts: OpenapiParts) {
    this.#settings = settings;
    this.#parts = parts;
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
    };
    const extra = { notify_url: this.#settings.notifyUrl };
    return await this.#ask('alipay.trade.pay', business, extra, signal, (answer) => this.#authorized(request, answer));
  }

  async inquire(charge: ChargeReference, signal: AbortSignal): Promise<Result<InquiryReply, NotSent>> {
    const business = { out_trade_no: charge.attemptId };
    return await this.#ask('alipay.trade.query', business, {}, signal, (answer) => this.#inquired(charge, answer));
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

  async #ask<Reply>(
    method: string,
    business: object,
    extra: Readonly<Record<string, string>>,
    signal: AbortSignal,
    read: (answer: Answer) => Reply,
  ): Promise<Result<Reply | Unclear, NotSent>> {
    const params = {
      app_id: this.#settings.appId,
      method,
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: toBeijingText(this.#parts.clock.now()),
      version: '1.0',
      ...extra,
      biz_content: JSON.stringify(business),
    };
    const request = await signedRequest(this.#settings.gatewayUrl, params, this.#keys.privateKey);
    const outcome = sortOutcome(await this.#parts.transport.post(request, signal));
    if ('outcome' in outcome) return success(outcome);
    if (outcome.kind === 'not-sent') return failure(outcome);
    const answer = await verifiedAnswer(outcome.body, method, this.#keys.alipayPublicKey);
    return success('outcome' in answer ? answer : read(answer));
  }

  #authorized(request: AuthorizeRequest, { node, code, subCode }: Answer): AuthorizeReply {
    if (code === '10000') return this.#approved(request.attemptId, request.amount, node);
    if (code === '10003') {
      return namesOther(node, request.attemptId) ? unclear('mismatch', code) : { outcome: 'awaiting-payer' };
    }
    const shown = subCode === '' ? code : subCode;
    if (code === '20000') return unclear('system-error', shown);
    const refusal = gatewayRefusal(code, subCode);
    if (refusal !== undefined) return declined(refusal, shown);
    if (code !== '40004' || namesOther(node, request.attemptId)) return unclear('unknown-code', shown);
    const meaning = meaningOfPay(subCode);
    if (meaning === 'system') return unclear('system-error', shown);
    return meaning === undefined || meaning === 'unclear' ? unclear('unknown-code', shown) : declined(meaning, shown);
  }

  #inquired(charge: ChargeReference, { node, code, subCode }: Answer): InquiryReply {
    if (code === '40004' && isTradeUnknown(subCode)) return { outcome: 'never-received' };
    if (code !== '10000') return unclear('system-error', subCode === '' ? code : subCode);
    if (namesOther(node, charge.attemptId)) return unclear('mismatch', code);
    switch (textOf(node, 'trade_status')) {
      case 'TRADE_SUCCESS':
      case 'TRADE_FINISHED':
        return this.#approved(charge.attemptId, charge.amount, node);
      case 'WAIT_BUYER_PAY':
        return { outcome: 'awaiting-payer' };
      case 'TRADE_CLOSED':
        return { outcome: 'closed' };
      default:
        return unclear('unknown-code', unprovenCode(textOf(node, 'trade_status')));
    }
  }

  #approved(number: string, amount: AuthorizeRequest['amount'], node: JsonObject): AuthorizeReply {
    const channelReference = textOf(node, 'trade_no');
    const total = parseMoney(amount.currency, textOf(node, 'total_amount') ?? '');
    const ours = textOf(node, 'out_trade_no') === number && total.ok && sameMoney(total.value, amount);
    if (!ours || channelReference === undefined) return unclear('mismatch', '10000');
    const paidAt = fromBeijingText(textOf(node, 'gmt_payment') ?? textOf(node, 'send_pay_date'));
    const payerAccount = textOf(node, 'buyer_logon_id') ?? null;
    return { outcome: 'approved', evidence: { channelReference, amount, paidAt, payerAccount } };
  }
}

/** Proves an answer and reads its code. */
export async function verifiedAnswer(
  text: string,
  method: string,
  alipayPublicKey: KeyObject,
): Promise<Answer | Unclear> {
  const raw = cutAnswer(text, `${method.replaceAll('.', '_')}_response`) ?? cutAnswer(text, 'error_response');
  const node = raw === undefined ? undefined : parseObject(raw.node);
  if (raw === undefined || node === undefined) return unclear('garbled');
  const subCode = textOf(node, 'sub_code') ?? '';
  const code = textOf(node, 'code') ?? '';
  if (!(await isSigned(raw.node, raw.sign, alipayPublicKey))) {
    return unclear('bad-signature', unprovenCode(subCode === '' ? code : subCode));
  }
  return code === '' ? unclear('garbled') : { node, code, subCode };
}

// Some gateways sign the text with its slashes escaped and send it without; Alipay's page tells to try that.
async function isSigned(node: string, sign: string | undefined, key: KeyObject): Promise<boolean> {
  if (sign === undefined) return false;
  if (await verifyText(node, sign, key)) return true;
  return node.includes('/') && (await verifyText(node.replace(/(?<!\\)\//g, '\\/'), sign, key));
}

function namesOther(node: JsonObject, number: string): boolean {
  const named = textOf(node, 'out_trade_no');
  return named !== undefined && named !== number;
}

// Alipay refuses `/`, `=` and `&` in a subject (https://opendocs.alipay.com/open/02ekfp).
function subjectOf(description: string): string {
  const text = description.replace(/[/=&]/g, ' ').trim();
  return text === '' ? 'Sale' : [...text].slice(0, 256).join('');
}

function reversed(charge: ChargeReference, { node, code, subCode }: Answer): ReversalReply {
  const shown = subCode === '' ? code : subCode;
  if (code !== '10000') {
    if (code === '40004' && isTooLateToCancel(subCode)) return { outcome: 'too-late' };
    if (code === '40004' && isTradeUnknown(subCode)) return { outcome: 'never-received' };
    return unclear('system-error', shown);
  }
  if (namesOther(node, charge.attemptId)) return unclear('mismatch', code);
  if (textOf(node, 'retry_flag') === 'Y') return unclear('system-error', 'retry');
  switch (textOf(node, 'action')) {
    case 'close':
      return { outcome: 'reversed', moneyReturned: false };
    case 'refund':
      return { outcome: 'reversed', moneyReturned: true };
    case undefined:
      return { outcome: 'never-received' };
    default:
      return unclear('unknown-code', unprovenCode(textOf(node, 'action')));
  }
}

function refunded(request: RefundRequest, { node, code, subCode }: Answer): RefundReply {
  const shown = subCode === '' ? code : subCode;
  if (code === '10000') {
    if (namesOther(node, request.charge.attemptId)) return unclear('mismatch', code);
    // 10000 alone does not prove a refund, fund_change Y does; otherwise the refund query tells.
    const moved = textOf(node, 'fund_change') === 'Y';
    const refundedAt = fromBeijingText(textOf(node, 'gmt_refund_pay'));
    return moved ? { outcome: 'refunded', refundedAt } : unclear('system-error', 'fund_change');
  }
  const refusal = gatewayRefusal(code, subCode);
  if (refusal !== undefined && code !== '40005') return declined(refusal, shown);
  const meaning = code === '40004' && !isSystemError(subCode) ? meaningOfRefund(subCode) : undefined;
  if (meaning === undefined || meaning === 'unclear' || meaning === 'system') return unclear('system-error', shown);
  return declined(meaning, shown);
}

function refundInquired(request: RefundRequest, { node, code, subCode }: Answer): RefundInquiryReply {
  if (code === '40004' && isTradeUnknown(subCode)) return { outcome: 'never-received' };
  if (code !== '10000') return unclear('system-error', subCode === '' ? code : subCode);
  if (namesOther(node, request.charge.attemptId)) return unclear('mismatch', code);
  const status = textOf(node, 'refund_status');
  // Absent means not received, failed, or a wrong number; the amount must be this refund's.
  if (status === undefined) return { outcome: 'never-received' };
  const amount = parseMoney(request.amount.currency, textOf(node, 'refund_amount') ?? '');
  if (status !== 'REFUND_SUCCESS' || !amount.ok || !sameMoney(amount.value, request.amount)) {
    return unclear('mismatch', unprovenCode(status));
  }
  return { outcome: 'refunded', refundedAt: fromBeijingText(textOf(node, 'gmt_refund_pay')) };
}
