// Custody: an attempt that is not at rest belongs to a living process. Each process says that it lives; what a dead one held is
// taken up by exactly one other and goes on from what was written. Nothing that an attempt needs is only in memory, save the
// payer code, and without that the protocol asks and reverses instead of sending again.

import { type DurationMs, durationMs, plus } from '#foundation/instant.ts';
import type { Log } from '#foundation/log.ts';
import type { AttemptDriver } from './drive-attempt.flow.ts';
import type { Owner, PaymentJournal } from './journal.port.ts';
import { aliveMs } from './policy.ts';
import type { SharedClock } from './shared-clock.ts';

export type CustodyParts = {
  readonly journal: PaymentJournal;
  readonly driver: AttemptDriver;
  readonly clock: SharedClock;
  readonly log: Log;
  readonly owner: Owner;
};

// Often enough that one lost sign of life does not make this process look dead.
const beatMs = durationMs(1_500);
const takeUpMs = durationMs(1_000);
// A clock that may be further off than this could take living owners for dead.
const doubtMsMax = 2_000;
// What one look takes at most: the rest waits for the next look, or for another process.
const takeUpCountMax = 200;

export class Custody {
  readonly #parts: CustodyParts;
  readonly #callOff = new Set<() => void>();
  readonly #acts = new Set<Promise<void>>();
  #stopped = false;

  constructor(parts: CustodyParts) {
    this.#parts = parts;
  }

  /**
   * Learns the time and says that this process lives, then looks for attempts that nobody holds: at once, and from then on. Throws
   * what the journal throws: a process that does not know the time could take up what others hold.
   */
  async start(): Promise<void> {
    const { clock, journal } = this.#parts;
    await clock.learn(journal);
    await this.#beat();
    this.#every(beatMs, () => this.#beat());
    // Beside the sign of life, not before it: an answer that does not come must not make this process look dead.
    this.#every(beatMs, () => clock.learn(journal));
    this.#every(takeUpMs, () => this.#takeUp(), durationMs(0));
  }

  /** Leaves what this process holds to others at once. Call after the driver has stopped. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const callOff of this.#callOff) callOff();
    // A sign of life that is still on its way would undo the retirement.
    await Promise.allSettled(this.#acts);
    await this.#parts.journal.retire(this.#parts.owner);
  }

  async #beat(): Promise<void> {
    const { journal, owner, clock } = this.#parts;
    await journal.beat(owner, plus(clock.now(), aliveMs));
  }

  async #takeUp(): Promise<void> {
    const { journal, owner, clock, driver, log } = this.#parts;
    if (clock.doubtMs > doubtMsMax) return;
    const taken = await journal.takeUp(owner, clock.now(), takeUpCountMax);
    // What was taken in the moment of stopping is left as it is: this process retires, and others take it up.
    if (this.#stopped) return;
    for (const attempt of taken) {
      // Late, but in hand: it waits for the journal like everything else.
      if (driver.knows(attempt)) continue;
      log.event('payment.custody.taken-up', { attemptId: attempt.identity.id, phase: attempt.state.phase });
      void driver.resume(attempt);
    }
  }

  // One after another, never two of a kind at once; trouble is told and the next turn comes all the same.
  #every(wait: DurationMs, act: () => Promise<void>, first: DurationMs = wait): void {
    const { clock, log } = this.#parts;
    const after = (pause: DurationMs): void => {
      if (this.#stopped) return;
      const callOff = clock.after(pause, () => {
        this.#callOff.delete(callOff);
        const done = act()
          .catch((trouble: unknown) => {
            const fault = trouble instanceof Error ? trouble.message : 'unknown';
            log.event('payment.custody.unavailable', { fault });
          })
          .finally(() => {
            this.#acts.delete(done);
            after(wait);
          });
        this.#acts.add(done);
      });
      this.#callOff.add(callOff);
    };
    after(first);
  }
}
