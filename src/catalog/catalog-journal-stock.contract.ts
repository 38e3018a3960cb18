// Costs and stock, the parts of the catalogue that no till is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MerchantId } from '#foundation/id.ts';
import { money } from '#foundation/money.ts';
import type { CatalogEdit } from './catalog-change.ts';
import type { CatalogJournal } from './catalog-journal.port.ts';
import type { Cost } from './cost.ts';
import type { StockMovement } from './stock.ts';
import { at, noon, someProduct, someStore, upsertProduct } from './testing/shelf.ts';

export type Context = {
  journal(): CatalogJournal;
  /** A merchant whose departments, tax class and price lists are there. */
  shop(edits?: readonly CatalogEdit[], costs?: readonly Cost[]): Promise<MerchantId>;
};

export function costTests({ journal, shop }: Context): void {
  test('costs are kept with their history, a correction under its own beginning, and are no change for tills', async () => {
    const milk = someProduct();
    const cost = (minor: bigint, offset: number): Cost => ({
      productId: milk.id,
      amount: money('CNY', minor),
      validFrom: at(offset),
    });
    const merchantId = await shop([upsertProduct(milk)], [cost(220n, 10), cost(200n, 0)]);
    const { latest } = await journal().changesSince({ merchantId, after: 0, limit: 1 });
    const corrected = await journal().write(merchantId, { edits: [], costs: [cost(230n, 10)] });
    assert.deepEqual(corrected, { ok: true, value: { version: latest } });
    assert.deepEqual((await journal().costsOf(merchantId, [milk.id])).get(milk.id), [cost(200n, 0), cost(230n, 10)]);
    const stray = someProduct().id;
    const refused = await journal().write(merchantId, {
      edits: [],
      costs: [cost(1n, 0), { ...cost(1n, 0), productId: stray }],
    });
    assert.deepEqual(refused, { ok: false, failure: { kind: 'cost-of-unknown-product', at: 1 } });
    assert.deepEqual((await journal().costsOf(merchantId, [milk.id, stray])).get(stray), []);
    assert.equal((await journal().costsOf(merchantId, [milk.id])).get(milk.id)?.length, 2);
  });
}

export function stockTests({ journal, shop }: Context): void {
  test('stock is moved once a key, counted by store, and read as a balance', async () => {
    const milk = someProduct();
    const merchantId = await shop([upsertProduct(milk)]);
    const storeId = someStore();
    const move = (kind: StockMovement['kind'], thousandths: number, offset: number, key: string): StockMovement => {
      return { storeId, productId: milk.id, kind, thousandths, at: at(offset), key };
    };
    const moved = { ok: true, value: 'moved' };
    assert.deepEqual(await journal().moveStock(merchantId, move('received', 24_000, 0, 'r1')), moved);
    assert.deepEqual(await journal().moveStock(merchantId, move('sold', 1_000, 5, 's1')), moved);
    assert.deepEqual(await journal().moveStock(merchantId, move('sold', 1_000, 5, 's1')), {
      ok: true,
      value: 'repeated',
    });
    const reused = await journal().moveStock(merchantId, move('sold', 2_000, 5, 's1'));
    assert.deepEqual(reused, { ok: false, failure: { kind: 'key-reused' } });
    const elsewhere = someStore();
    const balance = async (store = storeId) => (await journal().stockOf(merchantId, store, [milk.id])).get(milk.id);
    assert.deepEqual([await balance(), await balance(elsewhere)], [23_000, 0]);
    await journal().moveStock(merchantId, move('counted', 20_000, 10, 'c1'));
    await journal().moveStock(merchantId, move('sold', 1_000, 9, 'late'));
    await journal().moveStock(merchantId, move('returned', 500, 11, 'b1'));
    assert.equal(await balance(), 20_500);
  });

  test('what does not exist has no stock, and one key of two merchants is two keys', async () => {
    const milk = someProduct();
    const merchantId = await shop([upsertProduct(milk)]);
    const water = someProduct();
    const other = await shop([upsertProduct(water)]);
    const movement: StockMovement = {
      storeId: someStore(),
      productId: milk.id,
      kind: 'sold',
      thousandths: 1,
      at: noon,
      key: 'k',
    };
    assert.deepEqual(await journal().moveStock(merchantId, movement), { ok: true, value: 'moved' });
    const strange = await journal().moveStock(other, movement);
    assert.deepEqual(strange, { ok: false, failure: { kind: 'unknown-product' } });
    const own = await journal().moveStock(other, { ...movement, productId: water.id });
    assert.deepEqual(own, { ok: true, value: 'moved' });
  });

  test('of fifty repeats of one movement at once one moves', async () => {
    const milk = someProduct();
    const merchantId = await shop([upsertProduct(milk)]);
    const storeId = someStore();
    const movement: StockMovement = {
      storeId,
      productId: milk.id,
      kind: 'sold',
      thousandths: 1_000,
      at: noon,
      key: 'k',
    };
    const results = await Promise.all(Array.from({ length: 50 }, () => journal().moveStock(merchantId, movement)));
    assert.equal(results.filter((result) => result.ok && result.value === 'moved').length, 1);
    assert.equal((await journal().stockOf(merchantId, storeId, [milk.id])).get(milk.id), -1_000);
  });
}
