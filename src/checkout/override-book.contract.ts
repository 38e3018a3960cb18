// What every OverrideBook must do, whatever it stands on.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeId } from '#foundation/id.ts';
import { durationMs, instant, plus } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import type { OverrideBook } from './override-book.port.ts';
import { usualPermissions } from './permission.ts';
import { makeOverrideId, type OverrideUse, overrideLifeMs, type RecordedOverride } from './recorded-override.ts';

export type OverrideBookSubject = { readonly book: OverrideBook; close(): Promise<void> };

const start = instant(Date.UTC(2026, 0, 15, 3, 4, 5, 678));
const seed = Number(process.hrtime.bigint() % 2n ** 32n);
const cny = (minor: bigint) => money('CNY', minor);

/** Runs the suite against a book. `makeSubject` is called once; the seed in the suite's name repeats its ids. */
export function overrideBookContract(name: string, makeSubject: () => Promise<OverrideBookSubject>): void {
  describe(`${name} keeps the override book's contract (seed ${seed})`, () => {
    const random = seededRandom(seed);
    let subject: OverrideBookSubject;
    before(async () => {
      subject = await makeSubject();
    });
    after(async () => await subject.close());
    const context: Context = {
      book: () => subject.book,
      override: (change = {}) => ({
        id: makeOverrideId(start, random),
        merchantId: makeId('merchant', start, random),
        storeId: makeId('store', start, random),
        deviceId: makeId('device', start, random),
        sessionHash: 'a'.repeat(64),
        act: 'void-basket',
        worth: cny(80_000n),
        reason: 'customer left 走了',
        subject: 'bsk_1',
        askedBy: 'lin',
        allowedBy: 'wang',
        allowedAs: 'supervisor',
        at: start,
        usedAt: null,
        usedFor: null,
        ...change,
      }),
    };
    recordTests(context);
    useTests(context);
  });
}

type Context = {
  book(): OverrideBook;
  override(change?: Partial<RecordedOverride>): RecordedOverride;
};

const use = ({ id, act, worth, sessionHash }: RecordedOverride, change: Partial<OverrideUse> = {}): OverrideUse => ({
  ...{ id, sessionHash, act, worth, usedFor: 'hold_1', at: start },
  staff: { personId: 'lin', role: 'cashier' },
  ...change,
});

function recordTests({ book, override: make }: Context): void {
  test('an override is found as it was recorded, under its own merchant, and recording it twice is once', async () => {
    for (const override of [make(), make({ act: 'open-drawer', worth: null })]) {
      await book().record(override);
      await book().record(override);
      assert.deepEqual(await book().find(override.merchantId, override.id), override);
      assert.equal(await book().find(make().merchantId, override.id), undefined);
    }
  });

  test("a store's overrides are listed newest first, page by page", async () => {
    const { merchantId, storeId } = make();
    const at = (ms: number) => plus(start, durationMs(ms));
    const made = [0, 1, 2, 3, 4].map((ms) =>
      make({ merchantId, storeId, at: at(ms), id: makeOverrideId(at(ms), seededRandom(seed)) }),
    );
    for (const override of [...made, make({ merchantId }), make({ storeId })]) await book().record(override);
    const newest = made.toReversed();
    const first = await book().list({ merchantId, storeId, before: null, limit: 3 });
    assert.deepEqual(first, newest.slice(0, 3));
    const rest = await book().list({ merchantId, storeId, before: first[2]?.id ?? null, limit: 3 });
    assert.deepEqual(rest, newest.slice(3));
  });
}

function useTests({ book, override: make }: Context): void {
  const recorded = async (change: Partial<RecordedOverride> = {}) => {
    const override = make(change);
    await book().record(override);
    const spend = (wanted: Partial<OverrideUse> = {}) =>
      book().use(override.merchantId, use(override, wanted), usualPermissions);
    return { override, spend };
  };

  test('it is used once, and the same use again is the same use, also when its time is over', async () => {
    const { override, spend } = await recorded();
    const used = { ...override, usedAt: start, usedFor: 'hold_1' };
    assert.deepEqual(await spend(), { ok: true, value: used });
    assert.deepEqual(await spend({ at: plus(start, durationMs(overrideLifeMs + 1)) }), { ok: true, value: used });
    assert.deepEqual(await spend({ usedFor: 'hold_2' }), { ok: false, failure: 'override-used' });
    assert.deepEqual(await book().find(override.merchantId, override.id), used);
  });

  test('of fifty uses at once for different things one succeeds', async () => {
    const { spend } = await recorded();
    const uses = await Promise.all(Array.from({ length: 50 }, (_, index) => spend({ usedFor: `hold_${index}` })));
    const words = uses.map((result) => (result.ok ? 'used' : result.failure));
    assert.deepEqual(words.toSorted(), [...Array(49).fill('override-used'), 'used']);
  });

  test('it counts for five minutes, and not a millisecond longer', async () => {
    const late = await recorded();
    const tooLate = plus(start, durationMs(overrideLifeMs + 1));
    assert.deepEqual(await late.spend({ at: tooLate }), { ok: false, failure: 'override-expired' });
    assert.equal((await late.spend({ at: plus(start, overrideLifeMs) })).ok, true);
  });

  test('it counts for the session that asked, the act, the amount and the person', async () => {
    const { override, spend } = await recorded();
    const wrong: readonly (readonly [Partial<OverrideUse>, string])[] = [
      [{ sessionHash: 'b'.repeat(64) }, 'override-unknown'],
      [{ act: 'cash-out' }, 'override-does-not-fit'],
      [{ worth: cny(80_001n) }, 'override-does-not-fit'],
      [{ staff: { personId: 'zhao', role: 'cashier' } }, 'override-does-not-fit'],
    ];
    for (const [change, failure] of wrong) assert.deepEqual(await spend(change), { ok: false, failure });
    assert.deepEqual(await book().find(override.merchantId, override.id), override, 'nothing of it was used');
    const elsewhere = await book().use(make().merchantId, use(override), usualPermissions);
    assert.deepEqual(elsewhere, { ok: false, failure: 'override-unknown' });
  });
}
