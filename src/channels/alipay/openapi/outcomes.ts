// What a proven answer of the domestic gateway means for the money. Alipay's signature covers the node alone, so a node that was
// given for another number, another call or another amount proves nothing here: every outcome that ends something names our
// number and carries what only this call answers. All else stays unclear, and is asked about or reversed.
// @see https://opendocs.alipay.com/open/02ekfp, 02e7gm, 02ekfi, 02ekfs and 00f7nu

import { type Money, parseMoney, sameMoney } from '#foundation/money.ts';
import type {
  AuthorizeReply,
  AuthorizeRequest,
  ChargeReference,
  InquiryReply,
  RefundInquiryReply,
  RefundReply,
  RefundRequest,
  ReversalReply,
} from '#payment/index.ts';
import { decimalOf, type JsonObject, textOf } from '../json-object.ts';
import { declined, unclear, unprovenCode } from '../reply.ts';
import { fromBeijingText } from '../wire-time.ts';
import type { Answer } from './answer.ts';
import { gatewayRefusal, isTooLateToCancel, isTradeUnknown, meaningOfPay, meaningOfRefund } from './codes.ts';

type Charge = { readonly attemptId: string; readonly amount: Money };

export function authorized(request: AuthorizeRequest, answer: Answer): AuthorizeReply {
  const { node, code, subCode } = answer;
  const shown = shownCode(answer);
  if (namesOther(node, request.attemptId)) return unclear('mismatch', shown);
  if (code === '10000') {
    return isPayAnswer(node) ? paid(request, node) : unclear('mismatch', code);
  }
  if (code === '10003') return { outcome: 'awaiting-payer' };
  if (code === '20000') return unclear('system-error', shown);
  const refusal = gatewayRefusal(code, subCode);
  if (refusal !== undefined) return declined(refusal, shown);
  const meaning = code === '40004' ? meaningOfPay(subCode) : undefined;
  if (meaning === 'system') return unclear('system-error', shown);
  return meaning === undefined || meaning === 'unclear' ? unclear('unknown-code', shown) : declined(meaning, shown);
}

// The time of payment is in every approval and in no answer about an unpaid trade; a status or a refund belongs to other calls,
// whose answers carry our number and amount too. A payment that is taken later (`async_payment_mode`) is not taken yet.
function isPayAnswer(node: JsonObject): boolean {
  const mode = textOf(node, 'async_payment_mode');
  const other = hasAny(node, ['trade_status', 'refund_status', 'refund_fee', 'out_request_no']);
  return textOf(node, 'gmt_payment') !== undefined && !other && (mode === undefined || mode === 'SYNC_DIRECT_PAY');
}

export function inquired(charge: ChargeReference, answer: Answer): InquiryReply {
  const { node, code, subCode } = answer;
  if (namesOther(node, charge.attemptId)) return unclear('mismatch', shownCode(answer));
  if (code === '40004' && isTradeUnknown(subCode)) return { outcome: 'never-received' };
  if (code !== '10000') return unclear('system-error', shownCode(answer));
  const status = textOf(node, 'trade_status');
  switch (status) {
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED':
      return paid(charge, node);
    case 'WAIT_BUYER_PAY':
      return { outcome: 'awaiting-payer' };
    case 'TRADE_CLOSED':
      return isNamed(node, charge.attemptId) ? { outcome: 'closed' } : unclear('mismatch', code);
    default:
      return unclear('unknown-code', unprovenCode(status));
  }
}

function paid({ attemptId, amount }: Charge, node: JsonObject): AuthorizeReply {
  const channelReference = textOf(node, 'trade_no');
  const currency = textOf(node, 'trans_currency') ?? amount.currency;
  const total = parseMoney(amount.currency, decimalOf(node, 'total_amount') ?? '');
  const ours = isNamed(node, attemptId) && currency === amount.currency && total.ok && sameMoney(total.value, amount);
  if (!ours || channelReference === undefined) return unclear('mismatch', '10000');
  const paidAt = fromBeijingText(textOf(node, 'gmt_payment') ?? textOf(node, 'send_pay_date'));
  const payerAccount = textOf(node, 'buyer_logon_id') ?? null;
  return { outcome: 'approved', evidence: { channelReference, amount, paidAt, payerAccount } };
}

export function reversed(charge: ChargeReference, answer: Answer): ReversalReply {
  const { node, code, subCode } = answer;
  if (namesOther(node, charge.attemptId)) return unclear('mismatch', shownCode(answer));
  if (code === '40004' && isTooLateToCancel(subCode)) return { outcome: 'too-late' };
  if (code === '40004' && isTradeUnknown(subCode)) return { outcome: 'never-received' };
  if (code !== '10000') return unclear('system-error', shownCode(answer));
  const retry = textOf(node, 'retry_flag');
  if (retry === 'Y') return unclear('system-error', 'retry');
  const action = textOf(node, 'action');
  if (action === undefined) {
    // No action means that there was nothing to cancel, or that the call failed; a trade number speaks for the second.
    const nothing = retry === 'N' && !('trade_no' in node);
    return nothing ? { outcome: 'never-received' } : unclear('unknown-code', code);
  }
  if (action !== 'close' && action !== 'refund') return unclear('unknown-code', unprovenCode(action));
  if (!isNamed(node, charge.attemptId)) return unclear('mismatch', code);
  return { outcome: 'reversed', moneyReturned: action === 'refund' };
}

export function refunded(request: RefundRequest, answer: Answer): RefundReply {
  const { node, code, subCode } = answer;
  const shown = shownCode(answer);
  if (namesOther(node, request.charge.attemptId)) return unclear('mismatch', shown);
  if (code === '10000') {
    // 10000 alone does not prove a refund, fund_change Y does; otherwise the refund query tells.
    if (textOf(node, 'fund_change') !== 'Y') return unclear('system-error', 'fund_change');
    const proven = isNamed(node, request.charge.attemptId) && covers(node, request.amount);
    if (!proven) return unclear('mismatch', code);
    return { outcome: 'refunded', refundedAt: fromBeijingText(textOf(node, 'gmt_refund_pay')) };
  }
  const refusal = gatewayRefusal(code, subCode);
  if (refusal !== undefined && code !== '40005') return declined(refusal, shown);
  const reason = code === '40004' ? meaningOfRefund(subCode) : undefined;
  return reason === undefined ? unclear('system-error', shown) : declined(reason, shown);
}

// `refund_fee` is the sum of all refunds of the trade, so it is this refund's amount at least.
function covers(node: JsonObject, amount: Money): boolean {
  if ((textOf(node, 'refund_currency') ?? amount.currency) !== amount.currency) return false;
  const text = decimalOf(node, 'refund_fee');
  const sum = text === undefined ? undefined : parseMoney(amount.currency, text);
  return sum === undefined || (sum.ok && sum.value.minor >= amount.minor);
}

export function refundInquired(request: RefundRequest, answer: Answer): RefundInquiryReply {
  const { node, code, subCode } = answer;
  const requestNumber = textOf(node, 'out_request_no');
  const other = requestNumber !== undefined && requestNumber !== request.refundId;
  if (other || namesOther(node, request.charge.attemptId)) return unclear('mismatch', shownCode(answer));
  if (code === '40004' && isTradeUnknown(subCode)) return { outcome: 'never-received' };
  if (code !== '10000') return unclear('system-error', shownCode(answer));
  const status = textOf(node, 'refund_status');
  // Absent means not received, failed, or a wrong number, unless it is another call's answer, which never has it.
  if (status === undefined) return hasAny(node, otherCalls) ? unclear('mismatch', code) : { outcome: 'never-received' };
  if (status !== 'REFUND_SUCCESS') return unclear('unknown-code', unprovenCode(status));
  const amount = parseMoney(request.amount.currency, decimalOf(node, 'refund_amount') ?? '');
  const ours = requestNumber !== undefined && isNamed(node, request.charge.attemptId);
  if (!ours || !amount.ok || !sameMoney(amount.value, request.amount)) return unclear('mismatch', status);
  return { outcome: 'refunded', refundedAt: fromBeijingText(textOf(node, 'gmt_refund_pay')) };
}

const otherCalls = ['trade_status', 'gmt_payment', 'action', 'retry_flag', 'fund_change'];

function hasAny(node: JsonObject, names: readonly string[]): boolean {
  return names.some((name) => name in node);
}

function shownCode({ code, subCode }: Answer): string {
  return subCode === '' ? code : subCode;
}

function isNamed(node: JsonObject, number: string): boolean {
  return textOf(node, 'out_trade_no') === number;
}

function namesOther(node: JsonObject, number: string): boolean {
  return (textOf(node, 'out_trade_no') ?? number) !== number;
}
