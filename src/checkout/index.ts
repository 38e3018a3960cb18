// The door of checkout, the room that joins what is sold with how it is paid.

export type { Sale, SaleStatus } from './sale.ts';
export type { OpenedSale, SaleIdempotency, SaleJournal, SalePage } from './sale-journal.port.ts';
