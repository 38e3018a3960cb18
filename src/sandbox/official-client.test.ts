// Alipay's own npm client, unchanged and with signature validation on, as a real peer: what it accepts, merchants' programs accept.

import { strictEqual } from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { AlipaySdk } from 'alipay-sdk';
import type { RunningSandbox } from './start-sandbox.ts';
import { openWallet, postJson, showCode, startTestSandbox } from './testing/sandbox.fixture.ts';

describe("Alipay's official client", () => {
  let sandbox: RunningSandbox;
  let sdk: AlipaySdk;

  before(async () => {
    sandbox = await startTestSandbox({ settings: { signGatewayErrors: true, notices: { delayMs: 0 } } });
    const { appId, appPrivateKey, alipayPublicKey } = sandbox.credentials.openapi;
    sdk = new AlipaySdk({
      appId,
      privateKey: appPrivateKey,
      alipayPublicKey,
      gateway: `${sandbox.url}/gateway.do`,
      camelcase: false,
      timeout: 5_000,
    });
  });
  after(() => sandbox.close());

  const call = (method: string, bizContent: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    sdk.exec(method, { ...more, bizContent }, { validateSign: true });

  const pay = async (walletId: string, outTradeNo: string, amount: string, more: Record<string, unknown> = {}) =>
    call(
      'alipay.trade.pay',
      {
        out_trade_no: outTradeNo,
        scene: 'bar_code',
        auth_code: (await showCode(sandbox, walletId)).code,
        subject: '门店测试 A+B % "引号"',
        total_amount: amount,
        store_id: 'NJ_001',
      },
      more,
    );

  it('pays, queries, refunds in parts and queries the refund', async () => {
    const walletId = await openWallet(sandbox, '500.00');
    const paid = await pay(walletId, 'OC_1', '88.88');
    strictEqual(paid['code'], '10000');
    strictEqual(paid['buyer_user_id'], walletId);
    const queried = await call('alipay.trade.query', { out_trade_no: 'OC_1' });
    strictEqual(queried['trade_status'], 'TRADE_SUCCESS');
    strictEqual(queried['trade_no'], paid['trade_no']);
    strictEqual(queried['store_id'], 'NJ_001');
    const refund = { out_trade_no: 'OC_1', refund_amount: '10.00', out_request_no: 'R1', refund_reason: '退货' };
    const first = await call('alipay.trade.refund', refund);
    strictEqual(first['fund_change'], 'Y');
    strictEqual(first['refund_fee'], '10.00');
    strictEqual((await call('alipay.trade.refund', refund))['fund_change'], 'N');
    const told = await call('alipay.trade.fastpay.refund.query', { out_trade_no: 'OC_1', out_request_no: 'R1' });
    strictEqual(told['refund_status'], 'REFUND_SUCCESS');
    strictEqual(told['refund_amount'], '10.00');
    const unknown = await call('alipay.trade.fastpay.refund.query', { out_trade_no: 'OC_1', out_request_no: 'R9' });
    strictEqual(unknown['code'], '10000');
    strictEqual(unknown['refund_status'], undefined);
  });

  it('is told to wait above the threshold, and cancels what nobody confirmed', async () => {
    const walletId = await openWallet(sandbox, '5000.00');
    const waiting = await pay(walletId, 'OC_2', '1000.01');
    strictEqual(waiting['code'], '10003');
    strictEqual(waiting['msg'], ' order success pay inprocess');
    const cancelled = await call('alipay.trade.cancel', { out_trade_no: 'OC_2' });
    strictEqual(cancelled['action'], 'close');
    strictEqual(cancelled['retry_flag'], 'N');
    strictEqual((await call('alipay.trade.query', { out_trade_no: 'OC_2' }))['trade_status'], 'TRADE_CLOSED');
  });

  it('gets the money back when it cancels a paid trade', async () => {
    const walletId = await openWallet(sandbox, '50.00');
    await pay(walletId, 'OC_3', '50.00');
    strictEqual((await call('alipay.trade.cancel', { out_trade_no: 'OC_3' }))['action'], 'refund');
    const again = await pay(walletId, 'OC_3B', '50.00');
    strictEqual(again['code'], '10000');
  });

  it('precreates an order that a wallet scans, and closes one that nobody paid', async () => {
    const walletId = await openWallet(sandbox, '50.00');
    const order = { out_trade_no: 'OC_4', total_amount: '12.30', subject: 'order code' };
    const made = await call('alipay.trade.precreate', order);
    strictEqual(made['code'], '10000');
    strictEqual((await call('alipay.trade.query', { out_trade_no: 'OC_4' }))['sub_code'], 'ACQ.TRADE_NOT_EXIST');
    await postJson(sandbox, `wallets/${walletId}/scan`, { qrCode: made['qr_code'], accept: true });
    strictEqual((await call('alipay.trade.query', { out_trade_no: 'OC_4' }))['trade_status'], 'TRADE_SUCCESS');
    const second = await call('alipay.trade.precreate', { ...order, out_trade_no: 'OC_5' });
    await postJson(sandbox, `wallets/${walletId}/scan`, { qrCode: second['qr_code'] });
    strictEqual((await call('alipay.trade.close', { out_trade_no: 'OC_5' }))['code'], '10000');
  });

  it('verifies the refusal of a code that is not one', async () => {
    const refused = await call('alipay.trade.pay', {
      out_trade_no: 'OC_6',
      scene: 'bar_code',
      auth_code: '28763443825664394',
      subject: 'x',
      total_amount: '1.00',
    });
    strictEqual(refused['code'], '40004');
    strictEqual(refused['sub_code'], 'ACQ.PAYMENT_AUTH_CODE_INVALID');
  });

  it('verifies the notice of a payment', async () => {
    const shop = createServer();
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    const form = new Promise<Record<string, string>>((resolve) => {
      shop.on('request', (request, response) => {
        let body = '';
        request.setEncoding('utf8');
        request.on('data', (part: string) => {
          body += part;
        });
        request.on('end', () => {
          response.end('success');
          resolve(Object.fromEntries(new URLSearchParams(body)));
        });
      });
    });
    const walletId = await openWallet(sandbox, '10.00');
    const { port } = shop.address() as AddressInfo;
    await pay(walletId, 'OC_7', '0.01', { notify_url: `http://127.0.0.1:${port}/notify` });
    const notice = await form;
    shop.closeAllConnections();
    shop.close();
    strictEqual(notice['trade_status'], 'TRADE_SUCCESS');
    strictEqual(notice['out_trade_no'], 'OC_7');
    strictEqual(Object.values(notice).includes(''), false);
    strictEqual(sdk.checkNotifySignV2(notice), true);
    strictEqual(sdk.checkNotifySignV2({ ...notice, total_amount: '9.99' }), false);
  });
});
