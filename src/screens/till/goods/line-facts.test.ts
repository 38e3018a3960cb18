import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  applyChanges,
  Catalog,
  type CatalogChange,
  type CatalogEdit,
  defaultLayouts,
  finish,
  makeDemoProducts,
  makeGtin,
} from '#catalog/index.ts';
import { addProduct, emptyBasket, onePiece, quantity } from '#checkout/index.ts';
import { makeId, parseId } from '#foundation/id.ts';
import { durationMs, plus } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { Goods, recordsOf } from './goods.ts';
import { findGoods } from './line-facts.ts';
import { packShelf } from './packed-shelf.ts';
import { demoEdits, filledAt } from './testing/catalog-server.ts';

const storeId = parseId('store', 'sto_1') ?? assert.fail('a store');
const counter = { storeId, currency: 'CNY', layouts: defaultLayouts } as const;
const at = plus(filledAt, durationMs(60_000));
const demo = [...makeDemoProducts(250, seededRandom(1), filledAt)];
const piece =
  demo.find(({ product, prices }) => product.barcodes.length > 0 && prices.length === 2) ?? assert.fail('an offer');
const weighed = demo.find(({ product }) => product.plu !== null) ?? assert.fail('weighed goods');
const barcode = piece.product.barcodes[0] ?? assert.fail('a barcode');

function goodsWith(edits: readonly CatalogEdit[] = []): Goods {
  const catalog = new Catalog();
  const all = [...demoEdits(250), ...edits];
  applyChanges(
    catalog,
    all.map((edit, index): CatalogChange => ({ ...edit, version: index + 1 })),
  );
  const stocked = [...catalog.products.values()].map((product) => ({ product, prices: catalog.pricesOf(product.id) }));
  return new Goods(finish(packShelf(stocked, { version: catalog.version, owner: 'x', records: recordsOf(catalog) })));
}

const label = (prefix: string, measure: string) =>
  makeGtin(`${prefix}${weighed.product.plu?.padStart(5, '0')}${measure}`);
const perKilogram = weighed.prices[0]?.amount ?? assert.fail('a price');

describe('what a scanned number puts into the basket', () => {
  it('is the product with the price of this moment, and names that price', () => {
    const found = findGoods(goodsWith(), barcode, counter, at);
    assert.ok(found.kind === 'goods');
    const offer = piece.prices[1] ?? assert.fail('an offer');
    assert.deepEqual(found.facts.listPrice, offer.amount);
    assert.equal(found.facts.priceVersion, `weekly/*/${filledAt}`);
    assert.equal(found.quantity, onePiece);
    const after = findGoods(goodsWith(), barcode, counter, plus(filledAt, durationMs(8 * 86_400_000)));
    assert.deepEqual(after.kind === 'goods' && after.facts.listPrice, piece.prices[0]?.amount);
  });

  it('goes into a basket as it is', () => {
    const found = findGoods(goodsWith(), barcode, counter, at);
    assert.ok(found.kind === 'goods' && found.quantity !== null);
    const random = seededRandom(1);
    const id = makeId('basket', at, random);
    const deviceId = makeId('device', at, random);
    const basket = emptyBasket({ id, currency: 'CNY', deviceId, createdAt: at, createdBy: 'per_1' });
    const added = addProduct(basket, found.facts, found.quantity);
    assert.equal(added.ok && added.value.lines[0]?.productId, piece.product.id);
  });

  it('takes the weight from a label that has one, and reckons it from one that has a price', () => {
    const byWeight = findGoods(goodsWith(), label('25', '00345'), counter, at);
    assert.ok(byWeight.kind === 'goods');
    assert.deepEqual([byWeight.quantity, byWeight.facts.labelPrice], [quantity(345), null]);
    const byPrice = findGoods(goodsWith(), label('20', '01280'), counter, at);
    assert.ok(byPrice.kind === 'goods');
    assert.deepEqual(byPrice.facts.labelPrice, money('CNY', 1_280n));
    const grams = (1_280n * 2_000n + perKilogram.minor) / (2n * perKilogram.minor);
    assert.equal(byPrice.quantity, quantity(Number(grams)));
  });

  it('says why something cannot be sold', () => {
    const { product, prices } = piece;
    const free = prices.map((price): CatalogEdit => ({ act: 'delete', key: { kind: 'price', price } }));
    const unpriced = findGoods(goodsWith(free), barcode, counter, at);
    assert.deepEqual(unpriced, { kind: 'not-for-sale', product, why: 'no-price' });
    const taxless = goodsWith([{ act: 'delete', key: { kind: 'tax-class', id: product.taxClassId } }]);
    assert.deepEqual(findGoods(taxless, barcode, counter, at), { kind: 'not-for-sale', product, why: 'no-tax-class' });
    assert.deepEqual(findGoods(goodsWith(), makeGtin('800000000001'), counter, at), { kind: 'unknown' });
    assert.deepEqual(findGoods(goodsWith(), '12', counter, at), { kind: 'unreadable', problem: 'malformed' });
  });

  it('asks for the weight of what is weighed and was found without a label', () => {
    const goods = goodsWith();
    const product = goods.findByCode(weighed.product.code) ?? assert.fail('found by its code');
    assert.equal(product.unit, 'kilogram');
  });
});
