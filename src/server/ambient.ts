// The machine's own time and randomness: the one place where the server's processes get them. Everything else is given a Clock
// and a Random, so that simulation can give others.

import { randomFillSync } from 'node:crypto';
import { type Clock, instant } from '#foundation/instant.ts';
import type { Random } from '#foundation/random.ts';

/** The machine's clock and timers. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
  monotonicMs: () => performance.now(),
  after(wait, act) {
    const timer = setTimeout(act, wait);
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
