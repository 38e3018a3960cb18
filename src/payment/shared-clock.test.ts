// The clock that all processes of a journal share: what is learnt, what is left as it is, and what no machine can do to it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SharedClock } from './shared-clock.ts';
import { distantTime } from './testing/distant-time.ts';
import { MachineClock } from './testing/machine-clock.ts';
import { ManualClock } from './testing/manual-clock.ts';

describe('a shared clock', () => {
  test('is the machine’s until it has learnt the journal’s, and then that', async () => {
    const time = new ManualClock();
    const machine = new MachineClock(time, { aheadMs: 20_000 });
    const clock = new SharedClock(machine);
    assert.equal(clock.now() - time.now(), 20_000);
    await clock.learn(distantTime(time));
    assert.equal(clock.now(), time.now());
  });

  test('does not move when the machine’s hands do', async () => {
    const time = new ManualClock();
    const machine = new MachineClock(time, { aheadMs: -20_000 });
    const clock = new SharedClock(machine);
    await clock.learn(distantTime(time));
    for (const jump of [600_000, -3_600_000, 1]) {
      machine.jump(jump);
      await time.advance(700);
      assert.equal(clock.now(), time.now());
    }
  });

  test('takes an answer to be half its round trip old, and leaves a difference that the asking alone may have made', async () => {
    const time = new ManualClock();
    const clock = new SharedClock(new MachineClock(time, { aheadMs: 20_000 }));
    await clock.learn(distantTime(time, 300, 100));
    assert.equal(clock.now() - time.now(), -100 + 200);
    await clock.learn(distantTime(time, 300, 100));
    assert.equal(clock.now() - time.now(), 100);
    await clock.learn(distantTime(time, 2, 2));
    assert.equal(clock.now(), time.now());
  });

  test('takes the first answer however long it was on its way, and knows how wrong it may be', async () => {
    const time = new ManualClock();
    const clock = new SharedClock(new MachineClock(time, { aheadMs: 9_000 }));
    assert.equal(clock.doubtMs, Number.POSITIVE_INFINITY);
    await clock.learn(distantTime(time, 5_000, 5_000));
    assert.equal(clock.now(), time.now());
    assert.equal(clock.doubtMs, 5_001);
    await clock.learn(distantTime(time, 10, 10));
    assert.equal(clock.doubtMs, 11);
  });

  test('stays as it is when the journal cannot be read, and says so', async () => {
    const time = new ManualClock();
    const clock = new SharedClock(new MachineClock(time, { aheadMs: 5_000 }));
    const gone = { time: async () => Promise.reject(new Error('gone')) };
    await assert.rejects(clock.learn(gone), /gone/);
    assert.equal(clock.now() - time.now(), 5_000);
  });

  test('follows a journal whose clock is set back', async () => {
    const time = new ManualClock();
    const clock = new SharedClock(new MachineClock(time));
    time.setBack(600_000);
    await clock.learn(distantTime(time));
    assert.equal(clock.now(), time.now());
  });
});
