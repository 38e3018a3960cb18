// Every kind of fault, seen on the wire by a merchant's program, and what it left in the books.

import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { RunningSandbox } from '../start-sandbox.ts';
import {
  codeOf,
  global,
  globalRaw,
  nodeOf,
  openapi,
  openapiParameters,
  openapiRaw,
  paymentBody,
} from '../testing/merchant.fixture.ts';
import {
  balanceOf,
  control,
  getJson,
  type Json,
  listOf,
  openWallet,
  postJson,
  showCode,
  startTestSandbox,
} from '../testing/sandbox.fixture.ts';

describe('faults on the wire', () => {
  let sandbox: RunningSandbox;
  let walletId: string;
  let count = 0;

  before(async () => {
    sandbox = await startTestSandbox({ settableClock: true });
  });
  after(() => sandbox.close());
  beforeEach(async () => {
    await control(sandbox, 'DELETE', 'faults');
    walletId = await openWallet(sandbox, '100.00');
  });

  const fault = (effect: Json | string, match: Json = {}) => postJson(sandbox, 'faults', { match, effect });
  const order = async (amount = '10.00'): Promise<Json> => {
    count += 1;
    return {
      out_trade_no: `F_${count}`,
      scene: 'bar_code',
      auth_code: (await showCode(sandbox, walletId)).code,
      subject: 'fault',
      total_amount: amount,
    };
  };
  const pay = async (biz?: Json) => openapiRaw(sandbox, 'alipay.trade.pay', biz ?? (await order()));
  const status = async (biz: Json) => {
    const node = await openapi(sandbox, 'alipay.trade.query', { out_trade_no: biz['out_trade_no'] });
    return node['trade_status'] ?? node['sub_code'];
  };

  it('loses the answer after booking: the connection closes and the money has moved', async () => {
    await fault('answer-lost', { method: 'pay' });
    const biz = await order();
    await rejects(pay(biz), { code: 'UND_ERR_SOCKET' });
    strictEqual(await status(biz), 'TRADE_SUCCESS');
    strictEqual(await balanceOf(sandbox, walletId), '90.00');
  });

  it('loses the call before booking: the connection closes and nothing has happened', async () => {
    await fault({ kind: 'answer-lost', booked: false }, { method: 'pay' });
    const biz = await order();
    await rejects(pay(biz), { code: 'UND_ERR_SOCKET' });
    strictEqual(await status(biz), 'ACQ.TRADE_NOT_EXIST');
    strictEqual(await balanceOf(sandbox, walletId), '100.00');
  });

  // The call has reached the sandbox when its rule has fired; then the clock, not the machine, decides what comes first.
  const fired = async (): Promise<void> => {
    for (let looks = 0; looks < 500; looks += 1) {
      const [rule] = listOf((await getJson(sandbox, 'faults'))['faults']);
      if (rule?.['fired'] === 1) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('the rule never fired');
  };
  const pass = (advanceMs: number) => postJson(sandbox, 'clock', { advanceMs });

  it('delays before booking: a query in between finds nothing, and the payment still arrives', async () => {
    await fault({ kind: 'delay', ms: 30_000, moment: 'before-booking' }, { method: 'pay' });
    const biz = await order();
    const paying = pay(biz);
    await fired();
    strictEqual(await status(biz), 'ACQ.TRADE_NOT_EXIST');
    const cancelled = await openapi(sandbox, 'alipay.trade.cancel', { out_trade_no: biz['out_trade_no'] });
    deepStrictEqual([cancelled['code'], cancelled['action']], ['10000', undefined]);
    await pass(30_000);
    strictEqual(codeOf(nodeOf((await paying).text)), '10000');
    strictEqual(await status(biz), 'TRADE_SUCCESS');
  });

  it('judges a code when the call comes in, however late it is booked', async () => {
    await fault({ kind: 'delay', ms: 90_000, moment: 'before-booking' }, { method: 'pay' });
    const paying = pay();
    await fired();
    await pass(90_000);
    strictEqual(codeOf(nodeOf((await paying).text)), '10000');
  });

  it('delays after booking: a query in between finds the payment', async () => {
    await fault({ kind: 'delay', ms: 30_000 }, { method: 'pay' });
    const biz = await order();
    const paying = pay(biz);
    await fired();
    strictEqual(await status(biz), 'TRADE_SUCCESS');
    await pass(30_000);
    strictEqual(codeOf(nodeOf((await paying).text)), '10000');
  });

  it('books although the caller has hung up', async () => {
    await fault({ kind: 'delay', ms: 30_000, moment: 'before-booking' }, { method: 'pay' });
    const biz = await order();
    const body = openapiParameters(sandbox, 'alipay.trade.pay', biz);
    const caller = new AbortController();
    const paying = fetch(`${sandbox.url}/gateway.do`, { method: 'POST', body, signal: caller.signal });
    await fired();
    caller.abort();
    await rejects(paying);
    strictEqual(await status(biz), 'ACQ.TRADE_NOT_EXIST');
    await pass(30_000);
    strictEqual(await status(biz), 'TRADE_SUCCESS');
  });

  it('cuts the answer in the middle', async () => {
    await fault('answer-cut', { method: 'pay' });
    const biz = await order();
    await rejects(pay(biz));
    strictEqual(await status(biz), 'TRADE_SUCCESS');
  });

  it('garbles the answer', async () => {
    await fault('answer-garbled', { method: 'pay' });
    const answer = await pay();
    strictEqual(answer.status, 200);
    strictEqual(answer.signature, 'none');
    ok(answer.text.includes('\ufffd'), 'bytes that are no UTF-8');
  });

  it('leaves the signature out, on both protocols', async () => {
    await fault('answer-unsigned');
    strictEqual((await pay()).signature, 'none');
    const { code } = await showCode(sandbox, walletId);
    strictEqual((await globalRaw(sandbox, 'pay', paymentBody('FG_1', code, '100'))).signature, 'none');
  });

  it('signs other words than it sends, on both protocols', async () => {
    await fault('answer-wrongly-signed');
    strictEqual((await pay()).signature, 'bad');
    const { code } = await showCode(sandbox, walletId);
    strictEqual((await globalRaw(sandbox, 'pay', paymentBody('FG_2', code, '100'))).signature, 'bad');
  });

  it('answers 20000 or UNKNOWN_EXCEPTION, booked or not', async () => {
    await fault({ kind: 'unknown', booked: true }, { nth: 1, method: 'pay' });
    await fault('unknown', { nth: 2, method: 'pay' });
    const [booked, skipped] = [await order(), await order()];
    const answer = await pay(booked);
    strictEqual(codeOf(nodeOf(answer.text)), 'isp.unknow-error');
    strictEqual(answer.signature, 'good');
    await pay(skipped);
    deepStrictEqual([await status(booked), await status(skipped)], ['TRADE_SUCCESS', 'ACQ.TRADE_NOT_EXIST']);
    await fault('unknown', { protocol: 'global' });
    const { code } = await showCode(sandbox, walletId);
    strictEqual(codeOf(await global(sandbox, 'pay', paymentBody('FG_3', code, '100'))), 'UNKNOWN_EXCEPTION');
  });

  it('answers a system error, booked or not', async () => {
    await fault({ kind: 'system-error', booked: true }, { nth: 1, method: 'pay' });
    await fault('system-error', { nth: 2, method: 'pay' });
    const [booked, skipped] = [await order(), await order()];
    strictEqual(codeOf(nodeOf((await pay(booked)).text)), 'ACQ.SYSTEM_ERROR');
    strictEqual(codeOf(nodeOf((await pay(skipped)).text)), 'ACQ.SYSTEM_ERROR');
    deepStrictEqual([await status(booked), await status(skipped)], ['TRADE_SUCCESS', 'ACQ.TRADE_NOT_EXIST']);
  });

  it('answers an HTTP error, booked or not', async () => {
    await fault({ kind: 'http-error', status: 500, booked: true }, { nth: 1, method: 'pay' });
    await fault('http-error', { nth: 2, method: 'pay' });
    const [booked, skipped] = [await order(), await order()];
    deepStrictEqual([(await pay(booked)).status, (await pay(skipped)).status], [500, 502]);
    deepStrictEqual([await status(booked), await status(skipped)], ['TRADE_SUCCESS', 'ACQ.TRADE_NOT_EXIST']);
  });

  it('asks the buyer, who then confirms, refuses or walks away', async () => {
    await fault({ kind: 'buyer-asked', answer: 'confirm', afterMs: 5_000 }, { nth: 1 });
    await fault({ kind: 'buyer-asked', answer: 'refuse', afterMs: 5_000 }, { nth: 2 });
    await fault('buyer-asked', { nth: 3 });
    const orders = [await order(), await order(), await order()];
    for (const biz of orders) strictEqual(codeOf(nodeOf((await pay(biz)).text)), '10003');
    await pass(5_000);
    const states = [];
    for (const biz of orders) states.push(await status(biz));
    deepStrictEqual(states, ['TRADE_SUCCESS', 'TRADE_CLOSED', 'WAIT_BUYER_PAY']);
  });

  it('answers a cancel with retry, done or not', async () => {
    await fault({ kind: 'cancel-retry', booked: false }, { nth: 1 });
    await fault({ kind: 'cancel-retry', booked: true }, { nth: 2 });
    const biz = await order();
    await pay(biz);
    const cancel = () => openapi(sandbox, 'alipay.trade.cancel', { out_trade_no: biz['out_trade_no'] });
    strictEqual((await cancel())['retry_flag'], 'Y');
    strictEqual(await status(biz), 'TRADE_SUCCESS');
    const second = await cancel();
    deepStrictEqual([second['code'], second['retry_flag'], second['action']], ['10000', 'Y', undefined]);
    strictEqual(await status(biz), 'TRADE_CLOSED');
    deepStrictEqual([(await cancel())['retry_flag'], (await cancel())['action']], ['N', 'refund']);
  });

  it('counts what fired and tells the order which rule it was', async () => {
    const rule = await fault('unknown', { outTradeNo: 'F_*', amount: '7', walletId, method: 'pay', times: 1 });
    const biz = await order('7.00');
    await pay(biz);
    await pay(await order('8.00'));
    await pay(biz);
    const [listed] = listOf((await getJson(sandbox, 'faults'))['faults']);
    deepStrictEqual([listed?.['matched'], listed?.['fired']], [2, 1]);
    const trades = await getJson(sandbox, `trades?outTradeNo=${String(biz['out_trade_no'])}`);
    deepStrictEqual(
      listOf(trades['calls']).map((call) => [call['answer'], call['fault'], call['firedBy']]),
      [
        ['20000 isp.unknow-error', 'unknown', [rule['faultId']]],
        ['10000', null, []],
      ],
    );
  });

  it('draws the same faults from the same seed', async () => {
    const run = async (): Promise<readonly string[]> => {
      await control(sandbox, 'DELETE', 'faults');
      await fault('system-error', { method: 'query', probability: 0.5, seed: 7 });
      const codes: string[] = [];
      for (let index = 0; index < 20; index += 1)
        codes.push(codeOf(await openapi(sandbox, 'alipay.trade.query', { out_trade_no: 'NOBODY' })));
      return codes;
    };
    const first = await run();
    deepStrictEqual(await run(), first);
    ok(first.includes('ACQ.SYSTEM_ERROR') && first.includes('ACQ.TRADE_NOT_EXIST'));
  });
});
