// The door of simulation's storage: the journals in memory, joined as PostgreSQL joins them.

import type { Clock } from '#foundation/instant.ts';
import { MemoryCatalogJournal } from './memory-catalog-journal.ts';
import { MemoryHeldBaskets } from './memory-held-baskets.ts';
import { MemoryOverrideBook } from './memory-override-book.ts';
import { MemoryPaymentJournal } from './memory-payment-journal.ts';
import { MemoryPersonDirectory } from './memory-person-directory.ts';
import { MemorySaleJournal } from './memory-sale-journal.ts';
import { type KnownAttempts, MemoryTillJournal } from './memory-till-journal.ts';

export type { KnownSales, MerchantFact } from './memory-payment-journal.ts';
export {
  MemoryCatalogJournal,
  MemoryHeldBaskets,
  MemoryOverrideBook,
  MemoryPaymentJournal,
  MemoryPersonDirectory,
  MemorySaleJournal,
  MemoryTillJournal,
};

export type MemoryStorage = {
  readonly sales: MemorySaleJournal;
  readonly payments: MemoryPaymentJournal;
  /** What tills wrote, and the documents in it. */
  readonly tills: MemoryTillJournal;
};

/**
 * An empty journal of sales, payments and tills. It outlives the processes of a simulation, as a database would; `clock` is the clock of
 * the machine that it stands on, and so the one that all processes share.
 */
export function makeMemoryStorage(clock: Pick<Clock, 'now'>): MemoryStorage {
  const sales = new MemorySaleJournal();
  const payments = new MemoryPaymentJournal(sales, clock);
  const attempts: KnownAttempts = {
    ofSale: (merchantId, saleId) => payments.ofSale(merchantId, saleId),
    ofIntent: (merchantId, intentId) =>
      payments.attempts.filter(({ identity }) => identity.merchantId === merchantId && identity.intentId === intentId),
  };
  return { sales, payments, tills: new MemoryTillJournal(attempts, clock) };
}
