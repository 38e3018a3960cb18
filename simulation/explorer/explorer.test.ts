// Every state within the quick scopes' bounds holds. The counts are exact: a change of the rules or of the model changes them, and
// whoever makes it looks at the new ones before writing them here (`node simulation/explorer/run.ts`).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from './explore.ts';
import type { Scope } from './scope.ts';
import { longScopes, quickScopes } from './scopes.ts';

/** States, transitions, ends. */
const counts: Readonly<Record<string, readonly [number, number, number]>> = {
  charge: [15_883, 25_453, 686],
  late: [12_054, 29_004, 227],
  held: [19_547, 46_929, 363],
  crash: [23_290, 42_321, 655],
  window: [5_857, 10_527, 308],
  global: [28_956, 63_009, 1_031],
  'take-over': [25_950, 64_551, 147],
  'two-processes': [41_612, 89_292, 554],
  'two-attempts': [17_592, 27_962, 1_322],
  refund: [25_158, 66_959, 361],
  'refund-crash': [135_775, 257_824, 2_220],
  'refund-repeat': [16_178, 34_207, 285],
};

function assertHolds(scope: Scope): void {
  const { states, transitions, ends, violation } = explore(scope);
  assert.equal(violation, null, violation?.story.join('\n'));
  const known = counts[scope.name];
  if (known !== undefined) assert.deepEqual([states, transitions, ends], known);
}

for (const scope of quickScopes) {
  test(`${scope.name}: ${scope.title}`, () => {
    assert.notEqual(counts[scope.name], undefined, 'a quick scope has its counts written down');
    assertHolds(scope);
  });
}

const isLong = process.env['TILLWAY_LONG'] === '1';
for (const scope of longScopes) {
  test(`${scope.name}: ${scope.title}`, { skip: isLong ? false : 'long: TILLWAY_LONG=1', timeout: 1_800_000 }, () => {
    assertHolds(scope);
  });
}
