import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recognise } from './scanned-code.ts';

test('Alipay codes of every published length and form are taken', () => {
  for (const digits of [
    '2512345678901234',
    '28763443825664394',
    '289821051157962364',
    '2893612204263667830',
    '281010897274821897274821',
    '251001020123456789012345',
    '281666123456789012',
    '3099999999999999',
    `fp${'a1b2c3d4e5f'.repeat(3)}`,
  ]) {
    assert.deepEqual(recognise(digits), { kind: 'alipay', digits });
  }
});

test('other wallets are told apart', () => {
  assert.deepEqual(recognise('134567890123456789'), { kind: 'wechat-pay' });
  assert.deepEqual(recognise('6212345678901234567'), { kind: 'unionpay' });
});

test('a product barcode is known by its check digit', () => {
  assert.deepEqual(recognise('6901234567892'), { kind: 'product', gtin: '6901234567892' });
  assert.deepEqual(recognise('96385074'), { kind: 'product', gtin: '96385074' });
  assert.deepEqual(recognise('036000291452'), { kind: 'product', gtin: '036000291452' });
  assert.deepEqual(recognise('6901234567893'), { kind: 'unreadable' });
});

test('what scanners and hands add is taken away', () => {
  const digits = '289821051157962364';
  for (const raw of [
    `]C1${digits}`,
    `]Q3${digits}\r\n`,
    `${digits}\t`,
    ' 2898 2105 1157 9623 64 ',
    '2898-2105-1157-9623-64',
    '２８９８２１０５１１５７９６２３６４',
    '2898\u00a02105\u00a01157\u00a09623\u00a064',
    `\u0002]C1${digits}\u0003`,
  ]) {
    assert.deepEqual(recognise(raw), { kind: 'alipay', digits }, JSON.stringify(raw));
  }
  assert.deepEqual(recognise(']E06901234567892'), { kind: 'product', gtin: '6901234567892' });
});

test('near misses are not taken', () => {
  for (const raw of [
    '',
    '28',
    '251234567890123',
    '2412345678901234',
    '3112345678901234',
    `28${'1'.repeat(23)}`,
    '28a8210511579623',
  ]) {
    assert.equal(recognise(raw).kind, 'unreadable', raw);
  }
});

test('two labels read as one never make a payment code', () => {
  for (const raw of ['25123456\n20987657', '25123456 20987657', '25123456\t20987657', '2512 3456\n2098 7657']) {
    assert.equal(recognise(raw).kind, 'unreadable', JSON.stringify(raw));
  }
});

test('anything at all gives an answer', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (raw) => assert.ok(recognise(raw).kind.length > 0)));
});
