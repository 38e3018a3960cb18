// Imports as the desk runs them: one at a time, cancelled, too large, broken off, and on a journal that fails.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogJournal } from '#catalog/index.ts';
import { groundEdits, someMerchant } from '#catalog/testing/shelf.ts';
import { silentLog } from '#foundation/log.ts';
import { MemoryCatalogJournal } from '../../../simulation/storage/index.ts';
import { systemClock, systemRandom } from '../ambient.ts';
import { until } from '../testing/until.ts';
import { ImportDesk, type ImportRun } from './import-desk.ts';

const header = 'code,name_en,department,tax_class\n';
const bytesMax = 1_000_000;

async function* fileOf(...texts: readonly string[]): AsyncGenerator<Uint8Array, void, void> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

async function openDesk(change: (journal: CatalogJournal) => Partial<CatalogJournal> = () => ({})) {
  const memory = new MemoryCatalogJournal();
  const merchantId = someMerchant();
  await memory.write(merchantId, { edits: groundEdits, costs: [] });
  const journal: CatalogJournal = new Proxy<CatalogJournal>(memory, {
    get(target, name, receiver) {
      const own: unknown = Reflect.get(change(memory), name);
      const value: unknown = own ?? Reflect.get(target, name, receiver);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const events: string[] = [];
  const log = { ...silentLog, event: (name: string) => void events.push(name) };
  const desk = new ImportDesk({ journal, clock: systemClock, random: systemRandom(), log });
  const order = { merchantId, currency: 'CNY', dryRun: false, skipWrongRows: false } as const;
  const begin = async (...texts: readonly string[]): Promise<ImportRun> => {
    const begun = await desk.begin(order, fileOf(...texts), bytesMax);
    assert.ok('id' in begun);
    return begun;
  };
  return { desk, order, begin, memory, merchantId, events };
}

const ended = (run: ImportRun) =>
  until('the import ends', async () => run.status !== 'reading' && run.status !== 'writing');

test('an import is written, told and found by its own merchant', async () => {
  const { desk, begin, memory, merchantId, events } = await openDesk();
  const run = await begin(header, 'A-1,Milk,dairy,vat-13\n');
  await ended(run);
  assert.deepEqual([run.status, run.counts?.new, run.rowsRead], ['done', 1, 1]);
  assert.equal(desk.find(merchantId, run.id), run);
  assert.equal(desk.find(someMerchant(), run.id), undefined);
  assert.equal((await memory.listProducts({ merchantId, departmentId: null, after: null, limit: 9 })).length, 1);
  await desk.close();
  assert.deepEqual(events, ['catalog.import.done']);
});

test('while one runs another is refused, and may come after it', async () => {
  const gate = Promise.withResolvers<void>();
  const { desk, order, begin } = await openDesk((memory) => ({
    async listDepartments(merchantId) {
      await gate.promise;
      return await memory.listDepartments(merchantId);
    },
  }));
  const run = await begin(header);
  assert.deepEqual(await desk.begin(order, fileOf(header), bytesMax), { kind: 'busy', importId: run.id });
  gate.resolve();
  await ended(run);
  await desk.close();
  assert.equal((await begin(header)).status, 'reading');
  await desk.close();
});

test('one that is cancelled while it reads writes nothing', async () => {
  const gate = Promise.withResolvers<void>();
  const { desk, begin, memory, merchantId } = await openDesk((journal) => ({
    async listDepartments(merchant) {
      await gate.promise;
      return await journal.listDepartments(merchant);
    },
  }));
  const run = await begin(header, 'A-1,Milk,dairy,vat-13\n');
  desk.cancel(run);
  gate.resolve();
  await desk.close();
  assert.equal(run.status, 'cancelled');
  assert.deepEqual(await memory.listProducts({ merchantId, departmentId: null, after: null, limit: 9 }), []);
});

test('one that is cancelled when all of it has been read writes nothing either', async () => {
  let cancel = () => {};
  const { desk, begin, memory, merchantId } = await openDesk((journal) => ({
    async findByPlus(merchant, plus) {
      cancel();
      return await journal.findByPlus(merchant, plus);
    },
  }));
  const run = await begin(header, 'A-1,Milk,dairy,vat-13\n');
  cancel = () => desk.cancel(run);
  await ended(run);
  assert.equal(run.status, 'cancelled');
  await desk.close();
  assert.deepEqual(await memory.listProducts({ merchantId, departmentId: null, after: null, limit: 9 }), []);
});

test('a file that is too large or breaks off leaves no import behind', async () => {
  const { desk, order, merchantId, begin } = await openDesk();
  assert.deepEqual(await desk.begin(order, fileOf(header, header), header.length), { kind: 'too-large' });
  const broken = async function* () {
    yield new TextEncoder().encode(header);
    throw new Error('the connection broke');
  };
  await assert.rejects(desk.begin(order, broken(), bytesMax), /the connection broke/);
  const run = await begin(header);
  await ended(run);
  assert.equal(desk.find(merchantId, run.id), run);
  await desk.close();
});

test('a journal that fails, or no longer takes what was planned, is told', async () => {
  const failing = await openDesk(() => ({ write: () => Promise.reject(new Error('no')) }));
  const failed = await failing.begin(header, 'A-1,Milk,dairy,vat-13\n');
  await ended(failed);
  assert.equal(failed.status, 'failed');
  assert.deepEqual(failing.events, ['catalog.import.failed']);
  const overtaken = await openDesk(() => ({
    write: async () => ({ ok: false, failure: { kind: 'unknown-department', at: 0 } }),
  }));
  const refused = await overtaken.begin(header, 'A-1,Milk,dairy,vat-13\n');
  await ended(refused);
  assert.deepEqual([refused.status, refused.conflict], ['refused', 'unknown-department']);
});
