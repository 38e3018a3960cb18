// What the domestic channel sends: the fields and their limits, what is signed, and where secrets may not be.

import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { money } from '#foundation/money.ts';
import { redact } from '#foundation/redacted.ts';
import { failure, success } from '#foundation/result.ts';
import type { AuthorizeRequest } from '#payment/index.ts';
import { asObject, type JsonObject, parseObject } from '../json-object.ts';
import {
  attemptId,
  chargeOf,
  merchantKeys,
  mustText,
  never,
  openapiChannel,
  payerCode,
  payRequest,
  type Recorded,
  refundId,
  refundRequest,
  transportOf,
} from '../testing/alipay-side.fixture.ts';
import type { OpenapiSettings } from './channel.ts';

const seed = Number(process.env['TILLWAY_SEED'] ?? 20_261_123);
const lost = () => transportOf({ kind: 'lost', cause: 'timeout' });

type Sent = { readonly params: Readonly<Record<string, string>>; readonly business: JsonObject };

/** The only request that was sent, read and proven as Alipay's side does it: query and body merged, `sign` apart. */
function sentBy({ sent }: Recorded): Sent {
  const [request] = sent;
  assert.ok(request !== undefined && sent.length === 1);
  const { sign = '', ...params } = Object.fromEntries([
    ...new URL(request.url).searchParams,
    ...new URLSearchParams(request.body),
  ]);
  const content = Object.keys(params)
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('&');
  const proven = verify('RSA-SHA256', Buffer.from(content), merchantKeys.publicKey, Buffer.from(sign, 'base64'));
  assert.ok(proven, 'the signature covers exactly what was sent');
  return { params, business: parseObject(params['biz_content'] ?? '') ?? {} };
}

async function paySent(
  changes: Partial<AuthorizeRequest> = {},
  settings: Partial<OpenapiSettings> = {},
): Promise<Sent> {
  const transport = lost();
  await openapiChannel(transport, settings).authorize(payRequest(changes), never);
  return sentBy(transport);
}

describe('what is sent to pay', () => {
  it('is the payment, signed, with the time in Beijing and where to send notices', async () => {
    const { params, business } = await paySent();
    assert.deepEqual(params, {
      app_id: '2021000000000001',
      method: 'alipay.trade.pay',
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: '2026-11-23 10:00:00',
      version: '1.0',
      notify_url: 'https://shop.test/notify',
      biz_content: params['biz_content'],
    });
    const { storeId, deviceId } = payRequest();
    assert.deepEqual(business, {
      out_trade_no: attemptId,
      total_amount: '88.88',
      subject: 'Groceries',
      auth_code: payerCode,
      scene: 'bar_code',
      product_code: 'FACE_TO_FACE_PAYMENT',
      timeout_express: '5m',
      store_id: storeId,
      terminal_id: deviceId,
      query_options: ['fund_bill_list', 'voucher_detail_list'],
    });
  });

  it('fits every limit that Alipay documents, whatever people write', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc.string({ unit: 'grapheme', maxLength: 600 }),
    );
    await fc.assert(
      fc.asyncProperty(text, async (description) => {
        const subject = mustText((await paySent({ description })).business, 'subject');
        assert.ok(subject.length >= 1 && subject.length <= 256);
        assert.doesNotMatch(subject, /[/=&\p{Cc}]/u);
      }),
      { seed, numRuns: 60 },
    );
    const { business } = await paySent();
    assert.match(mustText(business, 'out_trade_no'), /^\w{1,64}$/);
    assert.ok(mustText(business, 'store_id').length <= 32);
    assert.ok(mustText(business, 'terminal_id').length <= 32);
  });

  for (const [description, subject] of [
    ['', 'Sale'],
    [' \n\t', 'Sale'],
    ['/=&', 'Sale'],
    ['Tea & cake = 1/2', 'Tea   cake   1 2'],
    ['50% off + "门店"', '50% off + "门店"'],
    ['a\u0000b', 'a b'],
    [`${'x'.repeat(255)}😀`, 'x'.repeat(255)],
  ] as const) {
    it(`says "${subject.slice(0, 40)}" for ${JSON.stringify(description.slice(0, 40))}`, async () => {
      assert.equal(mustText((await paySent({ description })).business, 'subject'), subject);
    });
  }

  it('takes a code of face payment for one', async () => {
    const { business } = await paySent({ payerCode: redact(`fp${'a'.repeat(33)}`) });
    assert.equal(business['scene'], 'security_code');
  });

  it('writes amounts with all their decimals', async () => {
    for (const [minor, text] of [
      [1n, '0.01'],
      [100n, '1.00'],
      [10_000_000_000n, '100000000.00'],
    ] as const) {
      const { business } = await paySent({ amount: money('CNY', minor) });
      assert.equal(business['total_amount'], text);
    }
  });

  it('names the currency of a contract that is not in CNY, because Alipay would take the amount for CNY', async () => {
    const { business } = await paySent({ amount: money('HKD', 8_888n) }, { currency: 'HKD' });
    assert.equal(business['trans_currency'], 'HKD');
    assert.equal(business['total_amount'], '88.88');
    const transport = lost();
    await openapiChannel(transport, { currency: 'HKD' }).refund(refundRequest(1_000n, 'HKD'), never);
    assert.equal(sentBy(transport).business['refund_currency'], 'HKD');
  });

  it('is nothing when the currency is not the contract’s', async () => {
    const transport = lost();
    const reply = await openapiChannel(transport).authorize(payRequest({ amount: money('HKD', 1n) }), never);
    const channelCode = 'tillway.currency-not-supported';
    assert.deepEqual(reply, success({ outcome: 'declined', reason: 'merchant-setup', channelCode }));
    assert.equal(transport.sent.length, 0);
  });

  it('keeps a query that the gateway’s address has', async () => {
    const transport = lost();
    const channel = openapiChannel(transport, { gatewayUrl: 'https://gateway.test/gateway.do?route=7' });
    await channel.authorize(payRequest(), never);
    assert.match(transport.sent[0]?.url ?? '', /^https:\/\/gateway\.test\/gateway\.do\?route=7&app_id=/);
  });

  it('has the payer’s code in the body alone, and settings in no header', async () => {
    const transport = lost();
    await openapiChannel(transport, { appId: 'a\r\nx: y' }).authorize(payRequest(), never);
    const [request] = transport.sent;
    assert.ok(request !== undefined);
    assert.ok(!request.url.includes(payerCode) && request.body.includes(payerCode));
    assert.doesNotMatch(JSON.stringify(request.headers), /[\r\n]|x: y/);
    assert.doesNotMatch(request.url, /[\r\n ]/);
  });
});

describe('what is sent afterwards', () => {
  const acts = {
    'alipay.trade.query': { out_trade_no: attemptId },
    'alipay.trade.cancel': { out_trade_no: attemptId },
    'alipay.trade.refund': { out_trade_no: attemptId, refund_amount: '10.00', out_request_no: refundId },
    'alipay.trade.fastpay.refund.query': {
      out_trade_no: attemptId,
      out_request_no: refundId,
      query_options: ['gmt_refund_pay'],
    },
  } as const;

  for (const [method, expected] of Object.entries(acts)) {
    it(`is our own number and no more (${method})`, async () => {
      const transport = lost();
      const channel = openapiChannel(transport);
      if (method === 'alipay.trade.query') await channel.inquire(chargeOf(), never);
      if (method === 'alipay.trade.cancel') await channel.reverse(chargeOf(), never);
      if (method === 'alipay.trade.refund') await channel.refund(refundRequest(), never);
      if (method === 'alipay.trade.fastpay.refund.query') await channel.inquireRefund(refundRequest(), never);
      const { params, business } = sentBy(transport);
      assert.equal(params['method'], method);
      assert.equal(params['notify_url'], undefined);
      assert.deepEqual(asObject(business), expected);
    });
  }
});

describe('what becomes of a request', () => {
  it('is told as it is when it was not sent', async () => {
    const outcome = { kind: 'not-sent', detail: 'ECONNREFUSED connecting to https://gateway.test' } as const;
    assert.deepEqual(await openapiChannel(transportOf(outcome)).inquire(chargeOf(), never), failure(outcome));
  });

  for (const cause of ['timeout', 'connection-lost', 'garbled'] as const) {
    it(`is unclear when it was lost by ${cause}`, async () => {
      const channel = openapiChannel(transportOf({ kind: 'lost', cause }));
      assert.deepEqual(await channel.reverse(chargeOf(), never), success({ outcome: 'outcome-unknown', cause }));
    });
  }
});
