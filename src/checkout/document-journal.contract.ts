// What every DocumentJournal must do, whatever it stands on: what tills wrote is found again as it was written.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeId, type SaleId } from '#foundation/id.ts';
import { type BusinessDate, durationMs, plus } from '#foundation/instant.ts';
import { seededRandom } from '#foundation/random.ts';
import type { KeptDocument } from './document-journal.port.ts';
import { movementsOf, moveStockOfDocuments } from './documents/move-stock.flow.ts';
import { makeReceiptKey } from './receipt/receipt-link.ts';
import { basketAt, closedSale, cny, noon, product, saleFacts, vat13 } from './testing/fixtures.ts';
import { TillAtWork, type TillJournalSubject } from './testing/till-at-work.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 32n);
const idOf = ({ content }: KeptDocument) => content.body.document.saleId;

/** Runs the suite against a journal. `makeSubject` is called once; the seed in the suite's name repeats its ids. */
export function documentJournalContract(name: string, makeSubject: () => Promise<TillJournalSubject>): void {
  describe(`${name} keeps the document journal's contract (seed ${seed})`, () => {
    const random = seededRandom(seed);
    let subject: TillJournalSubject;
    before(async () => {
      subject = await makeSubject();
    });
    after(async () => {
      await subject.close();
    });
    const context = { subject: () => subject, till: () => new TillAtWork(subject, random) };
    findingTests(context);
    reportTests(context);
    stockTests(context);
  });
}

type Context = { subject(): TillJournalSubject; till(): TillAtWork };

function findingTests({ subject, till: makeTill }: Context): void {
  test('a document is found by id, receipt number and receipt key, as it was written', async () => {
    const till = makeTill();
    const { merchantId, storeId } = till.till;
    const document = till.sale();
    const receiptKey = makeReceiptKey(seededRandom(seed + 1));
    const entry = await till.write({ kind: 'sale', body: { document, receiptKey } });
    await till.send();
    const { documents } = subject();
    const kept = await documents.find(merchantId, document.saleId);
    assert.deepEqual(kept?.content, { kind: 'sale', body: { document, receiptKey } });
    assert.deepEqual(kept?.entry, entry);
    const { standing, question, deviceId, reprintCount } = kept ?? {};
    assert.deepEqual([standing, question, deviceId, reprintCount], ['good', null, till.till.deviceId, 0]);
    assert.deepEqual(await documents.findByReceiptKey(receiptKey), kept);
    assert.deepEqual(await documents.findByReceiptNumber(merchantId, storeId, '1-000042'), [kept]);
    const { merchantId: other, storeId: elsewhere } = makeTill().till;
    assert.equal(await documents.find(other, document.saleId), undefined);
    assert.deepEqual(await documents.findByReceiptNumber(merchantId, elsewhere, '1-000042'), []);
    assert.equal(await documents.findByReceiptKey(makeReceiptKey(seededRandom(seed + 2))), undefined);
  });

  test('a key that a second document carries opens the first one', async () => {
    const till = makeTill();
    const receiptKey = makeReceiptKey(seededRandom(seed + 3));
    const [first, second] = [till.sale(), till.sale()];
    for (const document of [first, second]) await till.write({ kind: 'sale', body: { document, receiptKey } });
    await till.send();
    const found = await subject().documents.findByReceiptKey(receiptKey);
    assert.equal(found && idOf(found), first.saleId);
  });

  test("a day's documents are listed newest first, page by page", async () => {
    const till = makeTill();
    const { merchantId, storeId } = till.till;
    const made: SaleId[] = [];
    for (let count = 0; count < 5; count += 1) {
      const sale = till.sale();
      made.push(sale.saleId);
      await till.writeSale(sale);
    }
    await till.writeSale(till.sale([], { businessDate: '2026-11-25' as BusinessDate }));
    await till.send();
    const { businessDate } = saleFacts;
    const listed: SaleId[] = [];
    for (let before: SaleId | null = null; ; ) {
      const page: readonly KeptDocument[] = await subject().documents.listOfDay({
        ...{ merchantId, storeId, businessDate, before },
        limit: 2,
      });
      listed.push(...page.map(idOf));
      before = page.map(idOf).at(-1) ?? null;
      if (before === null) break;
    }
    assert.deepEqual(listed, made.toReversed());
  });

  test('the returns of a sale are found, and each reprint has the next number', async () => {
    const till = makeTill();
    const { merchantId } = till.till;
    const sale = till.sale();
    const back = till.allBack(sale);
    await till.writeSale(sale);
    await till.writeReturn(back);
    await till.send();
    const { documents } = subject();
    assert.deepEqual((await documents.returnsOf(merchantId, sale.saleId)).map(idOf), [back.saleId]);
    assert.deepEqual(await documents.returnsOf(merchantId, back.saleId), []);
    const reprints = await Promise.all([1, 2, 3].map(() => documents.countReprint(merchantId, sale.saleId)));
    assert.deepEqual(
      reprints.toSorted((left, right) => (left ?? 0) - (right ?? 0)),
      [1, 2, 3],
    );
    assert.equal((await documents.find(merchantId, sale.saleId))?.reprintCount, 3);
    assert.equal(await documents.countReprint(merchantId, till.saleId()), undefined);
  });
}

function reportTests({ subject, till: makeTill }: Context): void {
  test('a Z report is found as it was written, by its shift and by its day', async () => {
    const till = makeTill();
    const { merchantId, storeId, deviceId } = till.till;
    const report = till.zReport([]);
    await till.write({ kind: 'shift-report', body: report });
    await till.send();
    const { documents } = subject();
    const kept = await documents.findReport(merchantId, deviceId, report.number);
    assert.deepEqual(kept?.report, report);
    assert.deepEqual(await documents.reportsOfDay(merchantId, storeId, report.businessDate), [kept]);
    assert.deepEqual(await documents.reportsOfDay(merchantId, storeId, '2026-11-25' as BusinessDate), []);
    assert.equal(await documents.findReport(merchantId, deviceId, 4), undefined);
  });

  test('what an open payment came to after its shift was closed is told with the report that lists it', async () => {
    const till = makeTill();
    const { merchantId, storeId } = till.till;
    const intent = (number: number) => makeId('intent', noon, seededRandom(seed + 10 + number));
    const [approved, open, unlisted] = [intent(1), intent(2), intent(3)];
    const later = plus(noon, durationMs(3_600_000));
    const report = till.zReport(
      [],
      [approved, open].map((paymentIntentId) => ({ paymentIntentId, amount: cny(500) })),
    );
    await till.write({ kind: 'shift-report', body: report });
    await till.send();
    for (const each of [approved, unlisted]) {
      await (await till.charge(till.saleId(), each, cny(500))).approve('trade', later);
    }
    await till.charge(till.saleId(), open, cny(500));
    const { documents } = subject();
    const end = plus(later, durationMs(1));
    const result = { kind: 'taken', paymentIntentId: approved, amount: cny(500), at: later };
    assert.deepEqual(await documents.lateOutcomes(merchantId, storeId, later, end), [{ report, result }]);
    assert.deepEqual(await documents.lateOutcomes(merchantId, storeId, noon, later), []);
    assert.deepEqual(await documents.lateOutcomes(merchantId, makeTill().till.storeId, later, end), []);
  });
}

function stockTests({ subject, till: makeTill }: Context): void {
  test('the goods of a document are due until they are moved, once under one key a line', async () => {
    const till = makeTill();
    const id = makeId('product', noon, seededRandom(seed + 20));
    const { merchantId, storeId } = till.till;
    const base = basketAt(vat13, 350, 500);
    const lines = base.lines.map((line) => (line.lineNumber === 1 ? { ...line, ...product({ productId: id }) } : line));
    const sale = closedSale({ ...base, lines }, [], till.facts());
    await till.writeSale(sale);
    await till.writeReturn(till.allBack(sale));
    await till.send();
    const due = (await subject().documents.listStockDue(1000)).filter((each) => each.merchantId === merchantId);
    const [sold, back] = due;
    assert.ok(sold !== undefined && back !== undefined && due.length === 2);
    const moved = { storeId, productId: id, thousandths: 1000, at: noon };
    assert.deepEqual(movementsOf(sold), [{ ...moved, kind: 'sold', key: `${sale.saleId}/1` }]);
    assert.deepEqual(movementsOf(back), [{ ...moved, kind: 'returned', key: `${idOf(back)}/1` }]);
    const keys: string[] = [];
    const catalog = {
      async moveStock(_merchant: unknown, movement: { readonly key: string }) {
        keys.push(movement.key);
        return { ok: true, value: 'moved' } as const;
      },
    };
    while ((await moveStockOfDocuments(subject().documents, catalog, 7)) > 0);
    assert.deepEqual(
      keys.filter((key) => key.startsWith(sale.saleId) || key.startsWith(idOf(back))),
      [`${sale.saleId}/1`, `${idOf(back)}/1`],
    );
    assert.deepEqual(await subject().documents.listStockDue(10), []);
  });
}
