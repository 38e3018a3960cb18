// Every row of the global API's code tables, through a signed answer to a channel. The groups are written from Alipay's pages, apart
// from the table under test. Only where money cannot have moved, and cannot move any more, is a payment declined.
// @see https://docs.antom.com/ac/ams/upm

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  attemptId,
  chargeOf,
  globalAnswer,
  globalChannel,
  never,
  payRequest,
  refundRequest,
  replied,
  transportOf,
} from '../testing/alipay-side.fixture.ts';
import { payCodes, refundCodes, tooLateToCancel } from './codes.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const payGroups: Readonly<Record<string, readonly string[]>> = {
  'code-invalid': words('INVALID_PAYMENT_CODE INVALID_CODE'),
  'code-expired': words('EXPIRED_CODE'),
  'insufficient-funds': words('USER_BALANCE_NOT_ENOUGH NO_PAY_OPTIONS'),
  'payer-limit': words('USER_AMOUNT_EXCEED_LIMIT PAYMENT_COUNT_EXCEED_LIMIT PAYMENT_AMOUNT_EXCEED_LIMIT'),
  'payer-account': words(`
    USER_NOT_EXIST USER_STATUS_ABNORMAL USER_KYC_NOT_QUALIFIED PAYMENT_NOT_QUALIFIED UNAVAILABLE_PAYMENT_METHOD
    INVALID_PAYMENT_METHOD_META_DATA`),
  'refused-by-payer': words('USER_PAYMENT_VERIFICATION_FAILED VERIFY_TIMES_EXCEED_LIMIT VERIFY_UNMATCHED'),
  risk: words('RISK_REJECT FRAUD_REJECT REGULATION_RESTRICTION'),
  'merchant-setup': words(`
    CURRENCY_NOT_SUPPORT SETTLE_CONTRACT_NOT_MATCH INVALID_CONTRACT INVALID_MERCHANT_STATUS MERCHANT_NOT_REGISTERED
    MERCHANT_KYB_NOT_QUALIFIED ACCESS_DENIED INVALID_CLIENT INVALID_SIGNATURE KEY_NOT_FOUND INVALID_ACCESS_TOKEN
    NO_INTERFACE_DEF INVALID_API`),
  'request-refused': words('PARAM_ILLEGAL METHOD_NOT_SUPPORTED MEDIA_TYPE_NOT_ACCEPTABLE'),
  unclear: words(`
    PAYMENT_IN_PROCESS REPEAT_REQ_INCONSISTENT ORDER_STATUS_INVALID ORDER_IS_CLOSED ORDER_IS_CANCELED PROCESS_FAIL`),
  system: words('SYSTEM_ERROR UNKNOWN_EXCEPTION REQUEST_TRAFFIC_EXCEED_LIMIT'),
};

const refundGroups: Readonly<Record<string, readonly string[]>> = {
  'request-refused': words('REFUND_AMOUNT_EXCEED REPEAT_REQ_INCONSISTENT PARAM_ILLEGAL'),
  closed: words('REFUND_WINDOW_EXCEED ORDER_NOT_EXIST ORDER_IS_CLOSED ORDER_IS_CANCELED ORDER_STATUS_INVALID'),
  'merchant-setup': words('CURRENCY_NOT_SUPPORT ACCESS_DENIED INVALID_CLIENT INVALID_SIGNATURE KEY_NOT_FOUND'),
};

/** What the inquiry's `paymentResultCode` means where the payment is FAIL; all others as at pay. */
const failureMeanings: Readonly<Record<string, string>> = {
  ORDER_IS_CLOSED: 'closed',
  ORDER_IS_CANCELED: 'closed',
  PROCESS_FAIL: 'other',
  SUCCESS: 'unclear',
  TOMORROWS_CODE: 'other',
  constructor: 'other',
};

function listed(groups: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(groups).flatMap(([group, codes]) => codes.map((code) => [code, group])));
}

const named = { paymentRequestId: chargeOf().attemptId };

type Status = 'S' | 'F' | 'U' | '';

function result(resultCode: string, resultStatus: Status): object {
  return { result: { resultCode, resultStatus, resultMessage: '…' } };
}

async function payAnswered(body: object): Promise<unknown> {
  const channel = globalChannel(transportOf(globalAnswer(body, { path: '/ams/api/v1/payments/pay' })));
  return replied(await channel.authorize(payRequest(), never));
}

async function inquiryAnswered(body: object): Promise<unknown> {
  const channel = globalChannel(transportOf(globalAnswer(body, { path: '/ams/api/v1/payments/inquiryPayment' })));
  return replied(await channel.inquire(chargeOf(), never));
}

async function refundAnswered(body: object): Promise<unknown> {
  const channel = globalChannel(transportOf(globalAnswer(body, { path: '/ams/api/v1/payments/refund' })));
  return replied(await channel.refund(refundRequest(), never));
}

async function cancelAnswered(body: object): Promise<unknown> {
  const channel = globalChannel(transportOf(globalAnswer(body, { path: '/ams/api/v1/payments/cancel' })));
  return replied(await channel.reverse(chargeOf(), never));
}

function unclear(cause: string, channelCode: string): object {
  return { outcome: 'outcome-unknown', cause, channelCode };
}

describe('an inquiry that says that no money was taken', () => {
  for (const paymentStatus of ['FAIL', 'CANCELLED']) {
    it(`is not believed when it does not name the payment (${paymentStatus})`, async () => {
      const body = { ...result('SUCCESS', 'S'), paymentStatus, paymentResultCode: 'USER_BALANCE_NOT_ENOUGH' };
      assert.deepEqual(await inquiryAnswered(body), unclear('mismatch', 'SUCCESS'));
      const other = { ...body, paymentRequestId: `${named.paymentRequestId}x` };
      assert.deepEqual(await inquiryAnswered(other), unclear('mismatch', 'SUCCESS'));
    });
  }
});

describe('result codes of pay', () => {
  it('are exactly those of the groups', () => {
    assert.deepEqual(payCodes, listed(payGroups));
  });

  for (const [code, meaning] of Object.entries(listed(payGroups))) {
    it(`${code} with F is ${meaning}`, async () => {
      const causes = { unclear: 'unknown-code', system: 'system-error' } as const;
      const expected =
        meaning === 'unclear' || meaning === 'system'
          ? unclear(causes[meaning], code)
          : { outcome: 'declined', reason: meaning, channelCode: code };
      assert.deepEqual(await payAnswered(result(code, 'F')), expected);
    });

    it(`${code} with U ${code === 'PAYMENT_IN_PROCESS' ? 'waits for the payer' : 'is unknown'}`, async () => {
      const expected = code === 'PAYMENT_IN_PROCESS' ? { outcome: 'awaiting-payer' } : unclear('system-error', code);
      assert.deepEqual(await payAnswered(result(code, 'U')), expected);
    });

    it(`${code} with a status of tomorrow is unknown`, async () => {
      assert.deepEqual(await payAnswered(result(code, '')), unclear('unknown-code', code));
    });

    it(`${code} with S approves nothing`, async () => {
      const paid = { paymentRequestId: attemptId, paymentId: 'p', paymentAmount: { currency: 'CNY', value: '8888' } };
      assert.deepEqual(await payAnswered({ ...result(code, 'S'), ...paid }), unclear('mismatch', code));
    });
  }

  for (const code of ['ORDER_NOT_EXIST', 'SUCCESS', 'TOMORROWS_CODE', 'constructor', '__proto__', '']) {
    it(`"${code}" with F proves nothing`, async () => {
      assert.deepEqual(await payAnswered(result(code, 'F')), unclear('unknown-code', code));
    });
  }
});

describe('the result code of a payment that the inquiry calls failed', () => {
  for (const [code, meaning] of Object.entries({ ...listed(payGroups), ...failureMeanings })) {
    it(`${code} is ${meaning === 'system' ? 'unclear' : meaning}`, async () => {
      const expected =
        meaning === 'unclear' || meaning === 'system'
          ? unclear('unknown-code', code)
          : { outcome: 'declined', reason: meaning, channelCode: code };
      const body = { ...result('SUCCESS', 'S'), ...named, paymentStatus: 'FAIL', paymentResultCode: code };
      assert.deepEqual(await inquiryAnswered(body), expected);
    });
  }

  it('may be missing', async () => {
    const expected = { outcome: 'declined', reason: 'other', channelCode: 'FAIL' };
    assert.deepEqual(await inquiryAnswered({ ...result('SUCCESS', 'S'), ...named, paymentStatus: 'FAIL' }), expected);
  });
});

describe('result codes of an inquiry itself', () => {
  for (const code of ['ORDER_NOT_EXIST', ...Object.keys(payCodes)]) {
    it(`${code} with F ${code === 'ORDER_NOT_EXIST' ? 'was never received' : 'is unclear, never a decline'}`, async () => {
      const expected = code === 'ORDER_NOT_EXIST' ? { outcome: 'never-received' } : unclear('system-error', code);
      assert.deepEqual(await inquiryAnswered(result(code, 'F')), expected);
    });
  }

  it('ORDER_NOT_EXIST with U is unclear', async () => {
    assert.deepEqual(await inquiryAnswered(result('ORDER_NOT_EXIST', 'U')), unclear('system-error', 'ORDER_NOT_EXIST'));
  });
});

describe('result codes of refund', () => {
  it('are exactly those of the groups', () => {
    assert.deepEqual(refundCodes, listed(refundGroups));
  });

  for (const [code, reason] of Object.entries(listed(refundGroups))) {
    it(`${code} with F ends the refund as ${reason}`, async () => {
      assert.deepEqual(await refundAnswered(result(code, 'F')), { outcome: 'declined', reason, channelCode: code });
    });
    it(`${code} with U leaves it open`, async () => {
      assert.deepEqual(await refundAnswered(result(code, 'U')), unclear('system-error', code));
    });
  }

  for (const code of words('SYSTEM_ERROR UNKNOWN_EXCEPTION PROCESS_FAIL REQUEST_TRAFFIC_EXCEED_LIMIT NEW toString')) {
    it(`${code} with F leaves it open`, async () => {
      assert.deepEqual(await refundAnswered(result(code, 'F')), unclear('system-error', code));
    });
  }
});

describe('result codes of cancel', () => {
  it('that are too late are these', () => {
    assert.deepEqual([...tooLateToCancel], words('CANCEL_WINDOW_EXCEED ORDER_STATUS_INVALID'));
  });

  for (const [code, status, expected] of [
    ['CANCEL_WINDOW_EXCEED', 'F', { outcome: 'too-late' }],
    ['ORDER_STATUS_INVALID', 'F', { outcome: 'too-late' }],
    ['ORDER_NOT_EXIST', 'F', { outcome: 'never-received' }],
    ['CANCEL_WINDOW_EXCEED', 'U', unclear('system-error', 'CANCEL_WINDOW_EXCEED')],
    ['ORDER_NOT_EXIST', 'U', unclear('system-error', 'ORDER_NOT_EXIST')],
    ['ORDER_IS_CLOSED', 'F', unclear('system-error', 'ORDER_IS_CLOSED')],
    ['SYSTEM_ERROR', 'F', unclear('system-error', 'SYSTEM_ERROR')],
    ['UNKNOWN_EXCEPTION', 'U', unclear('system-error', 'UNKNOWN_EXCEPTION')],
    ['INVALID_SIGNATURE', 'F', unclear('system-error', 'INVALID_SIGNATURE')],
  ] as const) {
    it(`${code} with ${status}`, async () => {
      assert.deepEqual(await cancelAnswered(result(code, status)), expected);
    });
  }
});
