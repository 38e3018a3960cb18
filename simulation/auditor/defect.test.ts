import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seenAtOnce } from './testing/judge.ts';

test('a defect inside a server breaks no-defect: the server itself would only say "busy" and try again', () => {
  assert.deepEqual(
    seenAtOnce((world) => world.tell({ type: 'defect', server: 'server 1', what: 'an invariant is broken' })),
    ['no-defect null'],
  );
});
