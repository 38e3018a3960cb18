// Notices as a merchant's server receives them: signed, retried until acknowledged, and spoiled by faults.

import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { RunningSandbox } from '../start-sandbox.ts';
import { global, openapi, paymentBody } from '../testing/merchant.fixture.ts';
import {
  asJson,
  control,
  getJson,
  type Json,
  listOf,
  openWallet,
  postJson,
  showCode,
  startTestSandbox,
} from '../testing/sandbox.fixture.ts';

type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };

describe('notices', () => {
  let sandbox: RunningSandbox;
  let shop: Server;
  let url: string;
  let walletId: string;
  let received: Received[] = [];
  let answers: string[] = [];
  let count = 0;

  before(async () => {
    sandbox = await startTestSandbox({ settings: { notices: { delayMs: 0, speedUp: 24_000 } } });
    shop = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (part: string) => {
        body += part;
      });
      request.on('end', () => {
        received.push({ path: request.url ?? '', headers: request.headers, body });
        response.end(answers.shift() ?? 'success');
      });
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  });
  after(async () => {
    await sandbox.close();
    shop.closeAllConnections();
    shop.close();
  });
  beforeEach(async () => {
    received = [];
    answers = [];
    await control(sandbox, 'DELETE', 'faults');
    walletId = await openWallet(sandbox, '100.00');
  });

  const pay = async (): Promise<string> => {
    count += 1;
    const outTradeNo = `N_${count}`;
    await openapi(
      sandbox,
      'alipay.trade.pay',
      {
        out_trade_no: outTradeNo,
        auth_code: (await showCode(sandbox, walletId)).code,
        subject: '50% + 1',
        total_amount: '1.00',
        passback_params: 'a%3D1%26b%3D2',
      },
      { notify_url: `${url}/notify` },
    );
    return outTradeNo;
  };
  const arrived = async (howMany: number): Promise<void> => {
    for (let waited = 0; received.length < howMany && waited < 200; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    strictEqual(received.length, howMany);
  };
  const concluded = async (outTradeNo: string, status: string): Promise<Json> => {
    for (let waited = 0; waited < 200; waited += 1) {
      const [notice] = listOf((await getJson(sandbox, `notices?outTradeNo=${outTradeNo}`))['notices']);
      if (notice?.['status'] === status) return notice;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`the notice of ${outTradeNo} never became ${status}`);
  };
  const formOf = (index: number) => Object.fromEntries(new URLSearchParams(received[index]?.body ?? ''));
  const isSigned = (form: Readonly<Record<string, string>>): boolean => {
    const content = Object.keys(form)
      .filter((name) => name !== 'sign' && name !== 'sign_type')
      .sort()
      .map((name) => `${name}=${form[name]}`)
      .join('&');
    const key = createPublicKey(sandbox.credentials.openapi.alipayPublicKey);
    return verify('sha256', Buffer.from(content), key, Buffer.from(form['sign'] ?? '', 'base64'));
  };

  it('tell of a payment once it is acknowledged, with percent and plus signs intact', async () => {
    const outTradeNo = await pay();
    await arrived(1);
    const form = formOf(0);
    ok(isSigned(form));
    deepStrictEqual(
      [form['out_trade_no'], form['trade_status'], form['subject'], form['passback_params']],
      [outTradeNo, 'TRADE_SUCCESS', '50% + 1', 'a%3D1%26b%3D2'],
    );
    strictEqual(listOf((await concluded(outTradeNo, 'delivered'))['sends']).length, 1);
  });

  it('come again with the same notify_id until the merchant says success', async () => {
    answers = ['fail', 'SUCCESS', 'success'];
    const outTradeNo = await pay();
    const notice = await concluded(outTradeNo, 'delivered');
    strictEqual(received.length, 3);
    strictEqual(new Set([0, 1, 2].map((index) => formOf(index)['notify_id'])).size, 1);
    deepStrictEqual(
      listOf(notice['sends']).map((send) => [send['outcome'], send['detail']]),
      [
        ['not-acknowledged', '200 fail'],
        ['not-acknowledged', '200 SUCCESS'],
        ['acknowledged', '200 success'],
      ],
    );
  });

  it('tell of a partial refund and not of a full one', async () => {
    const outTradeNo = await pay();
    await arrived(1);
    const refund = (amount: string, number: string) =>
      openapi(sandbox, 'alipay.trade.refund', {
        out_trade_no: outTradeNo,
        refund_amount: amount,
        out_request_no: number,
      });
    await refund('0.40', 'R1');
    await arrived(2);
    deepStrictEqual([formOf(1)['refund_fee'], formOf(1)['trade_status']], ['0.40', 'TRADE_SUCCESS']);
    await refund('0.60', 'R2');
    await new Promise((resolve) => setTimeout(resolve, 50));
    strictEqual(received.length, 2);
  });

  it('are lost once and come again, or are lost for good', async () => {
    await postJson(sandbox, 'faults', { match: { nth: 1 }, effect: 'notice-lost' });
    const outTradeNo = await pay();
    const notice = await concluded(outTradeNo, 'delivered');
    deepStrictEqual(
      listOf(notice['sends']).map((send) => send['outcome']),
      ['lost', 'acknowledged'],
    );
    await postJson(sandbox, 'faults', { effect: { kind: 'notice-lost', forGood: true } });
    await concluded(await pay(), 'given-up');
    strictEqual(received.length, 1);
  });

  it('come late', async () => {
    await postJson(sandbox, 'faults', { effect: { kind: 'notice-delayed', ms: 100 } });
    const started = performance.now();
    await pay();
    await arrived(1);
    ok(performance.now() - started >= 95);
  });

  it('come twice', async () => {
    await postJson(sandbox, 'faults', { effect: 'notice-doubled' });
    await pay();
    await arrived(2);
    strictEqual(formOf(0)['notify_id'], formOf(1)['notify_id']);
  });

  it('come out of order', async () => {
    await postJson(sandbox, 'faults', { match: { nth: 1 }, effect: 'notice-reordered' });
    const first = await pay();
    const second = await pay();
    await arrived(2);
    deepStrictEqual([formOf(0)['out_trade_no'], formOf(1)['out_trade_no']], [second, first]);
  });

  it('come with a wrong signature', async () => {
    await postJson(sandbox, 'faults', { effect: 'notice-wrongly-signed' });
    await pay();
    await arrived(1);
    strictEqual(isSigned(formOf(0)), false);
  });

  it('are JSON with a signed header on the global API, until the result is S', async () => {
    const good = '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}';
    answers = ['success', good];
    const { code } = await showCode(sandbox, walletId);
    await global(sandbox, 'pay', paymentBody('NG_1', code, '100', { paymentNotifyUrl: `${url}/ams/notify?x=1` }));
    await concluded('NG_1', 'delivered');
    const [, second] = received;
    ok(received.length === 2 && second !== undefined);
    const body = asJson(JSON.parse(second.body));
    deepStrictEqual([body['notifyType'], body['paymentRequestId']], ['PAYMENT_RESULT', 'NG_1']);
    strictEqual(asJson(body['result'])['resultStatus'], 'S');
    const signature = decodeURIComponent(String(second.headers['signature']).split('signature=')[1] ?? '');
    const head = `POST /ams/notify\n${String(second.headers['client-id'])}.${String(second.headers['request-time'])}.`;
    const key = createPublicKey(sandbox.credentials.global.alipayPublicKey);
    ok(verify('sha256', Buffer.from(`${head}${second.body}`), key, Buffer.from(signature, 'base64')));
  });

  it('tell of a refusal by the buyer on the global API', async () => {
    answers = ['{"result":{"resultStatus":"S"}}'];
    await postJson(sandbox, 'faults', { effect: 'buyer-asked' });
    const { code } = await showCode(sandbox, walletId);
    await global(sandbox, 'pay', paymentBody('NG_2', code, '100', { paymentNotifyUrl: `${url}/n` }));
    await postJson(sandbox, `wallets/${walletId}/answer`, { accept: false });
    await arrived(1);
    strictEqual(asJson(asJson(JSON.parse(received[0]?.body ?? ''))['result'])['resultStatus'], 'F');
  });
});
