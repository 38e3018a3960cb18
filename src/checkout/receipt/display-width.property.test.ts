// Wrapping loses nothing and never overflows, whatever the text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { displayWidth, printable, wrapText } from './display-width.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);
const letters = fc.constantFrom(...'ab -9.é，。单一（ \t¥'.split(''), '長', '🍵', 'x'.repeat(30));
const texts = fc.oneof(
  fc.array(letters, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

test(`wrapped lines fit and together are the text (seed ${seed})`, () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 48 }), (text, width) => {
      const lines = wrapText(text, width);
      assert.ok(lines.every((line) => line !== '' && displayWidth(line) <= width));
      assert.equal(lines.join('').replaceAll(' ', ''), printable(text).replaceAll(' ', ''));
    }),
    { seed, numRuns: 2_000 },
  );
});
