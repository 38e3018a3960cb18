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

test(`whatever the machine and the way to the journal, it is never further off than it says (seed ${seed})`, async () => {
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
      const begin = time.now();
      for (const { toMs, backMs, pauseMs, jumpMs } of learnings) {
        machine.jump(jumpMs);
        await clock.learn(distantTime(time, toMs, backMs));
        // A rate of a thousandth wrong all along, and the whole milliseconds that are told.
        const slack = (time.now() - begin) / 1_000 + 2;
        const error = errorOf(clock, time);
        assert.ok(error <= clock.doubtMs + slack, `${error}, and it says ${clock.doubtMs}`);
        assert.ok(error <= (toMs + backMs) * 1.5 + slack, `${error} after ${toMs} + ${backMs}`);
        await time.advance(pauseMs);
      }
    }),
    { numRuns: 100, seed },
  );
});
