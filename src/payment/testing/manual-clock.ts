// A clock that stands until it is moved. Timers fire in the order of their moments, and what they set off is given its turns of the
// event loop before the next one fires, so that a test reads like the course of a day.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, type DurationMs, durationMs, type Instant, instant, plus } from '#foundation/instant.ts';

type Timer = { readonly at: Instant; readonly act: () => void };

const turnsToSettle = 8;

export class ManualClock implements Clock {
  #now: Instant;
  #setBackMs = 0;
  readonly #start: Instant;
  readonly #timers = new Set<Timer>();

  constructor(start: Instant = instant(1_795_428_000_000)) {
    this.#now = start;
    this.#start = start;
  }

  now(): Instant {
    return instant(this.#now - this.#setBackMs);
  }

  /** Sets the hands back, as a person or a time server does; time itself and its timers go on. */
  setBack(ms: number): void {
    this.#setBackMs += ms;
  }

  monotonicMs(): number {
    return this.#now - this.#start;
  }

  after(wait: DurationMs, act: () => void): () => void {
    const timer = { at: plus(this.#now, wait), act };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that wait. */
  get timerCount(): number {
    return this.#timers.size;
  }

  /** Moves on by `ms`, firing what becomes due on the way. */
  async advance(ms: number): Promise<void> {
    const end = plus(this.#now, durationMs(ms));
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      if (next.at > this.#now) this.#now = next.at;
      next.act();
      await settle();
    }
    this.#now = end;
  }

  #next(end: Instant): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers)
      if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
    return first;
  }
}

/** Lets everything that needs no clock come to its end. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < turnsToSettle; turn += 1) await nextTurn();
}
