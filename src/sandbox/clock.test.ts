// A clock that can be put forward, over a clock that a test winds by hand.

import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Clock, durationMs, instant } from '#foundation/instant.ts';
import { beijingText, nextBeijingMidnight, parseBeijing, parseIso } from './beijing-time.ts';
import { settableClock } from './clock.ts';

function stoppedClock(): Clock {
  return { now: () => instant(1_000), monotonicMs: () => 0, after: () => () => {} };
}

describe('the settable clock', () => {
  it('runs what falls due on the way, in order, each at its own time', () => {
    const clock = settableClock(stoppedClock());
    const seen: [string, number][] = [];
    const see = (name: string) => () => seen.push([name, clock.now()]);
    clock.after(durationMs(300), see('late'));
    clock.after(durationMs(100), () => {
      see('early')();
      clock.after(durationMs(50), see('added on the way'));
    });
    const callOff = clock.after(durationMs(200), see('called off'));
    callOff();
    clock.advance(1_000);
    deepStrictEqual(seen, [
      ['early', 1_100],
      ['added on the way', 1_150],
      ['late', 1_300],
    ]);
    strictEqual(clock.now(), 2_000);
  });

  it('leaves alone what is not due', () => {
    const clock = settableClock(stoppedClock());
    let fired = 0;
    clock.after(durationMs(500), () => {
      fired += 1;
    });
    clock.advance(499);
    strictEqual(fired, 0);
    clock.advance(1);
    strictEqual(fired, 1);
  });
});

describe('Beijing time', () => {
  it('is eight hours ahead, and its midnight is 16:00 UTC', () => {
    const at = instant(Date.parse('2026-11-23T15:59:59Z'));
    strictEqual(beijingText(at), '2026-11-23 23:59:59');
    strictEqual(nextBeijingMidnight(at), Date.parse('2026-11-23T16:00:00Z'));
    strictEqual(nextBeijingMidnight(instant(Date.parse('2026-11-23T16:00:00Z'))), Date.parse('2026-11-24T16:00:00Z'));
  });

  it('is read strictly', () => {
    strictEqual(parseBeijing('2026-11-23 23:59:59'), Date.parse('2026-11-23T15:59:59Z'));
    strictEqual(parseBeijing('2026-11-23 23:59'), Date.parse('2026-11-23T15:59:00Z'));
    for (const text of ['2026-02-30 00:00:00', '2026-13-01 00:00:00', '2026-11-23T00:00:00', '', 'now'])
      strictEqual(parseBeijing(text), undefined);
    strictEqual(parseIso('2026-11-23T10:00:00+0800'), Date.parse('2026-11-23T02:00:00Z'));
    strictEqual(parseIso('2026-11-23 10:00:00'), undefined);
  });
});
