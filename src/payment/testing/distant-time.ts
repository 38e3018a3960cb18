// The clock of a journal that is some way off, for tests of those who ask it.

import { type Instant, instant } from '#foundation/instant.ts';
import type { ManualClock } from './manual-clock.ts';

/** A journal whose clock is read when `toMs` of the way are gone, and whose answer takes `backMs` more. */
export function distantTime(time: ManualClock, toMs = 0, backMs = 0): { time(): Promise<Instant> } {
  return {
    async time() {
      await time.advance(toMs);
      const told = instant(Math.floor(time.now()));
      await time.advance(backMs);
      return told;
    },
  };
}
