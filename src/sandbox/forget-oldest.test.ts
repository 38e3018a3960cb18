// Bounded memory: never more than the bound, the oldest first.

import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { it } from 'node:test';
import { forgetOldest } from './forget-oldest.ts';

it('forgets the oldest one of a few', () => {
  const kept = new Map([1, 2, 3, 4].map((key) => [key, key]));
  forgetOldest(kept, 4);
  deepStrictEqual([...kept.keys()], [1, 2, 3, 4]);
  forgetOldest(kept, 3);
  deepStrictEqual([...kept.keys()], [2, 3, 4]);
});

it('forgets a sixteenth of many at once, and is never left with more than the bound', () => {
  const kept = new Set<number>();
  for (let key = 0; key < 161; key += 1) kept.add(key);
  forgetOldest(kept, 160);
  strictEqual(kept.size, 151);
  strictEqual([...kept][0], 10);
  forgetOldest(kept, 100);
  strictEqual(kept.size, 100);
});
