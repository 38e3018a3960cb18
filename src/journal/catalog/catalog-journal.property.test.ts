// PostgreSQL against the journal in memory: whatever is written, both take the same writes, refuse the same for the same reason, and
// hold the same at the end. Codes, barcodes and ids come from sets so small that they collide all the time.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import {
  applyChanges,
  Catalog,
  type CatalogChange,
  type CatalogEdit,
  type CatalogJournal,
  type CatalogWrite,
  type Cost,
  makeGtin,
  type ProductCode,
} from '#catalog/index.ts';
import {
  at,
  departmentCode,
  groundEdits,
  listCode,
  productCode,
  someDepartment,
  someMerchant,
  somePrice,
  someProduct,
  someStore,
  taxCode,
  upsert,
  upsertPrice,
  upsertProduct,
} from '#catalog/testing/shelf.ts';
import type { MerchantId } from '#foundation/id.ts';
import { silentLog } from '#foundation/log.ts';
import { money } from '#foundation/money.ts';
import { MemoryCatalogJournal } from '../../../simulation/storage/index.ts';
import { type Journal, openJournal } from '../open-journal.ts';
import { withDatabase } from '../with-database.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);

const products = Array.from({ length: 5 }, () => someProduct());
const codes: readonly ProductCode[] = ['A', 'B', 'C', 'D', 'E', 'F'].map(productCode);
const barcodes = ['699999000001', '699999000002', '699999000003', '6999901'].map(makeGtin);
const store = someStore();
const ground: CatalogWrite = { edits: [...groundEdits, ...products.map(upsertProduct)], costs: [] };

const chosen = <Value>(values: readonly Value[]) => fc.constantFrom(...values);
const product = fc
  .record({
    base: chosen(products),
    code: chosen(codes),
    barcodes: fc.uniqueArray(chosen(barcodes), { maxLength: 2 }),
    plu: chosen([null, null, '1', '2']),
    departmentId: chosen(['dairy', 'dairy', 'dairy', 'milk', 'lost'].map(departmentCode)),
    taxClassId: chosen(['vat-13', 'vat-13', 'vat-13', 'vat-9'].map(taxCode)),
  })
  .map(({ base, ...change }) => ({ ...base, ...change }));
const price = fc
  .record({
    id: chosen(products),
    listId: chosen(['regular', 'regular', 'weekly', 'weekly', 'lost'].map(listCode)),
    storeId: chosen([null, store]),
    validFrom: chosen([at(0), at(1)]),
    minor: fc.bigInt({ min: 0n, max: 3n }),
  })
  .map(({ id, minor, ...change }) => somePrice(id.id, minor, change));
const taxClass = chosen(['vat-13', 'vat-9']).map((id) => ({
  ...{ id: taxCode(id), names: { en: id, zh: '' } },
  ...{ rateBps: 900, isIncluded: true },
}));
const department = fc
  .record({ id: chosen(['dairy', 'milk', 'cheese']), parentId: chosen([null, 'dairy', 'milk']), sort: fc.nat(2) })
  .map(({ id, parentId, sort }) =>
    someDepartment(id, { parentId: parentId === null ? null : departmentCode(parentId), sort }),
  );
const upserted: fc.Arbitrary<CatalogEdit> = fc.oneof(
  { arbitrary: product.map(upsertProduct), weight: 4 },
  { arbitrary: price.map(upsertPrice), weight: 4 },
  { arbitrary: department.map((one) => upsert({ kind: 'department', department: one })), weight: 1 },
  { arbitrary: taxClass.map((one) => upsert({ kind: 'tax-class', taxClass: one })), weight: 1 },
);
const deleted: fc.Arbitrary<CatalogEdit> = fc
  .oneof(
    chosen(products).map(({ id }) => ({ kind: 'product', id }) as const),
    price.map((one) => ({ kind: 'price', price: one }) as const),
    chosen(['dairy', 'milk']).map((id) => ({ kind: 'department', id: departmentCode(id) }) as const),
    chosen(['vat-13', 'vat-9']).map((id) => ({ kind: 'tax-class', id: taxCode(id) }) as const),
    chosen(['regular', 'weekly']).map((id) => ({ kind: 'price-list', id: listCode(id) }) as const),
  )
  .map((key) => {
    if (key.kind !== 'price') return { act: 'delete', key };
    const { listId, productId, storeId, validFrom } = key.price;
    return { act: 'delete', key: { kind: 'price', price: { listId, productId, storeId, validFrom } } };
  });
const cost: fc.Arbitrary<Cost> = fc
  .record({ id: chosen(products), validFrom: chosen([at(0), at(1)]), minor: fc.bigInt({ min: 0n, max: 3n }) })
  .map(({ id, validFrom, minor }) => ({ productId: id.id, validFrom, amount: money('CNY', minor) }));
const someWrite: fc.Arbitrary<CatalogWrite> = fc.record({
  edits: fc.array(fc.oneof({ arbitrary: upserted, weight: 3 }, { arbitrary: deleted, weight: 1 }), { maxLength: 4 }),
  costs: fc.array(cost, { maxLength: 2 }),
});

async function changesOf(journal: CatalogJournal, merchantId: MerchantId, from: number) {
  const changes: CatalogChange[] = [];
  for (;;) {
    const page = await journal.changesSince({ merchantId, after: changes.at(-1)?.version ?? from, limit: 4 });
    changes.push(...page.changes);
    if (page.changes.length === 0) return { changes, latest: page.latest };
  }
}

// The same text for the same value, whatever the order of its fields.
function asText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}

/** All that a journal holds for a merchant, in one order. */
async function heldBy(journal: CatalogJournal, merchantId: MerchantId) {
  const ids = products.map(({ id }) => id);
  const inOrder = (values: Iterable<unknown>) => [...values].map(asText).sort();
  const { changes, latest } = await changesOf(journal, merchantId, 0);
  return {
    latest,
    versions: changes.map(({ version }) => version),
    changes: inOrder(changes.map((change) => ({ ...change, version: 0 }))),
    products: await journal.listProducts({ merchantId, departmentId: null, after: null, limit: 100 }),
    departments: inOrder((await journal.listDepartments(merchantId)).values()),
    taxClasses: inOrder((await journal.listTaxClasses(merchantId)).values()),
    priceLists: inOrder((await journal.listPriceLists(merchantId)).values()),
    prices: inOrder([...(await journal.pricesOf(merchantId, ids)).values()].flat()),
    costs: [...(await journal.costsOf(merchantId, ids)).values()],
    byBarcode: inOrder(await journal.findByBarcodes(merchantId, barcodes)),
    byCode: inOrder(await journal.findByCodes(merchantId, codes)),
    byPlu: inOrder(await journal.findByPlus(merchantId, ['1', '2'])),
  };
}

withDatabase('the catalogue on PostgreSQL and in memory', (database) => {
  let journal: Journal;
  before(async () => {
    journal = await openJournal({ url: database.url, log: silentLog });
  });
  after(() => journal.close());

  test(`take and refuse the same writes, and hold the same (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someWrite, { minLength: 1, maxLength: 8 }), async (writes) => {
        const memory = new MemoryCatalogJournal();
        const merchantId = someMerchant();
        const till = new Catalog();
        for (const write of [ground, ...writes]) {
          const told = await journal.catalog.write(merchantId, write);
          assert.deepEqual(told, await memory.write(merchantId, write));
          applyChanges(till, (await changesOf(journal.catalog, merchantId, till.version)).changes);
        }
        const held = await heldBy(journal.catalog, merchantId);
        assert.deepEqual(held, await heldBy(memory, merchantId));
        // A till that heard of every write as it came holds what the journal holds.
        assert.equal(till.version, held.versions.at(-1));
        assert.deepEqual(
          [...till.products.values()].sort((left, right) => (left.id < right.id ? -1 : 1)),
          held.products,
        );
      }),
      { numRuns: 60, seed },
    );
  });
});
