// What every SaleJournal must do, whatever it stands on.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type MerchantId, makeId, type SaleId, type StoreId } from '#foundation/id.ts';
import { durationMs, instant, plus } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import type { Sale } from './sale.ts';
import type { SaleJournal } from './sale-journal.port.ts';

export type SaleJournalSubject = { readonly journal: SaleJournal; close(): Promise<void> };

const start = instant(Date.UTC(2026, 0, 15, 3, 4, 5, 678));
const seed = Number(process.hrtime.bigint() % 2n ** 32n);

/** Runs the suite against a journal. `makeSubject` is called once; the seed in the suite's name repeats its ids. */
export function saleJournalContract(name: string, makeSubject: () => Promise<SaleJournalSubject>): void {
  describe(`${name} keeps the sale journal's contract (seed ${seed})`, () => {
    const random = seededRandom(seed);
    let subject: SaleJournalSubject;
    before(async () => {
      subject = await makeSubject();
    });
    after(async () => {
      await subject.close();
    });
    const merchant = () => makeId('merchant', start, random);
    const store = () => makeId('store', start, random);
    const sale = (merchantId: MerchantId, change: Partial<Sale> = {}): Sale => ({
      id: makeId('sale', start, random),
      merchantId,
      storeId: makeId('store', start, random),
      deviceId: makeId('device', start, random),
      amount: money('CNY', 12_345n),
      description: 'Groceries 杂货 🛒 "quoted"',
      createdAt: start,
      ...change,
    });
    openingTests({ journal: () => subject.journal, merchant, store, sale });
    listingTests({ journal: () => subject.journal, merchant, store, sale });
  });
}

type Context = {
  journal(): SaleJournal;
  merchant(): MerchantId;
  store(): StoreId;
  sale(merchantId: MerchantId, change?: Partial<Sale>): Sale;
};

const withKey = (key: string, fingerprint = 'print') => ({ scope: 'sales', key, fingerprint });

function openingTests({ journal, merchant, sale: makeSale }: Context): void {
  test('an opened sale is found as it was given, under its own merchant only', async () => {
    const sale = makeSale(merchant(), { amount: money('JPY', 9_007_199_254_740_993n) });
    assert.deepEqual(await journal().openSale(sale, null), { ok: true, value: { kind: 'opened', sale } });
    assert.deepEqual(await journal().findSale(sale.merchantId, sale.id), sale);
    assert.equal(await journal().findSale(merchant(), sale.id), undefined);
  });

  test('the same request again answers the first sale', async () => {
    const merchantId = merchant();
    const first = makeSale(merchantId);
    await journal().openSale(first, withKey('k'));
    const again = await journal().openSale(makeSale(merchantId), withKey('k'));
    assert.deepEqual(again, { ok: true, value: { kind: 'repeated', sale: first } });
    assert.equal((await journal().listSales({ merchantId, storeId: null, before: null, limit: 10 })).length, 1);
  });

  test('the very same opening again is a repeat as well', async () => {
    const sale = makeSale(merchant());
    await journal().openSale(sale, withKey('k'));
    assert.deepEqual(await journal().openSale(sale, withKey('k')), { ok: true, value: { kind: 'repeated', sale } });
  });

  test('one key with another body is refused', async () => {
    const merchantId = merchant();
    await journal().openSale(makeSale(merchantId), withKey('k'));
    const reused = await journal().openSale(makeSale(merchantId), withKey('k', 'other'));
    assert.deepEqual(reused, { ok: false, failure: { kind: 'key-reused' } });
  });

  test('one key of two merchants is two keys', async () => {
    for (const merchantId of [merchant(), merchant()]) {
      const opened = await journal().openSale(makeSale(merchantId), withKey('k'));
      assert.equal(opened.ok && opened.value.kind, 'opened');
    }
  });

  test('of fifty repeats at once one opens and the others repeat it', async () => {
    const merchantId = merchant();
    const results = await Promise.all(
      Array.from({ length: 50 }, () => journal().openSale(makeSale(merchantId), withKey('k'))),
    );
    const kinds = results.map((result) => (result.ok ? result.value.kind : result.failure.kind));
    assert.deepEqual(kinds.toSorted(), ['opened', ...Array(49).fill('repeated')]);
    assert.equal(new Set(results.map((result) => (result.ok ? result.value.sale.id : ''))).size, 1);
  });

  test('many sales at once, with keys and without, are all opened', async () => {
    const merchantId = merchant();
    const sales = Array.from({ length: 100 }, () => makeSale(merchantId));
    const results = await Promise.all(
      sales.map((sale, index) => journal().openSale(sale, index % 2 === 0 ? withKey(sale.id) : null)),
    );
    assert.deepEqual(
      results,
      sales.map((sale) => ({ ok: true, value: { kind: 'opened', sale } })),
    );
  });

  test('an id that is taken is a defect of the caller and is thrown', async () => {
    const sale = makeSale(merchant());
    await journal().openSale(sale, null);
    await assert.rejects(journal().openSale(sale, null), /already taken/);
  });
}

function listingTests({ journal, merchant, store, sale: makeSale }: Context): void {
  test('sales are listed newest first, page by page, of a merchant or of one store', async () => {
    const merchantId = merchant();
    const stores = [store(), store()];
    const sales: Sale[] = [];
    for (let count = 0; count < 7; count += 1) {
      const createdAt = plus(start, durationMs(count));
      const storeId = stores[count % 2];
      assert.ok(storeId !== undefined);
      const id = makeId('sale', createdAt, seededRandom(seed + count));
      sales.push(makeSale(merchantId, { id, createdAt, storeId }));
    }
    for (const sale of [...sales, makeSale(merchant())]) await journal().openSale(sale, null);
    const newest = sales.toReversed();
    const listed: Sale[] = [];
    let before: SaleId | null = null;
    for (;;) {
      const page: readonly Sale[] = await journal().listSales({ merchantId, storeId: null, before, limit: 3 });
      listed.push(...page);
      before = page.at(-1)?.id ?? null;
      if (before === null) break;
    }
    assert.deepEqual(listed, newest);
    const [storeId = null] = stores;
    const ofStore = await journal().listSales({ merchantId, storeId, before: newest[0]?.id ?? null, limit: 2 });
    assert.deepEqual(ofStore, newest.filter((sale) => sale.storeId === storeId).slice(1, 3));
  });
}
