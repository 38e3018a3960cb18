// What every TillJournal must do, whatever it stands on: chains, forks, and what follows from an entry. Documents are read back in
// document-journal.contract.ts.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeId } from '#foundation/id.ts';
import { below, seededRandom } from '#foundation/random.ts';
import { canonicalText } from './canonical-text.ts';
import { receiveTillEntries } from './documents/receive-entries.flow.ts';
import { cny, evidence, noon } from './testing/fixtures.ts';
import { sha256, TillAtWork, type TillJournalSubject } from './testing/till-at-work.ts';
import type { TillJournal } from './till-journal.port.ts';
import { startChain } from './till-journal.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 32n);

/** Runs the suite against a journal. `makeSubject` is called once; `replays` pieces of a chain are sent again. */
export function tillJournalContract(
  name: string,
  makeSubject: () => Promise<TillJournalSubject>,
  replays: number,
): void {
  describe(`${name} keeps the till journal's contract (seed ${seed})`, () => {
    const random = seededRandom(seed);
    let subject: TillJournalSubject;
    before(async () => {
      subject = await makeSubject();
    });
    after(async () => {
      await subject.close();
    });
    const context = {
      subject: () => subject,
      till: () => new TillAtWork(subject, random),
    };
    chainTests(context, replays);
    forkTests(context);
    visitTests(context);
    paymentTests(context);
    shiftTests(context);
  });
}

type Context = { subject(): TillJournalSubject; till(): TillAtWork };

const note = (text: string) => ({ kind: 'note', body: { by: 'lin', text } }) as const;
const outcomes = (receipt: Awaited<ReturnType<TillAtWork['send']>>) =>
  receipt.entries.map(({ number, outcome }) => [number, outcome]);

function chainTests({ subject, till: makeTill }: Context, replays: number): void {
  test('what follows on a chain is taken, the same again is nothing, and every text is kept', async () => {
    const till = makeTill();
    for (const text of ['one', 'two "quoted"', '三 🛒']) await till.write(note(text));
    assert.deepEqual(outcomes(await till.send(till.entries.slice(0, 2))), [
      [1, 'accepted'],
      [2, 'accepted'],
    ]);
    const second = await till.send(till.entries.slice(1));
    assert.deepEqual(outcomes(second), [
      [2, 'repeated'],
      [3, 'accepted'],
    ]);
    const last = till.entries[2];
    assert.deepEqual(second.head, { chainId: till.chainId, lastNumber: 3, lastHash: last?.hash });
    const kept = await subject().tills.entriesAfter(till.till.merchantId, till.chainId, 0, 10);
    assert.deepEqual(
      kept.map(({ entry }) => entry),
      till.entries,
    );
    assert.deepEqual(
      kept.map(({ standing, question }) => [standing, question]),
      Array(3).fill(['good', null]),
    );
    const page = await subject().tills.entriesAfter(till.till.merchantId, till.chainId, 1, 1);
    assert.deepEqual(
      page.map(({ entry }) => entry.number),
      [2],
    );
  });

  test('a gap is named with its numbers, and nothing behind it is taken', async () => {
    const till = makeTill();
    for (const text of ['one', 'two', 'three', 'four']) await till.write(note(text));
    const receipt = await till.send([till.entries[0], till.entries[3]].flatMap((entry) => entry ?? []));
    assert.deepEqual(outcomes(receipt), [[1, 'accepted']]);
    assert.deepEqual(receipt.trouble, { kind: 'gap', from: 2, to: 3 });
    assert.equal((await till.send()).trouble, null);
  });

  test('an entry whose hash is not its own is not taken and not kept', async () => {
    const till = makeTill();
    const entry = await till.write(note('one'));
    const receipt = await till.send([{ ...entry, body: canonicalText({ by: 'lin', text: 'other' }) }]);
    assert.deepEqual(receipt.trouble, { kind: 'broken', number: 1 });
    assert.deepEqual([receipt.head.lastNumber, receipt.entries.length], [0, 0]);
    assert.equal((await till.send()).head.lastNumber, 1);
  });

  test('a till that lost its storage learns what is known of its chains, and the old one stays readable', async () => {
    const till = makeTill();
    await till.write(note('one'));
    await till.writeSale(till.sale());
    await till.send();
    const fresh = till.afresh();
    const { merchantId, deviceId, storeId } = till.till;
    const [known, ...others] = await subject().tills.chainsOf(merchantId, deviceId);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [known?.chainId, known?.lastNumber, known?.lastHash, known?.storeId],
      [till.chainId, 2, till.entries[1]?.hash, storeId],
    );
    assert.ok(known?.lastAt !== null);
    await fresh.write({ kind: 'storage-started', body: { cause: 'lost', formerChainId: till.chainId } });
    assert.equal((await fresh.send()).trouble, null);
    const chains = await subject().tills.chainsOf(merchantId, deviceId);
    assert.deepEqual(new Set(chains.map(({ chainId }) => chainId)), new Set([till.chainId, fresh.chainId]));
    assert.equal((await subject().tills.entriesAfter(merchantId, till.chainId, 0, 10)).length, 2);
    assert.equal(await subject().tills.lastShiftNumber(merchantId, deviceId), 3);
    assert.equal(await subject().tills.lastShiftNumber(merchantId, makeTill().till.deviceId), 0);
  });

  test("a chain stays its own till's, and one message is for one chain", async () => {
    const till = makeTill();
    await till.write(note('one'));
    await till.send();
    const parts = { journal: subject().tills, sha256 };
    const stranger = { ...till.till, deviceId: makeTill().till.deviceId };
    const refused = await receiveTillEntries(parts, stranger, till.chainId, till.entries);
    assert.deepEqual(refused, { ok: false, failure: 'chain-of-another-till' });
    const mixed = await receiveTillEntries(parts, till.till, 'another', till.entries);
    assert.deepEqual(mixed, { ok: false, failure: 'entry-of-another-chain' });
    const elsewhere = { ...till.till, merchantId: makeId('merchant', noon, seededRandom(seed + 9)) };
    const apart = await receiveTillEntries(parts, elsewhere, till.chainId, till.entries);
    assert.deepEqual(apart.ok && outcomes(apart.value), [[1, 'accepted']]);
  });

  test('an entry is taken only behind the one that it follows', async () => {
    const till = makeTill();
    const first = await till.write(note('one'));
    const second = await till.write(note('two'));
    const { tills } = subject();
    assert.equal(await tills.takeEntry(till.till, first), 'moved-on');
    await tills.beginChain(till.till, await startChain(till.chainId, sha256));
    assert.equal(await tills.takeEntry(till.till, second), 'moved-on');
    assert.equal(await tills.takeEntry(till.till, first), 'taken');
    assert.equal(await tills.takeEntry(till.till, first), 'moved-on');
    assert.equal(await tills.takeEntry(till.till, second), 'taken');
  });

  test('a server that dies between two entries leaves whole ones, and the till sends again', async () => {
    const till = makeTill();
    for (let count = 0; count < 4; count += 1) await till.writeSale(till.sale());
    const { tills } = subject();
    let left = 2;
    const dying: typeof tills = {
      ...boundTo(tills),
      takeEntry: async (from, entry) => {
        if (left === 0) throw new Error('the server died');
        left -= 1;
        return await tills.takeEntry(from, entry);
      },
    };
    await assert.rejects(till.send(till.entries, dying), /the server died/);
    assert.equal((await tills.findChain(till.till.merchantId, till.chainId))?.lastNumber, 2);
    assert.equal((await subject().factsOf(till.till.merchantId)).length, 2);
    assert.deepEqual(
      outcomes(await till.send()).map(([, outcome]) => outcome),
      ['repeated', 'repeated', 'accepted', 'accepted'],
    );
    assert.equal((await subject().factsOf(till.till.merchantId)).length, 4);
  });

  test('two servers that get the same entries at once take each of them once', async () => {
    const till = makeTill();
    for (let count = 0; count < 12; count += 1) await till.writeSale(till.sale());
    const { tills, other } = subject();
    const receipts = await Promise.all([till.send(till.entries, tills), till.send(till.entries, other)]);
    for (const { head, trouble } of receipts) assert.deepEqual([head.lastNumber, trouble], [12, null]);
    const accepted = receipts.flatMap(({ entries }) => entries.filter(({ outcome }) => outcome === 'accepted'));
    assert.deepEqual(
      accepted.map(({ number }) => number).sort((a, b) => a - b),
      till.entries.map(({ number }) => number),
    );
    const facts = await subject().factsOf(till.till.merchantId);
    assert.deepEqual(
      facts.map(({ type }) => type),
      Array(12).fill('sale.closed'),
    );
  });

  test(`${replays} entries, torn and in any order, double nothing and lose nothing`, async () => {
    const till = makeTill();
    for (let count = 0; count < 40; count += 1) {
      if (count % 4 === 0) await till.writeSale(till.sale());
      else await till.write(note(`${count}`));
    }
    const random = seededRandom(seed + 1);
    for (let sent = 0; sent < replays; ) {
      const from = below(random, till.entries.length);
      const piece = till.entries.slice(from, from + 1 + below(random, 100)).filter(() => below(random, 12) > 0);
      await till.send(below(random, 2) === 0 ? piece : [...piece, ...piece].toReversed());
      sent += Math.max(1, piece.length);
    }
    await till.send();
    const kept = await subject().tills.entriesAfter(till.till.merchantId, till.chainId, 0, 100);
    assert.deepEqual(
      kept.map(({ entry }) => entry),
      till.entries,
    );
    assert.equal((await subject().factsOf(till.till.merchantId)).length, 10);
    assert.deepEqual(await subject().tills.listForks({ ...till.till, limit: 10 }), []);
  });
}

/** The journal's own functions, also where they are a class's methods. */
function boundTo(tills: TillJournal): TillJournal {
  return {
    beginChain: (...given) => tills.beginChain(...given),
    findChain: (...given) => tills.findChain(...given),
    chainsOf: (...given) => tills.chainsOf(...given),
    lastShiftNumber: (...given) => tills.lastShiftNumber(...given),
    marksAt: (...given) => tills.marksAt(...given),
    entriesAfter: (...given) => tills.entriesAfter(...given),
    takeEntry: (...given) => tills.takeEntry(...given),
    keepApart: (...given) => tills.keepApart(...given),
    listForks: (...given) => tills.listForks(...given),
    listQuestions: (...given) => tills.listQuestions(...given),
    judgeAgain: (...given) => tills.judgeAgain(...given),
  };
}

function forkTests({ subject, till: makeTill }: Context): void {
  test('a clone of a till is named, both entries are kept, and what it sold closes nothing', async () => {
    const till = makeTill();
    await till.write(note('trunk'));
    await till.send();
    const clone = till.clone();
    await till.writeSale(till.sale());
    const sold = clone.sale();
    await clone.writeSale(sold);
    await clone.write(note('more of the clone'));
    await till.send();
    for (const _ of [1, 2]) {
      const receipt = await clone.send();
      assert.deepEqual(receipt.trouble, { kind: 'fork', number: 2 });
      assert.deepEqual([receipt.head.lastNumber, outcomes(receipt)], [2, [[1, 'repeated']]]);
    }
    const forks = await subject().tills.listForks({ ...till.till, limit: 10 });
    assert.deepEqual(
      forks.map(({ kept, other }) => [kept, other]),
      [
        [null, clone.entries[2]],
        [till.entries[1], clone.entries[1]],
      ],
    );
    assert.deepEqual(
      forks.map(({ deviceId }) => deviceId),
      [till.till.deviceId, till.till.deviceId],
    );
    assert.equal(await subject().documents.find(till.till.merchantId, sold.saleId), undefined);
    assert.deepEqual(await subject().tills.listForks({ ...till.till, limit: 1 }), forks.slice(0, 1));
    assert.deepEqual(await subject().tills.listForks({ ...makeTill().till, limit: 10 }), []);
  });

  test('a clone that began anew sends what it sold, and each sale is closed once', async () => {
    const till = makeTill();
    const both = till.sale();
    const entry = await till.writeSale(both);
    await till.send();
    const fresh = till.afresh();
    await fresh.writeBody('sale', entry.body);
    await fresh.writeSale(fresh.sale([], { receiptNumber: '1-000043' }));
    const receipt = await fresh.send();
    assert.deepEqual(
      receipt.entries.map(({ standing, question }) => [standing, question]),
      [
        ['repeated', null],
        ['good', null],
      ],
    );
    const facts = await subject().factsOf(till.till.merchantId);
    assert.deepEqual(
      facts.map(({ type }) => type),
      ['sale.closed', 'sale.closed'],
    );
  });
}

function visitTests({ subject, till: makeTill }: Context): void {
  test('a good sale is told once, with lines, departments, cashier and tenders in minor units', async () => {
    const till = makeTill();
    const sale = till.sale([{ kind: 'external-card', amount: cny(200), reference: null }]);
    await till.writeSale(sale);
    await till.send();
    await till.send();
    const [fact, ...more] = await subject().factsOf(till.till.merchantId);
    assert.deepEqual(more, []);
    assert.equal(fact?.type, 'sale.closed');
    const { lines, tenders, ...head } = fact?.data ?? {};
    assert.deepEqual(head, {
      saleId: sale.saleId,
      storeId: till.till.storeId,
      deviceId: till.till.deviceId,
      receiptNumber: '1-000042',
      shiftNumber: 3,
      cashierId: 'lin',
      businessDate: sale.businessDate,
      closedAt: noon,
      priceVersion: '7',
      customerId: null,
      currency: 'CNY',
      totalMinor: '850',
      taxMinor: '98',
      savingsMinor: '0',
      cashRoundingMinor: '0',
    });
    const told: unknown = JSON.parse(String(lines));
    assert.ok(Array.isArray(told));
    assert.deepEqual(told[0], {
      lineNumber: 1,
      productId: 'p0',
      departmentId: 'drinks',
      unit: 'piece',
      quantity: 1000,
      taxClassId: 'standard',
      listMinor: '350',
      netMinor: '310',
      taxMinor: '40',
      grossMinor: '350',
    });
    assert.deepEqual(JSON.parse(String(tenders)), [
      { kind: 'external-card', takenMinor: '200', intentId: null },
      { kind: 'cash', takenMinor: '650', intentId: null },
    ]);
  });

  test('a document that does not reckon is kept and questioned with the first difference in words', async () => {
    const till = makeTill();
    const sale = till.sale();
    const wrong = { ...sale, priced: { ...sale.priced, total: cny(849) } };
    await till.writeSale(wrong);
    const question = 'priced.total is 849 minor units of CNY, but 850 minor units of CNY is right';
    for (const outcome of ['accepted', 'repeated'] as const) {
      const receipt = await till.send();
      assert.deepEqual(receipt.entries, [{ number: 1, outcome, standing: 'questioned', question }]);
    }
    const kept = await subject().documents.find(till.till.merchantId, sale.saleId);
    assert.deepEqual([kept?.standing, kept?.question], ['questioned', question]);
    const facts = await subject().factsOf(till.till.merchantId);
    assert.deepEqual(facts, [
      { type: 'till.questioned', data: { chainId: till.chainId, number: 1, kind: 'sale', standing: 'questioned' } },
    ]);
    const [listed, ...more] = await subject().tills.listQuestions({ ...till.till, limit: 10 });
    assert.deepEqual([listed?.question, listed?.deviceId, more], [question, till.till.deviceId, []]);
  });

  test('what nobody can read is kept as it was sent, and the chain goes on', async () => {
    const till = makeTill();
    await till.writeBody('sale', '{"document":{},"receiptKey":"x"}');
    await till.writeBody('shift-report', 'not even JSON');
    await till.writeSale(till.sale([], { deviceId: makeTill().till.deviceId }));
    await till.writeSale(till.sale());
    const receipt = await till.send();
    assert.deepEqual(
      receipt.entries.map(({ standing }) => standing),
      ['questioned', 'questioned', 'questioned', 'good'],
    );
    assert.match(receipt.entries[0]?.question ?? '', /^document\.format: is missing; /);
    assert.equal(receipt.entries[1]?.question, 'report: is not JSON');
    assert.match(receipt.entries[2]?.question ?? '', /^deviceId is dev_\w+, but the till is of dev_\w+$/);
    const kept = await subject().tills.entriesAfter(till.till.merchantId, till.chainId, 1, 1);
    assert.deepEqual(
      kept.map(({ entry }) => entry),
      [till.entries[1]],
    );
  });

  test('a sale id that another entry has closed is not closed twice', async () => {
    const till = makeTill();
    const saleId = till.saleId();
    const first = await till.writeSale(till.sale([], { saleId }));
    await till.writeSale(till.sale([{ kind: 'external-card', amount: cny(850), reference: null }], { saleId }));
    const receipt = await till.send();
    assert.deepEqual(
      receipt.entries.map(({ standing, question }) => [standing, question]),
      [
        ['good', null],
        ['questioned', `entry 1 of chain ${till.chainId} has closed it already, and says otherwise`],
      ],
    );
    assert.deepEqual((await subject().documents.find(till.till.merchantId, saleId))?.entry, first);
  });

  test('two tills with the same sale at once close it once', async () => {
    const tills = [makeTill()];
    const [one] = tills;
    assert.ok(one !== undefined);
    const another = new TillAtWork(subject(), seededRandom(seed + 3), { ...one.till });
    const entries = Array.from({ length: 6 }, () => one.saleId());
    for (const saleId of entries) {
      await one.writeSale(one.sale([], { saleId }));
      await another.writeSale(another.sale([], { saleId, receiptNumber: '2-1' }));
    }
    await Promise.all([one.send(one.entries, subject().tills), another.send(another.entries, subject().other)]);
    const facts = await subject().factsOf(one.till.merchantId);
    assert.equal(facts.filter(({ type }) => type === 'sale.closed').length, 6);
    assert.equal(facts.filter(({ type }) => type === 'till.questioned').length, 6);
  });

  test('a return is reckoned with its sale and with what came back before, also when the sale comes later', async () => {
    const seller = makeTill();
    const taker = new TillAtWork(subject(), seededRandom(seed + 4), {
      merchantId: seller.till.merchantId,
      storeId: seller.till.storeId,
    });
    const sale = seller.sale();
    const back = taker.allBack(sale);
    await taker.writeReturn(back);
    await taker.writeReturn(taker.allBack(sale));
    assert.deepEqual(
      (await taker.send()).entries.map(({ standing, question }) => [standing, question]),
      Array(2).fill(['awaiting', `sale ${sale.saleId} is not here yet`]),
    );
    await judgeAll(subject());
    await seller.writeSale(sale);
    await seller.send();
    assert.equal(await judgeAll(subject()), 2);
    assert.equal(await judgeAll(subject()), 0);
    assert.deepEqual(
      (await taker.send()).entries.map(({ standing, question }) => [standing, question]),
      [
        ['good', null],
        ['questioned', 'lines cannot come back: more-than-was-bought'],
      ],
    );
    const facts = (await subject().factsOf(seller.till.merchantId)).map(({ type }) => type);
    assert.deepEqual(facts, ['till.questioned', 'till.questioned', 'sale.closed', 'sale.returned']);
  });
}

async function judgeAll({ tills }: TillJournalSubject): Promise<number> {
  let changed = 0;
  for (let last = 1; last > 0; changed += last) last = await tills.judgeAgain(1000);
  return changed;
}

function paymentTests({ subject, till: makeTill }: Context): void {
  test('an Alipay tender is not believed from the till: the sale waits until its payment is approved', async () => {
    const till = makeTill();
    const saleId = till.saleId();
    const intentId = makeId('intent', noon, seededRandom(seed + 5));
    const sale = till.sale([{ kind: 'alipay', amount: cny(500), paymentIntentId: intentId }], { saleId });
    await till.writeSale(sale);
    const question = `tenders[0]: payment ${intentId} of this sale is not approved`;
    assert.deepEqual(
      (await till.send()).entries.map((entry) => [entry.standing, entry.question]),
      [['awaiting', question]],
    );
    const charge = await till.charge(saleId, intentId, cny(500));
    assert.equal(await judgeAll(subject()), 0);
    const approved = await charge.approve();
    assert.equal(await judgeAll(subject()), 1);
    assert.equal((await till.send()).entries[0]?.standing, 'good');
    const back = till.allBack(sale);
    await till.writeReturn(back);
    assert.equal((await till.send()).entries[1]?.question, `payment ${intentId} has given back 0 of 500 minor units`);
    await till.giveBack(approved, cny(500));
    assert.equal(await judgeAll(subject()), 1);
    assert.deepEqual(
      (await subject().factsOf(till.till.merchantId)).map(({ type }) => type),
      ['till.questioned', 'sale.closed', 'till.questioned', 'sale.returned'],
    );
  });

  test('an approval of another amount, of another trade or of another sale does not pay', async () => {
    const till = makeTill();
    const pay = async (approvedMinor: number, tradeNumber: string) => {
      const saleId = till.saleId();
      const intentId = makeId('intent', noon, seededRandom(seed + 6 + till.entries.length));
      await (await till.charge(saleId, intentId, cny(approvedMinor))).approve(tradeNumber);
      await till.writeSale(till.sale([{ kind: 'alipay', amount: cny(500), paymentIntentId: intentId }], { saleId }));
      return intentId;
    };
    await pay(500, evidence.tradeNumber);
    await pay(499, evidence.tradeNumber);
    const intent = await pay(500, 'another trade');
    await till.writeSale(till.sale([{ kind: 'alipay', amount: cny(500), paymentIntentId: intent }]));
    assert.deepEqual(
      (await till.send()).entries.map(({ question }) => question),
      [
        null,
        'tenders[0].amount is 500 minor units of CNY, but 499 minor units of CNY is right',
        `tenders[0].evidence.tradeNumber is "${evidence.tradeNumber}", but "another trade" is right`,
        `tenders[0]: payment ${intent} of this sale is not approved`,
      ],
    );
  });
}

function shiftTests({ subject, till: makeTill }: Context): void {
  test('a Z report must say what its shift sold, and closes its shift once', async () => {
    const till = makeTill();
    const sale = till.sale();
    await till.writeSale(sale);
    const back = till.allBack(sale);
    await till.writeReturn(back);
    await till.write({ kind: 'shift-report', body: till.zReport([sale, back]) });
    await till.write({ kind: 'shift-report', body: till.zReport([sale, back]) });
    await till.write({ kind: 'shift-report', body: till.zReport([sale]) });
    assert.deepEqual(
      (await till.send()).entries.slice(2).map(({ standing }) => standing),
      ['good', 'repeated', 'questioned'],
    );
    const types = (await subject().factsOf(till.till.merchantId)).map(({ type }) => type);
    assert.deepEqual(types, ['sale.closed', 'sale.returned', 'shift.closed', 'till.questioned']);
    const short = makeTill();
    await short.writeSale(short.sale());
    await short.write({ kind: 'shift-report', body: short.zReport([]) });
    assert.equal(
      (await short.send()).entries[1]?.question,
      'tally.total.taken.amount is 0 minor units of CNY, but 850 minor units of CNY is right',
    );
  });
}
