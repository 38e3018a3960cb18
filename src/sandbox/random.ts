// The machine's randomness for ids and codes, drawn in blocks: one system call serves a thousand numbers.

import { randomFillSync } from 'node:crypto';
import type { Random } from '#foundation/random.ts';

const block = 1_024;

export function systemRandom(): Random {
  const drawn = new Uint32Array(block);
  let next = block;
  return {
    uint32() {
      if (next === block) {
        randomFillSync(drawn);
        next = 0;
      }
      return drawn[next++] ?? 0;
    },
  };
}
