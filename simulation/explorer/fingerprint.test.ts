// Does merging lose anything? Small scopes are explored twice: merged by fingerprint, and with no two worlds merged that differ in
// anything at all. Worlds with one fingerprint must have the same futures: the same fingerprints after the same number of moves, from the
// first to the last. Then whatever can be reached unmerged is reached merged.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from './explore.ts';
import { fingerprintOf } from './fingerprint.ts';
import { movesOf } from './moves.ts';
import { calm, makeScope, type Scope } from './scope.ts';
import { firstWorld, realRules, type World } from './world.ts';

function wholeText(world: World): string {
  return JSON.stringify(world, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

/** Every world without merging, and for each fingerprint the futures of all that share it. */
function exploreUnmerged(scope: Scope): {
  readonly worlds: number;
  readonly futures: ReadonlyMap<string, Set<string>>;
} {
  const setting = { scope, rules: realRules };
  const begin = firstWorld(scope, realRules);
  const seen = new Set([wholeText(begin)]);
  const futures = new Map<string, Set<string>>();
  const waiting = [begin];
  for (let world = waiting.pop(); world !== undefined; world = waiting.pop()) {
    const next = movesOf(world, setting).moves.map((move) => move.world);
    const future = [...new Set(next.map((after) => fingerprintOf(after, scope)))].sort().join('\n');
    const fingerprint = fingerprintOf(world, scope);
    const told = futures.get(fingerprint) ?? new Set();
    futures.set(fingerprint, told.add(future));
    for (const after of next) {
      const text = wholeText(after);
      if (seen.has(text)) continue;
      seen.add(text);
      waiting.push(after);
    }
  }
  return { worlds: seen.size, futures };
}

const small: readonly Scope[] = [
  makeScope({ name: 'loss', title: 'a loss', weather: { ...calm, losses: 1 } }),
  makeScope({
    name: 'window',
    title: 'too late, refused',
    weather: { ...calm, windowCloses: 1, refusals: 1, losses: 1 },
  }),
  makeScope({ name: 'crash', title: 'a crash', processes: 2, weather: { ...calm, crashes: 1 } }),
  makeScope({ name: 'again', title: 'a second charge', charges: 2 }),
  makeScope({
    name: 'refunds',
    title: 'two refunds',
    beginsPaid: true,
    refunds: [4, 6],
    weather: { ...calm, losses: 1, delays: 1 },
  }),
];

for (const scope of small) {
  test(`worlds with one fingerprint have the same futures (${scope.name})`, () => {
    const { worlds, futures } = exploreUnmerged(scope);
    for (const [fingerprint, told] of futures) assert.equal(told.size, 1, `${fingerprint} has several futures`);
    const { states } = explore(scope);
    assert.equal(futures.size, states, 'merging reaches other worlds');
    assert.ok(worlds > states, 'nothing was merged');
  });
}
