// What every HeldBasketJournal must do, whatever it stands on.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DeviceId, makeId, type PersonId } from '#foundation/id.ts';
import { durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import type { Claiming, HeldBasketJournal, Voiding } from './held-basket.port.ts';
import { type HeldBasket, heldBasketBounds, heldBasketLifeMs, makeHeldBasketId } from './held-basket.ts';
import type { OverrideBook } from './override-book.port.ts';
import { usualPermissions } from './permission.ts';
import { makeOverrideId } from './recorded-override.ts';

export type HeldBasketSubject = {
  readonly baskets: HeldBasketJournal;
  readonly overrides: OverrideBook;
  close(): Promise<void>;
};

const start = instant(Date.UTC(2026, 0, 15, 3, 4, 5, 678));
const end = plus(start, heldBasketLifeMs);
const before1 = (at: Instant): Instant => instant(at - 1);
const seed = Number(process.hrtime.bigint() % 2n ** 32n);

class Stage {
  readonly #random = seededRandom(seed);
  #subject: HeldBasketSubject | undefined;
  #keys = 0;
  use(subject: HeldBasketSubject): void {
    this.#subject = subject;
  }
  get subject(): HeldBasketSubject {
    assert.ok(this.#subject !== undefined);
    return this.#subject;
  }
  get baskets(): HeldBasketJournal {
    return this.subject.baskets;
  }
  device(): DeviceId {
    return makeId('device', start, this.#random);
  }
  person(): PersonId {
    return makeId('person', start, this.#random);
  }
  key(): string {
    this.#keys += 1;
    return `key-${this.#keys}`;
  }
  held(change: Partial<HeldBasket> = {}): HeldBasket {
    const at = change.heldAt ?? start;
    return {
      id: makeHeldBasketId(at, this.#random),
      merchantId: makeId('merchant', at, this.#random),
      storeId: makeId('store', at, this.#random),
      basketId: makeId('basket', at, this.#random),
      note: 'Blue coat 蓝色外套',
      lineCount: 3,
      total: money('CNY', 12_345n),
      deviceId: this.device(),
      heldBy: this.person(),
      heldAt: at,
      expiresAt: plus(at, heldBasketLifeMs),
      ...change,
    };
  }
  async hold(change: Partial<HeldBasket> = {}): Promise<HeldBasket> {
    const held = this.held(change);
    const done = await this.baskets.hold(held, textOf(held), this.named());
    assert.deepEqual(done, { ok: true, value: { kind: 'held', held } });
    return held;
  }
  named(key = this.key(), fingerprint = 'print') {
    return { scope: 'till-1/hold', key, fingerprint };
  }
  claiming({ id }: HeldBasket, change: Partial<Claiming> = {}): Claiming {
    return { id, deviceId: this.device(), personId: this.person(), key: this.key(), at: start, ...change };
  }
  claim(held: HeldBasket, change: Partial<Claiming> = {}) {
    return this.baskets.claim(held, this.claiming(held, change));
  }
  voiding({ id }: HeldBasket, change: Partial<Voiding> = {}): Voiding {
    return { id, personId: this.person(), reason: 'abandoned', at: start, override: null, ...change };
  }
}

const textOf = ({ id }: HeldBasket): string => `{"basket":"of ${id} 茶"}`;

/** Runs the suite against a journal. `makeSubject` is called once; the seed in the suite's name repeats its ids. */
export function heldBasketContract(name: string, makeSubject: () => Promise<HeldBasketSubject>): void {
  describe(`${name} keeps the held baskets' contract (seed ${seed})`, () => {
    const stage = new Stage();
    before(async () => stage.use(await makeSubject()));
    after(async () => await stage.subject.close());
    holdTests(stage);
    claimTests(stage);
    claimTimeTests(stage);
    voidTests(stage);
  });
}

function holdTests(stage: Stage): void {
  test('a held basket is found and listed in its own store, oldest first, without its text', async () => {
    const first = await stage.hold();
    const { merchantId, storeId } = first;
    const heldAt = plus(start, durationMs(5));
    const second = await stage.hold({ merchantId, storeId, heldAt });
    await stage.hold({ merchantId });
    assert.deepEqual(await stage.baskets.listHeld(first, heldAt), [first, second]);
    assert.deepEqual(await stage.baskets.findHeld(first, first.id, start), { ok: true, value: first });
    const elsewhere = await stage.baskets.findHeld(stage.held(), first.id, start);
    assert.deepEqual(elsewhere, { ok: false, failure: 'held-unknown' });
  });

  test('the same request again answers the first, and another under its key is refused', async () => {
    const held = stage.held();
    const named = stage.named();
    await stage.baskets.hold(held, textOf(held), named);
    const { merchantId, storeId } = held;
    const again = await stage.baskets.hold(stage.held({ merchantId, storeId }), 'text', named);
    assert.deepEqual(again, { ok: true, value: { kind: 'repeated', held } });
    const other = { ...named, fingerprint: 'other' };
    const reused = await stage.baskets.hold(stage.held({ merchantId, storeId }), 'text', other);
    assert.deepEqual(reused, { ok: false, failure: 'key-reused' });
    assert.equal((await stage.baskets.listHeld(held, start)).length, 1);
  });

  test('one basket waits once: also when it is held under two keys, or fifty times at once', async () => {
    const { merchantId, storeId, basketId } = stage.held();
    const holds = await Promise.all(
      Array.from({ length: 50 }, () => {
        const held = stage.held({ merchantId, storeId, basketId });
        return stage.baskets.hold(held, textOf(held), stage.named());
      }),
    );
    const words = holds.map((result) => (result.ok ? result.value.kind : result.failure));
    assert.deepEqual(words.toSorted(), [...Array(49).fill('already-held'), 'held']);
  });

  test('a basket that was claimed may be held again, as another holding', async () => {
    const first = await stage.hold();
    assert.equal((await stage.claim(first)).ok, true);
    const { merchantId, storeId, basketId } = first;
    const second = await stage.hold({ merchantId, storeId, basketId });
    assert.deepEqual(await stage.baskets.listHeld(first, start), [second]);
  });

  test('a store has room for so many and no more', async () => {
    const first = await stage.hold();
    const { merchantId, storeId } = first;
    for (let count = 1; count < heldBasketBounds.heldMax; count += 1) await stage.hold({ merchantId, storeId });
    const more = stage.held({ merchantId, storeId });
    const refused = await stage.baskets.hold(more, 'text', stage.named());
    assert.deepEqual(refused, { ok: false, failure: 'too-many-held' });
    await stage.claim(first);
    assert.equal((await stage.baskets.hold(more, 'text', stage.named())).ok, true);
  });
}

function claimTests(stage: Stage): void {
  test('of fifty claims at once exactly one wins, and it alone gets the basket', async () => {
    const held = await stage.hold();
    const claims = await Promise.all(Array.from({ length: 50 }, () => stage.claim(held)));
    const won = claims.filter((result) => result.ok).map((result) => result.value);
    assert.deepEqual(won, [{ kind: 'claimed', held, basketText: textOf(held) }]);
    const lost = claims.flatMap((result) => (result.ok ? [] : [result.failure]));
    assert.deepEqual(lost, Array(49).fill('held-claimed'));
  });

  test('fifty repeats of one claim at once are one claim, told fifty times', async () => {
    const held = await stage.hold();
    const claiming = stage.claiming(held);
    const claims = await Promise.all(Array.from({ length: 50 }, () => stage.baskets.claim(held, claiming)));
    const kinds = claims.map((result) => (result.ok ? result.value.kind : result.failure));
    assert.deepEqual(kinds.toSorted(), ['claimed', ...Array(49).fill('repeated')]);
    for (const result of claims) assert.equal(result.ok && result.value.basketText, textOf(held));
  });

  test('a claim whose answer was lost gets it again by the same device and key, and by no other', async () => {
    const held = await stage.hold();
    const claiming = stage.claiming(held);
    await stage.baskets.claim(held, claiming);
    const again = await stage.baskets.claim(held, { ...claiming, at: end });
    assert.deepEqual(again, { ok: true, value: { kind: 'repeated', held, basketText: textOf(held) } });
    for (const change of [{ deviceId: stage.device() }, { key: stage.key() }]) {
      const other = await stage.baskets.claim(held, { ...claiming, ...change });
      assert.deepEqual(other, { ok: false, failure: 'held-claimed' });
    }
  });

  test('one key of a device names one claim', async () => {
    const first = await stage.hold();
    const { merchantId, storeId } = first;
    const second = await stage.hold({ merchantId, storeId });
    const { deviceId, key } = stage.claiming(first);
    await stage.claim(first, { deviceId, key });
    assert.deepEqual(await stage.claim(second, { deviceId, key }), { ok: false, failure: 'key-reused' });
    assert.equal((await stage.claim(second, { key })).ok, true, 'the same key of another device is another');
  });
}

function claimTimeTests(stage: Stage): void {
  test('after seven days it is not there any more', async () => {
    const held = await stage.hold();
    assert.deepEqual(await stage.baskets.listHeld(held, before1(end)), [held]);
    assert.deepEqual(await stage.baskets.listHeld(held, end), []);
    assert.deepEqual(await stage.claim(held, { at: end }), { ok: false, failure: 'held-expired' });
    const found = await stage.baskets.findHeld(held, held.id, end);
    assert.deepEqual(found, { ok: false, failure: 'held-expired' });
    assert.equal((await stage.claim(held, { at: before1(end) })).ok, true);
  });

  test('what ran out does not keep the same basket from being held again', async () => {
    const first = await stage.hold();
    const { merchantId, storeId, basketId } = first;
    const second = await stage.hold({ merchantId, storeId, basketId, heldAt: end });
    assert.deepEqual(await stage.baskets.listHeld(first, end), [second]);
    assert.deepEqual(await stage.claim(first, { at: end }), { ok: false, failure: 'held-expired' });
  });

  test('another store, or nobody’s id, claims nothing', async () => {
    const held = await stage.hold();
    const elsewhere = await stage.baskets.claim(stage.held({ merchantId: held.merchantId }), stage.claiming(held));
    assert.deepEqual(elsewhere, { ok: false, failure: 'held-unknown' });
    assert.equal((await stage.claim(held)).ok, true);
  });
}

function voidTests(stage: Stage): void {
  test('a voided basket is gone for claims, and voiding it again is the same', async () => {
    const held = await stage.hold();
    for (let count = 0; count < 2; count += 1) {
      const done = await stage.baskets.voidHeld(held, stage.voiding(held));
      assert.deepEqual(done, { ok: true, value: held });
    }
    assert.deepEqual(await stage.claim(held), { ok: false, failure: 'held-voided' });
    assert.deepEqual(await stage.baskets.listHeld(held, start), []);
  });

  test('what was claimed or ran out cannot be voided', async () => {
    const held = await stage.hold();
    const late = await stage.baskets.voidHeld(held, stage.voiding(held, { at: end }));
    assert.deepEqual(late, { ok: false, failure: 'held-expired' });
    await stage.claim(held);
    const refused = await stage.baskets.voidHeld(held, stage.voiding(held));
    assert.deepEqual(refused, { ok: false, failure: 'held-claimed' });
  });

  test('of a claim and a voiding at once one happens', async () => {
    for (let count = 0; count < 10; count += 1) {
      const held = await stage.hold();
      const [claimed, voided] = await Promise.all([
        stage.claim(held),
        stage.baskets.voidHeld(held, stage.voiding(held)),
      ]);
      assert.notEqual(claimed.ok, voided.ok);
    }
  });

  test('an override is used up with the voiding, and with a voiding that is refused it is not', async () => {
    const held = await stage.hold();
    const { merchantId, storeId, deviceId, total: worth } = held;
    const asked = { act: 'void-basket', worth, reason: 'left', askedBy: 'lin' } as const;
    const allowed = { allowedBy: 'wang', allowedAs: 'supervisor', at: start, usedAt: null, usedFor: null } as const;
    const id = makeOverrideId(start, seededRandom(seed));
    const sessionHash = 'a'.repeat(64);
    await stage.subject.overrides.record({
      ...{ id, merchantId, storeId, deviceId, sessionHash, subject: held.basketId, ...asked, ...allowed },
    });
    const staff = { personId: 'lin', role: 'cashier' } as const;
    const use = { id, sessionHash, staff, act: 'void-basket', worth, usedFor: held.id, at: start } as const;
    const voidBy = (change: Partial<typeof use>) =>
      stage.baskets.voidHeld(
        held,
        stage.voiding(held, { override: { use: { ...use, ...change }, permissions: { ...usualPermissions } } }),
      );
    const stranger = await voidBy({ sessionHash: 'b'.repeat(64) });
    assert.deepEqual(stranger, { ok: false, failure: 'override-unknown' });
    assert.deepEqual(await stage.baskets.listHeld(held, start), [held]);
    assert.deepEqual(await voidBy({}), { ok: true, value: held });
    assert.equal((await stage.subject.overrides.find(merchantId, id))?.usedFor, held.id);
  });
}
