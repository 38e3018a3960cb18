// The shared clock on any machine, however wrong, and with any journal, however far.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SharedClock } from './shared-clock.ts';
import { distantTime } from './testing/distant-time.ts';
import { MachineClock } from './testing/machine-clock.ts';
import { ManualClock } from './testing/manual-clock.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);

const errorOf = (clock: SharedClock, time: ManualClock) => Math.abs(clock.now() - time.now());

test(`whatever the machine and the way to the journal, learning brings it nearer or leaves it near (seed ${seed})`, async () => {
  const learning = fc.record({
    toMs: fc.integer({ min: 0, max: 3_000 }),
    backMs: fc.integer({ min: 0, max: 3_000 }),
    pauseMs: fc.integer({ min: 0, max: 5_000 }),
    jumpMs: fc.integer({ min: -86_400_000, max: 86_400_000 }),
  });
  const machines = fc.record({
    aheadMs: fc.integer({ min: -86_400_000, max: 86_400_000 }),
    rate: fc.double({ min: 0.999, max: 1.001, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(machines, fc.array(learning, { minLength: 1, maxLength: 8 }), async (fault, learnings) => {
      const time = new ManualClock();
      const machine = new MachineClock(time, fault);
      const clock = new SharedClock(machine);
      for (const { toMs, backMs, pauseMs, jumpMs } of learnings) {
        machine.jump(jumpMs);
        const before = errorOf(clock, time);
        await clock.learn(distantTime(time, toMs, backMs));
        // A rate of a thousandth wrong, over the way itself, and the whole milliseconds that are told.
        const slack = (toMs + backMs) / 1_000 + 2;
        const error = errorOf(clock, time);
        assert.ok(error <= (toMs + backMs) * 1.5 + slack, `${error} after ${toMs} + ${backMs}`);
        assert.ok(error <= before + slack, `${error}, and was ${before}`);
        await time.advance(pauseMs);
      }
    }),
    { numRuns: 100, seed },
  );
});
