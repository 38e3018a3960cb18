// Writes all products of a merchant as a file that a spreadsheet opens and that the import takes back: UTF-8 with a byte order mark
// (without it Excel takes Chinese for something else), CRLF, and no cell that would run as a formula.

import type { MerchantId, ProductId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import type { CatalogJournal } from '../catalog-journal.port.ts';
import type { PriceListId } from '../code.ts';
import { costAt } from '../cost.ts';
import { regularPriceAt } from '../price.ts';
import { formatRow } from './csv-text.ts';
import { cellsOf, productColumns } from './product-row.ts';

const pageSize = 500;

export type ExportParts = {
  readonly journal: CatalogJournal;
  readonly merchantId: MerchantId;
  readonly priceListId: PriceListId;
  /** Prices and costs are written as they hold now. */
  readonly now: Instant;
  /** Told after every page. */
  onProgress(rowsWritten: number): void;
};

/** The file piece by piece, a page of products each. A product that changes meanwhile is written as it is when its page comes. */
export async function* exportProducts(parts: ExportParts): AsyncGenerator<string, void, void> {
  const { journal, merchantId, priceListId, now, onProgress } = parts;
  yield `\uFEFF${formatRow(productColumns)}`;
  let after: ProductId | null = null;
  let written = 0;
  for (;;) {
    const products = await journal.listProducts({ merchantId, departmentId: null, after, limit: pageSize });
    const last = products.at(-1);
    if (last === undefined) return;
    const ids = products.map(({ id }) => id);
    const prices = await journal.pricesOf(merchantId, ids);
    const costs = await journal.costsOf(merchantId, ids);
    let text = '';
    for (const product of products) {
      const price = regularPriceAt(prices.get(product.id) ?? [], priceListId, now);
      text += formatRow(cellsOf(product, price, costAt(costs.get(product.id) ?? [], now)));
    }
    yield text;
    after = last.id;
    written += products.length;
    onProgress(written);
  }
}
