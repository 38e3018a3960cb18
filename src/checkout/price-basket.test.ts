// Worked figures. Amounts are in fen unless a header says otherwise.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discountBasket, discountLine } from './discount-basket.ts';
import { noPromotions, type PricedBasket, type PromotionAdjustment, priceBasket } from './price-basket.ts';
import { pieces, quantity } from './quantity.ts';
import { added8, basketAt, basketOf, cny, done, freshBasket, grant, untaxed, vat9, vat13 } from './testing/fixtures.ts';

const figures = (priced: PricedBasket) => ({
  subtotal: priced.subtotal.minor,
  savings: priced.savings.minor,
  tax: priced.tax.minor,
  total: priced.total.minor,
});
const lineFigures = (priced: PricedBasket) =>
  priced.lines.map(({ net, tax, gross }) => [net.minor, tax.minor, gross.minor]);
const promotion = (change: Partial<PromotionAdjustment>): PromotionAdjustment => ({
  promotionId: 'promo',
  names: { en: 'Offer', zh: '优惠' },
  couponId: null,
  lineNumbers: null,
  amount: cny(0),
  ...change,
});

// 113.00 with 13 % included holds 113.00 × 13 ÷ 113 = 13.00.
// 100.00 with 8.25 % added gets 8.25 on top.
test('tax is in the price or on it, as the tax class says', () => {
  assert.deepEqual(figures(priceBasket(basketAt(vat13, 11_300), noPromotions)), {
    subtotal: 11_300n,
    savings: 0n,
    tax: 1_300n,
    total: 11_300n,
  });
  assert.deepEqual(figures(priceBasket(basketAt(added8, 10_000), noPromotions)), {
    subtotal: 10_000n,
    savings: 0n,
    tax: 825n,
    total: 10_825n,
  });
});

// Three at 0.10 each with 8.25 % added: on each alone 0.825 → 1 fen, 3 in all; on the sum 30 × 0.0825 = 2.475 → 2. The sum counts,
// and the two fen go to the first two lines.
test('tax is worked out on the sum of a class and shared back to its lines', () => {
  const priced = priceBasket(basketAt(added8, 10, 10, 10), noPromotions);
  assert.deepEqual(lineFigures(priced), [
    [10n, 1n, 11n],
    [10n, 1n, 11n],
    [10n, 0n, 10n],
  ]);
  assert.equal(priced.total.minor, 32n);
});

// 345 g at 12.99 a kilogram: 12.99 × 0.345 = 4.48155 → 4.48. 1.5 kg at 0.33: 0.495 → 0.50.
test('what is weighed costs its weight, half up', () => {
  const ham = { productId: 'ham', unit: 'kilogram', taxClass: untaxed } as const;
  const basket = basketOf(
    [{ ...ham, listPrice: cny(1_299) }, quantity(345)],
    [{ ...ham, listPrice: cny(33) }, quantity(1_500)],
  );
  assert.deepEqual(
    priceBasket(basket, noPromotions).lines.map((line) => line.listTotal.minor),
    [448n, 50n],
  );
});

// 853 g at 14.99 a kilogram would be 14.99 × 0.853 = 12.78647 → 12.79. The scale weighed more finely and printed 12.80.
test('what a label asks for counts as it is', () => {
  const label = { productId: 'ham', unit: 'kilogram', listPrice: cny(1_499), labelPrice: cny(1_280) } as const;
  assert.equal(priceBasket(basketOf([label, quantity(853)]), noPromotions).total.minor, 1_280n);
});

// Three for 0.01: at 0.00333… each no price list can say it. Three at 0.01 with 0.02 off the line cost 0.01.
// As three lines of 0.01 with 0.02 off the basket: the shares of 2 over 1, 1, 1 are 0.667 each; the first two lines pay nothing.
test('three for one fen', () => {
  const joined = basketOf([{ listPrice: cny(1), taxClass: untaxed }, pieces(3)]);
  const twoOff = { kind: 'fixed', amount: cny(2) } as const;
  const onLine = priceBasket(done(discountLine(joined, 1, twoOff, grant)), noPromotions);
  assert.deepEqual(lineFigures(onLine), [[1n, 0n, 1n]]);
  const apart = priceBasket(done(discountBasket(basketAt(untaxed, 1, 1, 1), twoOff, grant)), noPromotions);
  assert.deepEqual(lineFigures(apart), [
    [0n, 0n, 0n],
    [0n, 0n, 0n],
    [1n, 0n, 1n],
  ]);
  assert.deepEqual(
    apart.lines.map((line) => line.adjustments),
    [[{ source: 'basket', index: 0, amount: cny(1) }], [{ source: 'basket', index: 0, amount: cny(1) }], []],
  );
});

// Several classes. Lines of 56.50 (13 % in), 21.80 (9 % in), 10.00 (8.25 % on), 5.00 (none): 93.30 together.
// 10 % off the basket: 9.33, shared 565.0, 218.0, 100.0, 50.0 of 933 → exact. Left 50.85, 19.62, 9.00, 4.50.
// Tax: 50.85 × 13 ÷ 113 = 5.85; 19.62 × 9 ÷ 109 = 1.62; 9.00 × 8.25 % = 0.7425 → 0.74; 0. Total 83.97 + 0.74 = 84.71.
test('each tax class is summed for itself, after a basket discount was shared out', () => {
  const basket = basketOf(
    [{ productId: 'a', listPrice: cny(5_650), taxClass: vat13 }, pieces(1)],
    [{ productId: 'b', listPrice: cny(2_180), taxClass: vat9 }, pieces(1)],
    [{ productId: 'c', listPrice: cny(1_000), taxClass: added8 }, pieces(1)],
    [{ productId: 'd', listPrice: cny(500), taxClass: untaxed }, pieces(1)],
  );
  const priced = priceBasket(done(discountBasket(basket, { kind: 'rate', rateBps: 1_000 }, grant)), noPromotions);
  assert.deepEqual(
    priced.taxes.map(({ taxClass, base, tax }) => [taxClass.id, base.minor, tax.minor]),
    [
      ['added', 900n, 74n],
      ['none', 450n, 0n],
      ['reduced', 1_800n, 162n],
      ['standard', 4_500n, 585n],
    ],
  );
  assert.deepEqual(figures(priced), { subtotal: 9_330n, savings: 933n, tax: 821n, total: 8_471n });
});

// One line of 10.00: 10 % off the line leaves 9.00; the promotion takes 2.00, 7.00; then 50 % off the basket takes 3.50.
// In any other order it would be another total: 10.00 − 5.00 − 1.00 …
test('the order is line, promotion, basket', () => {
  const line = done(discountLine(basketAt(untaxed, 1_000), 1, { kind: 'rate', rateBps: 1_000 }, grant));
  const basket = done(discountBasket(line, { kind: 'rate', rateBps: 5_000 }, grant));
  const priced = priceBasket(basket, { promotionAdjustments: [promotion({ lineNumbers: [1], amount: cny(200) })] });
  assert.deepEqual(priced.lines[0]?.adjustments, [
    { source: 'line', index: 0, amount: cny(100) },
    { source: 'promotion', index: 0, amount: cny(200) },
    { source: 'basket', index: 0, amount: cny(350) },
  ]);
  assert.equal(priced.total.minor, 350n);
});

// 3.00 off the first two of three lines (10.00, 5.00, 100.00): 2.00 and 1.00; the third pays in full.
test('a promotion for some lines is shared over these alone, and never takes more than they cost', () => {
  const basket = basketAt(untaxed, 1_000, 500, 10_000);
  const some = promotion({ lineNumbers: [1, 2, 77, 2], amount: cny(300) });
  assert.deepEqual(
    priceBasket(basket, { promotionAdjustments: [some] }).lines.map((line) => line.gross.minor),
    [800n, 400n, 10_000n],
  );
  const tooMuch = promotion({ lineNumbers: [1, 2], amount: cny(99_999) });
  assert.deepEqual(
    priceBasket(basket, { promotionAdjustments: [tooMuch, tooMuch] }).lines.map((line) => line.gross.minor),
    [0n, 0n, 10_000n],
  );
});

// A hundred lines at 0.99 with 13 % in: 99.00 holds 99.00 × 13 ÷ 113 = 11.389 → 11.39. Each line alone would hold 0.1139 → 0.11,
// 11.00 together: the 39 fen that are over go to the first 39 lines.
test('a hundred lines', () => {
  const priced = priceBasket(basketAt(vat13, ...Array.from({ length: 100 }, () => 99)), noPromotions);
  assert.equal(priced.tax.minor, 1_139n);
  assert.deepEqual(
    priced.lines.map((line) => line.tax.minor),
    Array.from({ length: 100 }, (_, index) => (index < 39 ? 12n : 11n)),
  );
});

test('one id with two rates is two classes', () => {
  const basket = basketOf(
    [{ productId: 'old', listPrice: cny(1_130), taxClass: vat13 }, pieces(1)],
    [{ productId: 'new', listPrice: cny(1_000), taxClass: { ...vat13, rateBps: 0 } }, pieces(1)],
  );
  assert.deepEqual(
    priceBasket(basket, noPromotions).taxes.map(({ taxClass, tax }) => [taxClass.rateBps, tax.minor]),
    [
      [0, 0n],
      [1_300, 130n],
    ],
  );
});

test('an empty basket and goods that cost nothing are priced at nothing', () => {
  const none = { subtotal: 0n, savings: 0n, tax: 0n, total: 0n };
  assert.deepEqual(figures(priceBasket(freshBasket(), noPromotions)), none);
  const free = { promotionAdjustments: [promotion({ amount: cny(5) })] };
  assert.deepEqual(figures(priceBasket(basketAt(vat13, 0, 0), free)), none);
});
