import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '#foundation/money.ts';
import {
  addProduct,
  type Basket,
  type BasketResult,
  basketBounds,
  changeQuantity,
  nameCustomer,
  noteBasket,
  noteLine,
  recordAgeCheck,
  removeLine,
  voidBasket,
} from './basket.ts';
import { ageToCheck, discountLine, notReadyToPay } from './discount-basket.ts';
import { pieces, quantity, quantityMax } from './quantity.ts';
import { basketOf, cny, done, freshBasket, grant, lin, product } from './testing/fixtures.ts';
import { remember, startHistory, undoLast } from './undo-basket.ts';
import { textBounds } from './well-formed.ts';

const refusal = (result: BasketResult) => (result.ok ? 'not refused' : result.failure);
const held = (basket: Basket) => basket.lines.map((line) => [line.lineNumber, line.productId, line.quantity]);

test('the same product joins its line', () => {
  assert.deepEqual(held(basketOf([{}, pieces(1)], [{ productId: 'cup' }, pieces(1)], [{}, pieces(2)])), [
    [1, 'tea', 3_000],
    [2, 'cup', 1_000],
  ]);
});

test('what is weighed, noted, discounted or priced otherwise stays a line of its own', () => {
  const plain = basketOf([{}, pieces(1)]);
  const five = { kind: 'fixed', amount: cny(5) } as const;
  for (const [basket, facts] of [
    [done(noteLine(plain, 1, 'as a gift')), {}],
    [done(discountLine(plain, 1, five, grant)), {}],
    [plain, { listPrice: cny(351) }],
    [plain, { priceVersion: '8' }],
    [plain, { taxClass: { id: 'standard', rateBps: 900, isIncluded: true } }],
  ] as const) {
    assert.equal(done(addProduct(basket, product(facts), pieces(1))).lines.length, 2);
  }
  const ham = { productId: 'ham', unit: 'kilogram' } as const;
  assert.deepEqual(held(basketOf([ham, quantity(345)], [ham, quantity(345)])), [
    [1, 'ham', 345],
    [2, 'ham', 345],
  ]);
});

test("a scale's label is a line of its own, whose quantity nobody changes", () => {
  const label = { productId: 'ham', unit: 'kilogram', labelPrice: cny(1_280) } as const;
  const basket = basketOf([label, quantity(985)], [label, quantity(985)]);
  assert.equal(basket.lines.length, 2);
  assert.equal(refusal(changeQuantity(basket, 1, quantity(500), lin)), 'priced-by-label');
  const dollars = product({ labelPrice: money('USD', 1n) });
  assert.equal(refusal(addProduct(basket, dollars, pieces(1))), 'wrong-currency');
  assert.equal(basketOf([{ labelPrice: cny(1) }, pieces(1)], [{}, pieces(1)], [{}, pieces(1)]).lines.length, 2);
});

test('a line number is never given twice, and what was taken out stays on record', () => {
  const two = basketOf([{}, pieces(3)], [{ productId: 'cup' }, pieces(1)]);
  const less = done(changeQuantity(two, 1, pieces(1), lin));
  const removed = done(removeLine(less, 2, lin));
  const again = done(addProduct(removed, product({ productId: 'cup' }), pieces(1)));
  assert.deepEqual(held(again), [
    [1, 'tea', 1_000],
    [3, 'cup', 1_000],
  ]);
  const record = again.removedLines.map(({ line, removedBy, at }) => [line.productId, line.quantity, removedBy, at]);
  assert.deepEqual(record, [
    ['tea', 2_000, 'lin', lin.at],
    ['cup', 1_000, 'lin', lin.at],
  ]);
  assert.deepEqual(held(done(changeQuantity(again, 1, pieces(9), lin)))[0], [1, 'tea', 9_000]);
});

test('an operation leaves the basket before it as it was', () => {
  const before = basketOf([{}, pieces(1)]);
  const copy = structuredClone(before);
  done(addProduct(before, product(), pieces(1)));
  done(removeLine(before, 1, lin));
  done(discountLine(before, 1, { kind: 'rate', rateBps: 100 }, grant));
  assert.deepEqual(before, copy);
});

test('what cannot be is refused by its reason', () => {
  const basket = basketOf([{}, pieces(1)]);
  const most = basketOf([{}, quantity(999_999_000)]);
  const long = 'x'.repeat(textBounds.noteLengthMax + 1);
  const dear = cny(basketBounds.listPriceMinorMax + 1n);
  for (const [result, expected] of [
    [addProduct(basket, product({ listPrice: money('HKD', 1n) }), pieces(1)), 'wrong-currency'],
    [addProduct(basket, product({ listPrice: cny(-1) }), pieces(1)), 'price-out-of-range'],
    [addProduct(basket, product({ listPrice: dear }), pieces(1)), 'price-out-of-range'],
    [addProduct(basket, product(), quantity(1_500)), 'quantity-not-whole'],
    [addProduct(most, product(), pieces(1)), 'quantity-out-of-range'],
    [changeQuantity(basket, 1, quantity(1), lin), 'quantity-not-whole'],
    [changeQuantity(basket, 2, pieces(1), lin), 'no-such-line'],
    [removeLine(basket, 2, lin), 'no-such-line'],
    [noteLine(basket, 1, long), 'note-unfit'],
    [noteBasket(basket, long), 'note-unfit'],
    [noteBasket(basket, 'half a letter: \ud83d'), 'note-unfit'],
    [voidBasket(basket, '', lin), 'reason-missing'],
    [voidBasket(basket, 'x'.repeat(201), lin), 'reason-missing'],
  ] as const) {
    assert.equal(refusal(result), expected);
  }
  assert.ok(quantityMax > 999_999_000);
});

test('a basket holds 999 lines and not one more', () => {
  const ham = { productId: 'ham', unit: 'kilogram' } as const;
  let basket = freshBasket();
  for (let count = 0; count < basketBounds.linesMax; count += 1) {
    basket = done(addProduct(basket, product(ham), quantity(1)));
  }
  assert.equal(refusal(addProduct(basket, product(ham), quantity(1))), 'too-many-lines');
});

test('nothing can be done to a basket that was voided', () => {
  const voided = done(voidBasket(basketOf([{}, pieces(1)]), 'customer left', lin));
  assert.deepEqual(voided.voided, { reason: 'customer left', voidedBy: 'lin', at: lin.at });
  for (const result of [
    addProduct(voided, product(), pieces(1)),
    removeLine(voided, 1, lin),
    changeQuantity(voided, 1, pieces(2), lin),
    noteLine(voided, 1, ''),
    noteBasket(voided, ''),
    nameCustomer(voided, 'customer'),
    recordAgeCheck(voided, 18, true, lin),
    voidBasket(voided, 'again', lin),
    discountLine(voided, 1, { kind: 'rate', rateBps: 1 }, grant),
  ]) {
    assert.equal(refusal(result), 'basket-voided');
  }
  assert.equal(notReadyToPay(voided), 'basket-voided');
});

test('beer waits for a look at the customer, and the look counts for what is below', () => {
  const beer = basketOf([{ productId: 'beer', minimumAge: 16 }, pieces(1)]);
  assert.equal(notReadyToPay(beer), 'age-unchecked');
  assert.equal(ageToCheck(beer), 16);
  assert.equal(ageToCheck(done(recordAgeCheck(beer, 18, true, lin))), null);
  assert.equal(ageToCheck(done(recordAgeCheck(beer, 18, false, lin))), 16, 'not 18 says nothing about 16');
  const young = done(recordAgeCheck(done(recordAgeCheck(beer, 16, true, lin)), 14, false, lin));
  assert.equal(notReadyToPay(young), 'age-unchecked', 'the latest look counts');
  assert.equal(notReadyToPay(done(removeLine(young, 1, lin))), 'basket-empty');
  const whisky = done(addProduct(beer, product({ productId: 'whisky', minimumAge: 18 }), pieces(1)));
  assert.equal(ageToCheck(done(recordAgeCheck(whisky, 16, true, lin))), 18);
  assert.equal(notReadyToPay(done(recordAgeCheck(whisky, 18, true, lin))), null);
});

test('the last step is undone, and undoing leaves its trace', () => {
  const first = startHistory(basketOf([{}, pieces(1)]));
  const second = remember(first, done(addProduct(first.basket, product(), pieces(1))));
  const third = remember(second, done(addProduct(second.basket, product({ productId: 'cup' }), pieces(1))));
  const once = undoLast(third, lin);
  assert.ok(once.ok);
  const twice = undoLast(once.value, lin);
  assert.ok(twice.ok);
  assert.deepEqual(held(twice.value.basket), [[1, 'tea', 1_000]]);
  assert.equal(twice.value.basket.nextLineNumber, 3);
  assert.deepEqual(
    twice.value.basket.removedLines.map(({ line }) => [line.productId, line.quantity]),
    [
      ['cup', 1_000],
      ['tea', 1_000],
    ],
  );
  assert.deepEqual(undoLast(twice.value, lin), { ok: false, failure: 'nothing-to-undo' });
});

test('undoing a removal brings the line back and keeps the record of both', () => {
  const start = startHistory(basketOf([{}, pieces(1)]));
  const back = undoLast(remember(start, done(removeLine(start.basket, 1, lin))), lin);
  assert.ok(back.ok);
  assert.deepEqual(held(back.value.basket), [[1, 'tea', 1_000]]);
  assert.equal(back.value.basket.removedLines.length, 1);
});

test('the till remembers fifty steps', () => {
  let history = startHistory(freshBasket());
  for (let step = 0; step < 60; step += 1) history = remember(history, { ...history.basket, note: `${step}` });
  let count = 0;
  for (let back = undoLast(history, lin); back.ok; back = undoLast(back.value, lin)) count += 1;
  assert.equal(count, 50);
});
