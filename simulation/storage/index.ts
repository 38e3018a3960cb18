// The door of simulation's storage: both journals in memory, joined as PostgreSQL joins them.

import { MemoryPaymentJournal } from './memory-payment-journal.ts';
import { MemorySaleJournal } from './memory-sale-journal.ts';

export type { KnownSales, MerchantFact } from './memory-payment-journal.ts';
export { MemoryPaymentJournal, MemorySaleJournal };

/** An empty journal of sales and payments. It outlives the processes of a simulation, as a database would. */
export function makeMemoryStorage(): { readonly sales: MemorySaleJournal; readonly payments: MemoryPaymentJournal } {
  const sales = new MemorySaleJournal();
  return { sales, payments: new MemoryPaymentJournal(sales) };
}
