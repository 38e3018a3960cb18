// What the global channel tells payment for every answer that Alipay can sign: each branch, and each answer that is signed well
// but is about other ids, another amount, another client or another path.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { success } from '#foundation/result.ts';
import {
  answered,
  attemptId,
  chargeOf,
  type GlobalSide,
  globalAnswer,
  globalChannel,
  merchantKeys,
  never,
  otherAttemptId,
  payRequest,
  refundId,
  refundRequest,
  replied,
  signed,
  tradeNo,
  transportOf,
} from '../testing/alipay-side.fixture.ts';
import type { HttpOutcome } from '../transport.port.ts';

type Call = 'pay' | 'inquiryPayment' | 'cancel' | 'refund' | 'inquiryRefund';
type Fields = Readonly<Record<string, unknown>>;

async function told(call: Call, outcome: HttpOutcome): Promise<unknown> {
  const channel = globalChannel(transportOf(outcome));
  switch (call) {
    case 'pay':
      return replied(await channel.authorize(payRequest(), never));
    case 'inquiryPayment':
      return replied(await channel.inquire(chargeOf(), never));
    case 'cancel':
      return replied(await channel.reverse(chargeOf(), never));
    case 'refund':
      return replied(await channel.refund(refundRequest(), never));
    case 'inquiryRefund':
      return replied(await channel.inquireRefund(refundRequest(), never));
  }
}

async function tell(call: Call, body: Fields, side: Partial<GlobalSide> = {}): Promise<unknown> {
  return await told(call, globalAnswer(body, { path: `/ams/api/v1/payments/${call}`, ...side }));
}

const paidAt = instant(Date.parse('2026-11-23T10:00:01+08:00'));
const paid = money('CNY', 8_888n);
const amount = { currency: 'CNY', value: '8888' };
const ok = { result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' } };
const named = { ...ok, paymentId: tradeNo, paymentRequestId: attemptId };
const good = {
  pay: {
    ...named,
    paymentAmount: amount,
    paymentTime: '2026-11-23T10:00:01+08:00',
    pspCustomerInfo: { pspName: 'ALIPAYCN', displayCustomerId: '159****5620' },
  },
  inquiryPayment: {
    ...named,
    paymentStatus: 'SUCCESS',
    paymentResultCode: 'SUCCESS',
    paymentAmount: amount,
    paymentTime: '2026-11-23T02:00:01Z',
  },
  cancel: { ...named, cancelTime: '2026-11-23T10:00:01+08:00' },
  refund: {
    ...ok,
    refundRequestId: refundId,
    refundId: 'r',
    paymentId: tradeNo,
    refundAmount: { currency: 'CNY', value: '1000' },
    refundTime: '2026-11-23T10:00:01+08:00',
  },
  inquiryRefund: {
    ...ok,
    refundRequestId: refundId,
    refundStatus: 'SUCCESS',
    refundAmount: { currency: 'CNY', value: '1000' },
    refundTime: '2026-11-23T10:00:01+0800',
  },
} as const satisfies Record<Call, Fields>;

function approved(payerAccount: string | null, at: number | null = paidAt): unknown {
  const evidence = { channelReference: tradeNo, amount: paid, paidAt: at, payerAccount };
  return { outcome: 'approved', evidence };
}

function unclear(cause: string, channelCode?: string): unknown {
  return channelCode === undefined
    ? { outcome: 'outcome-unknown', cause }
    : { outcome: 'outcome-unknown', cause, channelCode };
}

const mismatch = unclear('mismatch', 'SUCCESS');
const closed = { outcome: 'closed' };
const awaiting = { outcome: 'awaiting-payer' };
const refunded = { outcome: 'refunded', refundedAt: paidAt };

/** `changes` over the good answer; `undefined` takes a field away. */
function cases(call: Call, rows: readonly (readonly [string, Fields, unknown])[]): void {
  for (const [name, changes, expected] of rows) {
    it(name, async () => {
      assert.deepEqual(await tell(call, { ...good[call], ...changes }), expected);
    });
  }
}

const otherNumber = { paymentRequestId: otherAttemptId };

describe('the answer to pay', () => {
  cases('pay', [
    ['approves what it names', {}, approved('159****5620')],
    [
      'approves an amount that is a number',
      { paymentAmount: { currency: 'CNY', value: 8888 } },
      approved('159****5620'),
    ],
    ['approves without payer or time', { pspCustomerInfo: 1, paymentTime: 'soon' }, approved(null, null)],
    ['does not approve another number', otherNumber, mismatch],
    ['does not approve without a number', { paymentRequestId: undefined }, mismatch],
    ['does not approve without Alipay’s number', { paymentId: undefined }, mismatch],
    ['does not approve another amount', { paymentAmount: { currency: 'CNY', value: '8889' } }, mismatch],
    ['does not approve another currency', { paymentAmount: { currency: 'USD', value: '8888' } }, mismatch],
    ['does not approve a currency that is none', { paymentAmount: { currency: 'toString', value: '8888' } }, mismatch],
    ['does not approve decimals', { paymentAmount: { currency: 'CNY', value: '88.88' } }, mismatch],
    ['does not approve a broken number', { paymentAmount: { currency: 'CNY', value: 8888.5 } }, mismatch],
    ['does not approve an amount below zero', { paymentAmount: { currency: 'CNY', value: '-8888' } }, mismatch],
    ['does not approve without an amount', { paymentAmount: undefined }, mismatch],
    ['is unclear without a status', { result: { resultCode: 'SUCCESS' } }, unclear('unknown-code', 'SUCCESS')],
    ['is garbled without a result', { result: undefined }, unclear('garbled')],
    ['is garbled with a result that is none', { result: 'SUCCESS' }, unclear('garbled')],
    [
      'does not decline another number',
      { result: { resultCode: 'EXPIRED_CODE', resultStatus: 'F' }, ...otherNumber },
      unclear('mismatch', 'EXPIRED_CODE'),
    ],
    [
      'does not wait for another payer',
      { result: { resultCode: 'PAYMENT_IN_PROCESS', resultStatus: 'U' }, ...otherNumber },
      unclear('mismatch', 'PAYMENT_IN_PROCESS'),
    ],
  ]);
});

function refundOf(value: string, changes: Fields = {}): Fields {
  const transactionAmount = { currency: 'CNY', value };
  return { transactionType: 'REFUND', transactionStatus: 'SUCCESS', transactionAmount, ...changes };
}

describe('the answer to inquiryPayment', () => {
  const processing = refundOf('8888', { transactionStatus: 'PROCESSING' });
  const capture = refundOf('8888', { transactionType: 'CAPTURE' });
  const foreign = refundOf('8888', { transactionAmount: { currency: 'JPY', value: '8888' } });
  cases('inquiryPayment', [
    ['approves SUCCESS', {}, approved(null)],
    ['waits in PROCESSING', { paymentStatus: 'PROCESSING' }, awaiting],
    ['waits in PENDING', { paymentStatus: 'PENDING' }, awaiting],
    ['is closed in CANCELLED', { paymentStatus: 'CANCELLED' }, closed],
    ['is unclear in a status of tomorrow', { paymentStatus: 'HELD' }, unclear('unknown-code', 'HELD')],
    ['is unclear without a status', { paymentStatus: undefined }, unclear('unknown-code')],
    ['does not approve another amount', { paymentAmount: { currency: 'CNY', value: '8887' } }, mismatch],
    ['does not approve another number', otherNumber, mismatch],
    ['does not approve without a number', { paymentRequestId: undefined }, mismatch],
    ['is not closed for another number', { paymentStatus: 'CANCELLED', ...otherNumber }, mismatch],
    ['is closed when wholly refunded', { transactions: [refundOf('8888')] }, closed],
    ['is closed when refunded in parts', { transactions: [refundOf('8000'), refundOf('888')] }, closed],
    ['stays approved when partly refunded', { transactions: [refundOf('8887')] }, approved(null)],
    ['stays approved while a refund is processed', { transactions: [processing] }, approved(null)],
    ['takes a capture for no refund', { transactions: [capture] }, approved(null)],
    ['takes another currency for no refund', { transactions: [foreign] }, approved(null)],
    ['survives transactions that are none', { transactions: [null, 1, 'x', {}, []] }, approved(null)],
    ['survives transactions that are no list', { transactions: { length: 1 } }, approved(null)],
    ['refunded, but without a number, proves nothing', unnamedRefund(), mismatch],
    ['says of another number nothing', notExist(otherNumber), unclear('mismatch', 'ORDER_NOT_EXIST')],
    ['was never received', notExist({ paymentRequestId: undefined }), { outcome: 'never-received' }],
  ]);
});

function unnamedRefund(): Fields {
  return { transactions: [refundOf('8888')], paymentRequestId: undefined };
}

function notExist(changes: Fields): Fields {
  return { result: { resultCode: 'ORDER_NOT_EXIST', resultStatus: 'F' }, ...changes };
}

describe('the answer to cancel', () => {
  const reversed = { outcome: 'reversed', moneyReturned: false };
  cases('cancel', [
    ['reverses', {}, reversed],
    ['reverses by Alipay’s number alone', { paymentRequestId: undefined }, reversed],
    ['does not reverse another number', otherNumber, mismatch],
    ['does not reverse without any number', { paymentRequestId: undefined, paymentId: undefined }, mismatch],
    ['does not reverse by another number of Alipay', { paymentRequestId: undefined, paymentId: 'x' }, mismatch],
    ['is never received for no other number', notExist(otherNumber), unclear('mismatch', 'ORDER_NOT_EXIST')],
  ]);
});

describe('the answer to refund', () => {
  cases('refund', [
    ['has returned the money', {}, refunded],
    ['has returned it without saying how much', { refundAmount: undefined }, refunded],
    ['has returned it without a time', { refundTime: undefined }, { outcome: 'refunded', refundedAt: null }],
    ['proves nothing for another refund', { refundRequestId: 'r2' }, mismatch],
    ['proves nothing without a number', { refundRequestId: undefined }, mismatch],
    ['proves nothing for another amount', { refundAmount: { currency: 'CNY', value: '999' } }, mismatch],
    ['proves nothing for an amount that is none', { refundAmount: '10.00' }, mismatch],
  ]);

  it('is not asked for without Alipay’s number of the payment', async () => {
    const transport = transportOf(answered(''));
    const request = { ...refundRequest(), charge: { ...chargeOf(), channelReference: null } };
    const reply = await globalChannel(transport).refund(request, never);
    assert.deepEqual(reply, success(unclear('mismatch', 'tillway.no-payment-id')));
    assert.equal(transport.sent.length, 0);
  });
});

describe('the answer to inquiryRefund', () => {
  const missing = { outcome: 'never-received' };
  cases('inquiryRefund', [
    ['has returned the money', {}, refunded],
    ['knows of a failed refund', { refundStatus: 'FAIL' }, missing],
    ['is unclear while it is processed', { refundStatus: 'PROCESSING' }, unclear('system-error', 'SUCCESS')],
    ['is unclear without a status', { refundStatus: undefined }, unclear('system-error', 'SUCCESS')],
    ['knows no such refund', { result: { resultCode: 'REFUND_NOT_EXIST', resultStatus: 'F' } }, missing],
    ['knows no such order', notExist({}), missing],
    ['proves nothing for another refund', { refundRequestId: 'r2' }, mismatch],
    ['proves nothing without a number', { refundRequestId: undefined }, mismatch],
    ['proves nothing for another amount', { refundAmount: { currency: 'CNY', value: '1001' } }, mismatch],
  ]);
});

describe('an answer that was signed for something else', () => {
  const forged = unclear('bad-signature', 'SUCCESS');

  for (const call of ['pay', 'inquiryPayment', 'cancel', 'refund', 'inquiryRefund'] as const) {
    for (const path of ['pay', 'inquiryPayment', 'cancel', 'refund', 'inquiryRefund']) {
      if (path === call) continue;
      it(`${path} tells nothing as the answer to ${call}`, async () => {
        assert.deepEqual(await tell(call, good[call], { path: `/ams/api/v1/payments/${path}` }), forged);
      });
    }
  }

  it('the sandbox’s path tells nothing on the real one', async () => {
    assert.deepEqual(await tell('pay', good.pay, { path: '/ams/sandbox/api/v1/payments/pay' }), forged);
  });

  it('another client’s tells nothing', async () => {
    assert.deepEqual(await tell('pay', good.pay, { clientId: 'T_2' }), forged);
  });

  it('another key’s tells nothing', async () => {
    assert.deepEqual(await tell('pay', good.pay, { key: merchantKeys.privateKey }), forged);
  });

  it('a client id that is taken for ours over another’s signature tells nothing', async () => {
    const answer = globalAnswer(good.pay, { path: '/ams/api/v1/payments/pay', clientId: 'T_2' });
    const headers = { ...answer.headers, 'client-id': 'T_000000000000000001' };
    assert.deepEqual(await told('pay', { ...answer, headers }), forged);
  });

  it('a time that holds the beginning of another body tells nothing', async () => {
    // Signed: <client>.<time>.<body>; all that is before the last object becomes "time", and the rest would be a new body.
    const inner = JSON.stringify(good.pay);
    const signedBody = `{"a":1}.${inner}`;
    const path = '/ams/api/v1/payments/pay';
    const time = '2026-11-23T10:00:01+08:00';
    const answer = globalAnswer({}, { path, time });
    const content = `POST ${path}\nT_000000000000000001.${time}.${signedBody}`;
    const headers = {
      ...answer.headers,
      'response-time': `${time}.{"a":1}`,
      signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signed(content))}`,
    };
    assert.deepEqual(await told('pay', { ...answer, headers, body: inner }), forged);
  });
});

describe('an answer that nothing proves', () => {
  const path = '/ams/api/v1/payments/pay';
  const answer = globalAnswer(good.pay, { path });
  const signature = answer.headers['signature'] ?? '';
  const without = (name: string) => Object.fromEntries(Object.entries(answer.headers).filter(([key]) => key !== name));
  const forged = unclear('bad-signature', 'SUCCESS');

  for (const name of ['signature', 'response-time', 'client-id']) {
    it(`is unclear without ${name}`, async () => {
      assert.deepEqual(await told('pay', { ...answer, headers: without(name) }), forged);
    });
  }

  for (const [what, header] of [
    ['of another algorithm', signature.replace('RSA256', 'RSA512')],
    ['that is not percent-encoded text', 'algorithm=RSA256,keyVersion=1,signature=%zz'],
    ['that is empty', ''],
    ['that is only commas', ',,,=,'],
    ['with blanks in its base64', signature.replace('signature=', 'signature=%20')],
  ] as const) {
    it(`is unclear with a signature ${what}`, async () => {
      assert.deepEqual(await told('pay', { ...answer, headers: { ...answer.headers, signature: header } }), forged);
    });
  }

  it('is proven with blanks after the commas', async () => {
    const headers = { ...answer.headers, signature: signature.replaceAll(',', ', ') };
    assert.deepEqual(await told('pay', { ...answer, headers }), approved('159****5620'));
  });

  it('keeps no code from it that could be anything but a code', async () => {
    const body = JSON.stringify({ result: { resultCode: 'a b', resultStatus: 'F' } });
    assert.deepEqual(await told('pay', answered(body)), unclear('bad-signature'));
  });

  for (const body of ['', '[]', 'null', '"x"', '{"result":', '<html>']) {
    it(`is garbled: ${body}`, async () => {
      assert.deepEqual(await told('pay', { ...answer, body }), unclear('garbled'));
    });
  }

  it('counts for nothing with another status than 200', async () => {
    assert.deepEqual(await told('pay', { ...answer, status: 500 }), unclear('system-error', 'http-500'));
    assert.deepEqual(await told('pay', { ...answer, status: 404 }), unclear('garbled', 'http-404'));
  });
});
