// What every store of the goods must do; played in Node against the one in memory and in a browser against IndexedDB, as that of the
// journal is (chain/chain-store.contract.ts).

import { buildIndex, type CatalogChange, finish, makeDemoProducts, type SearchParts } from '#catalog/index.ts';
import { instant } from '#foundation/instant.ts';
import { seededRandom } from '#foundation/random.ts';
import type { GoodsStore } from './goods-store.port.ts';
import { type PackedShelf, packShelf, Shelf, type Stocked } from './packed-shelf.ts';

/** `tabs` are several openings of one new store. */
export type GoodsStoreCase = { readonly name: string; play(tabs: readonly [GoodsStore, GoodsStore]): Promise<void> };

const stocked: readonly Stocked[] = [...makeDemoProducts(30, seededRandom(1), instant(1_700_000_000_000))];

function shelfOf(version: number, owner = 'sto_1'): PackedShelf {
  return finish(packShelf(stocked, { version, owner, records: [] }));
}

function indexOf(): SearchParts {
  return finish(buildIndex(stocked.map(({ product }) => product)));
}

function change(version: number): CatalogChange {
  const { product } = stocked[version % stocked.length] ?? { product: undefined };
  if (product === undefined) throw new Error('there are products');
  return { version, act: 'delete', key: { kind: 'product', id: product.id } };
}

function same(found: unknown, right: unknown, what: string): void {
  const [left, other] = [JSON.stringify(found), JSON.stringify(right)];
  if (left !== other) throw new Error(`${what}: found ${left}, but ${other} is right`);
}

async function versionsIn(store: GoodsStore): Promise<readonly number[]> {
  const kept = await store.load();
  return kept === null ? [] : [kept.shelf.version, ...kept.changes.map(({ version }) => version)];
}

export const goodsStoreCases: readonly GoodsStoreCase[] = [
  {
    name: 'begins with nothing, and gives a shelf back as it was',
    async play([one, two]) {
      same(await one.load(), null, 'a new store');
      same(await one.keepShelf(shelfOf(10), false), true, 'the first shelf');
      const kept = await two.load();
      if (kept === null) throw new Error('the shelf is not there');
      const found = [...new Shelf(kept.shelf).all()].map(({ product }) => product.id);
      same(
        found,
        stocked.map(({ product }) => product.id),
        'its products',
      );
      same(kept.shelf.lookups.barcodes.numbers.length, shelfOf(10).lookups.barcodes.numbers.length, 'its barcodes');
    },
  },
  {
    name: 'keeps changes in order, and none that come after a gap',
    async play([one, two]) {
      await one.keepChanges(0, [change(1)]);
      same(await versionsIn(one), [], 'changes of no shelf');
      await one.keepShelf(shelfOf(10), false);
      await one.keepChanges(12, [change(13)]);
      await two.keepChanges(10, [change(11), change(12)]);
      await two.keepChanges(20, [change(21)]);
      same(await versionsIn(one), [10, 11, 12, 13], 'what follows without a gap');
    },
  },
  {
    name: 'lets a newer shelf stay, and takes from the changes what a shelf holds',
    async play([one, two]) {
      await one.keepShelf(shelfOf(10), false);
      await one.keepChanges(10, [change(11), change(12)]);
      await one.keepChanges(12, [change(13)]);
      same(await two.keepShelf(shelfOf(12), false), true, 'a newer one');
      same(await versionsIn(one), [12, 13], 'what is left of the changes');
      same(await two.keepShelf(shelfOf(9), false), false, 'an older one');
      same(await versionsIn(one), [12, 13], 'after an older one');
    },
  },
  {
    name: 'puts another owner, or a server that went back, in the place of everything',
    async play([one]) {
      await one.keepShelf(shelfOf(10), false);
      await one.keepChanges(10, [change(11)]);
      same(await one.keepShelf(shelfOf(3, 'sto_2'), false), true, 'another owner');
      same(await versionsIn(one), [3], 'the other owner');
      await one.keepChanges(3, [change(4)]);
      same(await one.keepShelf(shelfOf(2, 'sto_2'), true), true, 'a server that went back');
      same(await versionsIn(one), [2], 'after it went back');
    },
  },
  {
    name: 'keeps the index of the shelf that is there and of no other',
    async play([one, two]) {
      await one.keepSearch(10, indexOf());
      same(await one.loadSearch(10), null, 'an index of no shelf');
      await one.keepShelf(shelfOf(10), false);
      await one.keepSearch(9, indexOf());
      same(await two.loadSearch(9), null, 'an index of another shelf');
      await one.keepSearch(10, indexOf());
      same((await two.loadSearch(10))?.ids, indexOf().ids, 'its own');
      await one.keepShelf(shelfOf(11), false);
      same(await two.loadSearch(10), null, 'after the next shelf');
    },
  },
  {
    name: 'is empty after it was cleared',
    async play([one, two]) {
      await one.keepShelf(shelfOf(10), false);
      await one.keepSearch(10, indexOf());
      await two.clear();
      same(await one.load(), null, 'the shelf');
      same(await one.loadSearch(10), null, 'the index');
    },
  },
];
