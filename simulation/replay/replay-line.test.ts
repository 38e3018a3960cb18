import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReplayLine, replayLine, wordsOf } from './replay-line.ts';

const words = (line: string): readonly string[] => wordsOf(line.replace('npm run simulate -- ', ''));

test('a world comes back from its line', () => {
  for (const order of [
    { seed: 0, sales: [0, 1, 2, 3, 7, 9, 10], fates: null },
    {
      seed: 4_294_967_295,
      sales: [17],
      fates: new Set(['lost answer pay of charge 1 of sale 17 1', 'pause server 1 stretch 3']),
    },
    { seed: 5, sales: [999], fates: new Set<string>() },
  ]) {
    assert.deepEqual(parseReplayLine(words(replayLine(order))), order);
  }
});

test('runs of sales are written short', () => {
  const line = replayLine({ seed: 3, sales: [0, 1, 2, 5], fates: null });
  assert.equal(line, 'npm run simulate -- --world 3 --only 0-2,5');
});

test('a line that is none says what is wrong with it', () => {
  assert.throws(() => parseReplayLine(['--world', 'seven']), /--world must be a whole number/);
  assert.throws(() => parseReplayLine(['--world', '1', '--only', '3-']), /this cannot be read: 3-/);
  assert.throws(() => parseReplayLine(['--world', '1', '--only', '3-1']), /3-1 ends before it begins/);
});
