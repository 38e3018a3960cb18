// A payment intent is what a sale means to collect by one tender; a payment attempt is one try at one channel. A refund is an
// attempt of its own. The identity never changes; the state moves only by the protocols (charge-protocol, refund-protocol).

import type { DeviceId, MerchantId, PaymentAttemptId, PaymentIntentId, SaleId, StoreId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import type { ApprovalEvidence, DeclineReason, UnclearCause } from './channel.port.ts';

/** Which road an attempt takes; the name is stored with the attempt, so that another process can go on with it. */
export type ChannelName = 'alipay-openapi' | 'alipay-global';

/** What never changes about an attempt. */
export type AttemptIdentity = {
  readonly id: PaymentAttemptId;
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly deviceId: DeviceId;
  readonly saleId: SaleId;
  readonly intentId: PaymentIntentId;
  readonly channel: ChannelName;
  readonly amount: Money;
  readonly description: string;
  readonly createdAt: Instant;
};

/** Where a charge stands. `charge-protocol.ts` holds the table of moves. */
export type ChargePhase =
  | 'authorizing'
  | 'awaiting-payer'
  | 'unclear'
  | 'approved'
  | 'declined'
  | 'reversing'
  | 'watching'
  | 'reversed'
  | 'returning'
  | 'returned';

/** Where a refund stands. `refund-protocol.ts` holds the table of moves. */
export type RefundPhase = 'requesting' | 'unclear' | 'refunded' | 'declined';

export type ChargeAct = 'authorize' | 'inquire' | 'reverse' | 'refund' | 'inquire-refund';
export type RefundAct = 'refund' | 'inquire-refund';

/** The one call that may be out for an attempt. Written before it is made; `call` tells its answer from a stale one. */
export type InFlight<Act> = { readonly act: Act; readonly call: number };

type StateOf<Phase, Act> = {
  readonly phase: Phase;
  /** Number of calls made so far. */
  readonly calls: number;
  readonly inFlight: InFlight<Act> | null;
  /** When the protocol wants to be woken next; null when nothing is left to do. */
  readonly dueAt: Instant | null;
  /** Rounds of custody so far: they set the backoff. */
  readonly rounds: number;
  readonly reason: DeclineReason | null;
  readonly cause: UnclearCause | null;
  readonly channelCode: string | null;
  readonly evidence: ApprovalEvidence | null;
  /** When the state last moved. */
  readonly changedAt: Instant;
};

export type ChargeState = StateOf<ChargePhase, ChargeAct> & {
  /** What the till was told. Once said it stands: an approval that comes after `not-paid` is given back. */
  readonly finalWord: 'paid' | 'not-paid' | null;
  readonly finalWordAt: Instant | null;
  /** When the till asked to stop waiting: the last inquiry and the reversal then come at once. */
  readonly abandonedAt: Instant | null;
};

export type RefundState = StateOf<RefundPhase, RefundAct> & {
  /** When the channel first refused it. It counts as declined once no earlier or doubled request can arrive any more. */
  readonly refusedAt: Instant | null;
};

export type Charge = {
  readonly kind: 'charge';
  readonly identity: AttemptIdentity;
  readonly state: ChargeState;
  /** Counts the writes; a write names the version it saw, and loses when another came first. */
  readonly version: number;
  /** The payer code with all but its ends hidden, for receipts and support. */
  readonly payerCodeMasked: string;
};

export type Refund = {
  readonly kind: 'refund';
  readonly identity: AttemptIdentity;
  readonly state: RefundState;
  readonly version: number;
  /** The charge that it gives back from. */
  readonly charge: {
    readonly id: PaymentAttemptId;
    readonly amount: Money;
    readonly channelReference: string | null;
  };
};

export type Attempt = Charge | Refund;

/** Keeps the first two and the last four digits: enough for a support call, useless to pay with. */
export function maskPayerCode(payerCode: string): string {
  if (payerCode.length < 10) return '*'.repeat(payerCode.length);
  return `${payerCode.slice(0, 2)}${'*'.repeat(payerCode.length - 6)}${payerCode.slice(-4)}`;
}
