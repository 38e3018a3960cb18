// Baskets on hold over HTTP: from one till to another, one winner, and giving up what is worth more than a cashier may.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addProduct, type Basket, canonicalText, emptyBasket, pieces, voidBasket } from '#checkout/index.ts';
import { product } from '#checkout/testing/fixtures.ts';
import { makeId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { systemRandom } from '../ambient.ts';
import { claimedBasketSchema, heldBasketSchema, heldBasketsSchema } from '../contract/baskets.ts';
import { demoPeople } from '../people/demo-people.ts';
import { type Answer, assertProblem, demo, demoPins, openShop, type Shop } from '../testing/shop.fixture.ts';

let shop: Shop;
let cashier: string;
let other: { readonly key: string; readonly person: string };
before(async () => {
  shop = await openShop();
  cashier = await shop.signIn('cashier');
  const { key } = await shop.device(demo);
  other = { key, person: await shop.signIn('cashier', key) };
});
after(() => shop.close());

const random = systemRandom();
const at = instant(Date.UTC(2026, 10, 24));
const held = '/api/v1/baskets/held';
let keys = 0;
const freshKey = () => {
  keys += 1;
  return `key-${keys}`;
};

/** A basket of one thing at a price in minor units. */
function basketAt(minor: bigint): Basket {
  const fresh = emptyBasket({
    id: makeId('basket', at, random),
    currency: 'CNY',
    deviceId: makeId('device', at, random),
    createdAt: at,
    createdBy: 'lin',
  });
  const filled = addProduct(fresh, product({ listPrice: money('CNY', minor) }), pieces(2));
  assert.ok(filled.ok);
  return filled.value;
}

const hold = (basketText: string, idempotencyKey = freshKey(), note = 'blue coat 蓝色外套') =>
  shop.call('POST', held, { person: cashier, idempotencyKey, body: { basketText, note } });

async function heldId(minor: bigint): Promise<string> {
  const answer = await hold(canonicalText(basketAt(minor)));
  assert.equal(answer.status, 201, answer.text);
  return String(answer.json['heldBasketId']);
}

const claim = (
  id: string,
  idempotencyKey = freshKey(),
  by: { key?: string; person: string } = other,
): Promise<Answer> => shop.call('POST', `${held}/${id}/claim`, { ...by, idempotencyKey });
const giveUp = (id: string, query: string, person = cashier) =>
  shop.call('DELETE', `${held}/${id}?${query}`, { person });

test('a basket goes from one till to another, byte for byte', async () => {
  const basket = basketAt(1_250n);
  const text = canonicalText(basket);
  const kept = heldBasketSchema.strict().parse((await hold(text)).json);
  assert.deepEqual(
    [kept.basketId, kept.total, kept.currency, kept.lineCount, kept.note],
    [basket.id, '25.00', 'CNY', 1, 'blue coat 蓝色外套'],
  );
  assert.deepEqual([kept.heldBy, kept.heldByName], [demoPeople.cashier.id, demoPeople.cashier.name]);
  assert.equal(Date.parse(kept.expiresAt) - Date.parse(kept.heldAt), 7 * 86_400_000);
  const listed = heldBasketsSchema.parse((await shop.call('GET', held, other)).json).baskets;
  assert.deepEqual(
    listed.filter(({ basketId }) => basketId === basket.id),
    [kept],
  );
  const claimed = claimedBasketSchema.strict().parse((await claim(kept.heldBasketId)).json);
  assert.deepEqual(claimed, { ...kept, basketText: text });
  const left = heldBasketsSchema.parse((await shop.call('GET', held, other)).json).baskets;
  assert.ok(left.every(({ basketId }) => basketId !== basket.id));
});

test('the same holding again is one, and the same basket under another key is refused', async () => {
  const text = canonicalText(basketAt(100n));
  const first = await hold(text, 'again');
  const second = await hold(text, 'again');
  assert.deepEqual([second.status, second.json], [200, first.json]);
  assertProblem(await hold(text, 'again', 'another note'), 'idempotency-key-reused');
  assertProblem(await hold(text), 'basket-already-held');
});

test('of fifty claims at once exactly one till gets the basket', async () => {
  const id = await heldId(300n);
  const claims = await Promise.all(Array.from({ length: 50 }, () => claim(id)));
  const won = claims.filter(({ status }) => status === 200);
  assert.equal(won.length, 1);
  for (const lost of claims.filter((answer) => !won.includes(answer))) assertProblem(lost, 'held-basket-claimed');
});

test('a claim whose answer was lost is told again to the same till by the same key', async () => {
  const id = await heldId(300n);
  const first = await claim(id, 'lost-answer');
  const second = await claim(id, 'lost-answer');
  assert.deepEqual([second.status, second.json], [200, first.json]);
  assertProblem(await claim(id, 'lost-answer', { person: cashier }), 'held-basket-claimed');
  assertProblem(await claim(await heldId(300n), 'lost-answer'), 'idempotency-key-reused');
});

test('what is no basket is refused with every bad field named', async () => {
  const basket = basketAt(100n);
  const bad = JSON.stringify(JSON.parse(canonicalText({ ...basket, note: 'x' })), null, 1);
  assertProblem(await hold(bad), 'invalid-request', /one spelling/);
  assertProblem(await hold('{}'), 'invalid-request', /basket\.id: is missing/);
  const foreign = canonicalText({ ...basket, currency: 'HKD', lines: [], nextLineNumber: 1 });
  assertProblem(await hold(foreign), 'currency-not-taken');
  const given = voidBasket(basket, 'left', { personId: 'lin', at });
  assert.ok(given.ok);
  assertProblem(await hold(canonicalText(given.value)), 'basket-voided');
  const text = canonicalText(basket);
  const keyless = await shop.call('POST', held, { person: cashier, body: { basketText: text, note: '' } });
  assertProblem(keyless, 'idempotency-key-missing');
});

test('a basket of the most lines can be held', async () => {
  let basket = basketAt(100n);
  for (let line = 1; line < 999; line += 1) {
    const facts = { productId: `p${line}`, names: { en: 'Long name '.repeat(8), zh: '很长的名字'.repeat(8) } };
    const next = addProduct(basket, product(facts), pieces(1));
    assert.ok(next.ok);
    basket = next.value;
  }
  const text = canonicalText(basket);
  assert.ok(text.length > 400_000);
  const answer = await hold(text);
  assert.equal(answer.status, 201, answer.text.slice(0, 300));
  assert.equal((await claim(String(answer.json['heldBasketId']))).json['basketText'], text);
});

test('a cashier gives up a small basket alone, and a dear one with a supervisor’s word, which counts once', async () => {
  const small = await heldId(25_000n);
  assert.equal((await giveUp(small, 'reason=left')).status, 204);
  assert.equal((await giveUp(small, 'reason=left')).status, 204, 'again is the same');
  assertProblem(await claim(small), 'held-basket-voided');
  const dear = await heldId(25_001n);
  const refused = await giveUp(dear, 'reason=left');
  assertProblem(refused, 'role-too-low', /"supervisor"/);
  assertProblem(await giveUp(dear, 'reason=left&overrideId=ovr_nbdy'), 'override-not-found');
  const by = { personId: demoPeople.supervisor.id, pin: demoPins.supervisor };
  const body = {
    ...by,
    act: 'void-basket',
    worth: { amount: '500.02', currency: 'CNY' },
    reason: 'left',
    subject: dear,
  };
  const override = await shop.call('POST', '/api/v1/people/overrides', { person: cashier, body });
  const query = `reason=left&overrideId=${String(override.json['overrideId'])}`;
  const stranger = await shop.call('DELETE', `${held}/${dear}?${query}`, other);
  assertProblem(stranger, 'override-not-found');
  assert.equal((await giveUp(dear, query)).status, 204);
  assertProblem(await giveUp(await heldId(25_001n), query), 'override-used');
  assertProblem(await giveUp(await heldId(25_002n), query), 'override-does-not-fit');
  assertProblem(await giveUp(await heldId(1n), 'reason='), 'invalid-request', /reason/);
});

test('baskets of another store are not there', async () => {
  const id = await heldId(100n);
  const stranger = await shop.device({ merchantId: demo.merchantId });
  const answer = await shop.call('GET', held, { key: stranger.key, person: cashier });
  assertProblem(answer, 'person-not-signed-in');
  for (const wrong of ['hold_nbdy', 'x', id.replace('hold_', 'bsk_')])
    assertProblem(await claim(wrong), 'held-basket-not-found');
});
