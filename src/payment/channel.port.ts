// What payment needs of a road by which money is taken. A channel answers with what the other side said and proved, never with
// what is likely: everything that is not an explicit, verified answer is `outcome-unknown`.

import type { DeviceId, MerchantId, PaymentAttemptId, StoreId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import type { Redacted } from '#foundation/redacted.ts';
import type { Result } from '#foundation/result.ts';

/** Why an answer tells nothing about the money. */
export type UnclearCause =
  /** No answer within the time given. */
  | 'timeout'
  /** The connection broke after the request may have left. */
  | 'connection-lost'
  /** Not readable as an answer of this protocol, or an HTTP status that is not one. */
  | 'garbled'
  /** Readable, but not proven to come from the channel. */
  | 'bad-signature'
  /** The channel says that it does not know (20000, SYSTEM_ERROR, UNKNOWN_EXCEPTION, …). */
  | 'system-error'
  /** A verified code that our tables do not hold. */
  | 'unknown-code'
  /** A verified answer about another amount or another number than ours. */
  | 'mismatch';

export type Unclear = {
  readonly outcome: 'outcome-unknown';
  readonly cause: UnclearCause;
  /** The channel's own code, for operators. */
  readonly channelCode?: string;
};

/** Why money did not move, in words that a cashier's next step follows from. */
export type DeclineReason =
  | 'insufficient-funds'
  | 'code-invalid'
  | 'code-expired'
  | 'refused-by-payer'
  | 'payer-limit'
  | 'payer-account'
  | 'risk'
  /** Closed at the channel without payment: its own time ran out, or somebody closed it. */
  | 'closed'
  /** Keys, contract, merchant status: nothing that the cashier or the customer can mend. */
  | 'merchant-setup'
  /** The channel refused the request itself as malformed or not allowed. */
  | 'request-refused'
  /** The request provably never left: no connection could be made. */
  | 'channel-unreachable'
  | 'other';

export type Declined = {
  readonly outcome: 'declined';
  readonly reason: DeclineReason;
  readonly channelCode: string;
};

/** What proves an approval. Kept with the attempt and printed on the receipt. */
export type ApprovalEvidence = {
  /** The channel's number of the trade (Alipay's `trade_no`, `paymentId`). */
  readonly channelReference: string;
  readonly amount: Money;
  readonly paidAt: Instant | null;
  /** The payer's account as the channel masks it (`159****5620`). */
  readonly payerAccount: string | null;
};

export type Approved = { readonly outcome: 'approved'; readonly evidence: ApprovalEvidence };
export type AwaitingPayer = { readonly outcome: 'awaiting-payer' };
export type AuthorizeReply = Approved | Declined | AwaitingPayer | Unclear;

export type InquiryReply =
  | AuthorizeReply
  /** The channel does not know this attempt. The request may still be on its way. */
  | { readonly outcome: 'never-received' }
  /** Ended at the channel with no money kept: closed unpaid, cancelled, or wholly refunded. */
  | { readonly outcome: 'closed' };

export type ReversalReply =
  /** Closed; `moneyReturned` when it had been paid and went back. */
  | { readonly outcome: 'reversed'; readonly moneyReturned: boolean }
  | { readonly outcome: 'never-received' }
  /** The cancel window has closed: only a refund returns the money. */
  | { readonly outcome: 'too-late' }
  | Unclear;

export type RefundReply = { readonly outcome: 'refunded'; readonly refundedAt: Instant | null } | Declined | Unclear;

export type RefundInquiryReply =
  | { readonly outcome: 'refunded'; readonly refundedAt: Instant | null }
  | { readonly outcome: 'never-received' }
  | Unclear;

/** The request provably did not leave this machine (no connection). It may be tried again under the same id. */
export type NotSent = { readonly kind: 'not-sent'; readonly detail: string };

/** What is sent to collect money. The payer code is a bearer secret: it is in no journal row and no log. */
export type AuthorizeRequest = {
  readonly attemptId: PaymentAttemptId;
  readonly amount: Money;
  readonly payerCode: Redacted<string>;
  /** Shown to the payer: what was bought. */
  readonly description: string;
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly deviceId: DeviceId;
  readonly at: Instant;
};

/** A charge, named for a later act: its own id is the merchant's number at the channel. */
export type ChargeReference = {
  readonly attemptId: PaymentAttemptId;
  readonly amount: Money;
  /** Known once the channel told it; some channels want it for refunds. */
  readonly channelReference: string | null;
};

export type RefundRequest = {
  readonly charge: ChargeReference;
  /** The refund's own number: the same on every retry, new for every new refund (≤ 64 letters, digits, underscore). */
  readonly refundId: string;
  readonly amount: Money;
};

/**
 * A road by which money is taken. Every act may be repeated under the same ids without a second effect.
 * `signal` ends the wait, not the effect: an aborted call answers `outcome-unknown` with cause `timeout`.
 */
export interface Channel {
  authorize(request: AuthorizeRequest, signal: AbortSignal): Promise<Result<AuthorizeReply, NotSent>>;
  inquire(charge: ChargeReference, signal: AbortSignal): Promise<Result<InquiryReply, NotSent>>;
  reverse(charge: ChargeReference, signal: AbortSignal): Promise<Result<ReversalReply, NotSent>>;
  refund(request: RefundRequest, signal: AbortSignal): Promise<Result<RefundReply, NotSent>>;
  inquireRefund(request: RefundRequest, signal: AbortSignal): Promise<Result<RefundInquiryReply, NotSent>>;
}
