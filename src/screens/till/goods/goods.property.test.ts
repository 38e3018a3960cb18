// Packed goods are held to the catalogue itself: after any changes, before and after packing anew, both find the same by every number and
// at every price. The seed is printed when it fails (fast-check), and TILLWAY_SEED plays one again.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  applyChanges,
  Catalog,
  type CatalogChange,
  type CatalogEdit,
  type DemoProduct,
  defaultLayouts,
  demoPriceLists,
  finish,
  makeDemoProducts,
  makeGtin,
} from '#catalog/index.ts';
import { parseId } from '#foundation/id.ts';
import { durationMs, plus } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { Goods, recordsOf } from './goods.ts';
import { packShelf } from './packed-shelf.ts';
import { demoEdits, filledAt } from './testing/catalog-server.ts';

const storeId = parseId('store', 'sto_1') ?? assert.fail('a store');
const products: readonly DemoProduct[] = [...makeDemoProducts(60, seededRandom(1), filledAt)];
const later = plus(filledAt, durationMs(3_600_000));
const lists = demoPriceLists();

type Wish = {
  readonly at: number;
  readonly what: 'price' | 'rename' | 'recode' | 'delete' | 'unprice' | 'retire';
  readonly by: number;
};

const wish: fc.Arbitrary<Wish> = fc.record({
  at: fc.nat(products.length - 1),
  what: fc.constantFrom('price', 'rename', 'recode', 'delete', 'unprice', 'retire'),
  by: fc.nat(500),
});

function editOf({ at, what, by }: Wish): CatalogEdit {
  const stocked = products[at] ?? assert.fail('a product');
  const { product, prices } = stocked;
  const [price] = prices;
  const list = lists[by % lists.length];
  if (price === undefined || list === undefined) return assert.fail('a price');
  if (what === 'delete') return { act: 'delete', key: { kind: 'product', id: product.id } };
  if (what === 'unprice') return { act: 'delete', key: { kind: 'price', price } };
  if (what === 'price') {
    const fresh = { ...price, listId: list.id, validFrom: filledAt, amount: money('CNY', BigInt(by)) };
    return { act: 'upsert', record: { kind: 'price', price: fresh } };
  }
  const changed =
    what === 'rename'
      ? { ...product, names: { en: `Renamed ${by}`, zh: '改名' } }
      : what === 'retire'
        ? { ...product, isActive: false }
        : { ...product, barcodes: [makeGtin(`7000000${String(by % 20).padStart(5, '0')}`)] };
  return { act: 'upsert', record: { kind: 'product', product: changed } };
}

// As the server's journal has it: a price is of a product that is there, and it goes with it. Barcodes wander from product to product, but each belongs to one at a time: whoever had it gives it up first.
function lawfulEdits(wishes: readonly Wish[], holders: Map<number, number>): readonly CatalogEdit[] {
  return wishes.flatMap((each) => {
    for (const [label, at] of holders) if (at === each.at) holders.delete(label);
    if (each.what === 'price') return [editOf({ ...each, what: 'rename' }), editOf(each)];
    if (each.what !== 'recode') return [editOf(each)];
    const label = each.by % 20;
    const before = products[holders.get(label) ?? -1]?.product;
    holders.set(label, each.at);
    const gaveUp: readonly CatalogEdit[] =
      before === undefined
        ? []
        : [{ act: 'upsert', record: { kind: 'product', product: { ...before, barcodes: [] } } }];
    return [...gaveUp, editOf(each)];
  });
}

function pack(catalog: Catalog): Goods {
  const stocked = [...catalog.products.values()].map((product) => ({ product, prices: catalog.pricesOf(product.id) }));
  const { version } = catalog;
  return new Goods(finish(packShelf(stocked, { version, owner: 'sto_1', records: recordsOf(catalog) })));
}

const numbers = [
  ...products.flatMap(({ product }) => product.barcodes),
  ...Array.from({ length: 20 }, (_, index) => makeGtin(`7000000${String(index).padStart(5, '0')}`)),
  ...products.flatMap(({ product }) =>
    product.plu === null ? [] : [makeGtin(`2${5}${product.plu.padStart(5, '0')}00345`)],
  ),
];

function compare(goods: Goods, catalog: Catalog): void {
  for (const digits of numbers)
    assert.deepEqual(goods.scan(digits, defaultLayouts), catalog.scan(digits, defaultLayouts));
  for (const { product } of products) {
    assert.deepEqual(goods.glance(product.id), catalog.products.get(product.id));
    assert.deepEqual(goods.findByCode(product.code), catalog.findByCode(product.code));
    assert.deepEqual(goods.findById(product.id), catalog.products.get(product.id));
    assert.deepEqual(goods.catalog.priceAt(product.id, storeId, later), catalog.priceAt(product.id, storeId, later));
  }
  assert.equal([...goods.all()].length, catalog.products.size);
  assert.equal(goods.version, catalog.version);
}

describe('packed goods', () => {
  it('find what the catalogue finds, after any changes and packed anew', () => {
    const seed = Number(process.env['TILLWAY_SEED'] ?? Date.now() % 1_000_000);
    const base = [...demoEdits(60)].map((edit, index): CatalogChange => ({ ...edit, version: index + 1 }));
    const property = fc.property(fc.array(wish, { maxLength: 25 }), fc.array(wish, { maxLength: 10 }), (one, two) => {
      const catalog = new Catalog();
      applyChanges(catalog, base);
      const goods = pack(catalog);
      const holders = new Map<number, number>();
      const numbered = (wishes: readonly Wish[], from: number) =>
        lawfulEdits(wishes, holders).map((edit, index): CatalogChange => ({ ...edit, version: from + index + 1 }));
      const first = numbered(one, base.length);
      // In half of the runs products are unpacked before they change.
      if (one.length % 2 === 0) for (const digits of numbers) goods.scan(digits, defaultLayouts);
      assert.deepEqual(goods.apply(first), applyChanges(catalog, first));
      compare(goods, catalog);
      const again = new Goods(
        finish(packShelf(goods.all(), { version: goods.version, owner: 'sto_1', records: goods.records() })),
      );
      const second = numbered(two, base.length + first.length);
      again.apply([...first, ...second]);
      applyChanges(catalog, second);
      compare(again, catalog);
    });
    fc.assert(property, { seed, numRuns: 60 });
  });
});
