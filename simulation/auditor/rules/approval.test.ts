import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '#foundation/money.ts';
import { found, seenAtOnce, tell } from '../testing/judge.ts';
import type { SmallWorld } from '../testing/small-world.ts';

function begun(world: SmallWorld): void {
  world.sale(7);
  world.charge(7, 'a', 'authorizing');
}

const evidence = { channelReference: 'T_a', amount: money('CNY', 1_000n), paidAt: null, payerAccount: null };

test('an approval that Alipay has booked is believed', () => {
  assert.deepEqual(
    found((world) => tell(world, 'paid')),
    [],
  );
});

test('an approval before Alipay booked it, as a forged notice makes one, breaks verified-evidence', () => {
  const story = (world: SmallWorld): void => {
    begun(world);
    world.opened('a');
    world.charge(7, 'a', 'approved', { evidence });
  };
  assert.deepEqual(seenAtOnce(story), ['verified-evidence 7']);
});

test('an approval without evidence, of another trade or of another amount breaks verified-evidence', () => {
  const spoilt = [
    null,
    { ...evidence, channelReference: 'T_b' },
    { ...evidence, amount: money('CNY', 999n) },
    { ...evidence, amount: money('HKD', 1_000n) },
  ];
  for (const wrong of spoilt) {
    const story = (world: SmallWorld): void => {
      begun(world);
      world.takes('a');
      world.charge(7, 'a', 'approved', { evidence: wrong });
    };
    assert.deepEqual(seenAtOnce(story), ['verified-evidence 7']);
  }
});

test('a till that is told paid before Alipay booked it breaks verified-evidence', () => {
  const story = (world: SmallWorld): void => {
    begun(world);
    world.opened('a');
    world.toldPayment(7, 'a', 'paid');
  };
  assert.deepEqual(seenAtOnce(story), ['verified-evidence 7', 'word-stands 7']);
});

test('a late approval beside a paid charge is lawful as long as the late one is given up', () => {
  assert.deepEqual(
    found((world) => tell(world, 'lateBesidePaid')),
    [],
  );
});

test('two approved charges of one sale break one-approval at once', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'declined');
    world.charge(7, '7c', 'authorizing');
    world.takes('7c');
    world.charge(7, '7c', 'approved');
  };
  assert.deepEqual(seenAtOnce(story), ['one-approval 7']);
});

test('Alipay taking for two charges of which none is given up breaks one-approval at once', () => {
  const story = (world: SmallWorld): void => {
    begun(world);
    world.charge(7, 'b', 'authorizing');
    world.takes('a');
    world.takes('b');
  };
  assert.deepEqual(seenAtOnce(story), ['one-approval 7']);
});

test('Alipay keeping the money of two charges at the end breaks one-approval and nothing-kept', () => {
  assert.deepEqual(
    found((world) => tell(world, 'lateBesidePaid', 2)),
    ['one-ending 7', 'one-approval 7', 'nothing-kept 7', 'books-balance null'],
  );
});

test('a trade whose charge was never written, sent before it was written, breaks known-trades', () => {
  const sentFirst = (world: SmallWorld): void => {
    world.sale(7);
    world.opened('a');
    world.charge(7, 'a', 'authorizing');
  };
  assert.deepEqual(seenAtOnce(sentFirst), ['known-trades null']);
  const neverWritten = (world: SmallWorld): void => {
    world.sale(7);
    world.takes('a');
  };
  assert.deepEqual(found(neverWritten), ['known-trades null', 'books-balance null']);
});

test('a trade of another amount than its charge, or a second one, breaks known-trades', () => {
  const story = (world: SmallWorld): void => {
    begun(world);
    world.opened('a', 1_001n);
  };
  assert.deepEqual(seenAtOnce(story), ['known-trades 7']);
  const twice = (world: SmallWorld): void => {
    begun(world);
    world.opened('a');
    world.opened('a');
  };
  assert.deepEqual(seenAtOnce(twice), ['known-trades 7']);
});

test('a charge of another amount than its sale, or of no sale, breaks known-trades', () => {
  const story = (world: SmallWorld): void => {
    world.sale(7);
    world.charge(7, 'a', 'authorizing', {}, 900n);
  };
  assert.deepEqual(seenAtOnce(story), ['known-trades 7']);
  assert.deepEqual(
    seenAtOnce((world) => world.charge(7, 'a', 'authorizing')),
    ['known-trades 7'],
  );
});

test('a booking on a trade that Alipay never opened breaks known-trades', () => {
  assert.deepEqual(
    seenAtOnce((world) => world.paid('a')),
    ['known-trades null'],
  );
});

test('a charge written declined while Alipay holds its money, or waits for its payer, breaks nothing-kept', () => {
  const story = (how: 'takes' | 'opened', doubled: string | null) => (world: SmallWorld) => {
    begun(world);
    if (doubled !== null)
      world.tell({ type: 'message', sale: 7, from: 'server 1', to: 'Alipay', what: doubled, fate: 'doubled' });
    world[how]('a');
    world.charge(7, 'a', 'declined');
  };
  assert.deepEqual(seenAtOnce(story('takes', null)), ['nothing-kept 7']);
  assert.deepEqual(seenAtOnce(story('opened', null)), ['nothing-kept 7']);
  assert.deepEqual(seenAtOnce(story('opened', 'query of charge 1 of sale 7 1')), ['nothing-kept 7']);
  assert.deepEqual(seenAtOnce(story('opened', 'pay of charge 1 of sale 7 1')), []);
});

test('a charge written reversed while Alipay has held its money for long breaks nothing-kept', () => {
  const story = (heldMs: number, hasPaused: boolean) => (world: SmallWorld) => {
    begun(world);
    world.charge(7, 'a', 'reversing');
    world.takes('a');
    if (hasPaused) world.tell({ type: 'server-paused', server: 'server 1', ms: 20_000 });
    world.wait(heldMs);
    world.charge(7, 'a', 'reversed');
  };
  assert.deepEqual(seenAtOnce(story(10_000, false)), []);
  assert.deepEqual(seenAtOnce(story(10_001, false)), ['nothing-kept 7']);
  assert.deepEqual(seenAtOnce(story(10_001, true)), []);
});

test('a charge that is begun while another of its sale is not known to have taken nothing breaks one-approval', () => {
  const story = (phase: 'unclear' | 'reversing' | 'reversed' | 'declined') => (world: SmallWorld) => {
    begun(world);
    world.charge(7, 'a', phase);
    world.charge(7, 'b', 'authorizing');
  };
  assert.deepEqual(seenAtOnce(story('unclear')), ['one-approval 7']);
  assert.deepEqual(seenAtOnce(story('reversing')), ['one-approval 7']);
  assert.deepEqual(seenAtOnce(story('reversed')), []);
  assert.deepEqual(seenAtOnce(story('declined')), []);
});
