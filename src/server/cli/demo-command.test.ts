// `tillway demo`: how many, told how, and what it keeps its hands off.

import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { demoCountUsual } from '#catalog/index.ts';
import { demo, openShop, type Shop } from '../testing/shop.fixture.ts';
import { runCommandLine } from './main.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.close());

async function run(products: string, env: Readonly<Record<string, string>> = {}, overwritten?: string[]) {
  const out: string[] = [];
  const notes: string[] = [];
  const code = await runCommandLine(['demo', '--products', products], {
    ...{ out: (text) => void out.push(text), note: (text) => void notes.push(text) },
    ...{ env: { DATABASE_URL: shop.databaseUrl, ...env }, folder: tmpdir() },
    ...(overwritten === undefined ? {} : { overwrite: (text: string) => void overwritten.push(text) }),
  });
  return { code, out, notes };
}

const countProducts = async () => {
  const page = { merchantId: demo.merchantId, departmentId: null, after: null, limit: 10_000 };
  return (await shop.journal.catalog.listProducts(page)).length;
};

test('more products come to those that are there, told by lines where no terminal is', async () => {
  const { code, out, notes } = await run('300');
  assert.equal(code, 0, notes.join());
  assert.deepEqual(out, ['Added 300 products to the demo store. Tills hear of them by themselves.']);
  assert.deepEqual(notes, ['300 of 300 products']);
  assert.equal(await countProducts(), demoCountUsual + 300);
});

test('at a terminal a bar grows, and each product is another one', async () => {
  const before = await countProducts();
  const bars: string[] = [];
  const { code, notes } = await run('2500', {}, bars);
  assert.deepEqual([code, notes], [0, []]);
  assert.match(bars[0] ?? '', /^\[#+\.+\] \d+ of 2500 products$/);
  assert.equal(bars.at(-1), `[${'#'.repeat(30)}] 2500 of 2500 products\n`);
  assert.equal(await countProducts(), before + 2_500);
});

test('a real store, another currency and a wrong number are refused, and nothing is added', async () => {
  const before = await countProducts();
  const real = await run('5', { TILLWAY_DEMO: '0' });
  assert.notEqual(real.code, 0);
  const foreign = await run('5', { TILLWAY_STORE_CURRENCY: 'HKD' });
  assert.deepEqual(
    [foreign.code, foreign.notes],
    [1, ['Demo products are priced in CNY, and the store sells in HKD.']],
  );
  for (const count of ['0', '1000001', 'many']) assert.equal((await run(count)).code, 2);
  assert.equal(await countProducts(), before);
});
