// The fault grammar: a rule says which calls it meets and what goes wrong with them. A small language on purpose: every
// situation that a payment protocol must survive can be written as one or two rules, and told again from them.

import type { Instant } from '#foundation/instant.ts';
import type { Protocol } from '../engine/trade.ts';

export const faultMethods = [
  'pay',
  'query',
  'cancel',
  'refund',
  'refund-query',
  'precreate',
  'close',
  'notify',
] as const;
export type FaultMethod = (typeof faultMethods)[number];

export type FaultMatch = {
  readonly protocol?: Protocol;
  readonly method?: FaultMethod;
  readonly walletId?: string;
  /** Decimal text, compared in the trade's currency. */
  readonly amount?: string;
  /** The merchant's order number; a trailing `*` matches the rest. */
  readonly outTradeNo?: string;
  /** Only the n-th matching call, counted from 1 since the rule was added. */
  readonly nth?: readonly number[];
  /** At most so often. */
  readonly times?: number;
  /** A chance for each matching call, drawn from `seed`. */
  readonly probability?: number;
  readonly seed?: number;
};

/** `booked` says whether the call is carried out before its answer goes wrong. */
export type FaultEffect =
  | { readonly kind: 'answer-lost'; readonly booked: boolean }
  | { readonly kind: 'delay'; readonly ms: number; readonly moment: 'before-booking' | 'after-booking' }
  | { readonly kind: 'answer-cut' }
  | { readonly kind: 'answer-garbled' }
  | { readonly kind: 'answer-unsigned' }
  | { readonly kind: 'answer-wrongly-signed' }
  | { readonly kind: 'unknown'; readonly booked: boolean }
  | { readonly kind: 'system-error'; readonly booked: boolean }
  | { readonly kind: 'http-error'; readonly status: number; readonly booked: boolean }
  | { readonly kind: 'buyer-asked'; readonly answer: 'confirm' | 'refuse' | 'never'; readonly afterMs: number }
  | { readonly kind: 'cancel-retry'; readonly booked: boolean }
  | { readonly kind: 'notice-lost'; readonly forGood: boolean }
  | { readonly kind: 'notice-delayed'; readonly ms: number }
  | { readonly kind: 'notice-doubled' }
  | { readonly kind: 'notice-reordered'; readonly heldMsMax: number }
  | { readonly kind: 'notice-wrongly-signed' };

export type FaultKind = FaultEffect['kind'];

type Asked<Effect> = Effect extends { readonly kind: FaultKind }
  ? Pick<Effect, 'kind'> & Partial<Omit<Effect, 'kind'>>
  : never;

/** A rule as it is asked for: an effect by its name alone, or with what differs from its defaults. */
export type FaultOrder = { readonly match?: FaultMatch; readonly effect: FaultKind | Asked<FaultEffect> };

/** Which methods an effect can befall; the table is complete or does not compile. */
export const methodsOf: Readonly<Record<FaultKind, readonly FaultMethod[]>> = (() => {
  const calls = faultMethods.filter((method) => method !== 'notify');
  const notices = ['notify'] as const;
  return {
    'answer-lost': calls,
    delay: calls,
    'answer-cut': calls,
    'answer-garbled': calls,
    'answer-unsigned': calls,
    'answer-wrongly-signed': calls,
    unknown: calls,
    'system-error': calls,
    'http-error': calls,
    'buyer-asked': ['pay'],
    'cancel-retry': ['cancel'],
    'notice-lost': notices,
    'notice-delayed': notices,
    'notice-doubled': notices,
    'notice-reordered': notices,
    'notice-wrongly-signed': notices,
  };
})();

export type FaultRule = {
  readonly faultId: string;
  readonly addedAt: Instant;
  readonly match: FaultMatch;
  readonly effect: FaultEffect;
};
