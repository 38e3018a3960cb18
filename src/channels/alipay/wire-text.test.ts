import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cutText } from './wire-text.ts';

describe('cutting text to a field', () => {
  for (const [text, unitsMax, expected] of [
    ['', 4, ''],
    ['abcd', 4, 'abcd'],
    ['abcde', 4, 'abcd'],
    ['支付宝收款码', 4, '支付宝收'],
    ['abc😀', 5, 'abc😀'],
    ['abc😀', 4, 'abc'],
    ['😀😀', 2, '😀'],
    ['😀', 1, ''],
  ] as const) {
    it(`makes "${expected}" of "${text}" in ${unitsMax} units`, () => {
      assert.equal(cutText(text, unitsMax), expected);
    });
  }
});
