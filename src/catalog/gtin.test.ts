import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkDigit, isStoreInternal, makeGtin, parseGtin } from './gtin.ts';
import { barcode } from './testing/shelf.ts';

test('one article printed in several lengths has one number', () => {
  for (const text of ['036000291452', '0036000291452', '00036000291452']) assert.equal(barcode(text), '0036000291452');
  for (const text of ['96385074', '0000096385074', '00000096385074']) assert.equal(barcode(text), '96385074');
  assert.equal(barcode('6901234567892'), '6901234567892');
  assert.equal(barcode('16901234567899'), '16901234567899');
});

test('a wrong check digit is told from what is no number at all', () => {
  assert.deepEqual(parseGtin('6901234567893'), { ok: false, failure: 'wrong-check-digit' });
  for (const text of ['', '690123456789', '69012345678921', '690123456789２', '12345', '6901234567892 ']) {
    const parsed = parseGtin(text);
    assert.ok(!parsed.ok, text);
  }
  assert.deepEqual(parseGtin('12345'), { ok: false, failure: 'malformed' });
  assert.deepEqual(parseGtin('-6901234567892'), { ok: false, failure: 'malformed' });
});

test("GS1's own examples have their check digits", () => {
  // General Specifications 7.9.1: 6291041500213 and 20-series examples of the same weights.
  assert.equal(checkDigit('629104150021'), '3');
  assert.equal(checkDigit('9638507'), '4');
  assert.equal(checkDigit('1234567890123'), '1');
});

test('what is made can be read, and any one wrong digit cannot', () => {
  const bodies = fc
    .constantFrom(7, 11, 12, 13)
    .chain((length) =>
      fc
        .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
        .map((digits) => digits.join('')),
    );
  fc.assert(
    fc.property(bodies, fc.nat(), fc.integer({ min: 1, max: 9 }), (body, place, step) => {
      const gtin = makeGtin(body);
      assert.deepEqual(parseGtin(gtin), { ok: true, value: gtin });
      const wrong = place % gtin.length;
      const digit = (Number(gtin[wrong]) + step) % 10;
      assert.equal(parseGtin(`${gtin.slice(0, wrong)}${digit}${gtin.slice(wrong + 1)}`).ok, false);
    }),
  );
});

test("a store's own numbers are known by their prefix", () => {
  assert.equal(isStoreInternal(makeGtin('200012300128')), true);
  assert.equal(isStoreInternal(makeGtin('290012300128')), true);
  assert.equal(isStoreInternal(makeGtin('690123456789')), false);
  assert.equal(isStoreInternal(makeGtin('1200123001280')), false);
  assert.equal(isStoreInternal(makeGtin('2001234')), true);
});
