// A till's copy of the catalogue: brought up to date by changes that may come twice, late or with some left out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '#foundation/money.ts';
import { applyChanges, Catalog } from './catalog.ts';
import type { CatalogChange, CatalogEdit } from './catalog-change.ts';
import { costAt } from './cost.ts';
import { departmentProblem, departmentTree } from './department.ts';
import { defaultLayouts } from './embedded-code.ts';
import { checkDigit } from './gtin.ts';
import { nameIn, parseNames } from './names.ts';
import {
  at,
  barcode,
  departmentCode,
  groundEdits,
  noon,
  someDepartment,
  somePrice,
  someProduct,
  someStore,
  upsertPrice,
  upsertProduct,
} from './testing/shelf.ts';

const milkCode = barcode('6901234567892');
const numbered = (edits: readonly CatalogEdit[], first = 1): readonly CatalogChange[] =>
  edits.map((edit, index) => ({ ...edit, version: first + index }));

test('a barcode finds its product and price, a UPC the product that was written as EAN', () => {
  const catalog = new Catalog();
  const milk = someProduct({ barcodes: [milkCode, barcode('036000291452')] });
  applyChanges(catalog, numbered([...groundEdits, upsertProduct(milk), upsertPrice(somePrice(milk.id, 280n))]));
  assert.deepEqual(catalog.scan('6901234567892', []), { kind: 'product', product: milk, barcode: milkCode });
  assert.deepEqual(catalog.scan('036000291452', []), { kind: 'product', product: milk, barcode: '0036000291452' });
  assert.equal(catalog.priceAt(milk.id, someStore(), noon)?.amount.minor, 280n);
  assert.equal(catalog.version, 6);
  assert.deepEqual(catalog.scan('6901234567893', []), { kind: 'unreadable', problem: 'wrong-check-digit' });
  assert.deepEqual(catalog.scan('hello', []), { kind: 'unreadable', problem: 'malformed' });
});

test('a label from the scale finds its product by the number of the scale, unless the whole label is a barcode', () => {
  const catalog = new Catalog();
  const twelve = '200012301280';
  const label = `${twelve}${checkDigit(twelve)}`;
  const apples = someProduct({ plu: '123', unit: 'kilogram' });
  applyChanges(catalog, numbered([upsertProduct(apples)]));
  const measure = { kind: 'price', minor: 1_280n };
  assert.deepEqual(catalog.scan(label, defaultLayouts), { kind: 'weighed', product: apples, measure });
  assert.deepEqual(catalog.scan(label, []), { kind: 'unknown' });
  const basket = someProduct({ barcodes: [barcode(label)] });
  applyChanges(catalog, numbered([upsertProduct(basket)], 2));
  assert.deepEqual(catalog.scan(label, defaultLayouts), { kind: 'product', product: basket, barcode: label });
});

test('a product that is not sold any more is not found', () => {
  const catalog = new Catalog();
  const milk = someProduct({ barcodes: [milkCode], isActive: false, plu: '7' });
  applyChanges(catalog, numbered([upsertProduct(milk)]));
  assert.deepEqual(catalog.scan(milkCode, []), { kind: 'unknown' });
  assert.equal(catalog.findByCode(milk.code), undefined);
  assert.equal(catalog.findByPlu('7'), undefined);
  assert.deepEqual(catalog.products.get(milk.id), milk);
});

test('changes that were heard already are passed over', () => {
  const catalog = new Catalog();
  const milk = someProduct({ barcodes: [milkCode] });
  const changes = numbered([upsertProduct(milk), { act: 'delete', key: { kind: 'product', id: milk.id } }]);
  assert.equal(applyChanges(catalog, changes).length, 2);
  assert.equal(applyChanges(catalog, changes).length, 0);
  assert.equal(catalog.products.size, 0);
  assert.equal(catalog.version, 2);
});

test('a barcode that has gone over to another product stays there, though its former one is heard of later', () => {
  const catalog = new Catalog();
  const old = someProduct({ barcodes: [milkCode] });
  const next = someProduct({ barcodes: [milkCode] });
  applyChanges(catalog, numbered([upsertProduct(old), upsertProduct(next), upsertProduct({ ...old, barcodes: [] })]));
  assert.equal(catalog.findByBarcode(milkCode), next);
});

test('a deleted product takes its barcodes and prices along', () => {
  const catalog = new Catalog();
  const milk = someProduct({ barcodes: [milkCode] });
  const edits: readonly CatalogEdit[] = [
    upsertProduct(milk),
    upsertPrice(somePrice(milk.id, 280n)),
    { act: 'delete', key: { kind: 'product', id: milk.id } },
  ];
  applyChanges(catalog, numbered(edits));
  assert.equal(catalog.findByBarcode(milkCode), undefined);
  assert.deepEqual(catalog.pricesOf(milk.id), []);
});

test('a price under the same list, store and beginning replaces the former one', () => {
  const catalog = new Catalog();
  const { id } = someProduct();
  const first = somePrice(id, 280n);
  const { listId, productId, storeId, validFrom } = first;
  applyChanges(catalog, numbered([upsertPrice(first), upsertPrice(somePrice(id, 300n))]));
  assert.deepEqual(catalog.pricesOf(id), [somePrice(id, 300n)]);
  const key = { listId, productId, storeId, validFrom };
  applyChanges(catalog, numbered([{ act: 'delete', key: { kind: 'price', price: key } }], 3));
  assert.deepEqual(catalog.pricesOf(id), []);
});

test('the cost is the one that began last, and none before the first', () => {
  const { id: productId } = someProduct();
  const costs = [10, 0].map((offset) => ({ productId, amount: money('CNY', BigInt(offset)), validFrom: at(offset) }));
  assert.equal(costAt(costs, at(-1)), undefined);
  assert.equal(costAt(costs, at(9))?.amount.minor, 0n);
  assert.equal(costAt(costs, at(10))?.amount.minor, 10n);
});

test('departments stand in two levels and no more', () => {
  const top = someDepartment('dairy', { sort: 2 });
  const child = someDepartment('milk', { parentId: top.id, sort: 1 });
  const first = someDepartment('fresh', { sort: 1 });
  const all = new Map([top, child, first].map((department) => [department.id, department]));
  assert.equal(departmentProblem(child, all), undefined);
  assert.equal(departmentProblem({ ...top, parentId: top.id }, all), 'own-parent');
  assert.equal(departmentProblem({ ...top, parentId: departmentCode('none') }, all), 'unknown-parent');
  assert.equal(departmentProblem({ ...first, parentId: child.id }, all), 'third-level');
  assert.equal(departmentProblem({ ...top, parentId: first.id }, all), 'third-level');
  assert.deepEqual(departmentTree(all), [
    { department: first, children: [] },
    { department: top, children: [child] },
  ]);
});

test('names are tidied, one of the two is enough, and the other language stands in', () => {
  assert.deepEqual(parseNames('  Pure   milk ', ''), { ok: true, value: { en: 'Pure milk', zh: '' } });
  assert.deepEqual(parseNames(' ', ''), { ok: false, failure: 'missing' });
  assert.deepEqual(parseNames('a\nb', ''), { ok: false, failure: 'control-character' });
  assert.deepEqual(parseNames('a'.repeat(201), ''), { ok: false, failure: 'too-long' });
  assert.equal(nameIn({ en: '', zh: '牛奶' }, 'en'), '牛奶');
});
