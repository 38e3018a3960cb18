// Scales' labels. The check digits of the price are those of GS1's own examples: 2875 has 9, 14685 has 6.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '#foundation/money.ts';
import {
  amountOfWeight,
  defaultLayouts,
  type EmbeddedLayout,
  layoutProblem,
  measureCheckDigit,
  readEmbedded,
  weightOfAmount,
} from './embedded-code.ts';
import { checkDigit } from './gtin.ts';

const withCheck = (twelve: string) => `${twelve}${checkDigit(twelve)}`;

test('a price and a weight are read with the usual layouts', () => {
  const priced = readEmbedded(withCheck('200012301280'), defaultLayouts);
  assert.deepEqual(priced, { ok: true, value: { plu: '123', measure: { kind: 'price', minor: 1_280n } } });
  const weighed = readEmbedded(withCheck('259999900345'), defaultLayouts);
  assert.deepEqual(weighed, { ok: true, value: { plu: '99999', measure: { kind: 'weight', thousandths: 345 } } });
});

test("the check digit of the price is GS1's, and a price misread is refused", () => {
  assert.equal(measureCheckDigit('2875'), '9');
  assert.equal(measureCheckDigit('14685'), '6');
  assert.equal(measureCheckDigit('123456'), undefined);
  const layouts: readonly EmbeddedLayout[] = [
    { prefix: '21', pluDigits: 4, measure: 'price', hasMeasureCheckDigit: true, step: 1 },
    { prefix: '22', pluDigits: 5, measure: 'price', hasMeasureCheckDigit: true, step: 10 },
  ];
  assert.deepEqual(readEmbedded(withCheck('210123614685'), layouts), {
    ok: true,
    value: { plu: '123', measure: { kind: 'price', minor: 14_685n } },
  });
  assert.deepEqual(readEmbedded(withCheck('220012392875'), layouts), {
    ok: true,
    value: { plu: '123', measure: { kind: 'price', minor: 28_750n } },
  });
  const misread = readEmbedded(withCheck('210123614785'), layouts);
  assert.deepEqual(misread, { ok: false, failure: 'wrong-measure-check-digit' });
});

test('every one of the measures has one check digit, and one wrong digit changes it', () => {
  for (const length of [4, 5]) {
    for (let value = 0; value < 10 ** length; value += 7) {
      const digits = String(value).padStart(length, '0');
      const check = measureCheckDigit(digits);
      assert.match(check ?? '', /^\d$/);
      const first = (Number(digits[0]) + 1) % 10;
      assert.notEqual(measureCheckDigit(`${first}${digits.slice(1)}`), check, digits);
    }
  }
});

test('what cannot be sold from is told by its reason', () => {
  const wrong = withCheck('200012301280').replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  assert.deepEqual(readEmbedded(wrong, defaultLayouts), { ok: false, failure: 'wrong-check-digit' });
  assert.deepEqual(readEmbedded(withCheck('200000001280'), defaultLayouts), { ok: false, failure: 'no-plu' });
  assert.deepEqual(readEmbedded(withCheck('200012300000'), defaultLayouts), { ok: false, failure: 'no-measure' });
  for (const text of ['6901234567892', '20001234', '2000123012801', '20a0123012805']) {
    const read = readEmbedded(text, text.startsWith('2000123012801') ? [] : defaultLayouts);
    assert.deepEqual(read, { ok: false, failure: 'not-embedded' }, text);
  }
});

test('a weight costs its part of a kilogram, a half fen up', () => {
  const cny = (minor: bigint) => money('CNY', minor);
  assert.deepEqual(amountOfWeight(cny(1_280n), 345), cny(442n)); // 441.6
  assert.deepEqual(amountOfWeight(cny(1_000n), 5), cny(5n)); // 5.0
  assert.deepEqual(amountOfWeight(cny(100n), 5), cny(1n)); // 0.5
  assert.deepEqual(amountOfWeight(cny(100n), 4), cny(0n)); // 0.4
  assert.deepEqual(amountOfWeight(cny(99_999n), 99_999), cny(9_999_800n)); // 9999800.001
});

test("a label's price gives the weight back within half a gram's worth, and never by a division by nothing", () => {
  const perKilogram = money('CNY', 1_280n);
  assert.equal(weightOfAmount(money('CNY', 442n), perKilogram), 345); // 345.3
  assert.equal(weightOfAmount(money('CNY', 1n), perKilogram), 1); // 0.78
  assert.equal(weightOfAmount(money('CNY', 442n), money('CNY', 0n)), undefined);
});

test('a layout that leaves no room or no sense is refused', () => {
  const layout: EmbeddedLayout = { prefix: '20', pluDigits: 5, measure: 'price', hasMeasureCheckDigit: false, step: 1 };
  assert.equal(layoutProblem(layout), undefined);
  for (const usual of defaultLayouts) assert.equal(layoutProblem(usual), undefined);
  assert.equal(layoutProblem({ ...layout, prefix: '30' }), 'prefix');
  assert.equal(layoutProblem({ ...layout, pluDigits: 8 }), 'plu-digits');
  assert.equal(layoutProblem({ ...layout, pluDigits: 3, hasMeasureCheckDigit: true }), 'check-digit-length');
  assert.equal(layoutProblem({ ...layout, pluDigits: 4, hasMeasureCheckDigit: true }), undefined);
  assert.equal(layoutProblem({ ...layout, step: 0 }), 'step');
});
