import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Durations } from './durations.ts';

test('nothing noted is nothing taken', () => {
  const none = new Durations();
  assert.equal(none.count, 0);
  assert.equal(none.withinMs(0.99), 0);
});

test('a part of all is within its step, and all is within the most', () => {
  const times = new Durations();
  for (let ms = 1; ms <= 1_000; ms += 1) times.note(ms);
  assert.equal(times.withinMs(0.5), 600);
  assert.equal(times.withinMs(0.99), 1_000);
  assert.equal(times.withinMs(1), 1_000);
});

test('a time beyond the scale is counted as the most', () => {
  const times = new Durations();
  times.note(500_000);
  assert.equal(times.withinMs(1), 120_100);
  assert.equal(times.mostMs, 500_000);
});
