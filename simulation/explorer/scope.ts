// What a claim of the explorer covers: who takes part, and how much weather there may be on one path. Everything that these
// figures allow is tried, in every order; nothing beyond them is. So they are printed beside every result.

import { type DurationMs, durationMs } from '#foundation/instant.ts';
import { type DeadlinePolicy, defaultPolicy } from '#payment/index.ts';

/**
 * How often each kind of trouble may come on one path. When a kind is spent it does not come again, so every path ends; what is
 * under way is then delivered.
 */
export type Weather = {
  /** A message (request, answer or notice) that never arrives. */
  readonly losses: number;
  /** A request or a notice that arrives twice. */
  readonly doubles: number;
  /** A message that is overtaken by time: others, timers and its own call's timeout may come first. */
  readonly delays: number;
  /** Time passing while messages are under way, before anything is due, by one of `slipsMs`: timers then stand otherwise. */
  readonly slips: number;
  /** An answer that says nothing: garbled, badly signed, or "system error". */
  readonly garbles: number;
  /** A request that provably does not leave. */
  readonly unsent: number;
  /** An opening whose journal write is done and whose answer is lost: its process goes on without the payer code. */
  readonly doubts: number;
  /** A process that loses its memory: at any moment, or between a write and the act that was to follow. */
  readonly crashes: number;
  /** A process that stands still, is taken for dead, and then goes on. */
  readonly sleeps: number;
  /** The till asking to stop waiting. */
  readonly abandons: number;
  /** A payment request that Alipay has received and books later, telling nobody meanwhile. */
  readonly held: number;
  /** A refund that Alipay refuses although it could be paid. */
  readonly refusals: number;
  /** The cancel window closing (midnight, 24 hours). */
  readonly windowCloses: number;
  /** A "paid" notice that Alipay did not send. */
  readonly forgeries: number;
};

export type WeatherKind = keyof Weather;

export const calm: Weather = {
  losses: 0,
  doubles: 0,
  delays: 0,
  slips: 0,
  garbles: 0,
  unsent: 0,
  doubts: 0,
  crashes: 0,
  sleeps: 0,
  abandons: 0,
  held: 0,
  refusals: 0,
  windowCloses: 0,
  forgeries: 0,
};

export const weatherKinds = Object.keys(calm).filter((kind): kind is WeatherKind => kind in calm);

/**
 * The two ways in which Alipay treats what it does not know. Domestic: a refused payment leaves no trade, and cancelling an
 * unknown number does not keep a payment under it from being booked afterwards (not documented, so the worse is assumed).
 * Global: a refusal is remembered and told, cancelling an unknown number blocks it, and a refusal is noticed too.
 */
export type AlipayKind = 'domestic' | 'global';

export type Scope = {
  readonly name: string;
  readonly title: string;
  readonly processes: 1 | 2;
  readonly alipay: AlipayKind;
  /** Charges that the cashier may begin for the sale, one after another as the journal allows. */
  readonly charges: number;
  /** Whether the sale begins with a charge that is approved already. */
  readonly beginsPaid: boolean;
  /** What the store asks to give back of an approved charge of 10, in this order and at any moment. */
  readonly refunds: readonly number[];
  /** Whether Alipay may refuse a refund number that it has carried out already (as it may when the trade is closed). */
  readonly refusesRepeats: boolean;
  readonly weather: Weather;
  /** How long after a crash others may take up what the process held: each is tried. */
  readonly takeUpAfterMs: readonly DurationMs[];
  readonly policy: DeadlinePolicy;
  /** Messages under way at one time; a doubling that would exceed it does not happen. */
  readonly messagesMax: number;
  /** By when a calm continuation from any state must have come to rest, in virtual time. */
  readonly restWithinMs: DurationMs;
  /** Beyond this the exploration is given up with an error: it would not be one of all states. */
  readonly statesMax: number;
};

/** A request that was held up on its way arrives within this; Alipay's own gateway refuses one that is older. */
export const requestLifeMs = durationMs(120_000);
/** What Alipay holds up inside is booked within this: before the last look-back, after which only a notice would tell. */
export const heldLifeMs = durationMs(22 * 3_600_000);
/** How much time a slip takes: odd steps, so that a timer set after one falls on neither side of the policy's round figures. */
export const slipsMs: readonly DurationMs[] = [700, 1_900].map(durationMs);
/** A process without a sign of life for so long is taken for dead. */
export const silentMs = durationMs(5_000);
/** What its living holder left lying for so long after it was due is taken up anew. */
export const lyingMs = durationMs(30_000);
/** What every charge in a scope takes, in minor units. */
export const chargeMinor = 10;

/** A scope with what it does not say filled in: one process, domestic, one charge, no weather. */
export function makeScope(own: Partial<Scope> & { readonly name: string; readonly title: string }): Scope {
  return {
    processes: 1,
    alipay: 'domestic',
    charges: 1,
    beginsPaid: false,
    refunds: [],
    refusesRepeats: false,
    weather: calm,
    takeUpAfterMs: [silentMs],
    policy: defaultPolicy,
    messagesMax: 6,
    restWithinMs: durationMs(24 * 3_600_000),
    statesMax: 12_000_000,
    ...own,
  };
}

/** The bounds in one line, for tables and claims. */
export function formatBounds(scope: Scope): string {
  const parts = weatherKinds.filter((kind) => scope.weather[kind] > 0).map((kind) => `${kind} ${scope.weather[kind]}`);
  const refunds = scope.refunds.length === 0 ? '' : `refunds ${scope.refunds.join('+')} of ${chargeMinor}, `;
  const repeats = scope.refusesRepeats ? 'repeats may be refused, ' : '';
  const who = `${scope.processes} process${scope.processes === 1 ? '' : 'es'}, ${scope.alipay}`;
  return `${who}, charges ${scope.charges}, ${refunds}${repeats}${parts.join(', ')}, messages ${scope.messagesMax}`;
}
