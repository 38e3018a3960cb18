import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '#foundation/random.ts';
import { startsAt } from './opening-times.ts';

const times = Array.from({ length: 1_000 }, (_, sale) => startsAt(seededRandom(sale), sale));

test('a sale begins every two to three seconds', () => {
  const spanMs = Math.max(...times) - Math.min(...times);
  assert.ok(spanMs / times.length > 2_000 && spanMs / times.length < 3_000, `${spanMs / times.length} ms`);
});

test('now and then there is a rush: many sales within ten seconds', () => {
  const busiest = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 10_000).length));
  assert.ok(busiest >= 15, `${busiest} at most`);
});

test('a sale begins when its number and its own draws say, whatever other sales there are', () => {
  assert.equal(startsAt(seededRandom(412), 412), times[412]);
});
