import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addQuantities,
  fitsUnit,
  formatQuantity,
  isQuantity,
  parseQuantity,
  pieces,
  quantity,
  quantityMax,
  subtractQuantity,
} from './quantity.ts';

test('what people type is read exactly, and what is too fine, too much or nothing is refused', () => {
  assert.deepEqual(parseQuantity('3'), { ok: true, value: 3_000 });
  assert.deepEqual(parseQuantity('0.345'), { ok: true, value: 345 });
  assert.deepEqual(parseQuantity('1.5'), { ok: true, value: 1_500 });
  assert.deepEqual(parseQuantity('0.0001'), { ok: false, failure: 'too-precise' });
  assert.deepEqual(parseQuantity('0'), { ok: false, failure: 'out-of-range' });
  assert.deepEqual(parseQuantity('1000000'), { ok: false, failure: 'out-of-range' });
  for (const text of ['', '-1', '1e3', '1,5', '.5', '1.', ' 1', '٣', '1234567890']) {
    assert.deepEqual(parseQuantity(text), { ok: false, failure: 'malformed' }, JSON.stringify(text));
  }
});

test('formatting and reading are inverse', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: quantityMax }), (thousandths) => {
      const much = quantity(thousandths);
      assert.deepEqual(parseQuantity(formatQuantity(much)), { ok: true, value: much });
    }),
  );
  assert.equal(formatQuantity(pieces(12)), '12');
  assert.equal(formatQuantity(quantity(345)), '0.345');
  assert.equal(formatQuantity(quantity(1_500)), '1.5');
});

test('pieces are whole, and what is measured may be a part', () => {
  assert.equal(fitsUnit(quantity(1_500), 'piece'), false);
  assert.equal(fitsUnit(quantity(1_500), 'kilogram'), true);
  assert.equal(fitsUnit(pieces(2), 'piece'), true);
});

test('a quantity is never nothing, negative, broken or too much', () => {
  for (const value of [0, -1, 0.5, quantityMax + 1, Number.NaN, '1', null]) assert.equal(isQuantity(value), false);
  assert.equal(addQuantities(quantity(quantityMax), quantity(1)), undefined);
  assert.equal(addQuantities(pieces(1), pieces(2)), 3_000);
  assert.equal(subtractQuantity(pieces(2), pieces(2)), undefined);
  assert.equal(subtractQuantity(pieces(3), pieces(2)), 1_000);
  assert.throws(() => quantity(0), /a quantity is 1 to/);
});
