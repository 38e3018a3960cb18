import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterCrash, defaultRestartPolicy } from './restart-policy.ts';

test('the wait doubles from 0.2 s to 10 s, and the tenth quick crash in a row is the last', () => {
  const waits: number[] = [];
  let quickCrashes = 0;
  for (;;) {
    const next = afterCrash(quickCrashes, 100, defaultRestartPolicy);
    quickCrashes = next.quickCrashes;
    if (next.kind === 'give-up') break;
    waits.push(next.waitMs);
  }
  assert.deepEqual(waits, [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
  assert.equal(quickCrashes, 10);
});

test('a life that was long enough starts the count anew', () => {
  assert.deepEqual(afterCrash(9, 10_000, defaultRestartPolicy), { kind: 'restart', waitMs: 200, quickCrashes: 0 });
});
