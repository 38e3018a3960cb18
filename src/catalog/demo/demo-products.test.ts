// The demo store must be what it says: plausible, of a company that does not exist, the same every time, and lawful in every record.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '#foundation/instant.ts';
import { seededRandom } from '#foundation/random.ts';
import { Catalog } from '../catalog.ts';
import type { CatalogEdit } from '../catalog-change.ts';
import { editRefusal } from '../check-edits.ts';
import { costAt } from '../cost.ts';
import { parseGtin } from '../gtin.ts';
import { priceAt } from '../price.ts';
import { someStore } from '../testing/shelf.ts';
import { demoDepartments, demoPriceLists, demoTaxClasses } from './demo-departments.ts';
import { demoGoods } from './demo-goods.ts';
import { demoCountUsual, makeDemoProducts } from './demo-products.ts';

const day = instant(Date.UTC(2026, 10, 23));
const make = (count: number, seed = 1) => [...makeDemoProducts(count, seededRandom(seed), day)];

test('every record may be written, into a journal that has nothing yet', () => {
  const made = make(3_000);
  const edits: CatalogEdit[] = [
    ...demoDepartments().map(
      (department): CatalogEdit => ({ act: 'upsert', record: { kind: 'department', department } }),
    ),
    ...demoTaxClasses().map((taxClass): CatalogEdit => ({ act: 'upsert', record: { kind: 'tax-class', taxClass } })),
    ...demoPriceLists().map((priceList): CatalogEdit => ({ act: 'upsert', record: { kind: 'price-list', priceList } })),
    ...made.map(({ product }): CatalogEdit => ({ act: 'upsert', record: { kind: 'product', product } })),
    ...made
      .flatMap(({ prices }) => prices)
      .map((price): CatalogEdit => ({ act: 'upsert', record: { kind: 'price', price } })),
  ];
  const empty = new Catalog();
  const refusal = editRefusal(
    {
      departments: empty.departments,
      hasTaxClass: () => false,
      hasPriceList: () => false,
      hasProduct: () => false,
      holderOfBarcode: () => undefined,
      holderOfCode: () => undefined,
      holderOfPlu: () => undefined,
      productsOfDepartment: () => [],
      productsOfTaxClass: () => [],
      pricesOfList: () => [],
    },
    edits,
  );
  assert.equal(refusal, undefined);
});

test('names, codes and barcodes are each of one product, and the barcodes are of the fictitious company', () => {
  const products = make(30_000).map(({ product }) => product);
  assert.equal(demoGoods().length, demoCountUsual);
  for (const unique of [
    products.map(({ names }) => names.zh),
    products.map(({ names }) => names.en),
    products.map(({ code }) => code),
  ]) {
    assert.equal(new Set(unique).size, products.length);
  }
  const barcodes = products.flatMap((product) => product.barcodes);
  assert.equal(new Set(barcodes).size, barcodes.length);
  for (const barcode of barcodes) {
    assert.ok(parseGtin(barcode).ok, barcode);
    assert.match(barcode, /^(699999\d{7}|69\d{6})$/);
  }
});

test('the store has weighed goods, goods for adults, all rates of tax, offers, and costs that rose but stay below the price', () => {
  const made = make(demoCountUsual);
  const lists = new Map(demoPriceLists().map((list) => [list.id, list]));
  const store = someStore();
  assert.ok(made.filter(({ product }) => product.unit === 'kilogram' && product.plu !== null).length >= 40);
  assert.ok(made.filter(({ product }) => product.minimumAge === 18).length >= 8);
  assert.equal(new Set(made.map(({ product }) => product.taxClassId)).size, 3);
  assert.ok(made.filter(({ prices }) => prices.length === 2).length >= 10);
  for (const { product, prices, costs } of made) {
    const price = priceAt(prices, lists, store, day);
    const regular = prices[0];
    assert.ok(price !== undefined && regular !== undefined, product.names.en);
    assert.ok(price.amount.minor > 0n && price.amount.minor <= regular.amount.minor, product.names.en);
    const history = costs.map(({ amount }) => amount.minor);
    assert.deepEqual(
      history,
      history.toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0)),
      product.names.en,
    );
    assert.ok((costAt(costs, day)?.amount.minor ?? 0n) < regular.amount.minor, product.names.en);
  }
});

test('the same seed makes the same store, whatever its size', () => {
  assert.deepEqual(make(600), make(600));
  assert.deepEqual(make(600).slice(0, 300), make(300));
  assert.notDeepEqual(make(3, 2), make(3));
});
