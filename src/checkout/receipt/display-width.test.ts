// Worked examples of width and wrapping; a cell is half a Chinese character.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayWidth, printable, wrapText } from './display-width.ts';

test('Latin letters take one cell, Chinese and its punctuation two', () => {
  assert.equal(displayWidth('Tea 500ml'), 9);
  assert.equal(displayWidth('乌龙茶500ml'), 11);
  assert.equal(displayWidth('（大）'), 6);
  assert.equal(displayWidth('Café'), 4);
  assert.equal(displayWidth('¥1'), 3);
});

test('names are broken between words', () => {
  assert.deepEqual(wrapText('Dark chocolate with hazelnuts', 14), ['Dark chocolate', 'with hazelnuts']);
});

test('a word longer than the line is cut', () => {
  assert.deepEqual(wrapText('see 2026112322001432671405930217', 10), ['see', '2026112322', '0014326714', '05930217']);
});

test('a Chinese character is never cut in half', () => {
  assert.deepEqual(wrapText('单一产地黑巧克力', 7), ['单一产', '地黑巧', '克力']);
});

test('a closing mark does not begin a line', () => {
  assert.deepEqual(wrapText('七日内退换，谢谢。', 10), ['七日内退', '换，谢谢。']);
});

test('Latin words inside Chinese stay whole', () => {
  assert.deepEqual(wrapText('乌龙茶500ml装', 8), ['乌龙茶', '500ml装']);
});

test('nothing gives no line', () => {
  assert.deepEqual(wrapText('   ', 10), []);
});

test('what steers a terminal or turns the reading order round is taken out', () => {
  assert.equal(printable('a\u001b@b\u202ec\nd\u200d'), 'a @bc d');
});
