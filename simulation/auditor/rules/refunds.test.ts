import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found, seenAtOnce, tell } from '../testing/judge.ts';
import type { SmallWorld } from '../testing/small-world.ts';

test('refunds in parts up to what was taken, and a declined one, are lawful', () => {
  assert.deepEqual(
    found((world) => tell(world, 'refundedInParts')),
    [],
  );
  assert.deepEqual(
    found((world) => tell(world, 'refundDeclined')),
    [],
  );
});

test('refunds that together exceed the charge break refunds when they are written', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'paid');
    world.refund(7, 'r', '7a', 'requesting', 600n);
    world.refund(7, 's', '7a', 'requesting', 401n);
  };
  assert.deepEqual(seenAtOnce(story), ['refunds 7']);
});

test('a refund of a charge that is not approved, as after a cancel, breaks refunds', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'cancelledPaid');
    world.refund(7, 'r', '7a', 'requesting', 1n);
  };
  assert.deepEqual(seenAtOnce(story), ['refunds 7']);
});

test('a refund of a charge that nobody wrote breaks refunds', () => {
  const story = (world: SmallWorld): void => {
    world.sale(7);
    world.refund(7, 'r', 'a', 'requesting', 1n);
  };
  assert.deepEqual(seenAtOnce(story), ['refunds 7']);
});

test('a refund that Alipay books twice, for more, or of more than it holds breaks refunds', () => {
  const refunded = (...backs: readonly (readonly [string, bigint])[]): readonly string[] =>
    seenAtOnce((world) => {
      tell(world, 'paid');
      world.refund(7, 'r', '7a', 'requesting', 400n);
      world.refund(7, 's', '7a', 'requesting', 600n);
      for (const [name, minor] of backs) world.gaveBack('7a', name, minor);
    });
  assert.deepEqual(refunded(['pa_r', 400n], ['pa_s', 600n]), []);
  assert.deepEqual(refunded(['pa_r', 400n], ['pa_r', 400n]), ['refunds 7']);
  assert.deepEqual(refunded(['pa_r', 401n]), ['refunds 7']);
});

test('a refund number that is no refund of ours, of a sale that is paid, breaks one-ending', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'paid');
    world.gaveBack('7a', 'pa_7a_return', 1_000n);
  };
  assert.deepEqual(seenAtOnce(story), ['one-ending 7']);
});

test('a payment that is undone before its word is written breaks one-ending', () => {
  const story = (world: SmallWorld): void => {
    world.sale(7);
    world.charge(7, 'a', 'unclear');
    world.opened('a');
    world.closed('a', 'cancelled');
  };
  assert.deepEqual(seenAtOnce(story), ['one-ending 7']);
  assert.deepEqual(
    found((world) => tell(world, 'returnedTooLateToCancel')),
    [],
  );
});

test('a trade that its payer refuses or that runs out is undone by nobody', () => {
  for (const because of ['refused', 'timeout'] as const) {
    const story = (world: SmallWorld): void => {
      world.sale(7);
      world.charge(7, 'a', 'awaiting-payer');
      world.opened('a');
      world.closed('a', because);
      world.charge(7, 'a', 'declined');
    };
    assert.deepEqual(found(story), []);
  }
});

test('a refund written or told refunded that Alipay did not book breaks refunds', () => {
  const written = (world: SmallWorld): void => {
    tell(world, 'paid');
    world.refund(7, 'r', '7a', 'requesting', 400n);
    world.refund(7, 'r', '7a', 'refunded', 400n);
  };
  assert.deepEqual(seenAtOnce(written), ['refunds 7']);
  const told = (world: SmallWorld): void => {
    tell(world, 'paid');
    world.refund(7, 'r', '7a', 'requesting', 400n);
    world.toldRefund(7, 'r', '7a', 'refunded', 400n);
  };
  assert.deepEqual(seenAtOnce(told), ['refunds 7']);
});

test('a refund written declined that Alipay booked, before or after, breaks refunds', () => {
  const before = (world: SmallWorld): void => {
    tell(world, 'paid');
    world.refund(7, 'r', '7a', 'requesting', 400n);
    world.gaveBack('7a', 'pa_r', 400n);
    world.refund(7, 'r', '7a', 'declined', 400n);
  };
  assert.deepEqual(seenAtOnce(before), ['refunds 7']);
  const after = (world: SmallWorld): void => {
    tell(world, 'paid');
    world.refund(7, 'r', '7a', 'requesting', 400n);
    world.refund(7, 'r', '7a', 'declined', 400n);
    world.gaveBack('7a', 'pa_r', 400n);
  };
  assert.deepEqual(seenAtOnce(after), ['refunds 7']);
});

test('a refund told declined and then refunded breaks refunds', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'paid');
    world.refund(7, 'r', '7a', 'requesting', 400n);
    world.refund(7, 'r', '7a', 'declined', 400n);
    world.toldRefund(7, 'r', '7a', 'declined', 400n);
    world.toldRefund(7, 'r', '7a', 'refunded', 400n);
  };
  assert.deepEqual(seenAtOnce(story), ['refunds 7']);
});

test('a refund that nobody wrote and a till is told of breaks refunds', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'paid');
    world.toldRefund(7, 'r', '7a', 'processing', 400n);
  };
  assert.deepEqual(seenAtOnce(story), ['refunds 7']);
});

test('at the end a refund that only the journal, or only Alipay, holds breaks refunds', () => {
  const story = (world: SmallWorld): void => tell(world, 'refundedInParts');
  const unbooked = found(story, (end) => ({
    ...end,
    trades: end.trades.map((trade) => ({ ...trade, refunds: trade.refunds.slice(1) })),
  }));
  assert.deepEqual(unbooked, ['one-ending 7', 'refunds 7', 'books-balance 7']);
  const doubled = found(story, (end) => ({
    ...end,
    trades: end.trades.map((trade) => ({ ...trade, refunds: [...trade.refunds, ...trade.refunds] })),
  }));
  assert.deepEqual(doubled, ['one-ending 7', 'refunds 7', 'books-balance 7']);
});
