import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { seededRandom } from '#foundation/random.ts';
import { makeHeldBasketId, parseHeldBasketId } from './held-basket.ts';
import { isPersonName, isPin } from './person.ts';
import { makeOverrideId, parseOverrideId } from './recorded-override.ts';

test('a PIN is 4 to 8 plain digits and nothing else', () => {
  for (const pin of ['0000', '1234', '12345678']) assert.ok(isPin(pin), pin);
  for (const pin of ['', '123', '123456789', '12 4', '12a4', '１２３４', '١٢٣٤', '1234\n', '-123']) {
    assert.ok(!isPin(pin), JSON.stringify(pin));
  }
});

test('a name is what a list can show', () => {
  for (const name of ['陈静', 'O’Brien', 'Ada Lovelace', '😀'.repeat(60)]) assert.ok(isPersonName(name), name);
  for (const name of ['', ' Lin', 'Lin ', 'Lin\nWang', 'a'.repeat(61), '\ud800', 'Lin\0']) {
    assert.ok(!isPersonName(name), JSON.stringify(name));
  }
});

test('ids of overrides and holdings are read back, and no other kind is taken for them', () => {
  const [at, random] = [instant(1_800_000_000_000), seededRandom(3)];
  const [override, holding] = [makeOverrideId(at, random), makeHeldBasketId(at, random)];
  assert.match(override, /^ovr_[0-9a-z]{24}$/);
  assert.match(holding, /^hold_[0-9a-z]{24}$/);
  assert.equal(parseOverrideId(override), override);
  assert.equal(parseHeldBasketId(holding), holding);
  for (const text of [holding, makeId('person', at, random), 'ovr_', 'ovr_per_1', "ovr_1'--"]) {
    assert.equal(parseOverrideId(text), undefined, text);
  }
  for (const text of [override, makeId('basket', at, random), 'hold_', 'hold_bsk_1']) {
    assert.equal(parseHeldBasketId(text), undefined, text);
  }
});
