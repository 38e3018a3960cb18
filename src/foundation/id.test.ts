import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeId, parseId } from './id.ts';
import { businessDate, durationMs, instant, plus } from './instant.ts';
import { below, digits, fraction, seededRandom } from './random.ts';
import { redact } from './redacted.ts';

test('ids are unlike, sort by time, and fit an Alipay order number', () => {
  const random = seededRandom(1);
  const start = instant(1_795_428_000_000);
  const ids = Array.from({ length: 1_000 }, (_, index) => makeId('attempt', plus(start, durationMs(index)), random));
  assert.equal(new Set(ids).size, 1_000);
  assert.deepEqual([...ids].sort(), ids);
  for (const id of ids) assert.match(id, /^[0-9a-zA-Z_]{1,64}$/);
});

test('an id of another kind or shape is not taken', () => {
  const id = makeId('sale', instant(0), seededRandom(2));
  assert.equal(parseId('sale', id), id);
  assert.equal(parseId('attempt', id), undefined);
  assert.equal(parseId('sale', 'sale_'), undefined);
  assert.equal(parseId('sale', "sale_1' OR 1=1"), undefined);
});

test("the house's own names are ids too", () => {
  assert.equal(parseId('merchant', 'mer_own'), 'mer_own');
  assert.equal(parseId('device', 'dev_demo'), 'dev_demo');
});

test('a seed tells the same story again', () => {
  const draw = (seed: number): readonly (number | string)[] => {
    const random = seededRandom(seed);
    return [random.uint32(), fraction(random), below(random, 10), digits(random, 8)];
  };
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
});

test("a store's day is its own, not UTC's", () => {
  const lateEvening = instant(Date.UTC(2026, 10, 22, 16, 30));
  assert.equal(businessDate(lateEvening, 'Asia/Shanghai'), '2026-11-23');
  assert.equal(businessDate(lateEvening, 'Europe/London'), '2026-11-22');
});

test('a redacted value shows itself to nobody who did not ask by name', async () => {
  const secret = redact('281234567890123456');
  const { inspect } = await import('node:util');
  for (const shown of [`${secret}`, JSON.stringify({ secret }), inspect(secret), inspect({ deep: { secret } })]) {
    assert.ok(!shown.includes('2812'), shown);
  }
  assert.equal(secret.reveal(), '281234567890123456');
});
