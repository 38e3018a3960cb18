// The gate of one process. All that reaches the process goes through it: answers, timers, requests. Behind the gate of a dead process
// nothing ever goes on, as in a process that was killed; behind that of a paused one it goes on when the pause is over, and the
// process does not know that it slept.

import { type Clock, type DurationMs, durationMs, type Instant, instant } from '#foundation/instant.ts';
import type { Ground } from './ground.ts';

export class Gate {
  readonly #ground: Ground;
  #isDead = false;
  #pausedUntil = 0;
  readonly clock: MachineClock;

  constructor(ground: Ground, clock: MachineClock) {
    this.#ground = ground;
    this.clock = clock;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isPaused(): boolean {
    return this.#pausedUntil > this.#ground.time.now;
  }

  kill(): void {
    this.#isDead = true;
  }

  pause(ms: DurationMs): void {
    this.#pausedUntil = this.#ground.time.now + ms;
  }

  /** Goes on when the process does; never, when it is dead. */
  async enter(): Promise<void> {
    while (!this.#isDead && this.isPaused) await this.#ground.time.rest(this.#pauseLeft());
    if (this.#isDead) await never();
  }

  /** The process's own clock and timers. */
  timers(): Clock {
    return {
      now: () => this.clock.now(),
      monotonicMs: () => this.clock.monotonicMs(),
      after: (wait, act) => {
        let callOff = (): void => {};
        const fire = (): void => {
          if (this.#isDead) return;
          if (this.isPaused) callOff = this.#ground.time.after(this.#pauseLeft(), fire);
          else act();
        };
        callOff = this.#ground.time.after(this.clock.trueSpan(wait), fire);
        return () => callOff();
      },
    };
  }

  #pauseLeft(): DurationMs {
    return durationMs(this.#pausedUntil - this.#ground.time.now);
  }
}

/** A machine's clock: wrong by an offset that may jump, and a little too quick or too slow. */
export class MachineClock {
  readonly #ground: Ground;
  #offsetMs: number;
  readonly #rate: number;

  constructor(ground: Ground, offsetMs: number, driftPpm: number) {
    this.#ground = ground;
    this.#offsetMs = offsetMs;
    this.#rate = 1 + driftPpm / 1_000_000;
  }

  now(): Instant {
    const { start } = this.#ground;
    return instant(Math.floor(start + this.monotonicMs() + this.#offsetMs));
  }

  monotonicMs(): number {
    return (this.#ground.time.now - this.#ground.start) * this.#rate;
  }

  jump(ms: number): void {
    this.#offsetMs += ms;
  }

  trueSpan(wait: DurationMs): DurationMs {
    return durationMs(Math.ceil(wait / this.#rate));
  }
}

/** What a dead process waits for. */
export function never(): Promise<never> {
  return new Promise(() => {});
}
