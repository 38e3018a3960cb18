// Checkout's sales in memory, for simulation: the same contract as PostgreSQL's.

import type { OpenedSale, Sale, SaleIdempotency, SaleJournal, SalePage } from '#checkout/index.ts';
import type { MerchantId, SaleId } from '#foundation/id.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { KnownSales } from './memory-payment-journal.ts';

export class MemorySaleJournal implements SaleJournal, KnownSales {
  readonly #sales = new Map<string, Sale>();
  readonly #byKey = new Map<string, { readonly sale: Sale; readonly fingerprint: string }>();

  has(merchantId: MerchantId, id: SaleId): boolean {
    return this.#sales.has(`${merchantId} ${id}`);
  }

  async openSale(
    sale: Sale,
    idempotency: SaleIdempotency | null,
  ): Promise<Result<OpenedSale, { readonly kind: 'key-reused' }>> {
    const key = idempotency === null ? null : JSON.stringify([sale.merchantId, idempotency.scope, idempotency.key]);
    const before = key === null ? undefined : this.#byKey.get(key);
    if (before !== undefined) {
      if (before.fingerprint !== idempotency?.fingerprint) return failure({ kind: 'key-reused' });
      return success({ kind: 'repeated', sale: before.sale });
    }
    if (this.has(sale.merchantId, sale.id)) throw new Error(`the sale id ${sale.id} is already taken`);
    this.#sales.set(`${sale.merchantId} ${sale.id}`, sale);
    if (key !== null && idempotency !== null) this.#byKey.set(key, { sale, fingerprint: idempotency.fingerprint });
    return success({ kind: 'opened', sale });
  }

  async findSale(merchantId: MerchantId, id: SaleId): Promise<Sale | undefined> {
    return this.#sales.get(`${merchantId} ${id}`);
  }

  async listSales({ merchantId, storeId, before, limit }: SalePage): Promise<readonly Sale[]> {
    return [...this.#sales.values()]
      .filter((sale) => sale.merchantId === merchantId && (storeId === null || sale.storeId === storeId))
      .filter((sale) => before === null || sale.id < before)
      .sort((left, right) => (left.id < right.id ? 1 : -1))
      .slice(0, limit);
  }
}
