// The proof bites: every mistake that is put into the real code is caught, by the one who is expected to, and the code as it is is not,
// by the same judge in all the places where mistakes are looked for. Each is judged in a process of its own, two at a time.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { mutants } from './every-mutant.ts';
import { filesOf, mutate } from './mutant.ts';
import { placesFor, scopes, tryOut, worlds } from './try-mutant.ts';

const root = new URL('../../', import.meta.url);

test('every mutant has a name of its own and fits the code as it is now', () => {
  assert.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length);
  for (const mutant of mutants) {
    for (const file of filesOf(mutant)) {
      const source = readFileSync(new URL(file, root), 'utf8');
      assert.notEqual(mutate(source, mutant, file), source, mutant.name);
    }
  }
});

test('a mutant that no longer fits the code says so', () => {
  const mutant = {
    name: 'gone',
    meaning: 'Nothing.',
    file: 'a.ts',
    edits: [{ find: 'b', replace: 'c' }],
    expectedBy: 'either',
  } as const;
  const told = (count: number): string =>
    `mutant gone: its text must stand exactly once in a.ts, and stands there ${count} times: b`;
  assert.throws(() => mutate('a', mutant), { message: told(0) });
  assert.throws(() => mutate('bb', mutant), { message: told(2) });
  assert.equal(mutate('abc', mutant), 'acc');
});

const catchers = { simulation: 'the simulation', explorer: 'the explorer', either: 'simulation or explorer' } as const;

suite('caught', { concurrency: 2 }, () => {
  // The code as it is first: it takes the longest.
  test('nobody catches the code as it is', async (t) => {
    const halves = [0, 1].map((half) => [...scopes, ...worlds].filter((_, index) => index % 2 === half));
    const verdicts = await Promise.all(halves.map((places) => tryOut({ mutant: null, places })));
    for (const { caught, unfinished, sales, states } of verdicts) {
      assert.deepEqual({ caught, unfinished }, { caught: null, unfinished: [] });
      t.diagnostic(`${sales} sales, ${states} states`);
    }
  });

  for (const mutant of mutants) {
    const { name, meaning, expectedBy } = mutant;
    test(`${name}, by ${catchers[expectedBy]}: ${meaning}`, async (t) => {
      const { caught, sales, states, unfinished } = await tryOut({ mutant: name, places: placesFor(mutant) });
      assert.notEqual(
        caught,
        null,
        `not caught in ${sales} sales and ${states} states; unfinished: ${unfinished.join('; ')}`,
      );
      t.diagnostic(`${caught?.by}: ${caught?.rule}, after ${sales} sales and ${states} states`);
    });
  }
});
