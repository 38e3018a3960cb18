// What every PaymentJournal must do, whatever it stands on. Each test makes its own merchant and owners, so that many run on
// one journal; races are run with real concurrency against the implementation, never with a mock of it.

import { after, before, describe } from 'node:test';
import { seededRandom } from '#foundation/random.ts';
import { custodyTests, listTests } from './journal-custody.contract.ts';
import { advanceTests, fieldTests } from './journal-moving.contract.ts';
import { openingTests } from './journal-opening.contract.ts';
import { refundTests } from './journal-refunds.contract.ts';
import { type Context, type PaymentJournalSubject, Shop } from './journal-subject.contract.ts';
import { timeTests } from './journal-time.contract.ts';

export type { PaymentJournalSubject };

// One source of ids for a run: told, so that a failing run's ids can be found in the database.
const seed = Number(process.hrtime.bigint() % 2n ** 32n);

/** Runs the suite against a journal. `makeSubject` is called once; the seed in the suite's name repeats its ids. */
export function paymentJournalContract(name: string, makeSubject: () => Promise<PaymentJournalSubject>): void {
  describe(`${name} keeps the payment journal's contract (seed ${seed})`, () => {
    const random = seededRandom(seed);
    let subject: PaymentJournalSubject;
    before(async () => {
      subject = await makeSubject();
    });
    after(async () => {
      await subject.close();
    });
    const context: Context = {
      journal: () => subject.journal,
      subject: () => subject,
      shop: () => new Shop(subject, random),
    };
    timeTests(context);
    openingTests(context);
    advanceTests(context);
    fieldTests(context);
    refundTests(context);
    custodyTests(context);
    listTests(context);
  });
}
