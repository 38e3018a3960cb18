import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '#foundation/instant.ts';
import { found, seenAtOnce, tell } from '../testing/judge.ts';
import { paymentTold, refundTold, type SmallWorld } from '../testing/small-world.ts';

function begun(world: SmallWorld): void {
  world.sale(7);
  world.charge(7, 'a', 'authorizing');
}

test('a sale that nobody pays and a payment that is cancelled unpaid are lawful', () => {
  assert.deepEqual(
    found((world) => tell(world, 'nobodyPaid')),
    [],
  );
  assert.deepEqual(
    found((world) => tell(world, 'cancelledUnpaid')),
    [],
  );
});

test('not paid and then paid, as a late success that becomes a sale, breaks word-stands', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'cancelledPaid', 2);
    world.charge(7, '7a', 'approved');
    world.toldPayment(7, '7a', 'paid');
  };
  assert.deepEqual(seenAtOnce(story), ['word-stands 7']);
});

test('a word that is told before it is written breaks word-stands', () => {
  const story = (world: SmallWorld): void => {
    begun(world);
    world.toldPayment(7, 'a', 'not-paid');
  };
  assert.deepEqual(seenAtOnce(story), ['word-stands 7']);
});

test('a phase written without the word that it means breaks word-stands', () => {
  const story = (world: SmallWorld): void => {
    begun(world);
    world.charge(7, 'a', 'reversing', { finalWord: null });
  };
  assert.deepEqual(seenAtOnce(story), ['word-stands 7']);
});

test('an answer without a word after the word was told breaks word-stands, unless it was asked for before', () => {
  const story = (askedMsAfter: number) => (world: SmallWorld) => {
    begun(world);
    world.charge(7, 'a', 'declined');
    world.toldPayment(7, 'a', 'not-paid');
    const toldAt = world.now;
    world.wait(100);
    world.toldPayment(7, 'a', 'processing', {}, instant(toldAt + askedMsAfter));
  };
  assert.deepEqual(seenAtOnce(story(0)), []);
  assert.deepEqual(seenAtOnce(story(1)), ['word-stands 7']);
});

test('"nothing left to undo" while it is being undone breaks word-stands, unless it was so while the till asked', () => {
  const early = (world: SmallWorld): void => {
    begun(world);
    world.charge(7, 'a', 'reversing');
    world.toldPayment(7, 'a', 'not-paid');
  };
  assert.deepEqual(seenAtOnce(early), ['word-stands 7']);
  const crossed = (askedMsBefore: number) => (world: SmallWorld) => {
    begun(world);
    world.charge(7, 'a', 'reversed');
    world.charge(7, 'a', 'reversing');
    world.toldPayment(7, 'a', 'not-paid', {}, instant(world.now - askedMsBefore));
  };
  assert.deepEqual(seenAtOnce(crossed(5)), []);
  assert.deepEqual(seenAtOnce(crossed(-1)), ['word-stands 7']);
});

test('a word told that the journal does not hold at the end, or a charge that it lost, breaks word-stands', () => {
  const story = (world: SmallWorld): void => tell(world, 'declined');
  const lost = found(story, (end) => ({ ...end, attempts: end.attempts.slice(1) }));
  assert.deepEqual(lost, ['word-stands 7']);
  const older = found(story, (end) => ({
    ...end,
    attempts: end.attempts.map((attempt) => ({ ...attempt, version: 1 })),
  }));
  assert.deepEqual(older, ['word-stands 7']);
});

test('an answer without a word at the deadline breaks word-in-time; just before it, or unanswered, it does not', () => {
  const story = (ms: number) => (world: SmallWorld) => {
    begun(world);
    world.wait(ms);
    const paymentId = paymentTold('a', 'processing').paymentId;
    world.told(7, { kind: 'look-at-payment', paymentId }, { kind: 'no-answer' });
    world.told(7, { kind: 'look-at-payment', paymentId }, { kind: 'refused', problem: 'busy', paymentId });
    world.toldPayment(7, 'a', 'processing');
  };
  assert.deepEqual(seenAtOnce(story(29_999)), []);
  assert.deepEqual(seenAtOnce(story(30_000)), ['word-in-time 7']);
});

test('a sale whose payment still has no word after the deadline breaks word-in-time too', () => {
  const story = (world: SmallWorld): void => {
    begun(world);
    world.wait(30_000);
    world.toldSale(7, 'paying', { payments: [paymentTold('a', 'processing')] });
  };
  assert.deepEqual(seenAtOnce(story), ['word-in-time 7']);
});

test('a word written after the deadline breaks word-in-time in calm, and is excused when a server was in trouble', () => {
  const story = (crash: boolean, ms: number) => (world: SmallWorld) => {
    begun(world);
    world.wait(20_000);
    if (crash) world.tell({ type: 'server-crashed', server: 'server 1' });
    world.wait(ms - 20_000);
    world.charge(7, 'a', 'reversing');
  };
  assert.deepEqual(seenAtOnce(story(false, 30_000)), []);
  assert.deepEqual(seenAtOnce(story(false, 30_001)), ['word-in-time 7']);
  assert.deepEqual(seenAtOnce(story(true, 33_000)), []);
  assert.deepEqual(seenAtOnce(story(true, 60_000)), []);
  assert.deepEqual(seenAtOnce(story(true, 60_001)), ['word-in-time 7'], 'the trouble was long over');
  assert.deepEqual(seenAtOnce(story(true, 33_000), { isServerTrouble: () => false }), ['word-in-time 7']);
});

test('a sale told paid without an approved charge breaks told-truth', () => {
  const story = (world: SmallWorld): void => {
    begun(world);
    world.toldSale(7, 'paid');
  };
  assert.deepEqual(seenAtOnce(story), ['told-truth 7']);
});

test('a sale told open after it was told paid breaks told-truth, unless it was asked for before', () => {
  const story = (askedMsAfter: number) => (world: SmallWorld) => {
    tell(world, 'paid');
    world.toldSale(7, 'paying', { payments: [paymentTold('7a', 'processing')] }, instant(world.now + askedMsAfter));
  };
  assert.deepEqual(seenAtOnce(story(0)), []);
  assert.deepEqual(seenAtOnce(story(1)), ['told-truth 7', 'word-stands 7']);
});

test('a payment told with a wrong amount, or one that nobody wrote, breaks told-truth', () => {
  const wrong = (world: SmallWorld): void => {
    begun(world);
    world.toldPayment(7, 'a', 'processing', { amountMinor: 999n });
  };
  assert.deepEqual(seenAtOnce(wrong), ['told-truth 7']);
  assert.deepEqual(
    seenAtOnce((world) => world.toldPayment(7, 'x', 'processing')),
    ['told-truth 7'],
  );
});

test('a sale told with the payment of another sale breaks told-truth', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'paid');
    world.sale(8);
    world.toldSale(8, 'open', { payments: [paymentTold('7a', 'paid')] });
  };
  assert.deepEqual(seenAtOnce(story), ['told-truth 8']);
});

test('giving back more than was asked for, or more than was taken, breaks told-truth', () => {
  const story = (world: SmallWorld): void => {
    tell(world, 'refundedInParts');
    world.toldPayment(7, '7a', 'paid', { refundedMinor: 1_001n });
  };
  assert.deepEqual(seenAtOnce(story), ['told-truth 7']);
  const lawful = (world: SmallWorld): void => {
    tell(world, 'refundedInParts');
    const refunds = [refundTold('7r', 'refunded'), refundTold('7s', 'refunded', 600n)];
    world.toldSale(7, 'refunded', { payments: [paymentTold('7a', 'paid', { refundedMinor: 1_000n })], refunds });
  };
  assert.deepEqual(found(lawful), []);
});
