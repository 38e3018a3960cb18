// A store's own figures: what fits together is completed, what does not is told in words that say what to do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationMs } from '#foundation/instant.ts';
import { type DeadlinePolicy, defaultPolicy, makePolicy } from './policy.ts';

function problemsOf(own: Partial<DeadlinePolicy>): readonly string[] {
  const made = makePolicy(own);
  return made.ok ? [] : made.failure;
}

test('the usual figures fit together, and a store’s own are completed with them', () => {
  const made = makePolicy({ finalWordMs: durationMs(45_000) });
  assert.deepEqual(made, { ok: true, value: { ...defaultPolicy, finalWordMs: 45_000 } });
});

test('a deadline without room for its last inquiry and its reversal is refused', () => {
  assert.deepEqual(problemsOf({ finalWordMs: durationMs(7_000) }), [
    'finalWordMs (7000) must leave 2000 ms before the last inquiry: make it at least 8000, or shorten marginMs, ' +
      'inquiryTimeoutMs or reversalTimeoutMs',
  ]);
});

test('figures after which money could still move unseen are refused', () => {
  assert.deepEqual(problemsOf({ payerCodeLifeMs: durationMs(1_000) }), [
    'payerCodeLifeMs (1000) must not be below finalWordMs (30000): a code is watched at least as long as its payment is waited for',
  ]);
  assert.deepEqual(problemsOf({ refusalWatchMs: durationMs(1) }), [
    'refusalWatchMs (1) must not be below refundTimeoutMs (8000): a refused refund is watched at least as long as its request ' +
      'may be on its way',
  ]);
  assert.deepEqual(problemsOf({ sendWithinMs: durationMs(5_000) }), [
    'sendWithinMs (5000) must be below 5000: after that another process may take over',
  ]);
});

test('a figure that is no span of time is refused', () => {
  for (const value of [0, -1, 1.5, Number.NaN]) {
    const [problem] = problemsOf({ marginMs: value as DeadlinePolicy['marginMs'] });
    assert.equal(problem, 'marginMs must be a whole number of milliseconds above 0');
  }
});
