// What the domestic channel tells payment for every answer that Alipay can sign: each branch, and each answer that is signed well
// but is about another number, another amount, another currency or another call.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { success } from '#foundation/result.ts';
import {
  answered,
  attemptId,
  chargeOf,
  never,
  openapiChannel,
  openapiText,
  otherAttemptId,
  payRequest,
  refundId,
  refundRequest,
  replied,
  signed,
  tradeNo,
  transportOf,
} from '../testing/alipay-side.fixture.ts';

const methods = {
  pay: 'alipay.trade.pay',
  query: 'alipay.trade.query',
  cancel: 'alipay.trade.cancel',
  refund: 'alipay.trade.refund',
  refundQuery: 'alipay.trade.fastpay.refund.query',
} as const;
type Call = keyof typeof methods;

async function tell(call: Call, text: string): Promise<unknown> {
  const channel = openapiChannel(transportOf(answered(text)));
  switch (call) {
    case 'pay':
      return replied(await channel.authorize(payRequest(), never));
    case 'query':
      return replied(await channel.inquire(chargeOf(), never));
    case 'cancel':
      return replied(await channel.reverse(chargeOf(), never));
    case 'refund':
      return replied(await channel.refund(refundRequest(), never));
    case 'refundQuery':
      return replied(await channel.inquireRefund(refundRequest(), never));
  }
}

type Fields = Readonly<Record<string, unknown>>;

const paidAt = instant(Date.parse('2026-11-23T10:00:01+08:00'));
const base: Fields = { code: '10000', msg: 'Success', out_trade_no: attemptId, trade_no: tradeNo };
const good = {
  pay: { ...base, total_amount: '88.88', gmt_payment: '2026-11-23 10:00:01', buyer_logon_id: '159****5620' },
  query: { ...base, total_amount: '88.88', trade_status: 'TRADE_SUCCESS', send_pay_date: '2026-11-23 10:00:01' },
  cancel: { ...base, action: 'close', retry_flag: 'N' },
  refund: { ...base, fund_change: 'Y', refund_fee: '10.00', gmt_refund_pay: '2026-11-23 10:00:01' },
  refundQuery: {
    ...base,
    out_request_no: refundId,
    refund_status: 'REFUND_SUCCESS',
    refund_amount: '10.00',
    total_amount: '88.88',
    gmt_refund_pay: '2026-11-23 10:00:01',
  },
} as const satisfies Record<Call, Fields>;

function approved(payerAccount: string | null): unknown {
  const evidence = { channelReference: tradeNo, amount: money('CNY', 8_888n), paidAt, payerAccount };
  return { outcome: 'approved', evidence };
}

const awaiting = { outcome: 'awaiting-payer' };
const neverReceived = { outcome: 'never-received' };
const closed = { outcome: 'closed' };
const refunded = { outcome: 'refunded', refundedAt: paidAt };

function unclear(cause: string, channelCode?: string): unknown {
  return channelCode === undefined
    ? { outcome: 'outcome-unknown', cause }
    : { outcome: 'outcome-unknown', cause, channelCode };
}

const mismatch = unclear('mismatch', '10000');

/** `changes` over the good answer; `undefined` takes a field away. */
function cases(call: Call, rows: readonly (readonly [string, Fields, unknown])[]): void {
  for (const [name, changes, expected] of rows) {
    it(name, async () => {
      const node = JSON.parse(JSON.stringify({ ...good[call], ...changes }));
      assert.deepEqual(await tell(call, openapiText(methods[call], node)), expected);
    });
  }
}

const otherNumber = { out_trade_no: otherAttemptId };

describe('the answer to pay', () => {
  cases('pay', [
    ['approves what it names', {}, approved('159****5620')],
    ['approves without the payer’s account', { buyer_logon_id: undefined }, approved(null)],
    ['approves an amount that stands as a bare number', { total_amount: 88.88 }, approved('159****5620')],
    ['approves an amount with its currency', { trans_currency: 'CNY' }, approved('159****5620')],
    ['approves what is deducted at once', { async_payment_mode: 'SYNC_DIRECT_PAY' }, approved('159****5620')],
    ['does not approve what is deducted later', { async_payment_mode: 'ASYNC_DELAY_PAY' }, mismatch],
    ['does not approve another number', otherNumber, mismatch],
    ['does not approve without a number', { out_trade_no: undefined }, mismatch],
    ['does not approve without Alipay’s number', { trade_no: undefined }, mismatch],
    ['does not approve an empty number of Alipay', { trade_no: '' }, mismatch],
    ['does not approve another amount', { total_amount: '88.89' }, mismatch],
    ['does not approve a hundredth of the amount', { total_amount: '0.8888' }, mismatch],
    ['does not approve without an amount', { total_amount: undefined }, mismatch],
    ['does not approve an amount that is none', { total_amount: '88,88' }, mismatch],
    ['does not approve an amount below zero', { total_amount: '-88.88' }, mismatch],
    ['does not approve an amount in a list', { total_amount: ['88.88'] }, mismatch],
    ['does not approve another currency', { trans_currency: 'HKD' }, mismatch],
    ['does not approve without the time of payment', { gmt_payment: undefined }, mismatch],
    ['takes no time that is none', { gmt_payment: 'today' }, timeless()],
    ['waits for the payer', { code: '10003', gmt_payment: undefined }, awaiting],
    ['does not wait for another payer', { code: '10003', ...otherNumber }, unclear('mismatch', '10003')],
    [
      'is unclear at 20000',
      { code: '20000', sub_code: 'aop.unknow-error' },
      unclear('system-error', 'aop.unknow-error'),
    ],
    ['is unclear at 20000 alone', { code: '20000' }, unclear('system-error', '20000')],
    ['is unclear at 40004 without a code', { code: '40004' }, unclear('unknown-code', '40004')],
    ['is garbled without a code', { code: undefined }, unclear('garbled')],
    ['is garbled with a code that is no text', { code: 10000 }, unclear('garbled')],
    [
      'does not decline another number',
      { code: '40004', sub_code: 'ACQ.PAYMENT_FAIL', ...otherNumber },
      unclear('mismatch', 'ACQ.PAYMENT_FAIL'),
    ],
    [
      'declines without a number, as some refusals come',
      { code: '40004', sub_code: 'ACQ.INVALID_PARAMETER', out_trade_no: undefined },
      { outcome: 'declined', reason: 'request-refused', channelCode: 'ACQ.INVALID_PARAMETER' },
    ],
  ]);
});

function timeless(): unknown {
  const evidence = {
    channelReference: tradeNo,
    amount: money('CNY', 8_888n),
    paidAt: null,
    payerAccount: '159****5620',
  };
  return { outcome: 'approved', evidence };
}

describe('the answer to query', () => {
  cases('query', [
    ['approves TRADE_SUCCESS', {}, approved(null)],
    ['approves TRADE_FINISHED', { trade_status: 'TRADE_FINISHED' }, approved(null)],
    ['waits in WAIT_BUYER_PAY', { trade_status: 'WAIT_BUYER_PAY', total_amount: '0.00' }, awaiting],
    ['is closed in TRADE_CLOSED', { trade_status: 'TRADE_CLOSED' }, closed],
    ['is not closed without a number', { trade_status: 'TRADE_CLOSED', out_trade_no: undefined }, mismatch],
    ['is not closed for another number', { trade_status: 'TRADE_CLOSED', ...otherNumber }, mismatch],
    ['is unclear in a status of tomorrow', { trade_status: 'TRADE_PENDING' }, unclear('unknown-code', 'TRADE_PENDING')],
    ['keeps no status that is no code', { trade_status: 'a b' }, unclear('unknown-code')],
    ['is unclear without a status', { trade_status: undefined }, unclear('unknown-code')],
    ['does not approve another amount', { total_amount: '88.8' }, mismatch],
    ['does not approve another number', otherNumber, mismatch],
    ['does not approve without a number', { out_trade_no: undefined }, mismatch],
    ['does not approve without Alipay’s number', { trade_no: undefined }, mismatch],
    ['was never received', { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' }, neverReceived],
    ['was never received, without prefix or number', bareNotExist(), neverReceived],
    [
      'tells nothing about another number that does not exist',
      { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST', ...otherNumber },
      unclear('mismatch', 'ACQ.TRADE_NOT_EXIST'),
    ],
    [
      'is unclear at TRADE_NOT_EXIST under another code',
      { code: '20000', sub_code: 'ACQ.TRADE_NOT_EXIST' },
      unclear('system-error', 'ACQ.TRADE_NOT_EXIST'),
    ],
    ['is unclear at a system error', { code: '40004', sub_code: 'ACQ.SYSTEM_ERROR' }, systemError()],
    ['never declines, also not at a gateway refusal', { code: '40002' }, unclear('system-error', '40002')],
    ['never waits at 10003', { code: '10003' }, unclear('system-error', '10003')],
  ]);
});

function bareNotExist(): Fields {
  return { code: '40004', sub_code: 'TRADE_NOT_EXIST', out_trade_no: undefined };
}

function systemError(): unknown {
  return unclear('system-error', 'ACQ.SYSTEM_ERROR');
}

describe('the answer to cancel', () => {
  const noAction = { action: undefined, trade_no: undefined };
  cases('cancel', [
    ['reverses what was not paid', {}, { outcome: 'reversed', moneyReturned: false }],
    ['reverses what was paid', { action: 'refund' }, { outcome: 'reversed', moneyReturned: true }],
    ['does not reverse another number', otherNumber, mismatch],
    ['does not reverse without a number', { out_trade_no: undefined }, mismatch],
    ['asks to try again', { retry_flag: 'Y' }, unclear('system-error', 'retry')],
    ['asks to try again without an action', { ...noAction, retry_flag: 'Y' }, unclear('system-error', 'retry')],
    ['found nothing', noAction, neverReceived],
    ['found nothing and names nothing', { ...noAction, out_trade_no: undefined }, neverReceived],
    ['is unclear with a trade and no action', { action: undefined }, unclear('unknown-code', '10000')],
    ['is unclear without action and flag', { ...noAction, retry_flag: undefined }, unclear('unknown-code', '10000')],
    ['is unclear at an action of tomorrow', { action: 'freeze' }, unclear('unknown-code', 'freeze')],
    ['is unclear at 20000', { code: '20000' }, unclear('system-error', '20000')],
    ['is unclear at a gateway refusal', { code: '40002' }, unclear('system-error', '40002')],
    [
      'is not too late for another number',
      { code: '40004', sub_code: 'ACQ.TRADE_CANCEL_TIME_OUT', ...otherNumber },
      unclear('mismatch', 'ACQ.TRADE_CANCEL_TIME_OUT'),
    ],
  ]);
});

describe('the answer to refund', () => {
  const noChange = unclear('system-error', 'fund_change');
  cases('refund', [
    ['has returned the money', {}, refunded],
    ['has returned it after other refunds', { refund_fee: '60.00' }, refunded],
    ['has returned it without the sum', { refund_fee: undefined }, refunded],
    ['has returned it without a time', { gmt_refund_pay: undefined }, { outcome: 'refunded', refundedAt: null }],
    ['proves nothing with fund_change N', { fund_change: 'N' }, noChange],
    ['proves nothing without fund_change', { fund_change: undefined }, noChange],
    ['proves nothing for another number', otherNumber, mismatch],
    ['proves nothing without a number', { out_trade_no: undefined }, mismatch],
    ['proves nothing when less came back', { refund_fee: '9.99' }, mismatch],
    ['proves nothing in another currency', { refund_currency: 'HKD' }, mismatch],
    ['is unclear at 20000', { code: '20000' }, unclear('system-error', '20000')],
    [
      'does not end at the refusal of another number',
      { code: '40004', sub_code: 'ACQ.TRADE_HAS_CLOSE', ...otherNumber },
      unclear('mismatch', 'ACQ.TRADE_HAS_CLOSE'),
    ],
  ]);
});

describe('the answer to refund query', () => {
  cases('refundQuery', [
    ['has returned the money', {}, refunded],
    ['knows no such refund', { refund_status: undefined, out_request_no: undefined }, neverReceived],
    ['is unclear while it is processed', { refund_status: 'REFUND_PROCESSING' }, processing()],
    ['proves nothing for another amount', { refund_amount: '10.01' }, unclear('mismatch', 'REFUND_SUCCESS')],
    ['proves nothing without an amount', { refund_amount: undefined }, unclear('mismatch', 'REFUND_SUCCESS')],
    ['proves nothing for another refund', { out_request_no: 'r2' }, mismatch],
    [
      'proves nothing without the refund’s number',
      { out_request_no: undefined },
      unclear('mismatch', 'REFUND_SUCCESS'),
    ],
    ['proves nothing for another payment', otherNumber, mismatch],
    ['proves nothing without a number', { out_trade_no: undefined }, unclear('mismatch', 'REFUND_SUCCESS')],
    ['knows no such payment', { code: '40004', sub_code: 'TRADE_NOT_EXIST' }, neverReceived],
    ['is unclear at a system error', { code: '40004', sub_code: 'ACQ.SYSTEM_ERROR' }, systemError()],
  ]);
});

function processing(): unknown {
  return unclear('unknown-code', 'REFUND_PROCESSING');
}

describe('an answer that was signed for another call', () => {
  // The name of the node and the call are not signed: whoever holds the line can answer one call with another's node.
  const waiting = { ...good.query, trade_status: 'WAIT_BUYER_PAY', send_pay_date: undefined };
  const nodes: Readonly<Record<string, Fields>> = {
    ...good,
    waiting,
    declined: { code: '40004', out_trade_no: attemptId },
  };
  const fits: Readonly<Record<Call, readonly string[]>> = {
    pay: ['pay'],
    query: ['query', 'waiting'],
    cancel: ['cancel'],
    refund: ['refund'],
    refundQuery: ['refundQuery'],
  };
  for (const call of ['pay', 'query', 'cancel', 'refund', 'refundQuery'] as const) {
    for (const [source, node] of Object.entries(nodes)) {
      if (fits[call].includes(source)) continue;
      it(`${source} tells nothing as the answer to ${call}`, async () => {
        const reply = await tell(call, openapiText(methods[call], JSON.parse(JSON.stringify(node))));
        assert.ok(reply instanceof Object && 'outcome' in reply);
        assert.equal(reply.outcome, 'outcome-unknown');
      });
    }
  }

  it('approves nothing under the name error_response', async () => {
    const node = JSON.stringify(good.pay);
    const text = `{"error_response":${node},"sign":"${signed(node)}"}`;
    assert.deepEqual(await tell('pay', text), unclear('garbled'));
  });

  it('declines under the name error_response, as the gateway does', async () => {
    const node = JSON.stringify({ code: '40002', sub_code: 'isv.invalid-app-id' });
    const text = `{"error_response":${node},"sign":"${signed(node)}"}`;
    const expected = { outcome: 'declined', reason: 'merchant-setup', channelCode: 'isv.invalid-app-id' };
    assert.deepEqual(await tell('pay', text), expected);
  });
});

describe('an answer that nothing proves', () => {
  const node = JSON.stringify(good.pay);
  const name = '"alipay_trade_pay_response"';
  for (const [what, text, expected] of [
    ['unsigned', `{${name}:${node}}`, unclear('bad-signature', '10000')],
    ['with an empty sign', `{${name}:${node},"sign":""}`, unclear('bad-signature', '10000')],
    ['with a sign that is no text', `{${name}:${node},"sign":["${signed(node)}"]}`, unclear('bad-signature', '10000')],
    ['with a sign in odd base64', `{${name}:${node},"sign":" ${signed(node)}"}`, unclear('bad-signature', '10000')],
    ['with its node twice', `{${name}:${node},${name}:${node},"sign":"${signed(node)}"}`, unclear('garbled')],
    ['with sign twice', `{${name}:${node},"sign":"${signed(node)}","sign":"x"}`, unclear('garbled')],
    ['that is a list', `[${node}]`, unclear('garbled')],
    ['that is HTML', '<html>504</html>', unclear('garbled')],
    ['that is empty', '', unclear('garbled')],
  ] as const) {
    it(`is unclear: ${what}`, async () => {
      assert.deepEqual(await tell('pay', text), expected);
    });
  }

  it('keeps no code from it that could be anything but a code', async () => {
    const text = `{${name}:{"code":"40004","sub_code":"<script>"}}`;
    assert.deepEqual(await tell('pay', text), unclear('bad-signature'));
  });

  for (const [status, expected] of [
    [500, unclear('system-error', 'http-500')],
    [503, unclear('system-error', 'http-503')],
    [404, unclear('garbled', 'http-404')],
    [302, unclear('garbled', 'http-302')],
    [201, unclear('garbled', 'http-201')],
  ] as const) {
    it(`counts for nothing with HTTP ${status}, however well it is signed`, async () => {
      const outcome = answered(openapiText(methods.pay, good.pay), {}, status);
      const reply = await openapiChannel(transportOf(outcome)).authorize(payRequest(), never);
      assert.deepEqual(reply, success(expected));
    });
  }

  it('is proven by the text with escaped slashes too', async () => {
    const named = JSON.stringify({ ...good.pay, store_name: 'A/B' });
    const text = `{${name}:${named},"sign":"${signed(named.replace('A/B', 'A\\/B'))}"}`;
    assert.deepEqual(await tell('pay', text), approved('159****5620'));
  });
});
