// One clock for every process of a store. The deadline of a payment is written as an instant and may be kept by another process than
// the one that began it; whether an owner still lives is judged by others. So all of them go by the journal's clock: each counts on
// with its machine's monotonic clock, and asks the journal now and then. A machine whose own clock is wrong, or jumps, changes nothing.

import { type Clock, type DurationMs, type Instant, instant } from '#foundation/instant.ts';
import type { PaymentJournal } from './journal.port.ts';

// The journal tells whole milliseconds.
const tickMs = 1;

export class SharedClock implements Clock {
  readonly #machine: Clock;
  /** What is added to the machine's monotonic milliseconds. */
  #offsetMs: number;
  #doubtMs = Number.POSITIVE_INFINITY;

  /** Until it is learnt for the first time it goes on from what the machine's clock shows now. */
  constructor(machine: Clock) {
    this.#machine = machine;
    this.#offsetMs = machine.now() - machine.monotonicMs();
  }

  /** How wrong it may be at most, as far as it has learnt; infinite until then. */
  get doubtMs(): number {
    return this.#doubtMs;
  }

  now(): Instant {
    return instant(Math.floor(this.#machine.monotonicMs() + this.#offsetMs));
  }

  monotonicMs(): number {
    return this.#machine.monotonicMs();
  }

  after(wait: DurationMs, act: () => void): () => void {
    return this.#machine.after(wait, act);
  }

  /**
   * Asks the journal for the time. Its answer is taken to be half a round trip old, so it is wrong by that much at most. The first answer is
   * always taken; after it a difference within a round trip may be of the asking alone and is left. Throws what the journal
   * throws, and then nothing has changed.
   */
  async learn(journal: Pick<PaymentJournal, 'time'>): Promise<void> {
    const askedMs = this.#machine.monotonicMs();
    const told = await journal.time();
    const answeredMs = this.#machine.monotonicMs();
    const roundTripMs = answeredMs - askedMs;
    const differenceMs = told + roundTripMs / 2 - (answeredMs + this.#offsetMs);
    const isFirst = this.#doubtMs === Number.POSITIVE_INFINITY;
    if (isFirst || Math.abs(differenceMs) > roundTripMs + tickMs) {
      this.#offsetMs += differenceMs;
      this.#doubtMs = roundTripMs / 2 + tickMs;
    } else this.#doubtMs = Math.min(this.#doubtMs, Math.abs(differenceMs) + roundTripMs / 2 + tickMs);
  }
}
