// The channels ask nothing of the machine themselves: with a signing and a transport that answer at once, every act ends within
// the turns of promises, before any timer, socket or pool could speak. A simulation on a virtual clock stands on this.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { createGlobalChannel } from './global/channel.ts';
import { verifyGlobalNotice } from './global/notice.ts';
import { createOpenapiChannel } from './openapi/channel.ts';
import { verifyOpenapiNotice } from './openapi/notice.ts';
import type { Signing } from './signing.port.ts';
import {
  alipayKeys,
  answered,
  attemptId,
  chargeOf,
  clientId,
  clock,
  merchantKeys,
  payRequest,
  refundRequest,
  tradeNo,
  transportOf,
} from './testing/alipay-side.fixture.ts';

const promiseTurnsMax = 100;

const seal = (content: string): string => createHash('sha256').update(content).digest('base64');
const instantSigning: Signing = {
  sign: (content) => Promise.resolve(seal(content)),
  verify: (content, signature) => Promise.resolve(signature === seal(content)),
};

/** What a promise is resolved to within promise turns alone; anything that leaves them fails. */
async function atOnce<Value>(promise: Promise<Value>): Promise<Value> {
  const settled: Value[] = [];
  void promise.then((value) => settled.push(value));
  for (let turn = 0; turn < promiseTurnsMax && settled.length === 0; turn += 1) await Promise.resolve();
  const [value] = settled;
  assert.ok(value !== undefined, `settled within ${promiseTurnsMax} turns of promises`);
  return value;
}

const keys = { privateKey: merchantKeys.privateKey, alipayPublicKey: alipayKeys.publicKey };
const notifyUrl = 'https://shop.test/notify';
const signal = new AbortController().signal;

describe('the domestic channel without the machine', () => {
  // Answers whatever is asked with its number, as a paid and refunded trade has it.
  const transport = transportOf(({ url }) => {
    const method = new URL(url).searchParams.get('method') ?? '';
    const fields = method.endsWith('pay')
      ? { out_trade_no: attemptId, trade_no: tradeNo, total_amount: '88.88', gmt_payment: '2026-11-23 10:00:01' }
      : { out_trade_no: attemptId, retry_flag: 'N', action: 'close' };
    const node = JSON.stringify({ code: '10000', msg: 'Success', ...fields });
    return answered(`{"${method.replaceAll('.', '_')}_response":${node},"sign":"${seal(node)}"}`);
  });
  const settings = { gatewayUrl: 'https://gateway.test/gateway.do', appId: '2021000000000001', notifyUrl, ...keys };
  const channel = createOpenapiChannel(settings, { transport, clock, signing: instantSigning });

  it('ends every act at once', async () => {
    const paid = await atOnce(channel.authorize(payRequest(), signal));
    assert.equal(paid.ok && paid.value.outcome, 'approved');
    const reversed = await atOnce(channel.reverse(chargeOf(), signal));
    assert.equal(reversed.ok && reversed.value.outcome, 'reversed');
    await atOnce(channel.inquire(chargeOf(), signal));
    await atOnce(channel.refund(refundRequest(), signal));
    await atOnce(channel.inquireRefund(refundRequest(), signal));
  });

  it('proves a notice at once', async () => {
    const content = `app_id=${settings.appId}&out_trade_no=${attemptId}&trade_status=TRADE_SUCCESS`;
    const form = `${content}&sign_type=RSA2&sign=${encodeURIComponent(seal(content))}`;
    const own = { appId: settings.appId, alipayPublicKey: alipayKeys.publicKey, signing: instantSigning };
    const notice = await atOnce(verifyOpenapiNotice(form, own));
    assert.equal(notice.ok && notice.value.attemptNumber, attemptId);
  });
});

describe('the global channel without the machine', () => {
  const time = '2026-11-23T10:00:01+08:00';
  const signatureOf = (path: string, body: string): string => {
    const signature = encodeURIComponent(seal(`POST ${path}\n${clientId}.${time}.${body}`));
    return `algorithm=RSA256,keyVersion=1,signature=${signature}`;
  };
  const transport = transportOf(({ url }) => {
    const path = new URL(url).pathname;
    const result = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' };
    const paymentAmount = { currency: 'CNY', value: '8888' };
    const body = JSON.stringify({ result, paymentRequestId: attemptId, paymentId: tradeNo, paymentAmount });
    const headers = { 'client-id': clientId, 'response-time': time, signature: signatureOf(path, body) };
    return answered(body, headers);
  });
  const merchant = { name: 'Corner shop', categoryCode: '5411' };
  const settings = { gatewayUrl: 'https://global.test', clientId, notifyUrl, merchant, ...keys };
  const channel = createGlobalChannel(settings, { transport, clock, signing: instantSigning });

  it('ends every act at once', async () => {
    const paid = await atOnce(channel.authorize(payRequest(), signal));
    assert.equal(paid.ok && paid.value.outcome, 'approved');
    const reversed = await atOnce(channel.reverse(chargeOf(), signal));
    assert.equal(reversed.ok && reversed.value.outcome, 'reversed');
    await atOnce(channel.inquire(chargeOf(), signal));
    await atOnce(channel.refund(refundRequest(), signal));
    await atOnce(channel.inquireRefund(refundRequest(), signal));
  });

  it('proves a notice at once', async () => {
    const body = JSON.stringify({ notifyType: 'PAYMENT_RESULT', paymentRequestId: attemptId });
    const headers = { 'client-id': clientId, 'request-time': time, signature: signatureOf('/notify', body) };
    const own = { clientId, alipayPublicKey: alipayKeys.publicKey, signing: instantSigning };
    const notice = await atOnce(verifyGlobalNotice({ path: '/notify', headers, body }, own));
    assert.equal(notice.ok && notice.value.attemptNumber, attemptId);
  });
});
