// Custody: who holds what, who may take it up, and what is listed of a sale and of a merchant.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PaymentAttemptId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import type { Attempt } from './attempt.ts';
import { approvedState, atRest, type Context, moved, opened, type Shop, seconds } from './journal-subject.contract.ts';

export function custodyTests({ journal, shop: makeShop }: Context): void {
  // The journal is shared, so a taker may see other tests' attempts: only this shop's count.
  const take = async (shop: Shop, taker: string, now: Instant, limit = 10_000) =>
    (await journal().takeUp(taker, now, limit)).filter((attempt) => attempt.identity.merchantId === shop.merchantId);
  const ids = (attempts: readonly Attempt[]) => attempts.map((attempt) => attempt.identity.id).toSorted();

  test('a living owner keeps what it holds, due or not', async () => {
    const shop = makeShop();
    await journal().beat(shop.owner, seconds(100));
    await shop.charge({ state: { dueAt: seconds(5) } });
    assert.deepEqual(await take(shop, `${shop.owner}-b`, seconds(99)), []);
  });

  test('what a dead owner holds is taken up at once, due or not, and only once', async () => {
    const shop = makeShop();
    await journal().beat(shop.owner, seconds(100));
    const charge = await shop.charge({ state: { dueAt: seconds(5_000) } });
    const [taken] = await take(shop, `${shop.owner}-b`, seconds(101));
    assert.deepEqual(taken, charge);
    await journal().beat(`${shop.owner}-b`, seconds(200));
    assert.deepEqual(await take(shop, `${shop.owner}-c`, seconds(102)), []);
    assert.deepEqual(await take(shop, `${shop.owner}-b`, seconds(102)), []);
  });

  test('a beat keeps an owner alive', async () => {
    const shop = makeShop();
    await journal().beat(shop.owner, seconds(100));
    await shop.charge();
    await journal().beat(shop.owner, seconds(300));
    assert.deepEqual(await take(shop, `${shop.owner}-b`, seconds(200)), []);
    assert.equal((await take(shop, `${shop.owner}-b`, seconds(301))).length, 1);
  });

  test('an owner that retires leaves all to others at once', async () => {
    const shop = makeShop();
    await journal().beat(shop.owner, seconds(100));
    const charges = await Promise.all(
      Array.from({ length: 3 }, () => shop.charge({ state: { dueAt: seconds(5_000) } })),
    );
    await journal().retire(shop.owner);
    assert.deepEqual(ids(await take(shop, `${shop.owner}-b`, seconds(1))), ids(charges));
  });

  test('what is at rest is nobody’s duty, even when its owner is dead', async () => {
    const shop = makeShop();
    const charge = await shop.charge();
    moved(await journal().advance(charge, approvedState(charge), []));
    assert.deepEqual(await take(shop, `${shop.owner}-b`, seconds(10_000)), []);
  });

  test('what a late notice woke is taken up when it is due, also by the one who once held it', async () => {
    const shop = makeShop();
    await journal().beat(shop.owner, seconds(100_000));
    const charge = await shop.charge();
    const rest = moved(await journal().advance(charge, { ...charge.state, ...atRest, phase: 'declined' }, []));
    const woken = moved(
      await journal().advance(rest, { ...rest.state, phase: 'reversing', inFlight: null, dueAt: seconds(50) }, []),
    );
    assert.deepEqual(await take(shop, shop.owner, seconds(49)), []);
    assert.deepEqual(await take(shop, shop.owner, seconds(50)), [woken]);
  });

  test('what its living owner left lying for half a minute is given to that owner again, and to no other', async () => {
    const shop = makeShop();
    await journal().beat(shop.owner, seconds(1_000));
    const charge = await shop.charge({ state: { dueAt: seconds(50) } });
    assert.deepEqual(await take(shop, shop.owner, seconds(79)), []);
    assert.deepEqual(await take(shop, `${shop.owner}-b`, seconds(200)), []);
    assert.deepEqual(await take(shop, shop.owner, seconds(80)), [charge]);
  });

  test('several takers at once each get what no other gets', async () => {
    const shop = makeShop();
    const charges = await Promise.all(Array.from({ length: 60 }, () => shop.charge()));
    const takers = ['b', 'c', 'd', 'e'].map((name) => `${shop.owner}-${name}`);
    for (const taker of takers) await journal().beat(taker, seconds(1_000));
    const taken = await Promise.all(
      takers.flatMap((taker) => [take(shop, taker, seconds(10)), take(shop, taker, seconds(10))]),
    );
    assert.deepEqual(ids(taken.flat()), ids(charges));
  });

  test('a taker takes no more than it asked for', async () => {
    const shop = makeShop();
    await Promise.all(Array.from({ length: 5 }, () => shop.charge()));
    assert.ok((await journal().takeUp(`${shop.owner}-b`, seconds(10), 3)).length <= 3);
  });

  test('a refund is taken up like a charge', async () => {
    const shop = makeShop();
    const charge = await shop.approved(money('CNY', 100n));
    const refund = opened(await journal().openRefund(shop.refundOpening(charge, 100n)));
    assert.deepEqual(await take(shop, `${shop.owner}-b`, seconds(10)), [refund]);
  });

  test('a write from before the taking up still counts, for the version did not move', async () => {
    const shop = makeShop();
    const charge = await shop.charge();
    await take(shop, `${shop.owner}-b`, seconds(10));
    assert.equal(moved(await journal().advance(charge, approvedState(charge), [])).version, 2);
  });
}

export function listTests({ journal, shop: makeShop }: Context): void {
  const ids = (attempts: readonly Attempt[]): readonly PaymentAttemptId[] => attempts.map((each) => each.identity.id);

  test('the attempts of a sale are listed oldest first, charges and refunds', async () => {
    const shop = makeShop();
    const saleId = await shop.sale();
    const first = opened(await journal().openCharge(shop.opening(saleId)));
    moved(await journal().advance(first, { ...first.state, ...atRest, phase: 'declined' }, []));
    const second = opened(await journal().openCharge(shop.opening(saleId)));
    const approved = moved(await journal().advance(second, approvedState(second), []));
    const refund = opened(await journal().openRefund(shop.refundOpening(approved, 5n)));
    const listed = await journal().listOfSale(shop.merchantId, saleId);
    assert.deepEqual(ids(listed), [first.identity.id, approved.identity.id, refund.identity.id]);
    assert.deepEqual(listed.slice(1), [approved, refund]);
  });

  test('the attempts of a page of sales come in one answer, with an empty list where there are none', async () => {
    const shop = makeShop();
    const paid = await shop.charge();
    const empty = await shop.sale();
    const listed = await journal().listOfSales(shop.merchantId, [paid.identity.saleId, empty]);
    assert.deepEqual(
      [...listed],
      [
        [paid.identity.saleId, [paid]],
        [empty, []],
      ],
    );
    assert.equal((await journal().listOfSales(shop.merchantId, [])).size, 0);
  });

  test('custody lists what is still to be done although the till has its word, oldest first', async () => {
    const shop = makeShop();
    const charges = [];
    for (let count = 0; count < 4; count += 1) charges.push(await shop.charge());
    const [waiting, first, done, second] = charges;
    assert.ok(waiting && first && done && second);
    const told = { finalWord: 'not-paid', finalWordAt: seconds(30), phase: 'reversing' } as const;
    const later = moved(await journal().advance(second, { ...second.state, ...told }, []));
    const sooner = moved(await journal().advance(first, { ...first.state, ...told }, []));
    moved(await journal().advance(done, { ...done.state, ...told, ...atRest, phase: 'reversed' }, []));
    const whole = await shop.approved(money('CNY', 100n));
    const refund = opened(await journal().openRefund(shop.refundOpening(whole, 100n)));
    assert.deepEqual(await journal().listCustody(shop.merchantId, 10), [sooner, later]);
    const unclear = moved(await journal().advance(refund, { ...refund.state, phase: 'unclear' }, []));
    assert.deepEqual(await journal().listCustody(shop.merchantId, 10), [sooner, later, unclear]);
    assert.deepEqual(await journal().listCustody(shop.merchantId, 1), [sooner]);
  });
}
