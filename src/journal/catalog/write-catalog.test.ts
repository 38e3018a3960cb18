// The catalogue's writes where it gets doubtful: readers while many write, a row that another writer holds, an answer that is lost after
// the commit, more rows than one statement takes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { applyChanges, Catalog, type CatalogEdit } from '#catalog/index.ts';
import {
  at,
  groundEdits,
  someMerchant,
  somePrice,
  someProduct,
  someStore,
  upsertPrice,
  upsertProduct,
} from '#catalog/testing/shelf.ts';
import type { MerchantId } from '#foundation/id.ts';
import { silentLog } from '#foundation/log.ts';
import { type Journal, openJournal } from '../open-journal.ts';
import { LossyProxy } from '../testing/lossy-proxy.ts';
import { withDatabase } from '../with-database.ts';

withDatabase('writes of the catalogue', (database) => {
  let journal: Journal;
  let client: pg.Client;
  before(async () => {
    journal = await openJournal({ url: database.url, log: silentLog, limits: { lockMs: 100 } });
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  after(async () => {
    await client.end();
    await journal.close();
  });

  const write = (merchantId: MerchantId, edits: readonly CatalogEdit[], of = journal) =>
    of.catalog.write(merchantId, { edits, costs: [] });
  async function shop(): Promise<MerchantId> {
    const merchantId = someMerchant();
    assert.ok((await write(merchantId, groundEdits)).ok);
    return merchantId;
  }

  test('a reader that follows while many write misses no change and sees none twice', async () => {
    const merchantId = await shop();
    const till = new Catalog();
    let isWriting = true;
    const follow = async () => {
      for (;;) {
        // Asked before the page is read: the last round begins when every write has ended.
        const isLast = !isWriting;
        const page = await journal.catalog.changesSince({ merchantId, after: till.version, limit: 3 });
        const versions = page.changes.map(({ version }) => version);
        // Nothing here is written twice, so every version must come, and in its place.
        assert.deepEqual(
          versions,
          versions.map((_, place) => till.version + place + 1),
        );
        applyChanges(till, page.changes);
        if (isLast && page.changes.length === 0) return;
      }
    };
    const following = follow();
    const products = Array.from({ length: 60 }, () => someProduct());
    await Promise.all(
      products.map((product) => write(merchantId, [upsertProduct(product), upsertPrice(somePrice(product.id, 1n))])),
    );
    isWriting = false;
    await following;
    assert.equal(till.products.size, 60);
    assert.equal(till.version, groundEdits.length + 120);
  });

  test('a writer outlasts another one that holds the row for longer than a lock is waited for', async () => {
    const merchantId = await shop();
    await client.query('BEGIN');
    await client.query('SELECT FROM catalog_version WHERE merchant_id = $1 FOR UPDATE', [merchantId]);
    const writing = write(merchantId, [upsertProduct(someProduct())]);
    await sleep(350);
    await client.query('COMMIT');
    assert.deepEqual(await writing, { ok: true, value: { version: groundEdits.length + 1 } });
  });

  test('a writer that never gets the row says that the database is busy, and has written nothing', async () => {
    const merchantId = await shop();
    await client.query('BEGIN');
    await client.query('SELECT FROM catalog_version WHERE merchant_id = $1 FOR UPDATE', [merchantId]);
    await assert.rejects(write(merchantId, [upsertProduct(someProduct())]), { code: 'database-busy' });
    await client.query('COMMIT');
    const { latest } = await journal.catalog.changesSince({ merchantId, after: 0, limit: 1 });
    assert.equal(latest, groundEdits.length);
  });

  test('a commit whose answer is lost is done once', async () => {
    const target = new URL(database.url);
    const proxy = new LossyProxy({ host: target.hostname, port: Number(target.port || 5432) });
    target.hostname = '127.0.0.1';
    target.port = `${await proxy.listen()}`;
    const far = await openJournal({ url: target.href, log: silentLog });
    try {
      const merchantId = await shop();
      const milk = someProduct();
      await write(merchantId, [upsertProduct(milk)], far);
      proxy.loseAnswerOf('commit');
      const written = await write(merchantId, [upsertPrice(somePrice(milk.id, 5n))], far);
      assert.equal(proxy.lost, 1);
      assert.deepEqual(written, { ok: true, value: { version: groundEdits.length + 2 } });
    } finally {
      await far.close();
      await proxy.close();
    }
  });

  test('more records than one statement takes are written, changed, told and deleted whole', async () => {
    const merchantId = await shop();
    const products = Array.from({ length: 4_500 }, () => someProduct());
    const prices = products.map(({ id }, place) => somePrice(id, BigInt(place), { validFrom: at(place) }));
    assert.ok((await write(merchantId, [...products.map(upsertProduct), ...prices.map(upsertPrice)])).ok);
    const [first, last] = [products[0], products.at(-1)];
    assert.ok(first !== undefined && last !== undefined);
    const swapped = [upsertProduct({ ...first, code: last.code }), upsertProduct({ ...last, code: first.code })];
    assert.ok((await write(merchantId, swapped)).ok);
    const { changes } = await journal.catalog.changesSince({ merchantId, after: 0, limit: 20_000 });
    const till = new Catalog();
    applyChanges(till, changes);
    assert.equal(till.products.size, 4_500);
    assert.equal(till.findByCode(first.code)?.id, last.id);
    assert.deepEqual(till.pricesOf(last.id), prices.slice(-1));
    const gone = products.map(({ id }): CatalogEdit => ({ act: 'delete', key: { kind: 'product', id } }));
    assert.ok((await write(merchantId, gone)).ok);
    applyChanges(
      till,
      (await journal.catalog.changesSince({ merchantId, after: till.version, limit: 20_000 })).changes,
    );
    assert.equal(till.products.size, 0);
    assert.deepEqual(await journal.catalog.listProducts({ merchantId, departmentId: null, after: null, limit: 1 }), []);
  });

  test('stock that is moved in one go is told apart by merchant and key, first come first moved', async () => {
    const merchantId = await shop();
    const milk = someProduct();
    await write(merchantId, [upsertProduct(milk)]);
    const storeId = someStore();
    const sold = (thousandths: number) => ({
      ...({ storeId, productId: milk.id, kind: 'sold', thousandths, at: at(0), key: 'one' } as const),
    });
    const results = await Promise.all([1, 2, 1].map((one) => journal.catalog.moveStock(merchantId, sold(one))));
    assert.deepEqual(results, [
      { ok: true, value: 'moved' },
      { ok: false, failure: { kind: 'key-reused' } },
      { ok: true, value: 'repeated' },
    ]);
  });
});
