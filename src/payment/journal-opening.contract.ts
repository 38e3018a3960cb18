// Opening charges: idempotency, at most one standing, and races of many callers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeId } from '#foundation/id.ts';
import { seededRandom } from '#foundation/random.ts';
import type { ChargePhase } from './attempt.ts';
import { chargePhases } from './charge-phases.ts';
import { approvedState, atRest, type Context, moved, opened, start } from './journal-subject.contract.ts';

export function openingTests({ journal, shop: makeShop }: Context): void {
  test('an opened charge is found as it was given', async () => {
    const shop = makeShop();
    const opening = shop.opening(await shop.sale());
    assert.deepEqual(await journal().openCharge(opening), {
      ok: true,
      value: { kind: 'opened', attempt: opening.charge },
    });
    assert.deepEqual(await journal().find(shop.merchantId, opening.charge.identity.id), opening.charge);
    assert.deepEqual(await journal().findByNumber(opening.charge.identity.id), opening.charge);
  });

  test('a charge is found under its own merchant only', async () => {
    const charge = await makeShop().charge();
    assert.equal(await journal().find(makeShop().merchantId, charge.identity.id), undefined);
  });

  test('a charge for an unknown sale is refused and leaves nothing', async () => {
    const shop = makeShop();
    const unknown = makeId('sale', start, seededRandom(1));
    const opening = shop.opening(unknown);
    assert.deepEqual(await journal().openCharge(opening), { ok: false, failure: { kind: 'sale-unknown' } });
    assert.equal(await journal().findByNumber(opening.charge.identity.id), undefined);
    assert.equal(await journal().findIntent(shop.merchantId, unknown), undefined);
  });

  test('the same request again answers what the first one made, as it stands now', async () => {
    const shop = makeShop();
    const saleId = await shop.sale();
    const first = opened(await journal().openCharge(shop.opening(saleId, { key: 'k' })));
    const now = moved(await journal().advance(first, approvedState(first), []));
    const again = await journal().openCharge(shop.opening(saleId, { key: 'k' }));
    assert.deepEqual(again, { ok: true, value: { kind: 'repeated', attempt: now } });
  });

  test('the very same opening again is a repeat as well', async () => {
    const shop = makeShop();
    const opening = shop.opening(await shop.sale());
    opened(await journal().openCharge(opening));
    const again = await journal().openCharge(opening);
    assert.deepEqual(again, { ok: true, value: { kind: 'repeated', attempt: opening.charge } });
  });

  test('one key with another body is refused, on the same sale and on another', async () => {
    const shop = makeShop();
    const saleId = await shop.sale();
    opened(await journal().openCharge(shop.opening(saleId, { key: 'k' })));
    const refused = { ok: false, failure: { kind: 'key-reused' } };
    assert.deepEqual(await journal().openCharge(shop.opening(saleId, { key: 'k', fingerprint: 'other' })), refused);
    const other = await shop.sale();
    assert.deepEqual(await journal().openCharge(shop.opening(other, { key: 'k', fingerprint: 'other' })), refused);
    assert.equal(await journal().findIntent(shop.merchantId, other), undefined);
  });

  test('one key of two merchants is two keys', async () => {
    for (const shop of [makeShop(), makeShop()])
      opened(await journal().openCharge(shop.opening(await shop.sale(), { key: 'k' })));
  });

  test('a second charge is refused while the first stands, whatever its phase', async () => {
    const shop = makeShop();
    const undone: readonly ChargePhase[] = ['declined', 'reversed', 'returned'];
    for (const phase of Object.keys(chargePhases) as ChargePhase[]) {
      const saleId = await shop.sale();
      const first = opened(await journal().openCharge(shop.opening(saleId)));
      const stands = moved(await journal().advance(first, { ...first.state, phase }, []));
      const second = await journal().openCharge(shop.opening(saleId));
      if (undone.includes(phase)) assert.equal(opened(second).identity.intentId, first.identity.intentId);
      else assert.deepEqual(second, { ok: false, failure: { kind: 'attempt-stands', attempt: stands } });
    }
  });

  test('all charges of a sale belong to the intent of the first', async () => {
    const shop = makeShop();
    const saleId = await shop.sale();
    assert.equal(await journal().findIntent(shop.merchantId, saleId), undefined);
    const first = opened(await journal().openCharge(shop.opening(saleId)));
    moved(await journal().advance(first, { ...first.state, ...atRest, phase: 'declined' }, []));
    const second = opened(await journal().openCharge(shop.opening(saleId)));
    assert.equal(second.identity.intentId, first.identity.intentId);
    assert.equal(await journal().findIntent(shop.merchantId, saleId), first.identity.intentId);
    assert.deepEqual(await journal().find(shop.merchantId, second.identity.id), second);
  });

  test('of fifty openings of one sale at once exactly one succeeds and the others see it', async () => {
    const shop = makeShop();
    for (let round = 0; round < 5; round += 1) {
      const saleId = await shop.sale();
      const results = await Promise.all(Array.from({ length: 50 }, () => journal().openCharge(shop.opening(saleId))));
      const winners = results.flatMap((result) => (result.ok ? [result.value.attempt] : []));
      assert.equal(winners.length, 1);
      for (const result of results)
        if (!result.ok) assert.deepEqual(result.failure, { kind: 'attempt-stands', attempt: winners[0] });
      assert.deepEqual(await journal().listOfSale(shop.merchantId, saleId), winners);
    }
  });

  test('of fifty repeats of one request at once one opens and the others repeat it', async () => {
    const shop = makeShop();
    const saleId = await shop.sale();
    const results = await Promise.all(
      Array.from({ length: 50 }, () => journal().openCharge(shop.opening(saleId, { key: 'k' }))),
    );
    const kinds = results.map((result) => (result.ok ? result.value.kind : result.failure.kind));
    assert.deepEqual(kinds.toSorted(), ['opened', ...Array(49).fill('repeated')]);
    const ids = new Set(results.map((result) => (result.ok ? result.value.attempt.identity.id : '')));
    assert.equal(ids.size, 1);
  });

  test('openings of many sales at once each get their own answer', async () => {
    const shop = makeShop();
    const good = await Promise.all(Array.from({ length: 60 }, () => shop.sale()));
    const bad = makeId('sale', start, seededRandom(2));
    const openings = good.flatMap((saleId) => [shop.opening(saleId), shop.opening(bad)]);
    const results = await Promise.all(openings.map((opening) => journal().openCharge(opening)));
    for (const [index, result] of results.entries()) {
      const charge = openings[index]?.charge;
      if (index % 2 === 0) assert.deepEqual(result, { ok: true, value: { kind: 'opened', attempt: charge } });
      else assert.deepEqual(result, { ok: false, failure: { kind: 'sale-unknown' } });
    }
  });
}
