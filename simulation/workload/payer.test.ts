import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '#foundation/random.ts';
import { drawPurse, Payer, type Temper } from './payer.ts';
import { ToyStage } from './testing/toy-stage.ts';

/** Asks a payer of this temper to confirm, and tells when and how it answered. */
async function askedOnce(temper: Temper, seed: number): Promise<{ readonly what: string; readonly at: number } | null> {
  const stage = new ToyStage('asks');
  const answers: { what: string; at: number }[] = [];
  let ask = (): void => {};
  stage.payers = {
    ...stage.payers,
    onAsked: (_walletId: string, listener: () => void) => {
      ask = listener;
    },
    answer: (_walletId: string, accept: boolean) => {
      answers.push({ what: accept ? 'confirms' : 'refuses', at: stage.now() });
      return true;
    },
  };
  const payer = new Payer(stage, 0, { temper, balanceMinor: 1n }, seededRandom(seed));
  ask();
  await stage.runs(payer.hasAnswered());
  return answers[0] ?? null;
}

test('each temper answers in its own time, or never', async () => {
  for (let seed = 1; seed <= 30; seed += 1) {
    const quick = await askedOnce('quick', seed);
    assert.ok(quick?.what === 'confirms' && quick.at >= 1_000 && quick.at <= 8_000);
    const slow = await askedOnce('slow', seed);
    assert.ok(slow?.what === 'confirms' && slow.at >= 8_000 && slow.at <= 120_000);
    assert.equal((await askedOnce('refuses', seed))?.what, 'refuses');
    assert.equal(await askedOnce('silent', seed), null);
  }
});

test('some slow payers confirm after the till gave up', async () => {
  const slow = await Promise.all(Array.from({ length: 30 }, (_, seed) => askedOnce('slow', seed)));
  assert.ok(slow.some((answer) => (answer?.at ?? 0) > 30_000));
});

test('who is short has less than the amount, and anybody else has enough for several payments', () => {
  for (let seed = 0; seed < 1_000; seed += 1) {
    assert.ok(drawPurse(seededRandom(seed), 1n, false, true).balanceMinor < 1n);
    assert.ok(drawPurse(seededRandom(seed), 500_000n, true, true).balanceMinor < 500_000n);
    assert.ok(drawPurse(seededRandom(seed), 500_000n, false, false).balanceMinor >= 2_500_000n);
    assert.notEqual(drawPurse(seededRandom(seed), 1n, true, false).temper, 'quick');
  }
});
