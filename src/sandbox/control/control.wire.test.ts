// The control API: wallets, time, books, errors, who may call, and what is still there after a restart.

import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningSandbox, startSandbox } from '../start-sandbox.ts';
import { codeOf, global, openapi, paymentBody } from '../testing/merchant.fixture.ts';
import {
  asJson,
  balanceOf,
  control,
  getJson,
  type Json,
  listOf,
  openWallet,
  postJson,
  showCode,
  startTestSandbox,
  testKeys,
  textOf,
} from '../testing/sandbox.fixture.ts';

const order = async (
  sandbox: RunningSandbox,
  walletId: string,
  outTradeNo: string,
  more: Json = {},
): Promise<Json> => ({
  out_trade_no: outTradeNo,
  auth_code: (await showCode(sandbox, walletId)).code,
  subject: 'shop',
  total_amount: '2000.00',
  ...more,
});

describe('the control API', () => {
  let sandbox: RunningSandbox;
  before(async () => {
    sandbox = await startTestSandbox({ settableClock: true });
  });
  after(() => sandbox.close());
  const pay = (biz: Json) => openapi(sandbox, 'alipay.trade.pay', biz);
  const advance = (advanceMs: number) => postJson(sandbox, 'clock', { advanceMs });
  const tradeOf = async (outTradeNo: string): Promise<Json> =>
    listOf((await getJson(sandbox, `trades?outTradeNo=${outTradeNo}`))['trades'])[0] ?? {};

  it('shows what waits for the buyer, who confirms it', async () => {
    const walletId = await openWallet(sandbox, '5000.00');
    await pay(await order(sandbox, walletId, 'C_1'));
    const wallet = await getJson(sandbox, `wallets/${walletId}`);
    const [pending] = listOf(wallet['pending']);
    deepStrictEqual([pending?.['outTradeNo'], pending?.['amount'], pending?.['subject']], ['C_1', '2000.00', 'shop']);
    strictEqual(Date.parse(textOf(pending?.['closesAt'])) - Date.parse(textOf(pending?.['since'])), 3 * 3_600_000);
    strictEqual((await postJson(sandbox, `wallets/${walletId}/answer`, { accept: true }))['outcome'], 'paid');
    strictEqual(await balanceOf(sandbox, walletId), '3000.00');
    const again = await control(sandbox, 'POST', `wallets/${walletId}/answer`, { accept: true });
    deepStrictEqual([again.status, again.body['code']], [409, 'nothing-waits']);
  });

  it('keeps a code for a minute and a threshold for each wallet', async () => {
    const walletId = await openWallet(sandbox, '50.00', { passwordAbove: '0.00' });
    const shown = await showCode(sandbox, walletId);
    match(shown.code, /^(2[5-9]|30)\d{16}$/);
    strictEqual(asJson((await getJson(sandbox, `wallets/${walletId}`))['code'])['code'], shown.code);
    await advance(60_000);
    strictEqual((await getJson(sandbox, `wallets/${walletId}`))['code'], null);
    strictEqual(
      codeOf(await pay(await order(sandbox, walletId, 'C_2', { auth_code: shown.code }))),
      'ACQ.PAYMENT_AUTH_CODE_INVALID',
    );
    strictEqual(codeOf(await pay(await order(sandbox, walletId, 'C_3', { total_amount: '0.01' }))), '10003');
  });

  it('closes what nobody confirmed: domestic after three hours or as asked, global after three minutes', async () => {
    const walletId = await openWallet(sandbox, '50000.00');
    await pay(await order(sandbox, walletId, 'C_4'));
    await pay(await order(sandbox, walletId, 'C_5', { timeout_express: '2m' }));
    const { code } = await showCode(sandbox, walletId);
    await global(sandbox, 'pay', paymentBody('C_6', code, '200000'));
    const states = async () => [
      (await tradeOf('C_4'))['state'],
      (await tradeOf('C_5'))['state'],
      (await tradeOf('C_6'))['state'],
    ];
    await advance(119_000);
    deepStrictEqual(await states(), ['waiting', 'waiting', 'waiting']);
    await advance(1_000);
    deepStrictEqual(await states(), ['waiting', 'closed', 'waiting']);
    await advance(60_000);
    deepStrictEqual(await states(), ['waiting', 'closed', 'closed']);
    await advance(3 * 3_600_000);
    deepStrictEqual(await states(), ['closed', 'closed', 'closed']);
    strictEqual((await tradeOf('C_4'))['closedBecause'], 'timeout');
  });

  it('ends the cancel windows: domestic after a day, global a quarter after the next midnight in Beijing', async () => {
    const walletId = await openWallet(sandbox, '50000.00');
    const pair = async (name: string) => {
      await pay(await order(sandbox, walletId, `${name}A`, { total_amount: '1.00' }));
      await global(sandbox, 'pay', paymentBody(`${name}B`, (await showCode(sandbox, walletId)).code, '100'));
    };
    await pair('C_7');
    const until = Date.parse(textOf((await tradeOf('C_7B'))['cancellableUntil']));
    strictEqual(new Date(until + 8 * 3_600_000).toISOString().slice(11), '00:15:00.000Z');
    const now = Date.parse(textOf((await getJson(sandbox, 'clock'))['now']));
    await advance(until - now);
    strictEqual(codeOf(await global(sandbox, 'cancel', { paymentRequestId: 'C_7B' })), 'CANCEL_WINDOW_EXCEED');
    await advance(24 * 3_600_000);
    strictEqual(
      codeOf(await openapi(sandbox, 'alipay.trade.cancel', { out_trade_no: 'C_7A' })),
      'ACQ.TRADE_CANCEL_TIME_OUT',
    );
    const refund = { out_trade_no: 'C_7A', refund_amount: '1.00' };
    strictEqual((await openapi(sandbox, 'alipay.trade.refund', refund))['fund_change'], 'Y');
  });

  it('balances its books', async () => {
    const books = await getJson(sandbox, 'books');
    strictEqual(books['balanced'], true);
    ok(listOf(books['accounts']).length > 3);
    deepStrictEqual(books['sums'], [{ currency: 'CNY', sum: '0.00' }]);
  });

  const problems: readonly (readonly ['GET' | 'POST' | 'DELETE', string, unknown, number, string])[] = [
    ['POST', 'wallets', { balance: '-1' }, 400, 'invalid-field'],
    ['POST', 'wallets', { balance: '1.234' }, 400, 'invalid-field'],
    ['POST', 'wallets', { balance: '1', currency: 'XXX' }, 400, 'invalid-field'],
    ['POST', 'wallets', { money: 1 }, 400, 'invalid-field'],
    ['GET', 'wallets/2088', undefined, 404, 'wallet-not-found'],
    ['POST', 'wallets/2088/codes', {}, 404, 'wallet-not-found'],
    ['POST', 'faults', { effect: 'nothing' }, 400, 'invalid-field'],
    ['DELETE', 'faults/none', undefined, 404, 'fault-not-found'],
    ['POST', 'clock', { advanceMs: -1 }, 400, 'invalid-field'],
    ['POST', 'apps', { publicKey: 'no key' }, 400, 'invalid-field'],
    ['GET', 'nowhere', undefined, 404, 'route-not-found'],
  ];
  for (const [method, path, body, status, code] of problems) {
    it(`answers ${method} ${path} ${JSON.stringify(body) ?? ''} with ${status} ${code}`, async () => {
      const answer = await control(sandbox, method, path, body);
      deepStrictEqual([answer.status, answer.body['code']], [status, code]);
      ok(textOf(answer.body['detail']).length > 10);
    });
  }

  it('refuses digits that no code has', async () => {
    const walletId = await openWallet(sandbox, '1.00');
    strictEqual((await control(sandbox, 'POST', `wallets/${walletId}/codes`, { digits: 15 })).status, 400);
    strictEqual((await control(sandbox, 'POST', `wallets/${walletId}/codes`, { digits: 25 })).status, 400);
  });

  it('serves loopback pages only', async () => {
    const ask = (headers: Record<string, string>) =>
      new Promise<{ status: number | undefined; allowed: unknown }>((resolve, reject) => {
        httpRequest(`${sandbox.url}/control/v1/books`, { headers }, (response) => {
          response.resume();
          resolve({ status: response.statusCode, allowed: response.headers['access-control-allow-origin'] });
        })
          .on('error', reject)
          .end();
      });
    deepStrictEqual(await ask({ host: 'evil.example' }), { status: 403, allowed: undefined });
    deepStrictEqual(await ask({ origin: 'https://evil.example' }), { status: 403, allowed: undefined });
    const origin = 'http://localhost:8080';
    deepStrictEqual(await ask({ origin }), { status: 200, allowed: origin });
  });

  it('serves its page and says that it is well', async () => {
    const page = await fetch(`${sandbox.url}/`);
    strictEqual(page.status, 200);
    for (const [, path] of (await page.text()).matchAll(/(?:href|src)="(\/page\/[^"]+)"/g))
      strictEqual((await fetch(`${sandbox.url}${path}`)).status, 200);
    deepStrictEqual(await (await fetch(`${sandbox.url}/healthz`)).json(), { status: 'ok' });
  });
});

describe('a sandbox that starts again', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('has its keys, wallets, codes, trades, refunds and books again, also after a torn last line', async () => {
    const first = await startSandbox({ port: 0, dataDir: folder });
    const walletId = await openWallet(first, '5000.00');
    await openapi(first, 'alipay.trade.pay', await order(first, walletId, 'S_1', { total_amount: '12.30' }));
    const refund = { out_trade_no: 'S_1', refund_amount: '2.30', out_request_no: 'R' };
    await openapi(first, 'alipay.trade.refund', refund);
    await openapi(first, 'alipay.trade.pay', await order(first, walletId, 'S_2'));
    const { code } = await showCode(first, walletId);
    const books = await getJson(first, 'books');
    await first.close();
    await appendFile(join(folder, 'events.jsonl'), '{"type":"wallet-fun');
    const second = await startSandbox({ port: 0, dataDir: folder });
    deepStrictEqual(second.credentials, first.credentials);
    deepStrictEqual(await getJson(second, 'books'), books);
    strictEqual((await openapi(second, 'alipay.trade.refund', refund))['fund_change'], 'N');
    strictEqual((await postJson(second, `wallets/${walletId}/answer`, { accept: true }))['outTradeNo'], 'S_2');
    const paid = await openapi(second, 'alipay.trade.pay', {
      ...(await order(second, walletId, 'S_3', { total_amount: '1.00' })),
      auth_code: code,
    });
    strictEqual(codeOf(paid), '10000');
    await second.close();
    for (const name of ['events.jsonl', 'keys/alipay-private.pem', 'keys/openapi-private.pem'])
      strictEqual((await stat(join(folder, name))).mode & 0o777, 0o600);
  });

  it('refuses a file that is damaged in the middle, and a port that is taken', async () => {
    const keys = await testKeys();
    const running = await startSandbox({ port: 0, keys });
    await rejects(startSandbox({ port: running.port, keys }), { code: 'EADDRINUSE' });
    await running.close();
    await appendFile(join(folder, 'events.jsonl'), 'nonsense\n{"type":"order-blocked","key":"x"}\n');
    await rejects(startSandbox({ port: 0, dataDir: folder }), /Line \d+ of .*events\.jsonl is damaged/);
  });

  it('blocks a payment that arrives after its cancel only when it is set to', async () => {
    const sandbox = await startTestSandbox({ settings: { cancelBlocksLaterPay: true } });
    const walletId = await openWallet(sandbox, '10.00');
    await openapi(sandbox, 'alipay.trade.cancel', { out_trade_no: 'S_9' });
    const late = await openapi(
      sandbox,
      'alipay.trade.pay',
      await order(sandbox, walletId, 'S_9', { total_amount: '1.00' }),
    );
    strictEqual(codeOf(late), 'ACQ.TRADE_HAS_CLOSE');
    await sandbox.close();
  });
});
