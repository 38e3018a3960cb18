// A sale's row never changes, and it is paid right after it was made: so the last ones are kept at hand, and starting a payment
// asks the database for nothing before its own write.

import type { Sale, SaleJournal } from '#checkout/index.ts';
import type { SaleId } from '#foundation/id.ts';

const rememberCountMax = 5_000;

export function rememberSales(journal: SaleJournal): SaleJournal {
  const recent = new Map<SaleId, Sale>();
  return {
    async openSale(sale, idempotency) {
      const opened = await journal.openSale(sale, idempotency);
      if (opened.ok) {
        // A Map keeps the order of insertion: the first key is the oldest.
        const oldest = recent.size >= rememberCountMax ? recent.keys().next().value : undefined;
        if (oldest !== undefined) recent.delete(oldest);
        recent.set(opened.value.sale.id, opened.value.sale);
      }
      return opened;
    },
    async findSale(merchantId, id) {
      const sale = recent.get(id);
      return sale?.merchantId === merchantId ? sale : await journal.findSale(merchantId, id);
    },
    listSales: (page) => journal.listSales(page),
  };
}
