import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from './log.ts';

test('an event is one JSON line with its name, its fields and where it came from', () => {
  const lines: string[] = [];
  const log = createLog('store', { write: (line: string) => void lines.push(line) });
  log.event('payment.attempt.approved', { attemptId: 'pa_1', minor: 2n ** 60n, afterMs: 12, late: false });
  assert.equal(lines.length, 1);
  const { time, pid, level, ...line } = JSON.parse(lines[0] ?? '');
  assert.equal(pid, process.pid);
  assert.equal(level, 30);
  assert.match(time, /^\d{4}-\d\d-\d\dT/);
  assert.deepEqual(line, {
    part: 'store',
    event: 'payment.attempt.approved',
    attemptId: 'pa_1',
    minor: '1152921504606846976',
    afterMs: 12,
    late: false,
  });
});
