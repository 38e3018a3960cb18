// The till's journal over HTTP: what a till sends, what it is told, and what the server does afterwards by itself.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { canonicalText, entryKinds } from '#checkout/index.ts';
import { basketAt, closedSale, cny, evidence, noon, product, vat13 } from '#checkout/testing/fixtures.ts';
import { makeId, parseId } from '#foundation/id.ts';
import { seededRandom } from '#foundation/random.ts';
import { systemClock } from '../ambient.ts';
import {
  tillChainsSchema,
  tillEntriesSchema,
  tillForksSchema,
  tillQuestionsSchema,
  tillReceiptSchema,
} from '../contract/till.ts';
import { assertProblem, demo, openShop, type Shop } from '../testing/shop.fixture.ts';
import { sendAll, tillOf } from '../testing/till.fixture.ts';
import { until } from '../testing/until.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);
const random = seededRandom(seed);
let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.close());

const till = () => tillOf(shop, random.uint32());
const note = (text: string) => ({ kind: 'note', body: { by: 'lin', text } }) as const;

test(`a till sends what it wrote, and is told up to where it arrived (seed ${seed})`, async () => {
  const writer = till();
  await writer.writeSale(writer.sale());
  await writer.write(note('二'));
  const first = await sendAll(shop, writer);
  assert.equal(first.status, 200, first.text);
  const receipt = tillReceiptSchema.strict().parse(first.json);
  const last = writer.entries[1];
  assert.deepEqual(receipt.head, { chainId: writer.chainId, lastNumber: 2, lastHash: last?.hash });
  assert.deepEqual(receipt.entries, [
    { number: 1, outcome: 'accepted', standing: 'good', question: null },
    { number: 2, outcome: 'accepted', standing: 'good', question: null },
  ]);
  const again = tillReceiptSchema.parse((await sendAll(shop, writer)).json);
  assert.deepEqual(
    again.entries.map(({ outcome }) => outcome),
    ['repeated', 'repeated'],
  );
  const known = tillChainsSchema.strict().parse((await shop.call('GET', '/api/v1/till/journal')).json);
  assert.equal(known.lastShiftNumber, 3);
  const [chain] = known.chains;
  assert.deepEqual([chain?.chainId, chain?.lastNumber, chain?.lastHash], [writer.chainId, 2, last?.hash]);
});

test('its chain is read back page by page, by every till of the store and by no other', async () => {
  const writer = till();
  for (const text of ['one', 'two', 'three']) await writer.write(note(text));
  await sendAll(shop, writer);
  const path = `/api/v1/till/journal/${writer.chainId}/entries`;
  const { key } = await shop.device(demo);
  const first = tillEntriesSchema.strict().parse((await shop.call('GET', `${path}?limit=2`, { key })).json);
  assert.equal(first.next, 2);
  const rest = tillEntriesSchema.parse((await shop.call('GET', `${path}?after=2`, { key })).json);
  assert.equal(rest.next, null);
  assert.deepEqual(
    [...first.entries, ...rest.entries].map(({ entry }) => entry),
    writer.entries,
  );
  const stranger = await shop.device();
  assertProblem(await shop.call('GET', path, { key: stranger.key }), 'chain-not-found');
  assertProblem(await shop.call('GET', '/api/v1/till/journal/none/entries'), 'chain-not-found');
});

test('a fork and a gap are told, and a fork is shown with both its entries', async () => {
  const writer = till();
  await writer.write(note('trunk'));
  const clone = writer.clone();
  await writer.write(note('the till'));
  await clone.write(note('the clone'));
  await sendAll(shop, writer);
  const receipt = tillReceiptSchema.parse((await sendAll(shop, clone)).json);
  assert.deepEqual(receipt.trouble, { kind: 'fork', number: 2 });
  const { forks } = tillForksSchema.strict().parse((await shop.call('GET', '/api/v1/till/forks')).json);
  assert.deepEqual([forks[0]?.kept, forks[0]?.other], [writer.entries[1], clone.entries[1]]);
  for (const text of ['three', 'four']) await writer.write(note(text));
  const body = { chainId: writer.chainId, entries: writer.entries.slice(3) };
  const gap = tillReceiptSchema.parse((await shop.call('POST', '/api/v1/till/journal', { body })).json);
  assert.deepEqual(gap.trouble, { kind: 'gap', from: 3, to: 3 });
});

test('what is not of the chain or cannot be read is refused, with what is wrong', async () => {
  const writer = till();
  const entry = await writer.write(note('one'));
  const send = (body: unknown, key?: string) =>
    shop.call('POST', '/api/v1/till/journal', { body, ...(key === undefined ? {} : { key }) });
  const { chainId } = writer;
  assertProblem(await send({ chainId: 'another', entries: [entry] }), 'invalid-request', /"chainId" names/);
  assertProblem(
    await send({ chainId, entries: [{ ...entry, kind: 'wish' }] }),
    'invalid-request',
    /entries\[0\]\.kind: must be one of storage-started, /,
  );
  assertProblem(
    await send({ chainId, entries: [{ ...entry, hash: 'x' }] }),
    'invalid-request',
    /64 hexadecimal digits/,
  );
  assertProblem(await send({ chainId, entries: Array.from({ length: 1_001 }, () => entry) }), 'invalid-request');
  await sendAll(shop, writer);
  const other = await shop.device(demo);
  assertProblem(await send({ chainId, entries: [entry] }, other.key), 'chain-of-another-till');
  const description = (await shop.call('GET', '/docs/openapi.json', { key: null })).text;
  for (const kind of entryKinds) assert.ok(description.includes(`\`${kind}\``), kind);
});

test('a message of many large entries is taken, and one beyond the limit is refused as too large', async () => {
  const writer = till();
  const text = 'x'.repeat(500);
  for (let count = 0; count < 400; count += 1) await writer.write(note(text));
  const answer = tillReceiptSchema.parse((await sendAll(shop, writer)).json);
  assert.equal(answer.head.lastNumber, 400);
  const raw = `{"chainId":"x","entries":["${'x'.repeat(17 * 1024 * 1024)}"]}`;
  assertProblem(await shop.call('POST', '/api/v1/till/journal', { raw }), 'body-too-large');
});

test('two servers that get the same entries at once take each of them once', async () => {
  const another = await shop.openStore();
  const writer = till();
  for (let count = 0; count < 10; count += 1) await writer.writeSale(writer.sale());
  const answers = await Promise.all([sendAll(shop, writer), sendAll(shop, writer, another.url)]);
  const receipts = answers.map(({ json }) => tillReceiptSchema.parse(json));
  for (const { head } of receipts) assert.equal(head.lastNumber, 10);
  const accepted = receipts.flatMap(({ entries }) => entries.filter(({ outcome }) => outcome === 'accepted'));
  assert.equal(accepted.length, 10);
});

test('a payment is looked up, never believed: what Alipay approved is good, and anything else waits', async () => {
  const writer = till();
  const saleId = parseId('sale', await shop.sell('5.00'));
  assert.ok(saleId !== undefined);
  assert.equal((await shop.pay(saleId, await shop.code())).json['status'], 'paid');
  const [charge] = await shop.journal.payments.listOfSale(demo.merchantId, saleId);
  const tradeNumber = charge?.state.evidence?.channelReference;
  assert.ok(charge !== undefined && tradeNumber !== undefined);
  const offer = { kind: 'alipay', amount: cny(500), paymentIntentId: charge.identity.intentId } as const;
  const sale = closedSale(basketAt(vat13, 500), [offer], writer.facts({ saleId }));
  const tenders = sale.tenders.map((tender) =>
    tender.kind === 'alipay' ? { ...tender, evidence: { ...evidence, tradeNumber } } : tender,
  );
  await writer.writeSale({ ...sale, tenders });
  await writer.writeSale(closedSale(basketAt(vat13, 500), [offer], writer.facts()));
  const receipt = tillReceiptSchema.parse((await sendAll(shop, writer)).json);
  const question = `tenders[0]: payment ${offer.paymentIntentId} of this sale is not approved`;
  assert.deepEqual(
    receipt.entries.map((entry) => [entry.standing, entry.question]),
    [
      ['good', null],
      ['awaiting', question],
    ],
  );
  const { questions } = tillQuestionsSchema.strict().parse((await shop.call('GET', '/api/v1/till/questions')).json);
  assert.deepEqual([questions[0]?.question, questions[0]?.entry], [question, writer.entries[1]]);
});

test('a sale whose payment is approved later stops being in question by itself', async () => {
  const writer = till();
  const saleId = writer.saleId();
  const paymentIntentId = makeId('intent', noon, random);
  await writer.writeSale(writer.sale([{ kind: 'alipay', amount: cny(500), paymentIntentId }], { saleId }));
  const receipt = tillReceiptSchema.parse((await sendAll(shop, writer)).json);
  assert.equal(receipt.entries[0]?.standing, 'awaiting');
  await (await writer.charge(saleId, paymentIntentId, cny(500))).approve();
  const standing = async () => (await shop.call('GET', `/api/v1/documents/${saleId}`)).json['standing'];
  await until('the sale is good', async () => (await standing()) === 'good', 10_000);
});

test("what was sold moves in the catalogue's stock by itself, once", async () => {
  const writer = till();
  const { merchantId, storeId } = demo;
  const [goods] = await shop.journal.catalog.listProducts({ merchantId, departmentId: null, after: null, limit: 1 });
  assert.ok(goods !== undefined, 'the demo has products');
  const stock = async () => (await shop.journal.catalog.stockOf(merchantId, storeId, [goods.id])).get(goods.id) ?? 0;
  const before = await stock();
  const base = basketAt(vat13, 350);
  const lines = base.lines.map((line) => ({ ...line, ...product({ productId: goods.id }) }));
  await writer.writeSale(closedSale({ ...base, lines }, [], writer.facts({ closedAt: systemClock.now() })));
  await sendAll(shop, writer);
  await until('the stock has moved', async () => (await stock()) === before - 1_000);
  await sendAll(shop, writer);
  assert.equal(await stock(), before - 1_000);
});

test('a body that means the same and is spelled otherwise is in question', async () => {
  const writer = till();
  await writer.writeBody('note', ` ${canonicalText({ by: 'lin', text: 'one' })}`);
  const receipt = tillReceiptSchema.parse((await sendAll(shop, writer)).json);
  assert.equal(receipt.entries[0]?.question, 'entry: is not in its one spelling');
});
