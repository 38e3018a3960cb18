// The durable record of sales that checkout stands on. PostgreSQL implements it (src/journal); simulation has one in memory.

import type { MerchantId, SaleId, StoreId } from '#foundation/id.ts';
import type { Result } from '#foundation/result.ts';
import type { Sale } from './sale.ts';

export type SaleIdempotency = { readonly scope: string; readonly key: string; readonly fingerprint: string };

export type OpenedSale = { readonly kind: 'opened' | 'repeated'; readonly sale: Sale };

/** A page of sales, newest first. `before` is the last id of the page before. */
export type SalePage = {
  readonly merchantId: MerchantId;
  readonly storeId: StoreId | null;
  readonly before: SaleId | null;
  readonly limit: number;
};

export interface SaleJournal {
  /** Makes the sale durable; with an idempotency key a repeat answers the first sale, and another body is refused. */
  openSale(
    sale: Sale,
    idempotency: SaleIdempotency | null,
  ): Promise<Result<OpenedSale, { readonly kind: 'key-reused' }>>;
  findSale(merchantId: MerchantId, id: SaleId): Promise<Sale | undefined>;
  listSales(page: SalePage): Promise<readonly Sale[]>;
}
