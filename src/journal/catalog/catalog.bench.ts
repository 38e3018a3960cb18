// How long a large catalogue takes to be written, changed, read whole by a till, and looked up in, on a durable PostgreSQL. Run it by
// hand: node src/journal/catalog/catalog.bench.ts [products]

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CatalogEdit,
  type CatalogWrite,
  demoDepartments,
  demoPriceLists,
  demoTaxClasses,
  makeDemoProducts,
} from '#catalog/index.ts';
import { makeId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { silentLog } from '#foundation/log.ts';
import { seededRandom } from '#foundation/random.ts';
import { startEmbeddedPostgres } from '../embedded-postgres.ts';
import { openJournal } from '../open-journal.ts';

const count = Number(process.argv[2] ?? 100_000);
const random = seededRandom(1);
const at = instant(Date.UTC(2026, 10, 23));
const merchantId = makeId('merchant', at, random);
const storeId = makeId('store', at, random);

async function timed<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  const started = performance.now();
  const value = await work();
  console.log(`${what.padEnd(48)} ${((performance.now() - started) / 1000).toFixed(2).padStart(8)} s`);
  return value;
}

const upsert = (record: Extract<CatalogEdit, { act: 'upsert' }>['record']): CatalogEdit => ({ act: 'upsert', record });
const demo = [...makeDemoProducts(count, random, at)];
const ground: CatalogWrite = {
  edits: [
    ...demoDepartments().map((department) => upsert({ kind: 'department', department })),
    ...demoTaxClasses().map((taxClass) => upsert({ kind: 'tax-class', taxClass })),
    ...demoPriceLists().map((priceList) => upsert({ kind: 'price-list', priceList })),
  ],
  costs: [],
};
const whole: CatalogWrite = {
  edits: demo.flatMap(({ product, prices }) => [
    upsert({ kind: 'product', product }),
    ...prices.map((price) => upsert({ kind: 'price', price })),
  ]),
  costs: demo.flatMap(({ costs }) => costs),
};

const home = await mkdtemp(join(tmpdir(), 'tillway-catalog-bench-'));
await chmod(home, 0o711);
const embedded = await startEmbeddedPostgres({ home, log: silentLog });
const journal = await openJournal({ url: embedded.url, log: silentLog });
const { catalog } = journal;
try {
  await catalog.write(merchantId, ground);
  console.log(`${count} products, ${whole.edits.length} edits and ${whole.costs.length} costs, in one write`);
  await timed('written', () => catalog.write(merchantId, whole));
  await timed('written again, nothing changes', () => catalog.write(merchantId, whole));
  await timed('read whole, in pages of 5,000 changes', async () => {
    for (let after = 0; ; ) {
      const page = await catalog.changesSince({ merchantId, after, limit: 5_000 });
      after = page.changes.at(-1)?.version ?? after;
      if (page.changes.length === 0) return;
    }
  });
  const ids = demo.map(({ product }) => product.id);
  await timed('stock of all products, none moved', () => catalog.stockOf(merchantId, storeId, ids));
  const barcodes = demo.flatMap(({ product }) => product.barcodes).slice(0, 1_000);
  await timed('1,000 barcodes looked up, one after the other', async () => {
    for (const barcode of barcodes) await catalog.findByBarcodes(merchantId, [barcode]);
  });
  await timed('10,000 stock movements at once', () =>
    Promise.all(
      Array.from({ length: 10_000 }, (_, place) =>
        catalog.moveStock(merchantId, {
          ...{ storeId, productId: ids[place % ids.length] ?? makeId('product', at, random), at },
          ...{ kind: 'sold', thousandths: 1_000, key: `bench-${place}` },
        }),
      ),
    ),
  );
  await timed('all products deleted', () =>
    catalog.write(merchantId, { edits: ids.map((id) => ({ act: 'delete', key: { kind: 'product', id } })), costs: [] }),
  );
} finally {
  await journal.close();
  await embedded.close();
  await rm(home, { recursive: true, force: true });
}
