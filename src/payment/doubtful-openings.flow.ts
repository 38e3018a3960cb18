// Openings that the journal did not answer. Such an attempt may have been written all the same, in this living process's name, and then
// nobody would take it up: not this process, which told its caller "busy", and no other. So it is looked for until the journal
// answers. If it is there it goes on without its payer code: a charge is then provably not sent and ends as declined, a refund is
// carried out as asked. The caller's retry under the same key is told the same.

import type { MerchantId, PaymentAttemptId } from '#foundation/id.ts';
import { type Clock, durationMs } from '#foundation/instant.ts';
import type { Log } from '#foundation/log.ts';
import type { Attempt } from './attempt.ts';
import type { AttemptDriver } from './drive-attempt.flow.ts';
import type { PaymentJournal } from './journal.port.ts';

export type DoubtParts = {
  readonly journal: Pick<PaymentJournal, 'find'>;
  readonly driver: Pick<AttemptDriver, 'begin' | 'drives'>;
  readonly clock: Clock;
  readonly log: Log;
};

const lookMs = durationMs(1_000);
// A write whose connection broke may still be carried out by the database for as long as it lets a statement run; after so many
// answers of "not there" it was not.
const missesMax = 15;
const doubtCountMax = 100_000;

export class DoubtfulOpenings {
  readonly #parts: DoubtParts;
  readonly #doubts = new Map<PaymentAttemptId, { readonly merchantId: MerchantId; misses: number }>();
  #callOff: (() => void) | null = null;
  #stopped = false;

  constructor(parts: DoubtParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#doubts.size;
  }

  /** Runs an opening. When it throws, its attempt is looked for from now on, and the trouble is thrown on. */
  async watch<Opened>({ identity }: Attempt, open: () => Promise<Opened>): Promise<Opened> {
    try {
      return await open();
    } catch (trouble) {
      if (this.#doubts.size < doubtCountMax)
        this.#doubts.set(identity.id, { merchantId: identity.merchantId, misses: 0 });
      else this.#parts.log.event('payment.opening.faulted', { attemptId: identity.id, fault: 'too many in doubt' });
      this.#lookLater();
      throw trouble;
    }
  }

  /** Leaves the rest to other processes: what was written is theirs once this one has retired. */
  stop(): void {
    this.#stopped = true;
    this.#callOff?.();
  }

  #lookLater(): void {
    if (this.#stopped || this.#callOff !== null || this.#doubts.size === 0) return;
    this.#callOff = this.#parts.clock.after(lookMs, () => {
      void this.#look().then(() => {
        this.#callOff = null;
        this.#lookLater();
      });
    });
  }

  async #look(): Promise<void> {
    for (const [id, doubt] of [...this.#doubts]) {
      let found: Attempt | undefined;
      try {
        found = await this.#parts.journal.find(doubt.merchantId, id);
      } catch {
        // Still no journal: the rest would fare no better.
        return;
      }
      if (this.#stopped) return;
      doubt.misses += 1;
      if (found === undefined && doubt.misses < missesMax) continue;
      this.#doubts.delete(id);
      if (found !== undefined) this.#goOn(found);
    }
  }

  // A later version was written by a process that took this one for dead, and goes on with the attempt.
  #goOn(attempt: Attempt): void {
    const { driver, log } = this.#parts;
    if (attempt.version !== 1 || driver.drives(attempt.identity.id)) return;
    log.event('payment.opening.found', { attemptId: attempt.identity.id, kind: attempt.kind });
    driver.begin(attempt, null);
  }
}
