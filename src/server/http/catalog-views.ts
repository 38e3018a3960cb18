// The catalogue as the API tells it: money as decimal text, instants in ISO 8601, all else as it is.

import {
  type CatalogChange,
  type CatalogKey,
  type CatalogRecord,
  describeProblem,
  type Price,
  type PriceKey,
  type Product,
} from '#catalog/index.ts';
import { formatInstant } from '#foundation/instant.ts';
import { formatDecimal, type Money } from '#foundation/money.ts';
import type { ImportRun } from '../catalog/import-desk.ts';
import type { CatalogChangeView, ImportView, PriceView, ProductView } from '../contract/catalog.ts';

type Upsert = Extract<CatalogChangeView, { act: 'upsert' }>['record'];
type Key = Extract<CatalogChangeView, { act: 'delete' }>['key'];

export function moneyView(amount: Money) {
  return { currency: amount.currency, amount: formatDecimal(amount) };
}

export function productView(product: Product): ProductView {
  return { ...product, names: { ...product.names }, barcodes: [...product.barcodes] };
}

export function changeView(change: CatalogChange): CatalogChangeView {
  const { version } = change;
  return change.act === 'upsert'
    ? { version, act: 'upsert', record: recordView(change.record) }
    : { version, act: 'delete', key: keyView(change.key) };
}

function recordView(record: CatalogRecord): Upsert {
  if (record.kind === 'price') return { kind: 'price', price: priceView(record.price) };
  if (record.kind === 'product') return { kind: 'product', product: productView(record.product) };
  return record;
}

function keyView(key: CatalogKey): Key {
  return key.kind === 'price' ? { kind: 'price', price: priceKeyView(key.price) } : key;
}

function priceKeyView({ listId, productId, storeId, validFrom }: PriceKey) {
  return { listId, productId, storeId, validFrom: formatInstant(validFrom) };
}

function priceView(price: Price): PriceView {
  const validTo = price.validTo === null ? null : formatInstant(price.validTo);
  return { ...priceKeyView(price), amount: moneyView(price.amount), validTo };
}

export function importView(run: ImportRun): ImportView {
  const { id: importId, status, dryRun, bytesTotal, bytesRead, rowsRead, counts, problemCount, conflict } = run;
  const problems = run.problems.map((problem) => ({
    ...problem,
    sentence: { en: describeProblem(problem, 'en'), zh: describeProblem(problem, 'zh') },
  }));
  return { importId, status, dryRun, bytesTotal, bytesRead, rowsRead, counts, problemCount, problems, conflict };
}
