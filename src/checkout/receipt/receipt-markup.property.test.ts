// Text from outside comes out of ReceiptLine as it went in: none of it is taken for markup.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { transform } from 'receiptline';
import { printable } from './display-width.ts';
import { escapeText, ReceiptMarkup } from './receipt-markup.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);
const hostile = fc.constantFrom(
  ...'\\|{}~_"`^-=;:nx4 1'.split(''),
  '\\n',
  '\\x1b',
  '{command:',
  '{c:1}',
  '---',
  '===',
  '茶',
  '\u001b',
  '\n',
);
const texts = fc.array(hostile, { maxLength: 12 }).map((parts) => parts.join(''));
const asText = (markup: string) => transform(markup, { command: 'text', encoding: 'gb18030', cpl: 90, cutting: false });

test(`an escaped text is printed as it is (seed ${seed})`, () => {
  fc.assert(
    fc.property(texts, (text) => {
      const printed = asText(`|${escapeText(text)}`);
      assert.equal(printed.trimEnd(), printable(text).trimEnd());
    }),
    { seed, numRuns: 3_000 },
  );
});

test(`a name stands at the left and its figure at the right, whatever the name (seed ${seed})`, () => {
  fc.assert(
    fc.property(texts, fc.constantFrom('plain', 'strong', 'inverse'), (text, emphasis) => {
      const slip = new ReceiptMarkup(48);
      slip.figure(text, '39.80', 8, { emphasis });
      const printed = transform(slip.toString(), { command: 'text', encoding: 'gb18030', cpl: 48 });
      const lines = printed.split('\n').filter((line) => line.trim() !== '');
      assert.ok(lines.at(-1)?.endsWith('   39.80'), printed);
    }),
    { seed, numRuns: 1_000 },
  );
});
