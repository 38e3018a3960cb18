// What a proven answer of the global API means for the money. `resultStatus` tells what became of the call; `paymentStatus` what
// became of the payment. Every outcome that says where money is names our ids, and an approval our amount.
// @see https://docs.antom.com/ac/ams/upm, paymentri and paymentc

import { isCurrency, type Money, money, sameMoney } from '#foundation/money.ts';
import type {
  ApprovalEvidence,
  AuthorizeReply,
  AuthorizeRequest,
  ChargeReference,
  InquiryReply,
  RefundInquiryReply,
  RefundReply,
  RefundRequest,
  ReversalReply,
} from '#payment/index.ts';
import { asObject, type JsonObject, objectOf, textOf } from '../json-object.ts';
import { declined, unclear, unprovenCode } from '../reply.ts';
import { fromOffsetText } from '../wire-time.ts';
import type { Answer } from './answer.ts';
import { isOrderUnknown, isTooLateToCancel, meaningOfFailure, meaningOfPay, meaningOfRefund } from './codes.ts';

export function authorized(request: AuthorizeRequest, { body, status, code }: Answer): AuthorizeReply {
  if (namesOther(body, 'paymentRequestId', request.attemptId)) return unclear('mismatch', code);
  if (status === 'S') {
    const evidence = code === 'SUCCESS' ? evidenceIn(body, request.attemptId, request.amount) : undefined;
    return evidence === undefined ? unclear('mismatch', code) : { outcome: 'approved', evidence };
  }
  if (status === 'U') {
    return code === 'PAYMENT_IN_PROCESS' ? { outcome: 'awaiting-payer' } : unclear('system-error', code);
  }
  const meaning = status === 'F' ? meaningOfPay(code) : undefined;
  if (meaning === 'system') return unclear('system-error', code);
  return meaning === undefined || meaning === 'unclear' ? unclear('unknown-code', code) : declined(meaning, code);
}

export function inquired(charge: ChargeReference, { body, status, code }: Answer): InquiryReply {
  if (namesOther(body, 'paymentRequestId', charge.attemptId)) return unclear('mismatch', code);
  if (status === 'F' && isOrderUnknown(code)) return { outcome: 'never-received' };
  if (status !== 'S') return unclear('system-error', code);
  const paymentStatus = textOf(body, 'paymentStatus');
  // What ends a payment without money must say whose it is: an answer to another inquiry is signed just as well.
  const isNamed = textOf(body, 'paymentRequestId') === charge.attemptId;
  if ((paymentStatus === 'CANCELLED' || paymentStatus === 'FAIL') && !isNamed) return unclear('mismatch', code);
  switch (paymentStatus) {
    case 'SUCCESS': {
      const evidence = evidenceIn(body, charge.attemptId, charge.amount);
      if (evidence === undefined) return unclear('mismatch', code);
      return isWhollyRefunded(body, charge.amount) ? { outcome: 'closed' } : { outcome: 'approved', evidence };
    }
    case 'PROCESSING':
    case 'PENDING':
      return { outcome: 'awaiting-payer' };
    case 'CANCELLED':
      return { outcome: 'closed' };
    case 'FAIL':
      return failed(textOf(body, 'paymentResultCode') ?? 'FAIL');
    default:
      return unclear('unknown-code', unprovenCode(paymentStatus));
  }
}

// A failed payment is final, unless its own code says otherwise: then one of the two is wrong, and nobody knows which.
function failed(resultCode: string): InquiryReply {
  const reason = meaningOfFailure(resultCode);
  return reason === 'unclear' ? unclear('unknown-code', resultCode) : declined(reason, resultCode);
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
    const returned = amountIn(transaction, 'transactionAmount');
    if (returned?.currency === amount.currency) refundedMinor += returned.minor;
  }
  return refundedMinor >= amount.minor;
}

export function reversed(charge: ChargeReference, { body, status, code }: Answer): ReversalReply {
  if (namesOther(body, 'paymentRequestId', charge.attemptId)) return unclear('mismatch', code);
  if (status === 'S') {
    const byNumber = textOf(body, 'paymentRequestId') === charge.attemptId;
    const byReference = charge.channelReference !== null && textOf(body, 'paymentId') === charge.channelReference;
    if (code !== 'SUCCESS' || !(byNumber || byReference)) return unclear('mismatch', code);
    // The answer does not tell whether the order had been paid; either way no money is kept.
    return { outcome: 'reversed', moneyReturned: false };
  }
  if (status === 'F' && isOrderUnknown(code)) return { outcome: 'never-received' };
  if (status === 'F' && isTooLateToCancel(code)) return { outcome: 'too-late' };
  return unclear('system-error', code);
}

export function refunded(request: RefundRequest, { body, status, code }: Answer): RefundReply {
  if (namesOther(body, 'refundRequestId', request.refundId)) return unclear('mismatch', code);
  if (status === 'S') return returnedIn(request, body, code);
  const reason = status === 'F' ? meaningOfRefund(code) : undefined;
  return reason === undefined ? unclear('system-error', code) : declined(reason, code);
}

export function refundInquired(request: RefundRequest, { body, status, code }: Answer): RefundInquiryReply {
  if (namesOther(body, 'refundRequestId', request.refundId)) return unclear('mismatch', code);
  if (status === 'F' && (isOrderUnknown(code) || code === 'REFUND_NOT_EXIST')) return { outcome: 'never-received' };
  if (status !== 'S') return unclear('system-error', code);
  switch (textOf(body, 'refundStatus')) {
    case 'SUCCESS':
      return returnedIn(request, body, code);
    case 'FAIL':
      return { outcome: 'never-received' };
    default:
      return unclear('system-error', code);
  }
}

type Returned = Exclude<RefundInquiryReply, { outcome: 'never-received' }>;

function returnedIn(request: RefundRequest, body: JsonObject, code: string): Returned {
  const told = 'refundAmount' in body ? amountIn(body, 'refundAmount') : request.amount;
  const ours = textOf(body, 'refundRequestId') === request.refundId && told !== undefined;
  if (code !== 'SUCCESS' || !ours || !sameMoney(told, request.amount)) return unclear('mismatch', code);
  return { outcome: 'refunded', refundedAt: fromOffsetText(textOf(body, 'refundTime')) };
}

/** The proof in a paid payment's fields, if they are about this number and amount. */
export function evidenceIn(body: JsonObject, number: string, amount: Money): ApprovalEvidence | undefined {
  const told = amountOf(body);
  const channelReference = textOf(body, 'paymentId');
  const ours = textOf(body, 'paymentRequestId') === number && told !== undefined && sameMoney(told, amount);
  if (!ours || channelReference === undefined) return undefined;
  const payerAccount = textOf(objectOf(body, 'pspCustomerInfo'), 'displayCustomerId') ?? null;
  return { channelReference, amount, paidAt: fromOffsetText(textOf(body, 'paymentTime')), payerAccount };
}

/** The payment's amount as the body tells it; `undefined` when it is not one. */
export function amountOf(body: JsonObject): Money | undefined {
  return amountIn(body, 'paymentAmount');
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

function namesOther(body: JsonObject, field: string, id: string): boolean {
  return (textOf(body, field) ?? id) !== id;
}
