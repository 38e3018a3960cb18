// The clock of one machine among several. Time itself is that of another clock; this machine's hands show it so much ahead or behind,
// may jump at any moment, may go a little too fast, and stand for good when the machine dies.

import { type Clock, type DurationMs, durationMs, type Instant, instant } from '#foundation/instant.ts';

export type MachineFault = {
  /** What its hands show more than the time, in milliseconds; less when negative. */
  readonly aheadMs?: number;
  /** Its seconds in one second: 1.001 gains a second in a thousand. */
  readonly rate?: number;
};

export class MachineClock implements Clock {
  readonly #time: Clock;
  readonly #rate: number;
  readonly #bornMs: number;
  readonly #bornAt: Instant;
  #aheadMs: number;
  #isDead = false;

  constructor(time: Clock, { aheadMs = 0, rate = 1 }: MachineFault = {}) {
    this.#time = time;
    this.#rate = rate;
    this.#bornMs = time.monotonicMs();
    this.#bornAt = time.now();
    this.#aheadMs = aheadMs;
  }

  now(): Instant {
    return instant(Math.floor(this.#bornAt + this.#aheadMs + this.monotonicMs()));
  }

  monotonicMs(): number {
    return (this.#time.monotonicMs() - this.#bornMs) * this.#rate;
  }

  after(wait: DurationMs, act: () => void): () => void {
    return this.#time.after(durationMs(wait / this.#rate), () => {
      if (!this.#isDead) act();
    });
  }

  /** Somebody sets its hands: forward, or back when negative. */
  jump(ms: number): void {
    this.#aheadMs += ms;
  }

  /** Nothing that waits on this machine ever happens. */
  die(): void {
    this.#isDead = true;
  }
}
