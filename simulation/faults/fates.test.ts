import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fates, hashOf } from './fates.ts';

const names = Array.from({ length: 20_000 }, (_, index) => `answer pay of charge 1 of sale ${index} 1`);

function struckBy(fates: Fates): readonly string[] {
  return names.flatMap((name) => {
    const kind = fates.of(name, { lost: 0.1, late: 0.05 });
    return kind === null ? [] : [`${kind} ${name}`];
  });
}

test('a fate strikes about as often as its chance says', () => {
  const struck = struckBy(new Fates(7, null, () => undefined));
  const share = (kind: string): number => struck.filter((key) => key.startsWith(kind)).length / names.length;
  assert.ok(Math.abs(share('lost') - 0.1) < 0.01, `${share('lost')}`);
  assert.ok(Math.abs(share('late') - 0.05) < 0.01, `${share('late')}`);
});

test('the same seed strikes the same, another seed others', () => {
  const first = struckBy(new Fates(7, null, () => undefined));
  assert.deepEqual(struckBy(new Fates(7, null, () => undefined)), first);
  assert.notDeepEqual(struckBy(new Fates(8, null, () => undefined)), first);
});

test('leaving out a fate leaves every other as it was', () => {
  const all = struckBy(new Fates(7, null, () => undefined));
  const kept = new Set(all.filter((_, index) => index % 3 !== 0));
  assert.deepEqual(struckBy(new Fates(7, kept, () => undefined)), [...kept]);
});

test('what strikes is told by its key; after the stop nothing strikes', () => {
  const told: string[] = [];
  const fates = new Fates(7, null, (key) => told.push(key));
  assert.equal(fates.of('this', { lost: 1 }), 'lost');
  fates.stop();
  assert.equal(fates.of('that', { lost: 1 }), null);
  assert.deepEqual(told, ['lost this']);
});

test('names that differ by one letter have hashes that have nothing in common', () => {
  const hashes = new Set(names.map((name) => hashOf(1, name)));
  assert.ok(hashes.size > names.length - 3);
  let ones = 0;
  for (let index = 1; index < 2_000; index += 1) {
    let difference = hashOf(1, `sale ${index}`) ^ hashOf(1, `sale ${index - 1}`);
    for (; difference !== 0; difference &= difference - 1) ones += 1;
  }
  assert.ok(Math.abs(ones / 1_999 - 16) < 0.5, `${ones / 1_999} bits of 32 differ`);
});
