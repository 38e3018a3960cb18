// The door of payment: the heart. Other rooms see the words, the ports and the service; the protocol's inside stays here.

export type {
  Attempt,
  AttemptIdentity,
  ChannelName,
  Charge,
  ChargeAct,
  ChargePhase,
  ChargeState,
  InFlight,
  Refund,
  RefundAct,
  RefundPhase,
  RefundState,
} from './attempt.ts';
export { maskPayerCode } from './attempt.ts';
export type {
  ApprovalEvidence,
  Approved,
  AuthorizeReply,
  AuthorizeRequest,
  AwaitingPayer,
  Channel,
  ChargeReference,
  Declined,
  DeclineReason,
  InquiryReply,
  NotSent,
  RefundInquiryReply,
  RefundReply,
  RefundRequest,
  ReversalReply,
  Unclear,
  UnclearCause,
} from './channel.port.ts';
export { type ChargeDecision, type ChargeEvent, chargePhases, dutyOf } from './charge-phases.ts';
export { beginCharge, decideCharge } from './charge-protocol.ts';
export {
  type Fact,
  type Idempotency,
  lostAfterMs,
  type OpenCharge,
  type OpenChargeRefusal,
  type Opened,
  type OpenRefund,
  type OpenRefundRefusal,
  type Owner,
  type PaymentJournal,
} from './journal.port.ts';
export type { NoticeOutcome, PaymentParts, StartPayment, StartRefund } from './payment-service.ts';
export { PaymentService } from './payment-service.ts';
export { type DeadlinePolicy, defaultPolicy, makePolicy } from './policy.ts';
export { beginRefund, decideRefund, type RefundDecision, type RefundEvent } from './refund-protocol.ts';
export { SharedClock } from './shared-clock.ts';
