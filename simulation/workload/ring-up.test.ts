// Every habit and everything that comes after it, over many seeds: it ends in bounded time whatever the store does, it asks the same in
// two runs of a seed, and its share of the sales is its weight.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '#foundation/random.ts';
import type { SaleNumber } from '../shop/happening.ts';
import { afterwards } from './afterwards.ts';
import { hourMs, minuteMs } from './chance.ts';
import { habits } from './habits.ts';
import { planSale, ringUp } from './ring-up.ts';
import { play, ToyStage, whatWasPlayed } from './testing/toy-stage.ts';
import type { Mood } from './testing/toy-store.ts';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

test('weights are parts of a hundred, and most sales are plain', () => {
  for (const table of [habits, afterwards]) {
    assert.equal(
      table.reduce((sum, { weight }) => sum + weight, 0),
      100,
    );
  }
  assert.deepEqual([habits[0]?.name, habits[0]?.weight], ['plain', 55]);
});

for (const { name } of habits) {
  test(`"${name}" ends when the store never answers, also when it falls silent after the opening`, async () => {
    for (const seed of seeds) {
      const never = await play({ habit: name, mood: 'silent', seed });
      assert.ok(never.endedAtMs < 4 * minuteMs, `seed ${seed}: ${never.endedAtMs} ms`);
      assert.deepEqual(new Set(never.kinds), new Set(['open-sale']));
      const later = await play({ habit: name, mood: 'silent-after-opening', seed });
      assert.ok(later.endedAtMs < 45 * minuteMs, `seed ${seed}: ${later.endedAtMs} ms`);
      assert.notEqual(later.left.length, 0, `seed ${seed}: nobody said that they stopped`);
    }
  });
}

test('a till asks no faster than once a second when it looks', async () => {
  for (const seed of seeds) {
    const { asked } = await play({ mood: 'asks', seed, isTiresome: true });
    const looks = asked.filter(({ request }) => request.kind === 'look-at-payment').map(({ at }) => at);
    assert.ok(looks.every((at, index) => index === 0 || at - (looks[index - 1] ?? 0) >= 1_000));
  }
});

async function ringUpOn(mood: Mood, seed: number, sale: SaleNumber): Promise<ToyStage> {
  const stage = new ToyStage(mood, seed);
  stage.loses = (_request, nth) => (nth % 5 === 3 ? 'answer' : nth % 7 === 4 ? 'request' : null);
  await stage.runs(ringUp(stage, sale));
  return stage;
}

test('two runs of a seed ask, tell and leave the same at the same times', async () => {
  for (const mood of ['paid', 'not-paid', 'asks'] as const) {
    for (let sale = 0; sale < 100; sale += 1) {
      const [first, second] = [await ringUpOn(mood, 7, sale), await ringUpOn(mood, 7, sale)];
      assert.deepEqual(first.asked, second.asked);
      assert.deepEqual(first.told, second.told);
    }
  }
});

test('a sale of any habit is over within thirty hours, lost messages and late refunds included', async () => {
  for (let sale = 0; sale < 300; sale += 1) {
    const { endedAtMs } = whatWasPlayed(await ringUpOn('asks', 11, sale));
    assert.ok(endedAtMs < 30 * hourMs, `sale ${sale}: ${endedAtMs} ms`);
  }
});

test('the shares of habits and of what comes after are their weights', () => {
  const count = 10_000;
  const times = new Map<string, number>();
  const amounts: bigint[] = [];
  for (let sale = 0; sale < count; sale += 1) {
    const plan = planSale(seededRandom(sale), 4);
    for (const { name } of [plan.habit, plan.afterwards]) times.set(name, (times.get(name) ?? 0) + 1);
    amounts.push(plan.amountMinor);
    assert.ok(plan.home !== plan.other && plan.home < 4 && plan.other < 4);
  }
  for (const { name, weight } of [...habits, ...afterwards]) {
    // Five deviations of a draw with this chance: wrong once in millions.
    const allowed = 5 * Math.sqrt(count * (weight / 100) * (1 - weight / 100));
    const off = Math.abs((times.get(name) ?? 0) - (count * weight) / 100);
    assert.ok(off <= allowed, `${name}: ${times.get(name)} of ${count}, weight ${weight}`);
  }
  assert.ok(amounts.includes(1n));
  assert.ok(amounts.every((amount) => amount >= 1n && amount <= 500_000n));
  const asked = amounts.filter((amount) => amount > 100_000n).length;
  assert.ok(asked > count * 0.1 && asked < count * 0.3, `${asked} are asked to confirm`);
});

test('a shop with one till has nobody else to go to', () => {
  const plan = planSale(seededRandom(3), 1);
  assert.deepEqual([plan.home, plan.other], [0, 0]);
});
