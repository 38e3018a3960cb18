import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure, success } from '#foundation/result.ts';
import { keyVerdict } from './key-verdict.ts';

const unknown = (cause: 'bad-signature' | 'system-error' | 'timeout' | 'garbled', channelCode?: string) =>
  success({ outcome: 'outcome-unknown' as const, cause, ...(channelCode === undefined ? {} : { channelCode }) });

test('an answer that the trade is not known means that all keys fit', () => {
  assert.equal(keyVerdict(success({ outcome: 'never-received' })), 'fit');
});

test('each wrong key is told from the others, signed or not', () => {
  assert.equal(keyVerdict(unknown('bad-signature', 'isv.invalid-signature')), 'own-key-wrong');
  assert.equal(keyVerdict(unknown('system-error', 'isv.invalid-signature')), 'own-key-wrong');
  assert.equal(keyVerdict(unknown('bad-signature', 'INVALID_SIGNATURE')), 'own-key-wrong');
  assert.equal(keyVerdict(unknown('bad-signature', 'isv.invalid-app-id')), 'application-unknown');
  assert.equal(keyVerdict(unknown('bad-signature', 'INVALID_CLIENT')), 'application-unknown');
  assert.equal(keyVerdict(unknown('system-error', 'isv.insufficient-isv-permissions')), 'not-permitted');
  assert.equal(keyVerdict(unknown('bad-signature', 'ACQ.TRADE_NOT_EXIST')), 'alipay-key-wrong');
  assert.equal(keyVerdict(unknown('bad-signature')), 'alipay-key-wrong');
});

test('a gateway that cannot be reached, is silent or is something else tells nothing of keys', () => {
  assert.equal(keyVerdict(failure({ kind: 'not-sent', detail: 'ECONNREFUSED' })), 'unreachable');
  assert.equal(keyVerdict(unknown('timeout')), 'no-answer');
  assert.equal(keyVerdict(unknown('garbled', 'http-404')), 'unclear');
});
