// The machine's own time and randomness: the one place where the server's processes get them. Everything else is given a Clock
// and a Random, so that simulation can give others.

import { randomFillSync } from 'node:crypto';
import { type Clock, instant } from '#foundation/instant.ts';
import type { Random } from '#foundation/random.ts';

const timerMsMax = 2 ** 31 - 1;

/** The machine's clock and timers. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
  monotonicMs: () => performance.now(),
  after(wait, act) {
    // A longer wait would fire at once (Node turns it into 1 ms), so it is waited in pieces of 24.8 days.
    let timer = setTimeout(step, Math.min(wait, timerMsMax));
    let left = wait - timerMsMax;
    function step() {
      if (left <= 0) return act();
      timer = setTimeout(step, Math.min(left, timerMsMax));
      left -= timerMsMax;
    }
    return () => clearTimeout(timer);
  },
};

/** The system's generator, fit for secrets. Drawn in blocks: one call to the system for 1024 numbers. */
export function systemRandom(): Random {
  const block = new Uint32Array(1024);
  let next = block.length;
  return {
    uint32() {
      if (next === block.length) {
        randomFillSync(block);
        next = 0;
      }
      const drawn = block[next] ?? 0;
      next += 1;
      return drawn;
    },
  };
}
