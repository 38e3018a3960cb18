import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Currency, formatDecimal } from '#foundation/money.ts';
import { type PadKey, padKeyOf, pressKey, readPad, showPad } from './amount-pad.ts';

function pressAll(keys: readonly PadKey[], currency: Currency = 'CNY'): string {
  return keys.reduce((text, key) => pressKey(text, key, currency), '');
}

function shown(text: string, currency: Currency = 'CNY'): string {
  const { keyed, rest } = showPad(text, currency);
  return `${keyed}|${rest}`;
}

describe('the amount pad', () => {
  it('takes digits, a point and two decimals, and no third', () => {
    assert.equal(pressAll(['1', '2', '.', '3', '0', '5']), '12.30');
  });

  it('begins with a zero when the point comes first, and keeps one point', () => {
    assert.equal(pressAll(['.', '5', '.', '.']), '0.5');
  });

  it('replaces a leading zero and holds at most six whole digits', () => {
    assert.equal(pressAll(['0', '0', '7']), '7');
    assert.equal(pressAll(['1', '2', '3', '4', '5', '6', '7', '8']), '123456');
  });

  it('takes two zeros at once, as far as they fit', () => {
    assert.equal(pressAll(['5', '00']), '500');
    assert.equal(pressAll(['5', '.', '1', '00']), '5.10');
  });

  it('erases one character and clears all', () => {
    assert.equal(pressAll(['1', '2', '.', 'erase']), '12');
    assert.equal(pressAll(['1', '2', 'clear']), '');
    assert.equal(pressAll(['erase']), '');
  });

  it('has no point in a currency without decimals', () => {
    assert.equal(pressAll(['1', '.', '5'], 'JPY'), '15');
  });

  it('is money only above zero', () => {
    assert.equal(readPad('', 'CNY'), undefined);
    assert.equal(readPad('0.0', 'CNY'), undefined);
    const half = readPad('12.', 'CNY');
    assert.ok(half !== undefined);
    assert.equal(formatDecimal(half), '12.00');
  });

  it('shows the keyed part and, apart from it, what is not keyed yet', () => {
    assert.equal(shown(''), '¥|0.00');
    assert.equal(shown('12'), '¥12|.00');
    assert.equal(shown('12.'), '¥12.|00');
    assert.equal(shown('12.3'), '¥12.3|0');
    assert.equal(shown('12.30'), '¥12.30|');
    assert.equal(shown('', 'JPY'), 'JPY |0');
  });

  it('knows its keys on every keyboard, and leaves the others', () => {
    assert.equal(padKeyOf('7'), '7');
    assert.equal(padKeyOf(','), '.');
    assert.equal(padKeyOf('。'), '.');
    assert.equal(padKeyOf('Backspace'), 'erase');
    assert.equal(padKeyOf('Delete'), 'clear');
    assert.equal(padKeyOf('a'), undefined);
    assert.equal(padKeyOf('Enter'), undefined);
  });
});
