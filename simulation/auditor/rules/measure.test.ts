import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seenAtOnce } from '../testing/judge.ts';
import type { SmallWorld } from '../testing/small-world.ts';

function asks(world: SmallWorld, count: number, charge = 1): void {
  const message = { type: 'message', sale: 7, from: 'server 1', to: 'Alipay', fate: 'sent' } as const;
  for (let number = 1; number <= count; number += 1)
    world.tell({ ...message, what: `query of charge ${charge} of sale 7 ${number}` });
}

test('a payment that two servers ask about breaks asked-in-measure in calm, and is excused by trouble meanwhile or shortly before', () => {
  const story = (count: number, calmMs: number) => (world: SmallWorld) => {
    world.tell({ type: 'server-crashed', server: 'server 2' });
    world.wait(calmMs);
    world.sale(7);
    world.charge(7, 'a', 'authorizing');
    asks(world, count);
    world.charge(7, 'a', 'reversing');
  };
  assert.deepEqual(seenAtOnce(story(12, 40_001)), []);
  assert.deepEqual(seenAtOnce(story(13, 40_001)), ['asked-in-measure 7']);
  assert.deepEqual(seenAtOnce(story(13, 40_000)), []);
});

test('what is asked about a charge that has its word, and about the one before, is not counted', () => {
  const story = (count: number) => (world: SmallWorld) => {
    world.sale(7);
    world.charge(7, 'a', 'authorizing');
    world.charge(7, 'a', 'declined');
    asks(world, 13);
    world.charge(7, 'b', 'authorizing');
    // An approval of the first came late, and custody asks about it while the second waits.
    asks(world, 13);
    asks(world, count, 2);
    world.charge(7, 'b', 'declined');
  };
  assert.deepEqual(seenAtOnce(story(12)), []);
  assert.deepEqual(seenAtOnce(story(13)), ['asked-in-measure 7']);
});
