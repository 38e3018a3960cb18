import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '#foundation/instant.ts';
import { found, seenAtOnce, tell } from '../testing/judge.ts';
import { lawfulStories } from '../testing/lawful-stories.ts';
import type { SmallWorld } from '../testing/small-world.ts';

test('every lawful story ends as exactly one of sale, refunded and reversed', () => {
  for (const name of Object.keys(lawfulStories) as (keyof typeof lawfulStories)[]) {
    assert.deepEqual(
      found((world) => tell(world, name)),
      [],
      name,
    );
  }
});

test('a charge that is not at rest at the end breaks one-ending', () => {
  for (const phase of ['authorizing', 'awaiting-payer', 'unclear', 'reversing', 'watching', 'returning'] as const) {
    const story = (world: SmallWorld): void => {
      world.sale(7);
      world.charge(7, 'a', phase);
    };
    assert.deepEqual(found(story), ['one-ending 7'], phase);
  }
});

test('an ended charge that is still to be looked at, or has a call out, breaks one-ending', () => {
  for (const more of [{ dueAt: instant(1) }, { inFlight: { act: 'inquire', call: 2 } }] as const) {
    const story = (world: SmallWorld): void => {
      world.sale(7);
      world.charge(7, 'a', 'reversed', more);
    };
    assert.deepEqual(found(story), ['one-ending 7']);
  }
});

test('a refund that is not at rest at the end breaks one-ending', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'paid');
    world.refund(7, 'r', '7a', 'unclear', 400n);
  };
  assert.deepEqual(found(story), ['one-ending 7']);
});

test('an orphan charge, closed unpaid and approved late, breaks nothing-kept', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'cancelledPaid', 3);
    world.charge(7, '7a', 'reversed');
    world.takes('7a');
  };
  assert.deepEqual(found(story), ['one-ending 7', 'nothing-kept 7', 'books-balance null']);
});

test('money kept of a sale that nobody ended breaks nothing-kept', () => {
  const story = (world: SmallWorld): void => {
    world.sale(7);
    world.charge(7, 'a', 'authorizing');
    world.takes('a');
  };
  assert.deepEqual(found(story), ['one-ending 7', 'nothing-kept 7', 'books-balance null']);
});

test('money kept of a payment whose till was told not-paid breaks nothing-kept, though the journal calls it approved', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'cancelledPaid', 2);
    world.charge(7, '7a', 'approved');
  };
  assert.deepEqual(found(story), ['word-stands 7', 'nothing-kept 7']);
});

test('a sale that counts as paid and of which Alipay gave a part back unasked breaks one-ending', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'paid');
    world.gaveBack('7a', 'x', 1n);
  };
  assert.deepEqual(found(story), ['one-ending 7', 'books-balance null']);
});

test('a world that does not come to rest breaks nothing-stuck', () => {
  const rests = (isAtRest: boolean) => (world: SmallWorld) =>
    world.tell({ type: 'came-to-rest', isAtRest, stuck: isAtRest ? [] : ['charge 1 of sale 7'] });
  assert.deepEqual(seenAtOnce(rests(true)), []);
  assert.deepEqual(seenAtOnce(rests(false)), ['nothing-stuck null']);
});

test('a trade at the end that is no charge of ours, or of another amount, breaks known-trades', () => {
  const story = (world: SmallWorld): void => tell(world, 'declined');
  const renamed = found(story, (end) => ({
    ...end,
    trades: end.trades.map((trade) => ({ ...trade, outTradeNo: 'pa_x' })),
  }));
  assert.deepEqual(renamed, ['one-ending 7', 'known-trades null']);
});
