// Puts the journal together: checks the database, brings its schema up to this program, opens the connections.

import type { CatalogJournal } from '#catalog/index.ts';
import type {
  DocumentJournal,
  HeldBasketJournal,
  OverrideBook,
  PersonDirectory,
  SaleJournal,
  TillJournal,
} from '#checkout/index.ts';
import type { Log } from '#foundation/log.ts';
import type { PaymentJournal } from '#payment/index.ts';
import { makeHeldBasketJournal } from './baskets/held-baskets.ts';
import { makeCatalogJournal } from './catalog/catalog-journal.ts';
import { type LaneLimits, openCommitLanes, standardLanes } from './commit-lanes.ts';
import { type DatabaseLimits, openDatabase, type Statement, standardLimits } from './database.ts';
import { type Directory, makeDirectory } from './directory.ts';
import { makeDocumentJournal } from './documents/document-journal.ts';
import { makeTillJournal } from './documents/till-journal.ts';
import { type FactReader, makeFactReader } from './fact-reader.ts';
import { migrate } from './migrate.ts';
import { makePaymentJournal } from './payment-journal.ts';
import { makeOverrideBook } from './people/override-book.ts';
import { makePersonDirectory } from './people/person-directory.ts';
import { checkReachable } from './reachable.ts';
import { makeSaleJournal } from './sale-journal.ts';

export type JournalOptions = {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  readonly log: Log;
  readonly limits?: Partial<DatabaseLimits>;
  readonly lanes?: Partial<LaneLimits>;
};

export interface Journal {
  readonly payments: PaymentJournal;
  readonly sales: SaleJournal;
  readonly catalog: CatalogJournal;
  readonly directory: Directory;
  readonly people: PersonDirectory;
  readonly overrides: OverrideBook;
  readonly heldBaskets: HeldBasketJournal;
  readonly tills: TillJournal;
  readonly documents: DocumentJournal;
  readonly facts: FactReader;
  /** Answers when the database does; throws a `JournalError` otherwise. */
  ping(): Promise<void>;
  /** Finishes the writes that were asked for, then closes every connection. */
  close(): Promise<void>;
}

const ping: Statement = { name: 'ping', text: 'SELECT 1' };

/**
 * Opens the journal of a PostgreSQL 15 or newer and migrates it when needed; many processes may do so at once.
 * Throws a `JournalError` that says what to do: unreachable, refused, too old, or a schema of a newer program.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { url, log } = options;
  await checkReachable(url);
  await migrate(url, log);
  const database = openDatabase(url, { ...standardLimits, ...options.limits }, log);
  const lanes = openCommitLanes(database, { ...standardLanes, ...options.lanes }, log);
  return {
    payments: makePaymentJournal(database, lanes),
    sales: makeSaleJournal(database, lanes),
    catalog: makeCatalogJournal(database, lanes),
    directory: makeDirectory(database),
    people: makePersonDirectory(database),
    overrides: makeOverrideBook(database),
    heldBaskets: makeHeldBasketJournal(database),
    tills: makeTillJournal(database),
    documents: makeDocumentJournal(database),
    facts: makeFactReader(database),
    async ping() {
      await database.repeatable(ping, []);
    },
    async close() {
      await lanes.close();
      await database.close();
    },
  };
}
