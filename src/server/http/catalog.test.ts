// The catalogue over HTTP: what tills are told, and files of products that come and go.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { demoCountUsual, productColumns } from '#catalog/index.ts';
import {
  type CatalogChangeView,
  catalogChangesSchema,
  fileBytesMax,
  foundProductSchema,
  type ImportView,
  importSchema,
} from '../contract/catalog.ts';
import { assertProblem, demo, openShop, type Shop } from '../testing/shop.fixture.ts';
import { until } from '../testing/until.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.close());

const changes = async (query: string, key?: string) => {
  const answer = await shop.call('GET', `/api/v1/catalog/changes${query}`, key === undefined ? {} : { key });
  assert.equal(answer.status, 200, answer.text);
  return catalogChangesSchema.strict().parse(answer.json);
};

async function allChanges(limit: number, key?: string): Promise<readonly CatalogChangeView[]> {
  const all: CatalogChangeView[] = [];
  for (;;) {
    const page = await changes(`?after=${all.at(-1)?.version ?? 0}&limit=${limit}`, key);
    all.push(...page.changes);
    if (page.changes.length === 0) return all;
  }
}

async function bringFile(text: string, query = '', key?: string) {
  const headers = { 'content-type': 'text/csv' };
  const call = { raw: text, headers, ...(key === undefined ? {} : { key }) };
  return await shop.call('POST', `/api/v1/catalog/imports${query}`, call);
}

async function imported(text: string, query = '', key?: string): Promise<ImportView> {
  const begun = await bringFile(text, query, key);
  assert.equal(begun.status, 202, begun.text);
  const path = `/api/v1/catalog/imports/${String(begun.json['importId'])}`;
  let view: ImportView | undefined;
  await until('the import ends', async () => {
    const answer = await shop.call('GET', path, key === undefined ? {} : { key });
    view = importSchema.strict().parse(answer.json);
    return view.status !== 'reading' && view.status !== 'writing';
  });
  assert.ok(view !== undefined);
  return view;
}

describe('what tills are told', () => {
  test('a demo store opens with a few hundred products, and pages of changes are the whole', async () => {
    const whole = await changes('?limit=5000');
    const kinds = (kind: string) =>
      whole.changes.filter((change) => change.act === 'upsert' && change.record.kind === kind).length;
    assert.equal(kinds('product'), demoCountUsual);
    assert.ok(kinds('price') >= demoCountUsual);
    assert.equal(whole.changes.at(-1)?.version, whole.latest);
    assert.deepEqual(await allChanges(97), whole.changes);
  });

  test('money is decimal text and instants are ISO 8601', async () => {
    const prices = (await changes('?limit=5000')).changes.flatMap((change) =>
      change.act === 'upsert' && change.record.kind === 'price' ? [change.record.price] : [],
    );
    for (const { amount, validFrom } of prices) {
      assert.match(amount.amount, /^\d+\.\d\d$/);
      assert.match(validFrom, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  });

  test('an answer that is known comes as 304, until something changes', async () => {
    const first = await shop.call('GET', '/api/v1/catalog/changes?after=0&limit=10');
    const etag = first.headers.get('etag') ?? '';
    assert.equal(first.headers.get('cache-control'), 'private, no-cache');
    const ask = () =>
      shop.call('GET', '/api/v1/catalog/changes?after=0&limit=10', { headers: { 'if-none-match': etag } });
    const again = await ask();
    assert.deepEqual([again.status, again.text, again.headers.get('etag')], [304, '', etag]);
    assert.equal((await imported('code,name_en,department,tax_class\nNEW-1,Ash,fruit,vat-9\n')).status, 'done');
    const changed = await ask();
    assert.equal(changed.status, 200);
    assert.notEqual(changed.headers.get('etag'), etag);
  });

  test('a large answer is packed for those who take it so, and says the same', async () => {
    const url = `${shop.store.url}/api/v1/catalog/changes?limit=5000`;
    const headers = { authorization: `Bearer ${shop.apiKey}` };
    // fetch unpacks by itself and asks for gzip unless it is told otherwise.
    const packed = await fetch(url, { headers: { ...headers, 'accept-encoding': 'gzip' } });
    const plain = await fetch(url, { headers: { ...headers, 'accept-encoding': 'identity' } });
    const refused = await fetch(url, { headers: { ...headers, 'accept-encoding': 'gzip;q=0, identity' } });
    assert.deepEqual(
      [packed, plain, refused].map((answer) => answer.headers.get('content-encoding')),
      ['gzip', null, null],
    );
    assert.equal(packed.headers.get('vary'), 'Accept-Encoding');
    assert.equal(await packed.text(), await plain.text());
  });

  test('another merchant hears of its own catalogue only, and nobody without a key', async () => {
    const { key } = await shop.device();
    assert.deepEqual(await changes('', key), { changes: [], latest: 0 });
    assertProblem(await shop.call('GET', '/api/v1/catalog/changes', { key: null }), 'not-authenticated');
    for (const query of ['?limit=5001', '?limit=0', '?after=-1', '?after=x', '?since=1'])
      assertProblem(await shop.call('GET', `/api/v1/catalog/changes${query}`), 'invalid-request');
  });

  test('a product is found by its barcode, with its price and stock in this store', async () => {
    const whole = await changes('?limit=5000');
    const products = whole.changes.flatMap((change) =>
      change.act === 'upsert' && change.record.kind === 'product' ? [change.record.product] : [],
    );
    const product = products.find(({ barcodes }) => barcodes.length > 0);
    const barcode = product?.barcodes[0] ?? '';
    const answer = await shop.call('GET', `/api/v1/catalog/products/${barcode}`);
    const found = foundProductSchema.strict().parse(answer.json);
    assert.deepEqual(found.product, product);
    assert.equal(found.price?.currency, 'CNY');
    assert.equal(found.stockThousandths, 0);
    for (const unknown of ['6901234567892', '6901234567890', 'milk'])
      assertProblem(await shop.call('GET', `/api/v1/catalog/products/${unknown}`), 'product-not-found');
    const { key } = await shop.device();
    assertProblem(await shop.call('GET', `/api/v1/catalog/products/${barcode}`, { key }), 'product-not-found');
  });
});

describe('files of products', () => {
  test('what is taken out is taken back and changes nothing', async () => {
    const before = await changes('?limit=1');
    const file = await shop.call('GET', '/api/v1/catalog/export.csv');
    assert.equal(file.status, 200);
    assert.equal(file.headers.get('content-type'), 'text/csv; charset=utf-8');
    const bytes = await (
      await fetch(`${shop.store.url}/api/v1/catalog/export.csv`, {
        headers: { authorization: `Bearer ${shop.apiKey}` },
      })
    ).bytes();
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.ok(file.text.replace('\uFEFF', '').startsWith(productColumns.join(',')));
    const { status, counts, bytesRead, bytesTotal } = await imported(`\uFEFF${file.text.replace('\uFEFF', '')}`);
    assert.equal(status, 'done');
    assert.deepEqual([counts?.new, counts?.changed, counts?.wrong], [0, 0, 0]);
    assert.ok((counts?.unchanged ?? 0) >= demoCountUsual);
    assert.deepEqual([bytesRead, bytesTotal], [bytes.length, bytes.length]);
    assert.equal((await changes('?limit=1')).latest, before.latest);
  });

  test('a dry run says what would be, row by row, and writes nothing', async () => {
    const before = (await changes('?limit=1')).latest;
    const file = 'code,name_en,department,tax_class,price\nD-1,Milk,milk,vat-13,9.90\nD-2,Tea,nowhere,vat-13,1.234\n';
    const view = await imported(file, '?dryRun=1');
    assert.deepEqual([view.status, view.dryRun, view.rowsRead], ['done', true, 2]);
    assert.deepEqual(view.counts, { new: 1, changed: 0, unchanged: 0, wrong: 1 });
    assert.deepEqual(
      view.problems.map(({ row, column, problem, value }) => [row, column, problem, value]),
      [
        [3, 'department', 'unknown-department', 'nowhere'],
        [3, 'price', 'amount-too-precise', '1.234'],
      ],
    );
    assert.match(view.problems[0]?.sentence.en ?? '', /^Row 3, department: /);
    assert.match(view.problems[0]?.sentence.zh ?? '', /^第3行 department/);
    assert.equal((await changes('?limit=1')).latest, before);
  });

  test('a file with a wrong row is refused whole, unless wrong rows are to be left out', async () => {
    const file = 'code,name_en,department,tax_class\nS-1,Milk,milk,vat-13\nS-2,Tea,nowhere,vat-13\n';
    const before = (await changes('?limit=1')).latest;
    assert.equal((await imported(file)).status, 'refused');
    assert.equal((await changes('?limit=1')).latest, before);
    assert.equal((await imported(file, '?skipWrongRows=1')).status, 'done');
    const after = await changes(`?after=${before}`);
    assert.equal(after.changes.length, 1);
  });

  test("a merchant's first import makes the list of its regular prices", async () => {
    const { key, merchantId } = await shop.device();
    const catalog = shop.journal.catalog;
    const ground = (await shop.journal.catalog.changesSince({ merchantId: demo.merchantId, after: 0, limit: 5_000 }))
      .changes;
    const edits = ground.filter(
      (change) => change.act === 'upsert' && ['department', 'tax-class'].includes(change.record.kind),
    );
    assert.ok((await catalog.write(merchantId, { edits, costs: [] })).ok);
    const view = await imported('code,name_en,department,tax_class,price\nF-1,Milk,milk,vat-13,9.90\n', '', key);
    assert.equal(view.status, 'done');
    const told = await allChanges(100, key);
    const price = told.flatMap((change) =>
      change.act === 'upsert' && change.record.kind === 'price' ? [change.record.price] : [],
    );
    assert.deepEqual(
      price.map(({ amount, listId }) => [amount.amount, listId]),
      [['9.90', 'regular']],
    );
  });

  test('a file that is too large is refused with the reason, and the next one is taken', async () => {
    const file = `code,name_en\n${'A-1,Milk\n'.repeat(fileBytesMax / 9)}`;
    assertProblem(await bringFile(file), 'file-too-large');
    assert.equal((await imported('code,name_en,department,tax_class\nL-1,Ash,fruit,vat-9\n')).status, 'done');
  });

  test('what is no CSV or unknown is refused with its reason', async () => {
    assertProblem(
      await shop.call('POST', '/api/v1/catalog/imports', { body: { code: 'A' } }),
      'unsupported-media-type',
    );
    assertProblem(await bringFile('code\n', '?dryRun=yes'), 'invalid-request');
    assertProblem(await shop.call('GET', '/api/v1/catalog/imports/imp_0'), 'import-not-found');
    const own = await bringFile('code\n', '?dryRun=1');
    const { key } = await shop.device();
    const path = `/api/v1/catalog/imports/${String(own.json['importId'])}`;
    assertProblem(await shop.call('GET', path, { key }), 'import-not-found');
    assertProblem(await shop.call('DELETE', path, { key }), 'import-not-found');
    assert.equal((await imported('kode\nA\n')).status, 'refused');
  });
});
