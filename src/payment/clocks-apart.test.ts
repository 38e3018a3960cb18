// Two servers of one store whose machines disagree about the time, and jump, and go wrong, while payments wait for their payers and one
// of the two dies. Whatever the machines show, what is done, and when, is what it would be if they agreed.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { PaymentAttemptId } from '#foundation/id.ts';
import { MachineClock, type MachineFault } from './testing/machine-clock.ts';
import { settle } from './testing/manual-clock.ts';
import { PaymentStage } from './testing/payment-stage.ts';
import type { Authorization } from './testing/small-alipay.ts';

type Machines = {
  readonly first: MachineFault;
  readonly second: MachineFault;
  /** Both machines' hands are set, so long after the scan. */
  readonly jumps: readonly { readonly atMs: number; readonly ms: number }[];
};

type Course = {
  /** Everything that was written and called, each with its second after the scan. */
  readonly course: readonly string[];
  /** Milliseconds from the scan to the word and to the other server's taking up; null when there was none. */
  readonly wordMs: number | null;
  readonly takenUpMs: number | null;
  readonly word: string | null;
};

const stepMs = 250;
const agreeing: Machines = { first: {}, second: {}, jumps: [] };

/** The first server begins a payment and dies `diesAtMs` after the scan, or lives on. The second is there all the time. */
async function play(authorization: Authorization, diesAtMs: number | null, machines: Machines): Promise<Course> {
  const stage = new PaymentStage();
  const clocks = [
    new MachineClock(stage.clock, machines.first),
    new MachineClock(stage.clock, machines.second),
  ] as const;
  const [first, second] = [stage.service('process-1', clocks[0]), stage.service('process-2', clocks[1])];
  await first.start();
  await second.start();
  stage.alipay.authorization = authorization;
  const saleId = await stage.sale();
  const scannedAt = stage.clock.now();
  const started = stage.pay(first, saleId);
  const course: string[] = [];
  let takenUpMs: number | null = null;
  for (let ms = 0; ms <= 180_000; ms += stepMs) {
    for (const jump of machines.jumps) if (jump.atMs === ms) for (const clock of clocks) clock.jump(jump.ms);
    if (ms === diesAtMs) clocks[0].die();
    await stage.clock.advance(stepMs);
    for (const entry of stage.course.splice(0)) course.push(`${ms}: ${entry}`);
    const id: PaymentAttemptId | undefined = (await stage.attempts(saleId))[0]?.identity.id;
    if (takenUpMs === null && id !== undefined && second.drives(id)) takenUpMs = ms;
  }
  await started;
  const { state, identity } = await stage.charge(saleId);
  assert.equal(stage.alipay.kept(identity.id), state.phase === 'approved' ? 1_000n : 0n);
  assert.equal(identity.createdAt, scannedAt);
  const wordMs = state.finalWordAt === null ? null : state.finalWordAt - scannedAt;
  await Promise.all([first.stop(), second.stop(), settle()]);
  return { course, wordMs, takenUpMs, word: state.finalWord };
}

const skews: readonly (readonly [name: string, machines: Machines])[] = [
  ['20 s ahead, and the other 20 s behind', { first: { aheadMs: 20_000 }, second: { aheadMs: -20_000 }, jumps: [] }],
  ['20 s behind, and the other 20 s ahead', { first: { aheadMs: -20_000 }, second: { aheadMs: 20_000 }, jumps: [] }],
  ['right, and the other a day ahead', { first: {}, second: { aheadMs: 86_400_000 }, jumps: [] }],
  [
    'jumping to and fro with the other',
    {
      first: { aheadMs: 3_000 },
      second: { aheadMs: -3_000 },
      jumps: [
        { atMs: 1_000, ms: 600_000 },
        { atMs: 4_000, ms: -1_200_000 },
        { atMs: 20_000, ms: 27_000 },
      ],
    },
  ],
];

describe('a payment begun at a server whose clock is', () => {
  for (const [name, machines] of skews) {
    test(`${name}, has its word in time, and the other leaves it alone while its owner lives`, async () => {
      const played = await play('ask-payer', null, machines);
      assert.deepEqual([played.word, played.wordMs, played.takenUpMs], ['not-paid', 24_000, null]);
      assert.deepEqual(played, await play('ask-payer', null, agreeing));
    });

    test(`${name}, has its word in time when that server dies`, async () => {
      const played = await play('ask-payer', 3_000, machines);
      const { word, wordMs, takenUpMs } = played;
      assert.equal(word, 'not-paid');
      assert.ok(wordMs !== null && wordMs >= 24_000 && wordMs <= 26_500, `the word came after ${wordMs} ms`);
      // Its last sign of life was at most 1.5 s old, and is good for five; the other looks every second.
      assert.ok(takenUpMs !== null && takenUpMs >= 3_000 + 3_500 && takenUpMs <= 3_000 + 6_250, `${takenUpMs} ms`);
      assert.deepEqual(played, await play('ask-payer', 3_000, agreeing));
    });
  }

  test('a thousandth too fast, with the other a thousandth too slow, has its word in time', async () => {
    for (const diesAtMs of [null, 3_000]) {
      const machines = { first: { rate: 1.001 }, second: { rate: 0.999 }, jumps: [] };
      const { wordMs, takenUpMs } = await play('ask-payer', diesAtMs, machines);
      assert.ok(wordMs !== null && wordMs >= 23_900 && wordMs <= 26_600, `the word came after ${wordMs} ms`);
      assert.equal(takenUpMs === null, diesAtMs === null);
    }
  });
});

const seed = Number(process.hrtime.bigint() % 2n ** 31n);

test(`whatever the machines show, everything is done as if they agreed (seed ${seed})`, async () => {
  const fault = fc.record({ aheadMs: fc.integer({ min: -86_400_000, max: 86_400_000 }) });
  const moment = fc.integer({ min: 0, max: 240 }).map((steps) => steps * stepMs);
  const jump = fc.record({ atMs: moment, ms: fc.integer({ min: -86_400_000, max: 86_400_000 }) });
  const machines = fc.record({ first: fault, second: fault, jumps: fc.array(jump, { maxLength: 4 }) });
  const authorization = fc.constantFrom<Authorization[]>('ask-payer', 'lose-request', 'lose-answer');
  const death = fc.option(moment);
  await fc.assert(
    fc.asyncProperty(authorization, death, machines, async (how, diesAtMs, wrong) => {
      assert.deepEqual(await play(how, diesAtMs, wrong), await play(how, diesAtMs, agreeing));
    }),
    { numRuns: 12, seed },
  );
});
