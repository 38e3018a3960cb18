// Documents, reprints, shifts, days and the public receipt page over HTTP.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { canonicalText, makeReceiptKey, readSaleDocument } from '#checkout/index.ts';
import { cny, noon } from '#checkout/testing/fixtures.ts';
import { makeId } from '#foundation/id.ts';
import { durationMs, plus } from '#foundation/instant.ts';
import { seededRandom } from '#foundation/random.ts';
import {
  dayReportSchema,
  documentSchema,
  documentsSchema,
  reprintSchema,
  returnsSchema,
  shiftReportSchema,
  shiftReportsSchema,
} from '../contract/till.ts';
import { assertProblem, openShop, type Shop } from '../testing/shop.fixture.ts';
import { sendAll, tillOf } from '../testing/till.fixture.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);
const random = seededRandom(seed);
let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.close());

const till = () => tillOf(shop, random.uint32());
const get = (path: string) => shop.call('GET', `/api/v1${path}`);

test(`a document is found by its id, its number and its day, and reads back as it was written (seed ${seed})`, async () => {
  const writer = till();
  const sale = writer.sale([], { receiptNumber: '7-000001' });
  const back = writer.allBack(sale);
  await writer.writeSale(sale);
  await writer.writeReturn(back);
  await sendAll(shop, writer);
  const found = documentSchema.strict().parse((await get(`/documents/${sale.saleId}`)).json);
  assert.deepEqual([found.kind, found.total, found.standing, found.cashierId], ['sale', '8.50', 'good', 'lin']);
  assert.equal(JSON.stringify(found.document), canonicalText(sale));
  assert.deepEqual(readSaleDocument(found.document), { ok: true, value: sale });
  const byNumber = documentsSchema.strict().parse((await get('/documents?receiptNumber=7-000001')).json);
  assert.deepEqual(byNumber, { documents: [found], next: null });
  const page = documentsSchema.parse((await get('/documents?businessDate=2026-11-24&limit=1')).json);
  assert.deepEqual([page.documents[0]?.saleId, page.next], [back.saleId, back.saleId]);
  const next = documentsSchema.parse(
    (await get(`/documents?businessDate=2026-11-24&limit=1&before=${page.next}`)).json,
  );
  assert.deepEqual(next.documents, [found]);
  const { returns } = returnsSchema.strict().parse((await get(`/documents/${sale.saleId}/returns`)).json);
  assert.deepEqual(
    returns.map(({ saleId, ofSaleId, kind }) => [saleId, ofSaleId, kind]),
    [[back.saleId, sale.saleId, 'return']],
  );
  assertProblem(await get('/documents?businessDate=2026-02-30'), 'invalid-request', /is not a date/);
  assertProblem(await get('/documents?before=x'), 'invalid-request');
  documentsSchema.parse((await get('/documents')).json);
});

test('a document of another store is not there, and each reprint says which it is', async () => {
  const writer = till();
  const sale = writer.sale();
  await writer.writeSale(sale);
  await sendAll(shop, writer);
  const stranger = await shop.device();
  const path = `/api/v1/documents/${sale.saleId}`;
  assertProblem(await shop.call('GET', path, { key: stranger.key }), 'document-not-found');
  assertProblem(await shop.call('POST', `${path}/reprints`, { key: stranger.key, raw: '' }), 'document-not-found');
  assertProblem(await get('/documents/sale_none'), 'document-not-found');
  for (const number of [1, 2]) {
    const answer = await shop.call('POST', `${path}/reprints`, { raw: '' });
    assert.equal(answer.status, 201, answer.text);
    const reprint = reprintSchema.strict().parse(answer.json);
    assert.deepEqual([reprint.reprintNumber, reprint.document.reprintCount], [number, number]);
  }
});

test('a Z report stays as it was written, and what comes late is a correction of the day on which it comes', async () => {
  const writer = till();
  const sale = writer.sale([], { shiftNumber: 3 });
  const paymentIntentId = makeId('intent', noon, random);
  const report = writer.zReport([sale], [{ paymentIntentId, amount: cny(700) }]);
  await writer.write({ kind: 'shift-report', body: report });
  await sendAll(shop, writer);
  const { deviceId } = writer.till;
  const found = shiftReportSchema.strict().parse((await get(`/shifts/${deviceId}/3`)).json);
  assert.equal(JSON.stringify(found.report), canonicalText(report));
  const { shifts } = shiftReportsSchema.strict().parse((await get('/shifts?businessDate=2026-11-24')).json);
  assert.deepEqual(shifts, [found]);
  assertProblem(await get(`/shifts/${deviceId}/4`), 'shift-not-found');
  // Ten minutes after midnight in the store's time zone.
  const late = plus(noon, durationMs((12 * 60 + 10) * 60_000));
  await (await writer.charge(writer.saleId(), paymentIntentId, cny(700))).approve('trade', late);
  const today = dayReportSchema.strict().parse((await get('/days/2026-11-24')).json);
  assert.deepEqual([today.shifts, today.corrections], [[{ deviceId, shiftNumber: 3 }], []]);
  assert.deepEqual(today.tenders, [
    { kind: 'cash', taken: { count: 1, amount: '8.50' }, givenBack: { count: 0, amount: '0.00' } },
  ]);
  const tomorrow = dayReportSchema.strict().parse((await get('/days/2026-11-25')).json);
  assert.deepEqual([tomorrow.shifts, tomorrow.corrections.length], [[], 1]);
  assert.deepEqual(tomorrow.tenders, [
    { kind: 'alipay', taken: { count: 1, amount: '7.00' }, givenBack: { count: 0, amount: '0.00' } },
  ]);
  assert.deepEqual(shiftReportSchema.parse((await get(`/shifts/${deviceId}/3`)).json), found);
});

test('whoever holds the key sees the receipt, in their language, and nobody else anything', async () => {
  const writer = till();
  const receiptKey = makeReceiptKey(random);
  const document = writer.sale([], { receiptNumber: '9-000009' });
  await writer.write({ kind: 'sale', body: { document, receiptKey } });
  await sendAll(shop, writer);
  const page = await shop.call('GET', `/r/${receiptKey}`, { key: null });
  assert.equal(page.status, 200, page.text);
  assert.match(page.text, /9-000009/);
  assert.match(page.text, /Green tea/);
  assert.match(page.text, /TEST - no real money/);
  assert.equal(page.headers.get('x-robots-tag'), 'noindex, nofollow, noarchive');
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/);
  assert.equal(page.headers.get('cache-control'), 'private, no-store');
  const chinese = await shop.call('GET', `/r/${receiptKey}`, { key: null, headers: { 'accept-language': 'zh-CN' } });
  assert.match(chinese.text, /绿茶/);
  const chosen = await shop.call('GET', `/r/${receiptKey}?lang=zh`, { key: null });
  assert.match(chosen.text, /lang="zh-CN"/);
  for (const key of [makeReceiptKey(random), 'x', `${receiptKey}0`]) {
    const missing = await shop.call('GET', `/r/${key}`, { key: null });
    assert.equal(missing.status, 404);
    assert.match(missing.text, /Receipt not found/);
    assert.match(missing.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
  }
});
