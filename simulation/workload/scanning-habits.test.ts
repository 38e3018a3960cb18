import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TillRequest } from '../shop/store-line.ts';
import { type Loss, type Played, play } from './testing/toy-stage.ts';

const losesFirst = (kind: TillRequest['kind'], loss: Loss, count = 1): ((request: TillRequest) => Loss) => {
  let left = count;
  return (request) => (request.kind === kind && left-- > 0 ? loss : null);
};
const differing = <Value>(values: readonly Value[]): number => new Set(values).size;
const keysOf = ({ pays }: Played): readonly string[] => pays.map(({ request }) => request.key);
const codesOf = ({ pays }: Played): readonly string[] => pays.map(({ request }) => request.payerCode);
const quick = { isTiresome: false, isShort: false };

test('a plain sale that is paid at once is two requests', async () => {
  const { kinds, story } = await play({});
  assert.deepEqual(kinds, ['open-sale', 'pay']);
  assert.deepEqual(story, []);
});

test('a plain sale is looked at every second until its payer has confirmed', async () => {
  const { kinds, asked, story } = await play({ mood: 'asks', ...quick });
  assert.ok(kinds.length >= 3);
  assert.deepEqual(new Set(kinds.slice(2)), new Set(['look-at-payment']));
  assert.deepEqual(new Set(asked.slice(3).map(({ at }, index) => at - (asked[index + 2]?.at ?? 0))), new Set([1_010]));
  assert.ok(['confirms', 'refuses'].includes(story[0] ?? ''));
});

test('what is not answered is asked again with the same key', async () => {
  for (const loss of ['request', 'answer'] as const) {
    const opened = await play({ loses: losesFirst('open-sale', loss, 2) });
    assert.deepEqual(opened.kinds, ['open-sale', 'open-sale', 'open-sale', 'pay']);
    assert.equal(differing(opened.asked.slice(0, 3).map(({ request }) => JSON.stringify(request, bigintText))), 1);
    const paid = await play({ loses: losesFirst('pay', loss, 2) });
    assert.deepEqual([paid.pays.length, differing(keysOf(paid)), differing(codesOf(paid))], [3, 1, 1]);
  }
});

function bigintText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

test('a double click sends the same request twice in the same moment', async () => {
  const { kinds, asked } = await play({ habit: 'double-clicks' });
  assert.deepEqual(kinds, ['open-sale', 'open-sale', 'pay', 'pay']);
  for (const first of [0, 2]) assert.deepEqual(asked[first], asked[first + 1]);
});

test('who repeats without waiting sends one request up to five times, a second apart', async () => {
  const silent = await play({ habit: 'repeats without waiting', loses: losesFirst('pay', 'request', 4) });
  const first = silent.pays[0]?.at ?? 0;
  assert.deepEqual(
    silent.pays.map(({ at }) => at - first),
    [0, 1_000, 2_000, 3_000, 4_000],
  );
  assert.equal(differing(keysOf(silent)), 1);
  const answered = await play({ habit: 'repeats without waiting' });
  assert.equal(answered.pays.length, 1);
});

test('who looks instead of repeating finds the payment, or asks again when none is there', async () => {
  const habit = 'looks instead of repeating';
  const carriedOut = await play({ habit, mood: 'asks', loses: losesFirst('pay', 'answer') });
  assert.deepEqual(carriedOut.kinds.slice(0, 4), ['open-sale', 'pay', 'look-at-sale', 'look-at-payment']);
  const lost = await play({ habit, loses: losesFirst('pay', 'request') });
  assert.deepEqual(lost.kinds, ['open-sale', 'pay', 'look-at-sale', 'pay']);
  assert.equal(differing(keysOf(lost)), 1);
});

test('the same code scanned again has a key of its own; a fresh code is of the same wallet', async () => {
  for (const seed of [1, 2, 3, 4]) {
    const same = await play({ habit: 'scans the same code again', mood: 'asks', seed });
    assert.equal(differing(codesOf(same)), 1);
    assert.equal(differing(keysOf(same)), same.pays.length);
    assert.ok((same.pays[1]?.at ?? 0) - (same.pays[0]?.at ?? 0) <= 4_000);
    const fresh = await play({ habit: 'scans a fresh code meanwhile', mood: 'asks', seed });
    assert.equal(differing(codesOf(fresh)), 2);
    assert.equal(differing(codesOf(fresh).map((code) => fresh.stage.walletOfCode.get(code))), 1);
    assert.equal(same.stage.told.filter(({ type }) => type === 'code-scanned').length, same.pays.length);
  }
});

test('after "not paid" there are three tries at most, each with a fresh code and a new key', async () => {
  const fresh = await play({ habit: 'tries again with a fresh code', mood: 'not-paid' });
  assert.deepEqual([fresh.pays.length, differing(keysOf(fresh)), differing(codesOf(fresh))], [3, 3, 3]);
  const paid = await play({ habit: 'tries again with a fresh code' });
  assert.equal(paid.pays.length, 1);
});

test('after "not paid" another wallet pays', async () => {
  const played = await play({ habit: 'tries again with another wallet', mood: 'not-paid' });
  const wallets = codesOf(played).map((code) => played.stage.walletOfCode.get(code));
  assert.deepEqual(wallets, ['wallet 1', 'wallet 2', 'wallet 2']);
});

test('two tills pay the same sale at the same time, and one of them is told of the other', async () => {
  const { pays, asked } = await play({ habit: 'pays at two tills', home: 0, other: 2, mood: 'asks', ...quick });
  assert.deepEqual(
    pays.slice(0, 2).map(({ till }) => till),
    [0, 2],
  );
  assert.ok((pays[1]?.at ?? 0) - (pays[0]?.at ?? 0) <= 2_000);
  const lookers = asked.filter(({ request }) => request.kind === 'look-at-payment').map(({ till }) => till);
  assert.deepEqual(new Set(lookers), new Set([0, 2]));
});

test('a basket that moves is left at one till and looked at, followed and if need be paid at the other', async () => {
  const cast = { habit: 'moves the basket', home: 0, other: 1, isTiresome: true } as const;
  const { asked, left } = await play({ ...cast, mood: 'asks' });
  assert.equal(left[0]?.till, 0);
  assert.notEqual(left[0]?.paymentId, undefined);
  const taken = asked.findIndex(({ till }) => till === 1);
  assert.equal(asked[taken]?.request.kind, 'look-at-sale');
  const after = asked.slice(taken).filter(({ request }) => request.kind !== 'look-at-sale');
  assert.deepEqual(new Set(after.map(({ till }) => till)), new Set([1]));
  const unpaid = await play({ ...cast, mood: 'not-paid' });
  assert.deepEqual(
    unpaid.pays.map(({ till }) => till),
    [0, 1],
  );
});
