// Refunds: never more than was taken, whatever happens at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Currency, money } from '#foundation/money.ts';
import { atRest, type Context, moved, opened } from './journal-subject.contract.ts';

export function refundTests({ journal, subject, shop: makeShop }: Context): void {
  const cny = (minor: bigint) => money('CNY', minor);
  const exceeds = (minor: bigint, currency: Currency = 'CNY') => ({
    ok: false,
    failure: { kind: 'exceeds', refundable: money(currency, minor) },
  });

  test('an opened refund is found as it was given', async () => {
    const shop = makeShop();
    const opening = shop.refundOpening(await shop.approved(cny(1_000n)), 400n);
    assert.deepEqual(await journal().openRefund(opening), {
      ok: true,
      value: { kind: 'opened', attempt: opening.refund },
    });
    assert.deepEqual(await journal().findByNumber(opening.refund.identity.id), opening.refund);
  });

  test('a refund repeats, refuses a reused key, and knows its charge', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    const first = opened(await journal().openRefund(shop.refundOpening(charge, 1_000n, 'k')));
    const again = await journal().openRefund(shop.refundOpening(charge, 1_000n, 'k'));
    assert.deepEqual(again, { ok: true, value: { kind: 'repeated', attempt: first } });
    const reused = await journal().openRefund(shop.refundOpening(charge, 1n, 'k', 'other'));
    assert.deepEqual(reused, { ok: false, failure: { kind: 'key-reused' } });
    const open = await shop.charge();
    const early = await journal().openRefund(shop.refundOpening(open, 1n));
    assert.deepEqual(early, { ok: false, failure: { kind: 'charge-not-approved', charge: open } });
    const { charge: unmade } = shop.opening(await shop.sale());
    const unknown = await journal().openRefund(shop.refundOpening(unmade, 1n));
    assert.deepEqual(unknown, { ok: false, failure: { kind: 'charge-unknown' } });
  });

  test('refunds never exceed the charge, and a declined one gives its amount back', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    const first = opened(await journal().openRefund(shop.refundOpening(charge, 600n)));
    assert.deepEqual(await journal().openRefund(shop.refundOpening(charge, 401n)), exceeds(400n));
    const second = opened(await journal().openRefund(shop.refundOpening(charge, 400n)));
    assert.deepEqual(await journal().openRefund(shop.refundOpening(charge, 1n)), exceeds(0n));
    moved(await journal().advance(first, { ...first.state, ...atRest, phase: 'declined', reason: 'other' }, []));
    moved(await journal().advance(second, { ...second.state, ...atRest, phase: 'refunded' }, []));
    assert.deepEqual(await journal().openRefund(shop.refundOpening(charge, 601n)), exceeds(600n));
    opened(await journal().openRefund(shop.refundOpening(charge, 600n)));
  });

  test('a refund in another currency is refused', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    const opening = shop.refundOpening(charge, 1n);
    const refund = { ...opening.refund, identity: { ...opening.refund.identity, amount: money('USD', 1n) } };
    assert.deepEqual(await journal().openRefund({ ...opening, refund }), exceeds(1_000n));
  });

  test('forty refunds at once give back no more than was taken', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    const results = await Promise.all(
      Array.from({ length: 40 }, () => journal().openRefund(shop.refundOpening(charge, 70n))),
    );
    assert.equal(results.filter((result) => result.ok).length, 14);
    for (const result of results) if (!result.ok) assert.equal(result.failure.kind, 'exceeds');
    assert.deepEqual(await journal().openRefund(shop.refundOpening(charge, 21n)), exceeds(20n));
  });

  test('ten repeats of one refund at once make one', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    const results = await Promise.all(
      Array.from({ length: 10 }, () => journal().openRefund(shop.refundOpening(charge, 500n, 'k'))),
    );
    const kinds = results.map((result) => (result.ok ? result.value.kind : result.failure.kind));
    assert.deepEqual(kinds.toSorted(), ['opened', ...Array(9).fill('repeated')]);
  });

  test('a declined refund that is written twice gives its amount back once', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    let refund = opened(await journal().openRefund(shop.refundOpening(charge, 1_000n)));
    for (let round = 0; round < 2; round += 1)
      refund = moved(await journal().advance(refund, { ...refund.state, ...atRest, phase: 'declined' }, []));
    opened(await journal().openRefund(shop.refundOpening(charge, 1_000n)));
    assert.deepEqual(await journal().openRefund(shop.refundOpening(charge, 1n)), exceeds(0n));
  });

  test('a refund moves by version, and its facts go with the move that was done', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    const refund = opened(await journal().openRefund(shop.refundOpening(charge, 1_000n)));
    const next = { ...refund.state, ...atRest, phase: 'refunded' } as const;
    const results = await Promise.all(
      Array.from({ length: 5 }, (_, n) => journal().advance(refund, next, [{ type: 'test.refund', data: { n } }])),
    );
    assert.equal(results.filter((result) => result !== undefined).length, 1);
    assert.deepEqual(await journal().findByNumber(refund.identity.id), { ...refund, state: next, version: 2 });
    assert.equal((await subject().factsOf(shop.merchantId)).length, 1);
  });
}
