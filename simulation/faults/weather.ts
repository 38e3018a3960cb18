// The weather sets the chances of the fates, per stretch of thirty seconds; about half of the time it is calm. Figures are far worse
// than any shop's: a world of a thousand sales should meet everything.

import type { Instant } from '#foundation/instant.ts';
import type { Chances, Fates } from './fates.ts';

export type RequestFate = 'lost' | 'late' | 'doubled' | 'refused';
export type AnswerFate = 'lost' | 'late' | 'garbled' | 'cut';
/**
 * On the way to Alipay and back. `retried`: a proxy loses the answer, asks again by itself, and passes on the second answer. `hijacked`:
 * somebody without a key takes the request, and answers "done". `crossed`: a proxy gives the answer to another call of the same kind.
 */
export type AlipayRequestFate = RequestFate | 'retried' | 'hijacked';
export type AlipayAnswerFate = AnswerFate | 'crossed';
/**
 * `held`: Alipay takes the request and carries it out much later. `unclear`: it answers that it does not know. `asks-retry`: it asks to
 * send the cancel again, which it may have carried out.
 */
export type AlipayFate =
  | 'held'
  | 'unclear-booked'
  | 'unclear-unbooked'
  | 'error-booked'
  | 'badly-signed'
  | 'asks-payer'
  | 'asks-retry';
export type NoticeFate = 'lost' | 'late' | 'doubled' | 'garbled';
export type SendFate = 'crash-before' | 'crash-after';
/** `stalled`: the way to the database stands still; who asked gives up, and what he asked for may be carried out long after that. */
export type ReadFate = 'unanswered' | 'fails' | 'slow' | 'stalled';
export type WriteFate = ReadFate | 'crash-before' | 'crash-after';

export type Weather = {
  readonly name: string;
  readonly till: { readonly request: Chances<RequestFate>; readonly answer: Chances<AnswerFate> };
  readonly request: Chances<AlipayRequestFate>;
  readonly answer: Chances<AlipayAnswerFate>;
  readonly alipay: Chances<AlipayFate>;
  readonly notice: Chances<NoticeFate>;
  /** Somebody who has no key sends a notice that says "paid". */
  readonly forgery: number;
  readonly send: Chances<SendFate>;
  readonly write: Chances<WriteFate>;
  readonly read: Chances<ReadFate>;
  /** Chances per server and stretch. */
  readonly pause: number;
  readonly clockJump: number;
  readonly crash: number;
  /** Chances per stretch: nobody reaches Alipay, the journal, or one of the servers. */
  readonly alipayGone: number;
  readonly journalGone: number;
  readonly serverCutOff: number;
};

const calm: Weather = {
  name: 'calm',
  till: { request: {}, answer: {} },
  request: {},
  answer: {},
  alipay: { 'asks-payer': 0.03 },
  notice: { lost: 0.02, late: 0.05, doubled: 0.05 },
  forgery: 0.01,
  send: {},
  write: {},
  read: {},
  pause: 0,
  clockJump: 0,
  crash: 0,
  alipayGone: 0,
  journalGone: 0,
  serverCutOff: 0,
};

const lossy: Weather = {
  ...calm,
  name: 'lossy',
  till: { request: { lost: 0.08, late: 0.04, doubled: 0.05 }, answer: { lost: 0.08, late: 0.04 } },
  request: { lost: 0.15, late: 0.08, doubled: 0.06, refused: 0.05, retried: 0.05, hijacked: 0.03 },
  answer: { lost: 0.15, late: 0.08, garbled: 0.05, cut: 0.04, crossed: 0.06 },
  notice: { lost: 0.4, late: 0.2, doubled: 0.2, garbled: 0.1 },
};

const vague: Weather = {
  ...calm,
  name: 'vague',
  alipay: {
    held: 0.06,
    'unclear-booked': 0.12,
    'unclear-unbooked': 0.1,
    'error-booked': 0.05,
    'badly-signed': 0.08,
    'asks-payer': 0.15,
    'asks-retry': 0.2,
  },
  forgery: 0.1,
};

const crashing: Weather = {
  ...calm,
  name: 'crashing',
  send: { 'crash-before': 0.01, 'crash-after': 0.015 },
  write: { 'crash-before': 0.006, 'crash-after': 0.012, unanswered: 0.03, fails: 0.03, slow: 0.05, stalled: 0.02 },
  read: { unanswered: 0.03, fails: 0.02, slow: 0.03, stalled: 0.01 },
  pause: 0.15,
  clockJump: 0.2,
  crash: 0.15,
};

const cutOff: Weather = {
  ...lossy,
  name: 'cut off',
  alipayGone: 0.5,
  journalGone: 0.3,
  serverCutOff: 0.3,
};

const worst: Weather = {
  ...crashing,
  name: 'worst',
  till: lossy.till,
  request: lossy.request,
  answer: lossy.answer,
  alipay: vague.alipay,
  notice: lossy.notice,
  forgery: 0.05,
};

const kinds = [calm, calm, calm, calm, lossy, vague, crashing, cutOff, worst] as const;

export const stretchMs = 30_000;

/** Knows the weather of every stretch, from the seed. */
export class WeatherReport {
  readonly #fates: Fates;
  readonly #start: Instant;
  #known: { readonly stretch: number; readonly weather: Weather } | null = null;

  constructor(fates: Fates, start: Instant) {
    this.#fates = fates;
    this.#start = start;
  }

  stretchAt(now: Instant): number {
    return Math.floor((now - this.#start) / stretchMs);
  }

  at(now: Instant): Weather {
    const stretch = this.stretchAt(now);
    if (this.#known?.stretch === stretch) return this.#known.weather;
    const weather = kinds[Math.floor(this.#fates.draw(`weather ${stretch}`) * kinds.length)] ?? calm;
    this.#known = { stretch, weather };
    return weather;
  }
}
