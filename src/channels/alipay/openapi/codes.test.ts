// Every row of the domestic code tables, through a signed answer to a channel. The groups below are written from Alipay's pages,
// apart from the table under test; a code in one and not in the other fails. The question behind each group is whether money can
// have moved, or still can: only where it cannot is a payment declined.
// @see https://opendocs.alipay.com/open/02ekfp and 02ekfs

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  answered,
  attemptId,
  chargeOf,
  never,
  openapiChannel,
  openapiText,
  payRequest,
  refundRequest,
  replied,
  transportOf,
} from '../testing/alipay-side.fixture.ts';
import { gatewayCodes, payCodes, refundCodes, tooLateToCancel } from './codes.ts';

const pay = 'alipay.trade.pay';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const payGroups: Readonly<Record<string, readonly string[]>> = {
  'code-invalid': words('PAYMENT_AUTH_CODE_INVALID SOUNDWAVE_PARSER_FAIL AUTH_TOKEN_IS_NOT_EXIST'),
  'insufficient-funds': words(`
    BUYER_BALANCE_NOT_ENOUGH BUYER_BANKCARD_BALANCE_NOT_ENOUGH NO_PAYMENT_INSTRUMENTS_AVAILABLE`),
  'payer-limit': words(`
    BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR BUYER_LIMIT_EXCEEDED
    ERROR_BUYER_CERTIFY_LEVEL_LIMIT`),
  'payer-account': words(`
    BUYER_BANKCARD_INVALID BUYER_BANKCARD_DECLINED ERROR_BALANCE_PAYMENT_DISABLE BUYER_ENABLE_STATUS_FORBID BUYER_NOT_EXIST
    MOBILE_PAYMENT_SWITCH_OFF USER_FACE_PAYMENT_SWITCH_OFF NOT_CERTIFIED_USER BUYER_NOT_MAINLAND_CERT
    NOT_SUPPORT_PAYMENT_INST BUYER_SELLER_EQUAL`),
  risk: words('PAYMENT_REQUEST_HAS_RISK'),
  other: words('PAYMENT_FAIL'),
  'merchant-setup': words(`
    ACCESS_FORBIDDEN PARTNER_ERROR UN_SUPPORT_TRADE_SCENE SELLER_BEEN_BLOCKED SELLER_NOT_EXIST INVALID_RECEIVE_ACCOUNT
    MERCHANT_STATUS_NOT_NORMAL MERCHANT_AGREEMENT_NOT_EXIST MERCHANT_AGREEMENT_INVALID BEYOND_PAY_RESTRICTION
    BEYOND_PER_RECEIPT_RESTRICTION BEYOND_PER_RECEIPT_SINGLE_RESTRICTION BEYOND_PER_RECEIPT_DAY_RESTRICTION
    PRODUCT_AMOUNT_LIMIT_ERROR MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT MERCHANT_PERM_RECEIPT_SINGLE_LIMIT
    MERCHANT_PERM_RECEIPT_DAY_LIMIT RESTRICTED_MERCHANT_INDUSTRY SUB_MERCHANT_CREATE_FAIL SUB_MERCHANT_TYPE_INVALID
    SECONDARY_MERCHANT_ID_BLANK SECONDARY_MERCHANT_ID_INVALID SECONDARY_MERCHANT_NOT_MATCH SECONDARY_MERCHANT_STATUS_ERROR
    SECONDARY_MERCHANT_ALIPAY_ACCOUNT_INVALID SECONDARY_MERCHANT_ISV_PUNISH_INDIRECT SMILE_PAY_MERCHANT_NOT_MATCH
    CURRENCY_NOT_SUPPORT INVALID_STORE_ID ROYALTY_ACCOUNT_NOT_EXIST`),
  'request-refused': words(`
    INVALID_PARAMETER EXIST_FORBIDDEN_WORD TOTAL_FEE_EXCEED AMOUNT_OR_CURRENCY_ERROR REQUEST_AMOUNT_EXCEED
    SUB_GOODS_SIZE_MAX_COUNT NOW_TIME_AFTER_EXPIRE_TIME_ERROR RISK_MERCHANT_IP_NOT_EXIST`),
  // The order is there already, paid or payable, or Alipay does not know.
  unclear: words(`
    TRADE_HAS_SUCCESS TRADE_HAS_CLOSE TRADE_BUYER_NOT_MATCH TRADE_STATUS_ERROR CONTEXT_INCONSISTENT
    PULL_MOBILE_CASHIER_FAIL TRADE_SETTLE_ERROR`),
  system: words('SYSTEM_ERROR'),
};

const refundGroups: Readonly<Record<string, readonly string[]>> = {
  'request-refused': words(`
    INVALID_PARAMETER REFUND_AMT_NOT_EQUAL_TOTAL REASON_TRADE_REFUND_FEE_ERR REFUND_FEE_ERROR ALLOC_AMOUNT_VALIDATE_ERROR
    DISCORDANT_REPEAT_REQUEST NOT_ALLOW_PARTIAL_REFUND ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND`),
  closed: words(`
    TRADE_NOT_EXIST TRADE_STATUS_ERROR REASON_TRADE_STATUS_INVALID TRADE_NOT_ALLOW_REFUND TRADE_HAS_CLOSE
    TRADE_HAS_FINISHED`),
  'payer-account': words(`
    BUYER_NOT_EXIST BUYER_ENABLE_STATUS_FORBID USER_NOT_MATCH_ERR REFUND_ACCOUNT_NOT_EXIST CUSTOMER_VALIDATE_ERROR`),
  'merchant-setup': words(`
    CURRENCY_NOT_SUPPORT OVERDRAFT_AGREEMENT_NOT_MATCH OVERDRAFT_ASSIGN_ACCOUNT_INVALID
    REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST REFUNDALLOC_UNAUTH_LIMIT`),
};

/** Refund refusals that a later try under the same number may pass. */
const openRefundCodes = words(`
  SYSTEM_ERROR REFUND_CHARGE_ERROR ENTERPRISE_PAY_BIZ_ERROR SELLER_BALANCE_NOT_ENOUGH REASON_TRADE_BEEN_FREEZEN BUYER_ERROR
  TRADE_SETTLE_ERROR NOT_A_CODE_WE_KNOW constructor __proto__`);

function listed(groups: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(groups).flatMap(([group, codes]) => codes.map((code) => [code, group])));
}

function refusal(subCode: string): object {
  return { code: '40004', msg: 'Business Failed', sub_code: subCode, sub_msg: '…', out_trade_no: attemptId };
}

async function payAnswered(node: object): Promise<unknown> {
  const channel = openapiChannel(transportOf(answered(openapiText(pay, node))));
  return replied(await channel.authorize(payRequest(), never));
}

async function refundAnswered(node: object): Promise<unknown> {
  const channel = openapiChannel(transportOf(answered(openapiText('alipay.trade.refund', node))));
  return replied(await channel.refund(refundRequest(), never));
}

async function cancelAnswered(node: object): Promise<unknown> {
  const channel = openapiChannel(transportOf(answered(openapiText('alipay.trade.cancel', node))));
  return replied(await channel.reverse(chargeOf(), never));
}

describe('codes of alipay.trade.pay', () => {
  it('are exactly those of the groups', () => {
    assert.deepEqual(payCodes, listed(payGroups));
  });

  for (const [code, meaning] of Object.entries(listed(payGroups))) {
    for (const subCode of [`ACQ.${code}`, `AQC.${code}`, `aop.ACQ.${code}`, code]) {
      it(`${subCode} is ${meaning}`, async () => {
        const unclearBy = { unclear: 'unknown-code', system: 'system-error' } as const;
        const cause = meaning === 'unclear' || meaning === 'system' ? unclearBy[meaning] : undefined;
        const expected =
          cause === undefined
            ? { outcome: 'declined', reason: meaning, channelCode: subCode }
            : { outcome: 'outcome-unknown', cause, channelCode: subCode };
        assert.deepEqual(await payAnswered(refusal(subCode)), expected);
      });
    }
  }

  for (const code of ['ACQ.TOMORROWS_CODE', 'ACQ.constructor', 'toString', '__proto__', 'ACQ.', 'ACQ.PAYMENT_FAIL.']) {
    it(`${code} proves nothing`, async () => {
      const expected = { outcome: 'outcome-unknown', cause: 'unknown-code', channelCode: code };
      assert.deepEqual(await payAnswered(refusal(code)), expected);
    });
  }
});

describe('codes of the gateway', () => {
  const setup = 'merchant-setup';
  const refused = 'request-refused';
  const cases: readonly (readonly [string, string, string])[] = [
    ['40001', 'isv.missing-method', refused],
    ['40001', 'isv.missing-signature', setup],
    ['40001', 'isv.missing-app-cert-sn', setup],
    ['40001', 'isv.missing-alipay-root-cert-sn', setup],
    ['40001', 'isv.decryption-error-missing-encrypt-type', setup],
    ['40002', 'isv.invalid-parameter', refused],
    ['40002', 'isv.invalid-signature', setup],
    ['40002', 'isv.invalid-app-id', setup],
    ['40002', 'isv.invalid-timestamp', setup],
    ['40002', 'app-cert-expired', setup],
    ['40002', 'not-online-app', setup],
    ['40002', 'isv.forbidden-api', setup],
    ['40002', '', refused],
    ['40003', 'isv.missing-signature-config', setup],
    ['40005', 'isv.app-call-limited', 'other'],
    ['40006', 'isv.insufficient-isv-permissions', setup],
  ];

  it('that refuse are these five', () => {
    assert.deepEqual(Object.keys(gatewayCodes), ['40001', '40002', '40003', '40005', '40006']);
  });

  for (const [code, subCode, reason] of cases) {
    const channelCode = subCode === '' ? code : subCode;
    it(`${code} ${subCode} declines a payment as ${reason}`, async () => {
      assert.deepEqual(await payAnswered({ code, sub_code: subCode }), { outcome: 'declined', reason, channelCode });
    });
    it(`${code} ${subCode} ${code === '40005' ? 'leaves a refund open' : 'declines a refund'}`, async () => {
      const open = { outcome: 'outcome-unknown', cause: 'system-error', channelCode };
      const expected = code === '40005' ? open : { outcome: 'declined', reason, channelCode };
      assert.deepEqual(await refundAnswered({ code, sub_code: subCode }), expected);
    });
  }

  for (const [code, cause] of [
    ['20000', 'system-error'],
    ['20001', 'unknown-code'],
    ['30000', 'unknown-code'],
    ['constructor', 'unknown-code'],
  ]) {
    it(`${code} leaves a payment open`, async () => {
      const node = { code, sub_code: 'aop.unknow-error' };
      assert.deepEqual(await payAnswered(node), { outcome: 'outcome-unknown', cause, channelCode: 'aop.unknow-error' });
    });
  }
});

describe('codes of alipay.trade.refund', () => {
  it('are exactly those of the groups', () => {
    assert.deepEqual(refundCodes, listed(refundGroups));
  });

  for (const [code, reason] of Object.entries(listed(refundGroups))) {
    it(`${code} ends the refund as ${reason}`, async () => {
      const channelCode = `ACQ.${code}`;
      assert.deepEqual(await refundAnswered(refusal(channelCode)), { outcome: 'declined', reason, channelCode });
    });
  }

  for (const code of openRefundCodes) {
    it(`${code} leaves the refund open`, async () => {
      const expected = { outcome: 'outcome-unknown', cause: 'system-error', channelCode: code };
      assert.deepEqual(await refundAnswered(refusal(code)), expected);
    });
  }
});

describe('codes of alipay.trade.cancel', () => {
  const late = words('TRADE_CANCEL_TIME_OUT TRADE_HAS_FINISHED REASON_TRADE_REFUND_FEE_ERR CANCEL_NOT_ALLOWED');

  it('that are too late are these', () => {
    assert.deepEqual([...tooLateToCancel], late);
  });

  for (const code of late) {
    it(`${code} is too late to cancel`, async () => {
      assert.deepEqual(await cancelAnswered(refusal(`ACQ.${code}`)), { outcome: 'too-late' });
    });
  }

  it('TRADE_NOT_EXIST was never received', async () => {
    assert.deepEqual(await cancelAnswered(refusal('ACQ.TRADE_NOT_EXIST')), { outcome: 'never-received' });
  });

  for (const code of words(
    'SYSTEM_ERROR INVALID_PARAMETER SELLER_BALANCE_NOT_ENOUGH REASON_TRADE_BEEN_FREEZEN NEW_CODE',
  )) {
    it(`${code} is cancelled again`, async () => {
      const expected = { outcome: 'outcome-unknown', cause: 'system-error', channelCode: `ACQ.${code}` };
      assert.deepEqual(await cancelAnswered(refusal(`ACQ.${code}`)), expected);
    });
  }
});
