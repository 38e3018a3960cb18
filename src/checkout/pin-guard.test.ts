// The waits after wrong PINs: five are free, then 5 s, 10 s, 20 s and so on to 15 min.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import { countTry, forgiveTry, type PinGuard, type PinGuardKind, pinWait } from './pin-guard.ts';

const start = instant(1_800_000_000_000);
const after = (seconds: number): Instant => plus(start, durationMs(seconds * 1_000));

function counted(kind: PinGuardKind, guard: PinGuard | null, at: Instant): PinGuard {
  const result = countTry(kind, guard, at);
  assert.ok(result.ok);
  return result.value;
}

test('the wait is none for four wrong tries, then doubles from five seconds to a quarter of an hour', () => {
  const seconds = Array.from({ length: 15 }, (_, wrong) => pinWait(wrong) / 1_000);
  assert.deepEqual(seconds, [0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
  assert.equal(pinWait(10_000), 900_000);
});

test('a try before its time is told what is left and is not counted', () => {
  const guard = { wrongTries: 5, triedAt: start };
  assert.deepEqual(countTry('person', guard, after(3)), { ok: false, failure: 2_000 });
  assert.deepEqual(countTry('person', guard, after(5)), { ok: true, value: { wrongTries: 6, triedAt: after(5) } });
});

test('wrong tries are forgotten one by one: a device’s each minute, a person’s each half hour', () => {
  const guard = { wrongTries: 4, triedAt: start };
  assert.equal(counted('device', guard, after(59)).wrongTries, 5);
  assert.equal(counted('device', guard, after(120)).wrongTries, 3);
  assert.equal(counted('device', guard, after(3_600)).wrongTries, 1);
  assert.equal(counted('person', guard, after(1_799)).wrongTries, 5);
  assert.equal(counted('person', guard, after(1_800)).wrongTries, 4);
});

// However it is timed, one person's PIN can be tried 4 times a free start and then, at the limit, four times an hour: a PIN of four
// digits stands for more than a month against somebody who does nothing else.
test('who tries as fast as they may gets through a few hundred PINs in three days', () => {
  let guard: PinGuard | null = null;
  let at = start;
  let tries = 0;
  while (at < after(3 * 86_400)) {
    const result = countTry('person', guard, at);
    if (result.ok) {
      guard = result.value;
      tries += 1;
    } else at = plus(at, result.failure);
  }
  assert.ok(tries > 250 && tries < 310, `${tries} tries`);
});

test('a right PIN starts the person afresh and takes one try off the device', () => {
  const guard = { wrongTries: 3, triedAt: start };
  assert.equal(forgiveTry('person', guard), null);
  assert.deepEqual(forgiveTry('device', guard), { wrongTries: 2, triedAt: start });
  assert.equal(forgiveTry('device', { wrongTries: 1, triedAt: start }), null);
});
