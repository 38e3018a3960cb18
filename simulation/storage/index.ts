// The door of simulation's storage: both journals in memory, joined as PostgreSQL joins them.

import type { Clock } from '#foundation/instant.ts';
import { MemoryCatalogJournal } from './memory-catalog-journal.ts';
import { MemoryPaymentJournal } from './memory-payment-journal.ts';
import { MemorySaleJournal } from './memory-sale-journal.ts';

export type { KnownSales, MerchantFact } from './memory-payment-journal.ts';
export { MemoryCatalogJournal, MemoryPaymentJournal, MemorySaleJournal };

export type MemoryStorage = { readonly sales: MemorySaleJournal; readonly payments: MemoryPaymentJournal };

/**
 * An empty journal of sales and payments. It outlives the processes of a simulation, as a database would; `clock` is the clock of
 * the machine that it stands on, and so the one that all processes share.
 */
export function makeMemoryStorage(clock: Pick<Clock, 'now'>): MemoryStorage {
  const sales = new MemorySaleJournal();
  return { sales, payments: new MemoryPaymentJournal(sales, clock) };
}
