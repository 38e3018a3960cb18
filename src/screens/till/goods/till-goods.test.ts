// The goods of a till from its first start on: a server and a store in memory, the keeper on the page.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CatalogEdit, defaultLayouts, makeDemoProducts } from '#catalog/index.ts';
import { parseId } from '#foundation/id.ts';
import { durationMs, plus } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { TestClock } from '../testing/fake-store.ts';
import { GoodsKeeper, type KeeperNews, repackAfter } from './goods-keeper.ts';
import { CatalogServer, demoEdits, filledAt } from './testing/catalog-server.ts';
import { MemoryGoodsStore } from './testing/memory-goods-store.ts';
import { refreshEveryMs, TillGoods } from './till-goods.ts';

const storeId = parseId('store', 'sto_1') ?? assert.fail('a store');
const counter = { storeId, currency: 'CNY', layouts: defaultLayouts } as const;
const at = plus(filledAt, durationMs(60_000));
const demo = [...makeDemoProducts(300, seededRandom(1), filledAt)];
const first = demo.find(({ product }) => product.barcodes.length > 0) ?? assert.fail('a product');
const barcode = first.product.barcodes[0] ?? assert.fail('a barcode');

function serverWith(count: number): CatalogServer {
  const server = new CatalogServer();
  server.write([...demoEdits(count)]);
  return server;
}

async function start(server: CatalogServer, store: MemoryGoodsStore, owner = 'sto_1') {
  const clock = new TestClock();
  const news: KeeperNews['kind'][] = [];
  let keeper: GoodsKeeper | null = null;
  const goods = new TillGoods({
    store,
    ambient: clock,
    owner,
    openLine: (hear) => {
      const tell = (told: KeeperNews) => {
        news.push(told.kind);
        hear(told);
      };
      const pace = { isTimeUp: () => false, rest: () => Promise.resolve() };
      const made = new GoodsKeeper({ store, call: server.call, tell, pace, pageLimit: 100 });
      keeper = made;
      return { send: (order) => made.take(order), close: () => undefined };
    },
  });
  const idle = async () => await keeper?.idle();
  await goods.open();
  const refresh = async () => {
    await clock.pass(refreshEveryMs);
    await idle();
  };
  return { goods, clock, news, idle, refresh };
}

const priceOf = (goods: TillGoods) => {
  const found = goods.find(barcode, counter, at);
  return found?.kind === 'goods' ? found.facts.listPrice : found?.kind;
};
const priced = (minor: bigint): CatalogEdit => {
  const price = first.prices[0] ?? assert.fail('a price');
  return { act: 'upsert', record: { kind: 'price', price: { ...price, amount: money('CNY', minor) } } };
};

describe('the goods of a till', () => {
  it('are fetched whole at the first start, told with progress, and there at once at the next', async () => {
    const [server, store] = [serverWith(300), new MemoryGoodsStore()];
    const one = await start(server, store);
    assert.equal(one.goods.state.get().phase, 'loading');
    await one.idle();
    assert.equal(one.goods.state.get().phase, 'ready');
    assert.deepEqual(priceOf(one.goods), first.prices[0]?.amount);
    assert.equal(one.goods.state.get().done, server.version);
    server.isAway = true;
    const two = await start(server, store);
    assert.equal(two.goods.state.get().phase, 'ready');
    assert.deepEqual(priceOf(two.goods), first.prices[0]?.amount);
    await two.idle();
    assert.equal(two.goods.state.get().trouble, 'away');
    assert.equal(two.goods.state.get().isSearchReady, true);
    assert.ok(!two.news.includes('shelf'));
  });

  it('follow what changes, and keep it for the next start', async () => {
    const [server, store] = [serverWith(300), new MemoryGoodsStore()];
    const one = await start(server, store);
    await one.idle();
    server.write([priced(777n)]);
    await one.refresh();
    assert.deepEqual(priceOf(one.goods), money('CNY', 777n));
    server.write([priced(778n)]);
    server.isAway = true;
    const two = await start(server, store);
    assert.deepEqual(priceOf(two.goods), money('CNY', 777n));
    server.isAway = false;
    await two.refresh();
    assert.deepEqual(priceOf(two.goods), money('CNY', 778n));
    assert.equal(two.goods.state.get().version, server.version);
  });

  it('are searched in both languages, new ones too, and the newest keystroke wins', async () => {
    const [server, store] = [serverWith(300), new MemoryGoodsStore()];
    const till = await start(server, store);
    assert.equal(await till.goods.search('milk'), null);
    await till.idle();
    const renamed = { ...first.product, names: { en: 'Zebra Cake', zh: '斑马蛋糕' }, pinyin: 'ban ma dan gao' };
    server.write([{ act: 'upsert', record: { kind: 'product', product: renamed } }]);
    await till.refresh();
    for (const query of ['zebra', '斑马', 'bmdg']) {
      const [hit] = (await till.goods.search(query)) ?? [];
      assert.equal(hit?.id, first.product.id, query);
    }
  });

  it('begin anew for another store, and when the server itself went back', async () => {
    const [server, store] = [serverWith(300), new MemoryGoodsStore()];
    await (await start(server, store)).idle();
    const other = await start(server, store, 'sto_2');
    assert.equal(other.goods.goods, null);
    await other.idle();
    assert.equal(store.shelf?.owner, 'sto_2');
    const before = server.version;
    server.write([priced(777n)]);
    await other.refresh();
    server.goBack(before - 2);
    await other.refresh();
    assert.equal(other.goods.state.get().version, before - 2);
    assert.equal(store.shelf?.version, before - 2);
  });

  it('work from memory when the disk is full, and say that they will not be there next time', async () => {
    const [server, store] = [serverWith(300), new MemoryGoodsStore()];
    store.trouble = 'disk-full';
    const till = await start(server, store);
    await till.idle();
    assert.deepEqual(priceOf(till.goods), first.prices[0]?.amount);
    assert.equal(till.goods.state.get().notKept, 'disk-full');
    store.trouble = null;
    await till.refresh();
    assert.equal(till.goods.state.get().notKept, null);
    assert.equal(store.shelf?.version, server.version);
  });

  it('are packed anew when much has changed', async () => {
    const [server, store] = [serverWith(300), new MemoryGoodsStore()];
    const till = await start(server, store);
    await till.idle();
    for (let turn = 0; turn * 300 <= repackAfter; turn += 1) {
      const renamed = demo.map(({ product }): CatalogEdit => {
        const changed = { ...product, names: { ...product.names, en: `Turn ${turn} ${product.code}` } };
        return { act: 'upsert', record: { kind: 'product', product: changed } };
      });
      server.write(renamed);
      await till.refresh();
    }
    assert.equal(store.shelf?.version, server.version);
    assert.equal(store.changes.length, 0);
    assert.equal(till.goods.goods?.changeCount, 0);
  });

  it('pass over what they cannot read, and say so', async () => {
    const [server, store] = [serverWith(20), new MemoryGoodsStore()];
    const { call } = server;
    const odd = Object.assign(server, {
      call: async (order: Parameters<typeof call>[0]) => {
        const reply = await call(order);
        if (!reply.ok) return reply;
        return {
          ok: true as const,
          value: { ...reply.value, text: reply.value.text.replace('"kilogram"', '"stone"') },
        };
      },
    });
    const till = await start(odd, store);
    await till.idle();
    assert.equal(till.goods.state.get().phase, 'ready');
    assert.ok(till.goods.state.get().unread >= 1);
  });
});
