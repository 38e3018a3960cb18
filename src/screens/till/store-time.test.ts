import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatOnce, isSameDay } from './store-time.ts';

test('a day begins and ends in the zone of the store', () => {
  const lateInShanghai = Date.parse('2026-03-01T15:59:59Z');
  const nextInShanghai = Date.parse('2026-03-01T16:00:00Z');
  assert.equal(isSameDay(lateInShanghai, nextInShanghai, 'Asia/Shanghai'), false);
  assert.equal(isSameDay(lateInShanghai, nextInShanghai, 'UTC'), true);
  assert.equal(isSameDay(Date.parse('2026-02-28T16:00:00Z'), lateInShanghai, 'Asia/Shanghai'), true);
});

test('a format is made once for the same wish, and another for another', () => {
  const english = formatOnce('en', { timeZone: 'Asia/Shanghai', hour: '2-digit' });
  assert.equal(formatOnce('en', { timeZone: 'Asia/Shanghai', hour: '2-digit' }), english);
  assert.notEqual(formatOnce('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit' }), english);
  assert.notEqual(formatOnce('en', { timeZone: 'UTC', hour: '2-digit' }), english);
});
