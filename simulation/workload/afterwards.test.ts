import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TillRequest } from '../shop/store-line.ts';
import { type Played, play } from './testing/toy-stage.ts';

const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
type RefundRequest = TillRequest & { readonly kind: 'refund' };

function refundsOf({ asked }: Played): readonly (RefundRequest & { readonly till: number; readonly at: number })[] {
  return asked.flatMap(({ request, till, at }) => (request.kind === 'refund' ? [{ ...request, till, at }] : []));
}

async function playAll(afterwards: string): Promise<readonly Played[]> {
  return await Promise.all(seeds.map((seed) => play({ afterwards, seed, amountMinor: 900n })));
}

test('a look afterwards is one look', async () => {
  for (const [afterwards, kind] of [
    ['looks at the sale', 'look-at-sale'],
    ['looks at the payments again', 'look-at-payment'],
  ] as const) {
    for (const { kinds } of await playAll(afterwards)) assert.deepEqual(kinds, ['open-sale', 'pay', kind]);
  }
});

test('all is given back at once, minutes, hours or a day later, at either till', async () => {
  const all = await playAll('gives all back');
  const refunds = all.flatMap(refundsOf);
  assert.ok(refunds.every(({ amountMinor }) => amountMinor === 900n));
  assert.equal(refunds.length, seeds.length);
  const waits = refunds.map(({ at }, index) => at - (all[index]?.pays[0]?.at ?? 0));
  assert.ok(Math.min(...waits) < 11_000 && Math.max(...waits) > 600_000);
  const elsewhere = refunds.filter(({ till }, index) => till !== all[index]?.pays[0]?.till).length;
  assert.ok(elsewhere > 0 && elsewhere < seeds.length);
});

test('a part is more than nothing and at most all', async () => {
  for (const amountMinor of [1n, 2n, 900n]) {
    const played = await play({ afterwards: 'gives a part back', amountMinor });
    const [refund] = refundsOf(played);
    assert.ok(refund !== undefined && refund.amountMinor >= 1n && refund.amountMinor <= amountMinor);
  }
});

test('several parts are three, each with a key of its own', async () => {
  for (const refunds of (await playAll('gives several parts back')).map(refundsOf)) {
    assert.equal(refunds.length, 3);
    assert.equal(new Set(refunds.map(({ key }) => key)).size, 3);
  }
});

test('more than is left is asked for', async () => {
  for (const refunds of (await playAll('asks for more than is left')).map(refundsOf)) {
    assert.ok(refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) > 900n);
  }
});

test('a double click and two tills ask at once; the same key with another amount is tried', async () => {
  for (const [first, second] of (await playAll('gives back with a double click')).map(refundsOf)) {
    assert.deepEqual(first, second);
  }
  for (const [first, second] of (await playAll('asks at two tills at once')).map(refundsOf)) {
    assert.equal(first?.at, second?.at);
    assert.notEqual(first?.till, second?.till);
  }
  for (const [first, second] of (await playAll('another amount under the same key')).map(refundsOf)) {
    assert.equal(first?.key, second?.key);
    assert.equal(second?.amountMinor, 901n);
  }
});

test('a refund that is not answered is asked for again with the same key', async () => {
  let lost = 0;
  const played = await play({
    afterwards: 'gives all back',
    loses: ({ kind }) => (kind === 'refund' && lost++ < 3 ? 'answer' : null),
  });
  assert.equal(refundsOf(played).length, 4);
  assert.equal(new Set(refundsOf(played).map(({ key }) => key)).size, 1);
});

test('a refund in processing is looked at, ever less often, until it has ended, ten times at most', async () => {
  const short = await play({ afterwards: 'gives all back', refundLooks: 3 });
  assert.equal(short.kinds.filter((kind) => kind === 'look-at-sale').length, 3);
  const long = await play({ afterwards: 'gives all back', refundLooks: 1_000 });
  assert.equal(long.kinds.filter((kind) => kind === 'look-at-sale').length, 10);
});

test('a sale that was not paid is looked at again in some cases', async () => {
  const all = await Promise.all(seeds.map((seed) => play({ mood: 'not-paid', seed })));
  const looked = all.filter(({ kinds }) => kinds.includes('look-at-payment')).length;
  assert.ok(looked > 0 && looked < seeds.length);
});

test('now and then money is asked back that was never taken', async () => {
  const many = Array.from({ length: 60 }, (_, seed) => play({ mood: 'not-paid', seed }));
  const asked = (await Promise.all(many)).filter(({ kinds }) => kinds.includes('refund')).length;
  assert.ok(asked > 0 && asked < 20, `${asked} of 60`);
});

test('who looks again looks at every payment of the sale, also at those that were not paid', async () => {
  let pays = 0;
  const { kinds } = await play({
    habit: 'tries again with a fresh code',
    afterwards: 'looks at the payments again',
    mood: 'not-paid',
    moodFor: ({ kind }) => (kind === 'pay' && ++pays === 2 ? 'paid' : 'not-paid'),
  });
  assert.deepEqual(kinds, ['open-sale', 'pay', 'pay', 'look-at-payment', 'look-at-payment']);
});
