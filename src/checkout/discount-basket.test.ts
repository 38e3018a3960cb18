import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '#foundation/money.ts';
import { limitOf, rateLimit } from './adjustment.ts';
import { basketBounds, changeQuantity, removeLine } from './basket.ts';
import {
  basketMinorMax,
  discountBasket,
  discountLine,
  notReadyToPay,
  takeBackBasketDiscount,
  takeBackLineDiscount,
} from './discount-basket.ts';
import { pieces } from './quantity.ts';
import { basketOf, cny, done, grant, lin } from './testing/fixtures.ts';

const rate = (rateBps: number) => ({ kind: 'rate', rateBps }) as const;
const fixed = (minor: number) => ({ kind: 'fixed', amount: cny(minor) }) as const;
const upToTenPercent = { ...grant, limit: rateLimit(1_000) };
const tenYuan = basketOf([{ listPrice: cny(1_000) }, pieces(1)]);

test('a discount is written with its reason, who allowed it, and the limit', () => {
  const given = done(discountLine(tenYuan, 1, rate(500), upToTenPercent));
  assert.deepEqual(given.lines[0]?.adjustments, [{ discount: rate(500), ...upToTenPercent }]);
  assert.deepEqual(done(takeBackLineDiscount(given, 1, 0)).lines[0]?.adjustments, []);
  assert.deepEqual(takeBackLineDiscount(given, 1, 1), { ok: false, failure: 'no-such-discount' });
});

test('two discounts of ten percent are not a way to twenty', () => {
  for (const give of [
    (basket: typeof tenYuan) => discountLine(basket, 1, rate(1_000), upToTenPercent),
    (basket: typeof tenYuan) => discountBasket(basket, rate(1_000), upToTenPercent),
  ]) {
    assert.deepEqual(give(done(give(tenYuan))), { ok: false, failure: 'over-the-limit' });
  }
});

// Ten percent of 0.05 is 0.005, half up 0.01, which is twenty percent: it is the store's rounding, not the cashier's.
test('what rounding adds is not held against the limit', () => {
  const fiveFen = basketOf([{ listPrice: cny(5) }, pieces(1)]);
  assert.ok(discountLine(fiveFen, 1, rate(1_000), upToTenPercent).ok);
  assert.ok(!discountLine(fiveFen, 1, fixed(2), upToTenPercent).ok);
});

test('a limit may be an amount', () => {
  const upToOneYuan = { ...grant, limit: limitOf(10_000, 'CNY', 100n) };
  assert.ok(discountBasket(tenYuan, fixed(100), upToOneYuan).ok);
  assert.deepEqual(discountBasket(tenYuan, fixed(101), upToOneYuan), { ok: false, failure: 'over-the-limit' });
});

test('a discount that is nothing, more than the price, or without a reason is refused', () => {
  for (const [discount, expected] of [
    [rate(0), 'discount-not-positive'],
    [rate(1.5), 'discount-not-positive'],
    [rate(10_001), 'more-than-the-price'],
    [fixed(0), 'discount-not-positive'],
    [fixed(-1), 'discount-not-positive'],
    [fixed(1_001), 'more-than-the-price'],
    [{ kind: 'fixed', amount: money('USD', 1n) }, 'wrong-currency'],
  ] as const) {
    assert.deepEqual(discountLine(tenYuan, 1, discount, grant), { ok: false, failure: expected });
    assert.deepEqual(discountBasket(tenYuan, discount, grant), { ok: false, failure: expected });
  }
  assert.deepEqual(discountLine(tenYuan, 1, rate(1), { ...grant, reason: '' }), {
    ok: false,
    failure: 'reason-missing',
  });
});

test('twenty discounts at one place are enough', () => {
  let basket = basketOf([{ listPrice: cny(100_000) }, pieces(1)]);
  for (let count = 0; count < basketBounds.adjustmentsMax; count += 1) {
    basket = done(discountBasket(basket, fixed(1), grant));
  }
  assert.deepEqual(discountBasket(basket, fixed(1), grant), { ok: false, failure: 'too-many-discounts' });
});

test('a fixed discount that grew too large because goods went out again stops the payment', () => {
  const ten = basketOf([{ listPrice: cny(1_000) }, pieces(10)]);
  const onLine = done(discountLine(ten, 1, fixed(1_000), upToTenPercent));
  assert.equal(notReadyToPay(onLine), null);
  assert.equal(notReadyToPay(done(changeQuantity(onLine, 1, pieces(9), lin))), 'over-the-limit');
  const two = basketOf(
    [{ listPrice: cny(1_000) }, pieces(9)],
    [{ productId: 'cup', listPrice: cny(1_000) }, pieces(1)],
  );
  const onBasket = done(discountBasket(two, fixed(1_000), upToTenPercent));
  assert.equal(notReadyToPay(onBasket), null);
  const fewer = done(removeLine(onBasket, 2, lin));
  assert.equal(notReadyToPay(fewer), 'over-the-limit');
  assert.equal(notReadyToPay(done(takeBackBasketDiscount(fewer, 0))), null);
});

test('a total that no sum of sales has room for is not paid', () => {
  const dear = { listPrice: cny(basketBounds.listPriceMinorMax) };
  assert.equal(notReadyToPay(basketOf([dear, pieces(100)])), null);
  assert.equal(notReadyToPay(basketOf([dear, pieces(101)])), 'total-too-large');
  assert.equal(basketMinorMax, basketBounds.listPriceMinorMax * 100n);
});
