// Every state within the quick scopes' bounds holds. The counts are exact: a change of the rules or of the model changes them, and
// whoever makes it looks at the new ones before writing them here (`node simulation/explorer/run.ts`).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chargePhases } from '#payment/index.ts';
import { explore } from './explore.ts';
import { type Scope, weatherKinds } from './scope.ts';
import { longScopes, pairScopes, quickScopes } from './scopes.ts';

/** States, transitions, ends. */
const counts: Readonly<Record<string, readonly [number, number, number]>> = {
  charge: [15_859, 25_429, 686],
  late: [12_108, 29_084, 227],
  slow: [15_245, 30_502, 620],
  held: [19_391, 46_664, 355],
  crash: [24_930, 47_045, 651],
  window: [5_856, 10_526, 308],
  global: [32_924, 75_299, 1_035],
  'take-over': [28_456, 72_848, 147],
  'two-processes': [42_731, 91_976, 555],
  'two-attempts': [17_576, 27_946, 1_322],
  refund: [25_642, 68_062, 361],
  'refund-crash': [23_239, 38_849, 263],
  'refund-repeat': [17_108, 35_427, 285],
  'refund-overtaken': [568, 836, 23],
  'refund-doubled': [12, 16, 3],
  forged: [2_873, 6_362, 148],
};

const phasesSeen = new Set<string>();

function assertHolds(scope: Scope): void {
  const { states, transitions, ends, phases, violation } = explore(scope);
  for (const phase of phases) phasesSeen.add(phase);
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

test('the quick scopes reach every phase of charges and refunds, and use every kind of weather', () => {
  const refundPhases = ['requesting', 'unclear', 'refunded', 'declined'];
  assert.deepEqual([...phasesSeen].sort(), [...new Set([...Object.keys(chargePhases), ...refundPhases])].sort());
  for (const kind of weatherKinds) {
    assert.ok(
      quickScopes.some(({ weather }) => weather[kind] > 0),
      `no quick scope has ${kind}`,
    );
  }
});

function run(...options: readonly string[]): { readonly status: number | null; readonly stdout: string } {
  const program = fileURLToPath(new URL('run.ts', import.meta.url));
  return spawnSync(process.execPath, [program, ...options], { encoding: 'utf8' });
}

test('the program tells bounds and counts, and exits with 0 when all states hold', () => {
  const { status, stdout } = run('--scope', 'forged', '--json');
  assert.equal(status, 0);
  const { scope, bounds, states, violation } = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual([scope, states, violation], ['forged', counts['forged']?.[0], null]);
  assert.equal(bounds, '1 process, domestic, charges 1, losses 1, forgeries 1, messages 6');
});

const isLong = process.env['TILLWAY_LONG'] === '1';
const skip = isLong ? false : 'long: TILLWAY_LONG=1';
for (const scope of longScopes) {
  test(`${scope.name}: ${scope.title}`, { skip, timeout: 1_800_000 }, () => assertHolds(scope));
}

test('every two kinds of trouble together, at two processes', { skip, timeout: 1_800_000 }, () => {
  for (const scope of pairScopes) assertHolds(scope);
});
