// What the global channel sends: the fields and their limits, what is signed, and where secrets may not be.

import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { money } from '#foundation/money.ts';
import { failure, success } from '#foundation/result.ts';
import type { Channel } from '#payment/index.ts';
import { type JsonObject, objectOf, parseObject } from '../json-object.ts';
import {
  attemptId,
  chargeOf,
  clientId,
  globalChannel,
  merchantKeys,
  mustText,
  never,
  payerCode,
  payRequest,
  type Recorded,
  refundId,
  refundRequest,
  tradeNo,
  transportOf,
} from '../testing/alipay-side.fixture.ts';

const lost = () => transportOf({ kind: 'lost', cause: 'timeout' });

type Sent = { readonly url: string; readonly body: JsonObject };

/** The only request that was sent, proven as Alipay's side does it: path, client, time and the raw body. */
function sentBy({ sent }: Recorded): Sent {
  const [request] = sent;
  assert.ok(request !== undefined && sent.length === 1);
  const { pathname } = new URL(request.url);
  const path = pathname.slice(pathname.indexOf('/ams/'));
  const parts = /^algorithm=RSA256,keyVersion=1,signature=([\w%.~-]+)$/.exec(request.headers['signature'] ?? '');
  const signature = Buffer.from(decodeURIComponent(parts?.[1] ?? ''), 'base64');
  const content = `POST ${path}\n${request.headers['client-id']}.${request.headers['request-time']}.${request.body}`;
  assert.ok(verify('RSA-SHA256', Buffer.from(content), merchantKeys.publicKey, signature));
  return { url: request.url, body: parseObject(request.body) ?? {} };
}

async function sentFor(act: (channel: Channel) => Promise<unknown>): Promise<Sent> {
  const transport = lost();
  await act(globalChannel(transport));
  return sentBy(transport);
}

describe('what is sent to pay', () => {
  it('is the payment with everything that Alipay’s own clients hold to be required', async () => {
    const { url, body } = await sentFor((channel) => channel.authorize(payRequest(), never));
    const { merchantId, storeId, deviceId } = payRequest();
    const amount = { currency: 'CNY', value: '8888' };
    assert.equal(url, 'https://global.test/ams/api/v1/payments/pay');
    assert.deepEqual(body, {
      productCode: 'IN_STORE_PAYMENT',
      paymentRequestId: attemptId,
      paymentFactor: { inStorePaymentScenario: 'PaymentCode' },
      paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: payerCode },
      paymentAmount: amount,
      order: {
        referenceOrderId: attemptId,
        orderDescription: 'Groceries',
        orderAmount: amount,
        merchant: {
          referenceMerchantId: merchantId,
          merchantName: 'Corner shop',
          merchantMCC: '5411',
          store: { referenceStoreId: storeId, storeName: 'Corner shop', storeMCC: '5411' },
        },
        env: { storeTerminalId: deviceId, storeTerminalRequestTime: '2026-11-23T10:00:00+08:00' },
      },
      paymentNotifyUrl: 'https://shop.test/notify',
      paymentExpiryTime: '2026-11-23T10:03:00+08:00',
    });
  });

  it('fits the limits, cutting no letter in two', async () => {
    const transport = lost();
    const channel = globalChannel(transport, { merchant: { name: 'n'.repeat(300), categoryCode: '5411' } });
    await channel.authorize(payRequest({ description: `${'x'.repeat(255)}😀` }), never);
    const order = objectOf(sentBy(transport).body, 'order');
    assert.equal(mustText(order, 'orderDescription'), 'x'.repeat(255));
    assert.equal(mustText(objectOf(order, 'merchant'), 'merchantName'), 'n'.repeat(256));
  });

  it('counts in the smallest unit of each currency', async () => {
    for (const [amount, value] of [
      [money('JPY', 1_000n), '1000'],
      [money('IDR', 150_000n), '150000'],
      [money('USD', 1n), '1'],
    ] as const) {
      const { body } = await sentFor((channel) => channel.authorize(payRequest({ amount }), never));
      assert.deepEqual(body['paymentAmount'], { currency: amount.currency, value });
    }
  });

  it('goes to the sandbox’s path for a client of the sandbox, and is signed for it', async () => {
    const transport = lost();
    await globalChannel(transport, { clientId: 'SANDBOX_1' }).authorize(payRequest(), never);
    assert.equal(sentBy(transport).url, 'https://global.test/ams/sandbox/api/v1/payments/pay');
  });

  it('keeps a path in front of Alipay’s, which is not signed', async () => {
    const transport = lost();
    await globalChannel(transport, { gatewayUrl: 'https://proxy.test/alipay//' }).inquire(chargeOf(), never);
    assert.equal(sentBy(transport).url, 'https://proxy.test/alipay/ams/api/v1/payments/inquiryPayment');
  });

  it('has the payer’s code in the body alone', async () => {
    const transport = lost();
    await globalChannel(transport).authorize(payRequest(), never);
    const [request] = transport.sent;
    assert.ok(request !== undefined);
    assert.ok(request.body.includes(payerCode));
    assert.ok(!`${request.url}${JSON.stringify(request.headers)}`.includes(payerCode));
    assert.equal(request.headers['client-id'], clientId);
    assert.equal(request.headers['request-time'], '2026-11-23T10:00:00+08:00');
  });
});

describe('what is sent afterwards', () => {
  for (const [verb, act, expected] of [
    ['inquiryPayment', (channel: Channel) => channel.inquire(chargeOf(), never), { paymentRequestId: attemptId }],
    ['cancel', (channel: Channel) => channel.reverse(chargeOf(), never), { paymentRequestId: attemptId }],
    [
      'refund',
      (channel: Channel) => channel.refund(refundRequest(), never),
      {
        refundRequestId: refundId,
        paymentId: tradeNo,
        refundAmount: { currency: 'CNY', value: '1000' },
        isAsyncRefund: false,
      },
    ],
    [
      'inquiryRefund',
      (channel: Channel) => channel.inquireRefund(refundRequest(), never),
      { refundRequestId: refundId },
    ],
  ] as const) {
    it(`is the numbers and no more (${verb})`, async () => {
      const { url, body } = await sentFor(act);
      assert.equal(url, `https://global.test/ams/api/v1/payments/${verb}`);
      assert.deepEqual(body, expected);
    });
  }
});

describe('what becomes of a request', () => {
  it('is told as it is when it was not sent', async () => {
    const outcome = { kind: 'not-sent', detail: 'ECONNREFUSED connecting to https://global.test' } as const;
    assert.deepEqual(await globalChannel(transportOf(outcome)).inquire(chargeOf(), never), failure(outcome));
  });

  for (const cause of ['timeout', 'connection-lost', 'garbled'] as const) {
    it(`is unclear when it was lost by ${cause}`, async () => {
      const channel = globalChannel(transportOf({ kind: 'lost', cause }));
      assert.deepEqual(await channel.reverse(chargeOf(), never), success({ outcome: 'outcome-unknown', cause }));
    });
  }
});
