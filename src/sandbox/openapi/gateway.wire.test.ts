// OpenAPI v2 as a merchant's program meets it: the order of the checks, the error codes, idempotency, and what may not be sent.

import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { RunningSandbox } from '../start-sandbox.ts';
import {
  codeOf,
  nodeOf,
  openapi,
  openapiParameters,
  openapiRaw,
  postForm,
  signParameters,
} from '../testing/merchant.fixture.ts';
import {
  balanceOf,
  type Json,
  openWallet,
  postJson,
  showCode,
  startTestSandbox,
  textOf,
} from '../testing/sandbox.fixture.ts';

const query = 'alipay.trade.query';

describe('the OpenAPI gateway', () => {
  let sandbox: RunningSandbox;
  before(async () => {
    sandbox = await startTestSandbox();
  });
  after(() => sandbox.close());

  it('answers 200 with the node first, the signature last and the documented content type', async () => {
    const answer = await openapiRaw(sandbox, query, { out_trade_no: 'NONE' });
    strictEqual(answer.status, 200);
    strictEqual(answer.headers['content-type'], 'text/html;charset=utf-8');
    ok(/^[0-9a-f]{32}$/.test(textOf(answer.headers['trace_id'])));
    strictEqual(answer.signature, 'good');
    ok(answer.text.startsWith('{"alipay_trade_query_response":{"code":"40004","msg":"Business Failed"'));
  });

  it('takes parameters from the query, the form or both, by GET or POST', async () => {
    const form = openapiParameters(sandbox, query, { out_trade_no: 'NONE' });
    const url = `${sandbox.url}/gateway.do?${form.toString()}`;
    for (const method of ['GET', 'POST']) {
      const node = nodeOf(await (await fetch(url, { method })).text());
      strictEqual(codeOf(node), 'ACQ.TRADE_NOT_EXIST');
    }
  });

  it('signs answers with SHA1 for callers that do', async () => {
    const { sign: _sign, ...bare } = Object.fromEntries(openapiParameters(sandbox, query, { out_trade_no: 'NONE' }));
    const form = signParameters({ ...bare, sign_type: 'RSA' }, sandbox.credentials.openapi.appPrivateKey);
    strictEqual(codeOf(nodeOf((await postForm(sandbox, form)).text)), 'ACQ.TRADE_NOT_EXIST');
  });

  it('accepts a signature over empty values, kept or dropped', async () => {
    const form = openapiParameters(sandbox, query, { out_trade_no: 'NONE' });
    form.set('app_auth_token', '');
    strictEqual(codeOf(nodeOf((await postForm(sandbox, form)).text)), 'ACQ.TRADE_NOT_EXIST');
  });

  const broken: readonly (readonly [string, (form: URLSearchParams) => void, string])[] = [
    [
      'no app_id, whatever else is wrong',
      (form) => {
        form.delete('app_id');
        form.delete('sign');
      },
      'isv.missing-app-id',
    ],
    [
      'an unknown app_id before the signature is looked at',
      (form) => form.set('app_id', '2014072300007148'),
      'isv.invalid-app-id',
    ],
    ['no signature', (form) => form.delete('sign'), 'isv.missing-signature'],
    ['no signature type', (form) => form.delete('sign_type'), 'isv.missing-signature-type'],
    ['an unknown signature type', (form) => form.set('sign_type', 'MD5'), 'isv.invalid-signature-type'],
    ['a changed parameter', (form) => form.set('version', '2.0'), 'isv.invalid-signature'],
    ['a signature that is no base64', (form) => form.set('sign', '!!'), 'isv.invalid-signature'],
  ];
  for (const [what, change, subCode] of broken) {
    it(`refuses ${what}, unsigned`, async () => {
      const form = openapiParameters(sandbox, query, { out_trade_no: 'NONE' });
      change(form);
      const answer = await postForm(sandbox, form);
      deepStrictEqual([answer.status, codeOf(nodeOf(answer.text)), answer.signature], [200, subCode, 'none']);
    });
  }

  const signedButWrong: readonly (readonly [Json, string])[] = [
    [{ timestamp: '' }, 'isv.missing-timestamp'],
    [{ timestamp: '2026-02-30 10:00:00' }, 'isv.invalid-timestamp'],
    [{ method: '' }, 'isv.missing-method'],
    [{ method: 'alipay.trade.steal' }, 'isv.invalid-method'],
    [{ method: 'constructor' }, 'isv.invalid-method'],
    [{ version: '' }, 'isv.missing-version'],
    [{ charset: 'gbk' }, 'isv.invalid-charset'],
    [{ format: 'XML' }, 'isv.invalid-format'],
    [{ encrypt_type: 'AES' }, 'isv.invalid-encrypt-type'],
    [{ biz_content: '' }, 'isv.invalid-parameter'],
    [{ biz_content: '{"out_trade_no":' }, 'isv.illegal-json'],
    [{ notify_url: 'ftp://x' }, 'isv.invalid-parameter'],
  ];
  for (const [change, subCode] of signedButWrong) {
    it(`refuses ${JSON.stringify(change)}`, async () => {
      strictEqual(codeOf(await openapi(sandbox, query, { out_trade_no: 'NONE' }, change)), subCode);
    });
  }

  it('lets a team bring its own key', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const publicKey = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const appId = textOf((await postJson(sandbox, 'apps', { publicKey }))['appId']);
    const { sign: _sign, ...bare } = Object.fromEntries(openapiParameters(sandbox, query, { out_trade_no: 'NONE' }));
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const form = signParameters({ ...bare, app_id: appId }, pem);
    strictEqual(codeOf(nodeOf((await postForm(sandbox, form)).text)), 'ACQ.TRADE_NOT_EXIST');
  });
});

describe('alipay.trade.pay', () => {
  let sandbox: RunningSandbox;
  let walletId: string;
  let count = 0;
  before(async () => {
    sandbox = await startTestSandbox();
    walletId = await openWallet(sandbox, '100.00');
  });
  after(() => sandbox.close());

  const order = async (more: Json = {}): Promise<Json> => {
    count += 1;
    const { code } = await showCode(sandbox, walletId);
    return { out_trade_no: `G_${count}`, auth_code: code, subject: 'shop', total_amount: '1.00', ...more };
  };
  const pay = (biz: Json) => openapi(sandbox, 'alipay.trade.pay', biz);

  const wrong: readonly (readonly [Json, string, RegExp])[] = [
    [{ out_trade_no: '' }, 'ACQ.INVALID_PARAMETER', /out_trade_no: is required/],
    [{ out_trade_no: 'a-b' }, 'ACQ.INVALID_PARAMETER', /letters, digits and underscores/],
    [{ out_trade_no: 'x'.repeat(65) }, 'ACQ.INVALID_PARAMETER', /at most 64/],
    [{ total_amount: '0' }, 'ACQ.TOTAL_FEE_EXCEED', /./],
    [{ total_amount: '-1.00' }, 'ACQ.TOTAL_FEE_EXCEED', /./],
    [{ total_amount: '100000000.01' }, 'ACQ.TOTAL_FEE_EXCEED', /./],
    [{ total_amount: '1.234' }, 'ACQ.INVALID_PARAMETER', /at most two decimals/],
    [{ total_amount: 'ten' }, 'ACQ.INVALID_PARAMETER', /total_amount/],
    [{ subject: 'a=b' }, 'ACQ.INVALID_PARAMETER', /subject/],
    [{ subject: undefined }, 'ACQ.INVALID_PARAMETER', /subject: is required/],
    [{ scene: 'magic' }, 'ACQ.INVALID_PARAMETER', /scene: must be one of/],
    [{ auth_code: '' }, 'ACQ.AUTH_TOKEN_IS_NOT_EXIST', /./],
    [{ scene: 'security_code', auth_code: `fp${'1'.repeat(33)}` }, 'ACQ.PAYMENT_AUTH_CODE_INVALID', /./],
    [{ trans_currency: 'USD' }, 'ACQ.CURRENCY_NOT_SUPPORT', /USD/],
    [{ timeout_express: '30s' }, 'ACQ.INVALID_PARAMETER', /timeout_express/],
    [{ timeout_express: '16d' }, 'ACQ.INVALID_PARAMETER', /1m to 15d/],
    [{ time_expire: '2020-01-01 00:00:00' }, 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR', /./],
    [{ discountable_amount: '0.50', undiscountable_amount: '0.40' }, 'ACQ.INVALID_PARAMETER', /discountable/],
    [{ goods_detail: Array.from({ length: 151 }, () => ({})) }, 'ACQ.SUB_GOODS_SIZE_MAX_COUNT', /./],
  ];
  for (const [change, subCode, message] of wrong) {
    it(`refuses ${JSON.stringify(change).slice(0, 60)}`, async () => {
      const node = await pay(await order(change));
      strictEqual(codeOf(node), subCode);
      ok(message.test(textOf(node['sub_msg'])), textOf(node['sub_msg']));
    });
  }

  it('takes a number for the amount, and codes of 16 to 24 digits', async () => {
    for (const digits of [16, 18, 24]) {
      const { code } = await showCode(sandbox, walletId, { digits });
      strictEqual(code.length, digits);
      strictEqual(codeOf(await pay(await order({ auth_code: code, total_amount: 0.01 }))), '10000');
    }
  });

  it('answers the same order from the order: paid, changed, other buyer, closed', async () => {
    const biz = await order();
    strictEqual(codeOf(await pay(biz)), '10000');
    strictEqual(codeOf(await pay(biz)), 'ACQ.TRADE_HAS_SUCCESS');
    strictEqual(codeOf(await pay({ ...biz, total_amount: '2.00' })), 'ACQ.CONTEXT_INCONSISTENT');
    strictEqual(codeOf(await pay({ ...biz, subject: 'other' })), 'ACQ.CONTEXT_INCONSISTENT');
    const stranger = await showCode(sandbox, await openWallet(sandbox, '10.00'));
    strictEqual(codeOf(await pay({ ...biz, auth_code: stranger.code })), 'ACQ.TRADE_BUYER_NOT_MATCH');
    await openapi(sandbox, 'alipay.trade.cancel', { out_trade_no: biz['out_trade_no'] });
    strictEqual(codeOf(await pay(biz)), 'ACQ.TRADE_HAS_CLOSE');
  });

  it('answers a repeat while the buyer is asked with "in process" again', async () => {
    const rich = await openWallet(sandbox, '5000.00');
    const biz = await order({ total_amount: '1000.01', auth_code: (await showCode(sandbox, rich)).code });
    const first = await pay(biz);
    strictEqual(codeOf(first), '10003');
    deepStrictEqual(await pay(biz), first);
  });

  it('refuses a code that another order used, and one that is too old', async () => {
    const biz = await order();
    await pay(biz);
    strictEqual(codeOf(await pay(await order({ auth_code: biz['auth_code'] }))), 'ACQ.PAYMENT_AUTH_CODE_INVALID');
    const { code } = await showCode(sandbox, walletId, { lifeMs: 0 });
    strictEqual(codeOf(await pay(await order({ auth_code: code }))), 'ACQ.PAYMENT_AUTH_CODE_INVALID');
  });

  it('leaves nothing behind when the balance is too low, and can be tried again with the same number', async () => {
    const poor = await openWallet(sandbox, '0.50');
    const biz = await order({ auth_code: (await showCode(sandbox, poor)).code });
    const refused = await pay(biz);
    deepStrictEqual([codeOf(refused), refused['receipt_amount']], ['ACQ.BUYER_BALANCE_NOT_ENOUGH', '0.00']);
    strictEqual(codeOf(await openapi(sandbox, query, { out_trade_no: biz['out_trade_no'] })), 'ACQ.TRADE_NOT_EXIST');
    await postJson(sandbox, `wallets/${poor}/topup`, { amount: '0.50' });
    strictEqual(codeOf(await pay(biz)), '10000');
    strictEqual(await balanceOf(sandbox, poor), '0.00');
  });

  it('refunds in parts and never more than was taken', async () => {
    const biz = await order({ total_amount: '3.00' });
    await pay(biz);
    const refund = (amount: string, number?: string) =>
      openapi(sandbox, 'alipay.trade.refund', {
        out_trade_no: biz['out_trade_no'],
        refund_amount: amount,
        ...(number === undefined ? {} : { out_request_no: number }),
      });
    strictEqual(codeOf(await refund('1.00')), 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL');
    strictEqual((await refund('1.00', 'A'))['refund_fee'], '1.00');
    strictEqual(codeOf(await refund('1.50', 'A')), 'ACQ.DISCORDANT_REPEAT_REQUEST');
    strictEqual(codeOf(await refund('2.01', 'B')), 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL');
    const cancel = await openapi(sandbox, 'alipay.trade.cancel', { out_trade_no: biz['out_trade_no'] });
    strictEqual(codeOf(cancel), 'ACQ.REASON_TRADE_REFUND_FEE_ERR');
    strictEqual((await refund('2.00', 'B'))['refund_fee'], '3.00');
    strictEqual(codeOf(await refund('0.01', 'C')), 'ACQ.TRADE_HAS_CLOSE');
    strictEqual((await refund('2.00', 'B'))['fund_change'], 'N');
    const trade = await openapi(sandbox, query, { out_trade_no: biz['out_trade_no'] });
    strictEqual(trade['trade_status'], 'TRADE_CLOSED');
  });

  it('answers a cancel of an unknown order with success, no action and no retry', async () => {
    deepStrictEqual(await openapi(sandbox, 'alipay.trade.cancel', { out_trade_no: 'NEVER' }), {
      code: '10000',
      msg: 'Success',
      out_trade_no: 'NEVER',
      retry_flag: 'N',
    });
  });
});
