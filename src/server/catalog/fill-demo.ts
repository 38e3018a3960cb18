// Fills the demo store with products of our own making: a few hundred when it opens with empty shelves, and as many more as somebody
// asks for.

import {
  type CatalogEdit,
  type CatalogJournal,
  type CatalogRecord,
  type CatalogRefusal,
  type CatalogWrite,
  type DemoProduct,
  demoCountMax,
  demoCountUsual,
  demoDepartments,
  demoPriceLists,
  demoTaxClasses,
  makeDemoProducts,
} from '#catalog/index.ts';
import type { MerchantId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import type { Random } from '#foundation/random.ts';
import { failure, type Result, success } from '#foundation/result.ts';

export type DemoShelf = {
  readonly journal: CatalogJournal;
  readonly merchantId: MerchantId;
  readonly random: Random;
  /** The day on which the store is filled: from it this week's offers run. */
  readonly at: Instant;
};

const batchSize = 2_000;

/** Fills an empty catalogue; one that has anything in it stays as it is. */
export async function ensureDemoProducts(shelf: DemoShelf): Promise<void> {
  const { journal, merchantId } = shelf;
  const { latest } = await journal.changesSince({ merchantId, after: 0, limit: 0 });
  if (latest > 0) return;
  // In one write: of two servers that start together one fills, and the other is refused whole.
  const products = [...makeDemoProducts(demoCountUsual, shelf.random, shelf.at)];
  await journal.write(merchantId, writeOf(products));
}

/**
 * Adds the next `count` demo products, and tells after each batch how many there are. Fewer are added when no more can be made. The
 * failure is the catalogue's own: a product of the merchant has what a demo product would have.
 */
export async function addDemoProducts(
  { journal, merchantId, random, at }: DemoShelf,
  count: number,
  onAdded: (added: number) => void,
): Promise<Result<number, CatalogRefusal>> {
  let added = 0;
  for (const batch of batches(makeDemoProducts(demoCountMax, random, at))) {
    const known = await journal.findByCodes(
      merchantId,
      batch.map(({ product }) => product.code),
    );
    const missing = batch.filter(({ product }) => !known.has(product.code)).slice(0, count - added);
    if (missing.length === 0) continue;
    const written = await journal.write(merchantId, writeOf(missing));
    if (!written.ok) return failure(written.failure);
    added += missing.length;
    onAdded(added);
    if (added >= count) break;
  }
  return success(added);
}

function writeOf(products: readonly DemoProduct[]): CatalogWrite {
  const ground: readonly CatalogRecord[] = [
    ...demoDepartments().map((department): CatalogRecord => ({ kind: 'department', department })),
    ...demoTaxClasses().map((taxClass): CatalogRecord => ({ kind: 'tax-class', taxClass })),
    ...demoPriceLists().map((priceList): CatalogRecord => ({ kind: 'price-list', priceList })),
  ];
  const goods = products.flatMap(({ product, prices }): CatalogRecord[] => [
    { kind: 'product', product },
    ...prices.map((price): CatalogRecord => ({ kind: 'price', price })),
  ]);
  const edits = [...ground, ...goods].map((record): CatalogEdit => ({ act: 'upsert', record }));
  return { edits, costs: products.flatMap(({ costs }) => costs) };
}

function* batches(products: Iterable<DemoProduct>): Generator<readonly DemoProduct[], void, void> {
  let batch: DemoProduct[] = [];
  for (const product of products) {
    batch.push(product);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
