// The door of checkout, the room that joins what is sold with how it is paid.

export type { Sale, SaleStanding, SaleStatus } from './sale.ts';
export { refundedOf, saleStanding } from './sale.ts';
export type { OpenedSale, SaleIdempotency, SaleJournal, SalePage } from './sale-journal.port.ts';
export { recognise, type ScannedCode } from './scanned-code.ts';
