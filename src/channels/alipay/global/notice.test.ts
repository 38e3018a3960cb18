// Notices of the global API: what is Alipay's, what is forged, and what each says of an attempt.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import {
  alipayKeys,
  attemptId,
  clientId,
  globalAnswer,
  merchantKeys,
  tradeNo,
} from '../testing/alipay-side.fixture.ts';
import { type GlobalNotice, globalNoticeReceipt, verifyGlobalNotice } from './notice.ts';

const path = '/alipay/global/notices';
const own = { clientId, alipayPublicKey: alipayKeys.publicKey };

type Fields = Readonly<Record<string, unknown>>;

const paid: Fields = {
  notifyType: 'PAYMENT_RESULT',
  result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' },
  paymentRequestId: attemptId,
  paymentId: tradeNo,
  paymentAmount: { currency: 'HKD', value: '8888' },
  paymentTime: '2026-11-23T10:00:01+08:00',
};

// A notice is signed as an answer is, with our own path; only the name of the time's header differs.
function noticeOf(message: object, side: Partial<Parameters<typeof globalAnswer>[1]> = {}): GlobalNotice {
  const { headers, body } = globalAnswer(message, { path, ...side });
  const { 'response-time': time, ...others } = headers;
  return { path, headers: { ...others, 'request-time': time }, body };
}

const paidAt = instant(Date.parse('2026-11-23T10:00:01+08:00'));
const evidence = { channelReference: tradeNo, amount: money('HKD', 8_888n), paidAt, payerAccount: null };

async function replyTo(changes: Fields): Promise<unknown> {
  const notice = await verifyGlobalNotice(noticeOf({ ...paid, ...changes }), own);
  assert.ok(notice.ok, 'the notice is proven');
  return notice.value.reply;
}

const refused = (failure: string) => ({ ok: false, failure });
const failed = (resultCode: string) => ({ result: { resultCode, resultStatus: 'F' } });

describe('a notice of Alipay', () => {
  it('names the attempt, itself and the approval', async () => {
    const value = { attemptNumber: attemptId, noticeId: tradeNo, reply: { outcome: 'approved', evidence } };
    assert.deepEqual(await verifyGlobalNotice(noticeOf(paid), own), { ok: true, value });
  });

  it('says the same, under the same number, each time it comes', async () => {
    const notice = noticeOf(paid);
    assert.deepEqual(await verifyGlobalNotice(notice, own), await verifyGlobalNotice(notice, own));
  });

  it('is receipted by a result of success', () => {
    const result = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' };
    assert.deepEqual(JSON.parse(globalNoticeReceipt), { result });
  });

  for (const [what, changes, reply] of [
    ['a refusal', failed('RISK_REJECT'), { outcome: 'declined', reason: 'risk', channelCode: 'RISK_REJECT' }],
    ['a failure that may not be one', failed('PROCESS_FAIL'), null],
    ['a system error', failed('SYSTEM_ERROR'), null],
    ['a payment in process', { result: { resultCode: 'PAYMENT_IN_PROCESS', resultStatus: 'U' } }, null],
    ['a failure of tomorrow', failed('TOMORROWS_CODE'), null],
    ['a failure called constructor', failed('constructor'), null],
    ['a success under another code', { result: { resultCode: 'PAYMENT_IN_PROCESS', resultStatus: 'S' } }, null],
    ['no result', { result: undefined }, null],
    ['a payment that waits', { notifyType: 'PAYMENT_PENDING' }, null],
    ['a refund', { notifyType: 'REFUND_RESULT' }, null],
    ['no amount', { paymentAmount: undefined }, null],
    ['an amount that is none', { paymentAmount: { currency: 'HKD', value: '88.88' } }, null],
    ['no number of Alipay', { paymentId: undefined }, null],
  ] as const) {
    it(`tells of ${what}`, async () => {
      assert.deepEqual(await replyTo(changes), reply);
    });
  }
});

describe('a notice that is not Alipay’s, or not ours', () => {
  const genuine = noticeOf(paid);
  const withHeader = (name: string, value: string | string[] | undefined) => ({
    ...genuine,
    headers: { ...genuine.headers, [name]: value },
  });

  for (const [what, notice, failure] of [
    ['another key signed it', noticeOf(paid, { key: merchantKeys.privateKey }), 'bad-signature'],
    ['it was signed for another path', noticeOf(paid, { path: '/ams/api/v1/payments/pay' }), 'bad-signature'],
    ['it is for another client', noticeOf(paid, { clientId: 'T_2' }), 'not-ours'],
    ['its client was changed', withHeader('client-id', 'T_2'), 'bad-signature'],
    ['its time was changed', withHeader('request-time', '2026-11-24T10:00:01.000+08:00'), 'bad-signature'],
    ['its time is no time', noticeOf(paid, { time: '{"a":1}' }), 'bad-signature'],
    ['its body was changed', { ...genuine, body: genuine.body.replace('8888', '8889') }, 'bad-signature'],
    ['it has no client', withHeader('client-id', undefined), 'bad-signature'],
    ['it has no time', withHeader('request-time', undefined), 'bad-signature'],
    ['it has no signature', withHeader('signature', undefined), 'bad-signature'],
    ['it has two signatures', withHeader('signature', ['a', 'b']), 'bad-signature'],
    ['its signature is empty', withHeader('signature', ''), 'bad-signature'],
    ['it names no payment', noticeOf({ ...paid, paymentRequestId: undefined }), 'malformed'],
    ['it is empty', { ...genuine, body: '' }, 'malformed'],
    ['it is a list', { ...genuine, body: '[]' }, 'malformed'],
    ['it is longer than any notice', noticeOf({ ...paid, note: 'x'.repeat(70_000) }), 'malformed'],
  ] as const) {
    it(`is refused when ${what}`, async () => {
      assert.deepEqual(await verifyGlobalNotice(notice, own), refused(failure));
    });
  }
});
