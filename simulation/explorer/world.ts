// The state that is explored: the journal's rows, the processes' memory, the messages under way, Alipay's trades, the weather that
// is left, and the time. A world is never changed; a move changes a draft, which is then a world of its own.

import type { DeviceId, MerchantId, PaymentAttemptId, PaymentIntentId, SaleId, StoreId } from '#foundation/id.ts';
import { type Instant, instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { invariant } from '#foundation/result.ts';
import type { Attempt, AttemptIdentity, ChargeAct, ChargeDecision, RefundDecision } from '#payment/index.ts';
import { beginCharge, beginRefund, decideCharge, decideRefund } from '#payment/index.ts';
import { chargeMinor, type Scope, type Weather } from './scope.ts';

/** The rules under exploration. The real ones are the default; broken ones show that breaking them is noticed. */
export type ProtocolRules = {
  readonly beginCharge: typeof beginCharge;
  readonly decideCharge: (...asked: Parameters<typeof decideCharge>) => ChargeDecision;
  readonly beginRefund: typeof beginRefund;
  readonly decideRefund: (...asked: Parameters<typeof decideRefund>) => RefundDecision;
  /** The real channel drops a notice without a valid signature before the protocol hears of it. */
  readonly believesForgedNotices: boolean;
};

export const realRules: ProtocolRules = {
  beginCharge,
  decideCharge,
  beginRefund,
  decideRefund,
  believesForgedNotices: false,
};

/** What a message says, in one word; `process-model.ts` turns it into the event that the protocol hears. */
export type Says =
  | 'approved'
  | 'declined'
  | 'awaiting-payer'
  | 'outcome-unknown'
  | 'timeout'
  | 'not-sent'
  | 'never-received'
  | 'closed'
  | 'reversed'
  | 'too-late'
  | 'refunded';

/** Who holds an attempt in the journal: a process by its number, nobody (at rest), or one that is dead. */
export type Holder = number | 'nobody' | 'dead';

export type Row = {
  readonly attempt: Attempt;
  readonly holder: Holder;
  /** When others may take up what a dead or silent process holds. */
  readonly takeUpAt: Instant | null;
  /** The charge whose money it is about: its own number, or for a refund its charge's. */
  readonly trade: number;
};

export type CallOut = { readonly call: number; readonly act: ChargeAct; readonly timesOutAt: Instant };

/** An attempt in a process's memory. It may lag behind the row, or be ahead of it by looks that were not written. */
export type Copy = {
  readonly attempt: Attempt;
  /** False when the process only passed on an event: then it sets no timer. */
  readonly own: boolean;
  readonly hasCode: boolean;
  readonly callsOut: readonly CallOut[];
};

export type Process = {
  readonly asleep: boolean;
  /** By the attempt's number. */
  readonly copies: readonly (Copy | null)[];
};

export type Request = {
  readonly kind: 'request';
  readonly index: number;
  readonly act: ChargeAct;
  readonly call: number;
  /** The process that waits for the answer; null when it is gone. */
  readonly process: number | null;
  readonly delayed: boolean;
  /** There is, or was, another of it: then it cannot be one that provably did not leave. */
  readonly doubled: boolean;
  readonly until: Instant;
};

export type Answer = {
  readonly kind: 'answer';
  readonly index: number;
  readonly act: ChargeAct;
  readonly call: number;
  readonly process: number;
  readonly says: Says;
  readonly delayed: boolean;
};

export type Notice = {
  readonly kind: 'notice';
  readonly index: number;
  readonly says: 'approved' | 'declined';
  readonly forged: boolean;
  readonly delayed: boolean;
};

export type Message = Request | Answer | Notice;

/** Alipay's side of one charge number. */
export type Trade = {
  readonly status: 'unknown' | 'held' | 'waiting' | 'paid' | 'closed' | 'refused';
  /** Booked as taken from the payer, in minor units; stays when it is given back. */
  readonly takenMinor: number;
  readonly cancelled: boolean;
  readonly refunds: readonly { readonly number: number; readonly minor: number }[];
  readonly windowClosed: boolean;
  /** The request that is held up inside, and until when. */
  readonly held: { readonly request: Request; readonly until: Instant } | null;
};

export type World = {
  readonly now: Instant;
  readonly left: Weather;
  readonly rows: readonly Row[];
  readonly trades: readonly Trade[];
  readonly processes: readonly Process[];
  readonly wire: readonly Message[];
  /** Refunds that the store has not asked for yet. */
  readonly wishes: readonly number[];
};

/** A world under change. Its lists are its own; what is in them is replaced, never changed. */
export type Draft = {
  now: Instant;
  left: Weather;
  readonly rows: Row[];
  readonly trades: Trade[];
  readonly processes: Process[];
  wire: Message[];
  wishes: readonly number[];
};

export function fork(world: World): Draft {
  return {
    now: world.now,
    left: world.left,
    rows: [...world.rows],
    trades: [...world.trades],
    processes: [...world.processes],
    wire: [...world.wire],
    wishes: world.wishes,
  };
}

export function spend(draft: Draft, kind: keyof Weather): void {
  draft.left = { ...draft.left, [kind]: draft.left[kind] - 1 };
}

export function itemAt<Item>(list: readonly Item[], index: number): Item {
  const item = list[index];
  invariant(item !== undefined, `nothing at ${index} of ${list.length}`);
  return item;
}

export function copyOf(world: World | Draft, process: number, index: number): Copy | null {
  return world.processes[process]?.copies[index] ?? null;
}

/** A number that Alipay does not know. */
export const unknownTrade: Trade = {
  status: 'unknown',
  takenMinor: 0,
  cancelled: false,
  refunds: [],
  windowClosed: false,
  held: null,
};

/** What Alipay keeps of a charge: taken, less what went back by cancel or refund. */
export function keptMinor({ takenMinor, cancelled, refunds }: Trade): number {
  if (cancelled) return 0;
  return refunds.reduce((kept, { minor }) => kept - minor, takenMinor);
}

/** Nothing is open at either side's attempt: no timer and no call. */
export function isFinished({ state }: Attempt): boolean {
  return state.dueAt === null && state.inFlight === null;
}

/** The identity of the attempt with this number in the exploration. */
export function identityOf(index: number, minor: number, createdAt: Instant): AttemptIdentity {
  return {
    id: `pa_${index}` as PaymentAttemptId,
    merchantId: 'mer_1' as MerchantId,
    storeId: 'sto_1' as StoreId,
    deviceId: 'dev_1' as DeviceId,
    saleId: 'sale_1' as SaleId,
    intentId: 'pi_1' as PaymentIntentId,
    channel: 'alipay-openapi',
    amount: money('CNY', BigInt(minor)),
    description: 'Tea',
    createdAt,
  };
}

/** The proof of an approval of the charge with this number. */
export function evidenceOf(index: number): NonNullable<Attempt['state']['evidence']> {
  return {
    channelReference: `T${index}`,
    amount: money('CNY', BigInt(chargeMinor)),
    paidAt: null,
    payerAccount: null,
  };
}

/** Where every path of a scope begins: nothing has happened, or one charge is approved and paid. */
export function firstWorld(scope: Scope, rules: ProtocolRules): World {
  const now = instant(0);
  const processes = Array.from({ length: scope.processes }, () => ({ asleep: false, copies: [] }));
  const empty: World = { now, left: scope.weather, rows: [], trades: [], processes, wire: [], wishes: scope.refunds };
  if (!scope.beginsPaid) return empty;
  const charge: Attempt = {
    kind: 'charge',
    identity: identityOf(0, chargeMinor, now),
    state: {
      ...rules.beginCharge(now, scope.policy),
      phase: 'approved',
      inFlight: null,
      dueAt: null,
      evidence: evidenceOf(0),
      finalWord: 'paid',
      finalWordAt: now,
    },
    version: 2,
    payerCodeMasked: '',
  };
  const trade: Trade = { ...unknownTrade, status: 'paid', takenMinor: chargeMinor };
  return { ...empty, rows: [{ attempt: charge, holder: 'nobody', takeUpAt: null, trade: 0 }], trades: [trade] };
}

export type Setting = { readonly scope: Scope; readonly rules: ProtocolRules };

/** Something that can happen: what it is called, and the world after it. */
export type Move = { readonly tell: () => string; readonly world: World };
