// The global JSON API as a merchant's program meets it: signatures over raw bytes, idempotent ids, results S, F and U.

import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { sign } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { RunningSandbox } from '../start-sandbox.ts';
import { codeOf, global, globalRaw, paymentBody } from '../testing/merchant.fixture.ts';
import {
  asJson,
  balanceOf,
  listOf,
  openWallet,
  postJson,
  showCode,
  startTestSandbox,
  textOf,
} from '../testing/sandbox.fixture.ts';

describe('the global API', () => {
  let sandbox: RunningSandbox;
  let walletId: string;
  let count = 0;
  before(async () => {
    sandbox = await startTestSandbox({ settings: { silenceMs: 50 } });
    walletId = await openWallet(sandbox, '10000.00');
  });
  after(() => sandbox.close());

  const fresh = (): string => {
    count += 1;
    return `PR_${count}`;
  };
  const code = async (wallet = walletId) => (await showCode(sandbox, wallet)).code;

  it('pays, inquires, refunds, inquires the refund and cancels, under both paths', async () => {
    for (const base of ['/ams/api', '/ams/sandbox/api']) {
      const id = fresh();
      const paid = await globalRaw(sandbox, 'pay', paymentBody(id, await code(), '1231'), { base });
      strictEqual(paid.signature, 'good');
      strictEqual(paid.headers['content-type'], 'application/json; charset=UTF-8');
      const payment = asJson(JSON.parse(paid.text));
      deepStrictEqual(payment['paymentAmount'], { currency: 'CNY', value: '1231' });
      const refund = {
        refundRequestId: `R${id}`,
        paymentId: payment['paymentId'],
        refundAmount: { currency: 'CNY', value: 231 },
      };
      strictEqual(codeOf(await global(sandbox, 'refund', refund, { base })), 'SUCCESS');
      strictEqual(codeOf(await global(sandbox, 'refund', refund, { base })), 'SUCCESS');
      const inquired = await global(sandbox, 'inquiryPayment', { paymentRequestId: id }, { base });
      strictEqual(inquired['paymentStatus'], 'SUCCESS');
      strictEqual(listOf(inquired['transactions']).length, 1);
      const told = await global(sandbox, 'inquiryRefund', { refundRequestId: `R${id}` }, { base });
      deepStrictEqual([told['refundStatus'], told['refundAmount']], ['SUCCESS', { currency: 'CNY', value: '231' }]);
      strictEqual(codeOf(await global(sandbox, 'cancel', { paymentRequestId: id }, { base })), 'ORDER_STATUS_INVALID');
    }
  });

  it('verifies the bytes as they were sent: indented, with a number for the value', async () => {
    const body = paymentBody(fresh(), await code(), 100);
    strictEqual(codeOf(await global(sandbox, 'pay', body, { text: JSON.stringify(body, null, 3) })), 'SUCCESS');
  });

  it('serves a request whose target is a whole address', async () => {
    const { clientId, privateKey } = sandbox.credentials.global;
    const body = JSON.stringify({ paymentRequestId: 'NONE' });
    const path = '/ams/api/v1/payments/inquiryPayment';
    const signed = sign('sha256', Buffer.from(`POST ${path}\n${clientId}.1.${body}`), privateKey).toString('base64');
    const head = [
      `POST https://127.0.0.1${path} HTTP/1.1`,
      'host: 127.0.0.1',
      'connection: close',
      'content-type: application/json',
      `content-length: ${body.length}`,
      `client-id: ${clientId}`,
      'request-time: 1',
      `signature: algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signed)}`,
    ];
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    let answer = '';
    for await (const part of socket) answer += String(part);
    ok(answer.startsWith('HTTP/1.1 200') && answer.includes('ORDER_NOT_EXIST'), answer);
    ok(/\r\nresponse-time: /.test(answer) && /\r\nsignature: algorithm=RSA256/.test(answer), 'lower-case headers');
  });

  it('asks above the threshold, and knows confirmed, refused, cancelled and paid apart', async () => {
    const status = async (id: string) => {
      const inquired = await global(sandbox, 'inquiryPayment', { paymentRequestId: id });
      return [inquired['paymentStatus'], inquired['paymentResultCode']];
    };
    const [confirmed, refused, cancelled] = [fresh(), fresh(), fresh()];
    for (const id of [confirmed, refused, cancelled])
      strictEqual(codeOf(await global(sandbox, 'pay', paymentBody(id, await code(), '100001'))), 'PAYMENT_IN_PROCESS');
    deepStrictEqual(await status(confirmed), ['PROCESSING', 'PAYMENT_IN_PROCESS']);
    await postJson(sandbox, `wallets/${walletId}/answer`, { accept: true, outTradeNo: confirmed });
    await postJson(sandbox, `wallets/${walletId}/answer`, { accept: false, outTradeNo: refused });
    strictEqual(codeOf(await global(sandbox, 'cancel', { paymentRequestId: cancelled })), 'SUCCESS');
    strictEqual(codeOf(await global(sandbox, 'cancel', { paymentRequestId: cancelled })), 'SUCCESS');
    deepStrictEqual(await status(confirmed), ['SUCCESS', 'SUCCESS']);
    deepStrictEqual(await status(refused), ['FAIL', 'USER_PAYMENT_VERIFICATION_FAILED']);
    deepStrictEqual(await status(cancelled), ['CANCELLED', 'ORDER_IS_CANCELED']);
    strictEqual(
      codeOf(await global(sandbox, 'pay', paymentBody(cancelled, await code(), '100001'))),
      'ORDER_IS_CANCELED',
    );
    strictEqual(codeOf(await global(sandbox, 'cancel', { paymentRequestId: refused })), 'SUCCESS');
  });

  it('gives the same final answer to the same id, and refuses another body under it', async () => {
    const [id, shown] = [fresh(), await code()];
    const first = await global(sandbox, 'pay', paymentBody(id, shown, '100'));
    deepStrictEqual(await global(sandbox, 'pay', paymentBody(id, shown, '100')), first);
    strictEqual(codeOf(await global(sandbox, 'pay', paymentBody(id, shown, '101'))), 'REPEAT_REQ_INCONSISTENT');
    const poor = await openWallet(sandbox, '0.10');
    const declined = paymentBody(fresh(), await code(poor), '100');
    const refused = await global(sandbox, 'pay', declined);
    strictEqual(codeOf(refused), 'USER_BALANCE_NOT_ENOUGH');
    await postJson(sandbox, `wallets/${poor}/topup`, { amount: '10.00' });
    deepStrictEqual(await global(sandbox, 'pay', declined), refused);
    const inquired = await global(sandbox, 'inquiryPayment', { paymentRequestId: declined['paymentRequestId'] });
    deepStrictEqual([inquired['paymentStatus'], inquired['paymentResultCode']], ['FAIL', 'USER_BALANCE_NOT_ENOUGH']);
  });

  it('knows codes that are unknown, used or too old', async () => {
    strictEqual(
      codeOf(await global(sandbox, 'pay', paymentBody(fresh(), '288888888888888888', '1'))),
      'INVALID_PAYMENT_CODE',
    );
    const used = await code();
    await global(sandbox, 'pay', paymentBody(fresh(), used, '1'));
    strictEqual(codeOf(await global(sandbox, 'pay', paymentBody(fresh(), used, '1'))), 'INVALID_PAYMENT_CODE');
    const old = await showCode(sandbox, walletId, { lifeMs: 0 });
    strictEqual(codeOf(await global(sandbox, 'pay', paymentBody(fresh(), old.code, '1'))), 'EXPIRED_CODE');
  });

  it('refuses what is wrong, names the field, and says what does not exist', async () => {
    const shown = await code();
    const body = (more: Record<string, unknown>) => ({ ...paymentBody(fresh(), shown, '100'), ...more });
    const cases: readonly (readonly [Record<string, unknown>, string, RegExp])[] = [
      [{ productCode: 'CASHIER_PAYMENT' }, 'PARAM_ILLEGAL', /productCode/],
      [{ paymentAmount: { currency: 'CNY', value: '1.00' } }, 'PARAM_ILLEGAL', /paymentAmount\.value/],
      [{ paymentAmount: { currency: 'CNY', value: '0' } }, 'PARAM_ILLEGAL', /paymentAmount\.value/],
      [{ paymentAmount: { currency: 'XXX', value: '1' } }, 'CURRENCY_NOT_SUPPORT', /XXX/],
      [{ paymentAmount: { currency: 'IDR', value: '150' } }, 'PARAM_ILLEGAL', /IDR/],
      [{ paymentExpiryTime: 'soon' }, 'PARAM_ILLEGAL', /paymentExpiryTime/],
      [{ order: { orderAmount: { currency: 'CNY', value: '1' } } }, 'PARAM_ILLEGAL', /order\.orderDescription/],
    ];
    for (const [change, resultCode, message] of cases) {
      const answer = await global(sandbox, 'pay', body(change));
      strictEqual(codeOf(answer), resultCode);
      ok(message.test(textOf(asJson(answer['result'])['resultMessage'])));
    }
    strictEqual(codeOf(await global(sandbox, 'pay', {}, { text: '{' })), 'PARAM_ILLEGAL');
    strictEqual(codeOf(await global(sandbox, 'inquiryPayment', { paymentRequestId: 'NONE' })), 'ORDER_NOT_EXIST');
    strictEqual(codeOf(await global(sandbox, 'cancel', { paymentRequestId: 'NONE' })), 'ORDER_NOT_EXIST');
    strictEqual(codeOf(await global(sandbox, 'consult', {})), 'NO_INTERFACE_DEF');
    strictEqual(codeOf(await global(sandbox, 'pay', {}, { headers: { 'client-id': 'NOBODY' } })), 'INVALID_CLIENT');
    const unsigned = await globalRaw(sandbox, 'pay', {}, { headers: { signature: 'testing_signature' } });
    deepStrictEqual([codeOf(asJson(JSON.parse(unsigned.text))), unsigned.signature], ['INVALID_SIGNATURE', 'none']);
  });

  it('keeps the magic amounts of the old mocks', async () => {
    const [unknown, silent, vague, mute] = [fresh(), fresh(), fresh(), fresh()];
    const pay = async (id: string, value: string) => global(sandbox, 'pay', paymentBody(id, await code(), value));
    const inquire = (id: string) => global(sandbox, 'inquiryPayment', { paymentRequestId: id });
    const before = await balanceOf(sandbox, walletId);
    strictEqual(codeOf(await pay(unknown, '9901')), 'UNKNOWN_EXCEPTION');
    await rejects(pay(silent, '9902'));
    strictEqual((await inquire(unknown))['paymentStatus'], 'SUCCESS');
    strictEqual((await inquire(silent))['paymentStatus'], 'SUCCESS');
    strictEqual(codeOf(await pay(vague, '9903')), 'SUCCESS');
    strictEqual(codeOf(await inquire(vague)), 'UNKNOWN_EXCEPTION');
    strictEqual(codeOf(await pay(mute, '9904')), 'SUCCESS');
    await rejects(inquire(mute));
    for (const id of [unknown, silent, vague, mute])
      strictEqual(codeOf(await global(sandbox, 'cancel', { paymentRequestId: id })), 'SUCCESS');
    strictEqual(await balanceOf(sandbox, walletId), before);
  });
});
