// What the domestic gateway's codes mean for money, one line each, to be read beside Alipay's own tables. A code that is not here
// proves nothing. Codes are matched without their prefix (`ACQ.`, in some answers misspelt `AQC.`).
// @see https://opendocs.alipay.com/common/02km9f (gateway) and https://opendocs.alipay.com/open/02ekfp (pay)

import type { DeclineReason } from '#payment/index.ts';

/**
 * `unclear`: the trade may exist or be paid, ask. `system`: Alipay says that it does not know. Everything else: no money moved, for
 * this reason.
 */
export type Meaning = DeclineReason | 'unclear' | 'system';

/** Business codes of alipay.trade.pay (code 40004). */
export const payCodes = {
  SYSTEM_ERROR: 'system',
  // Answered from the state of an order that is there already: the query tells what became of it.
  TRADE_HAS_SUCCESS: 'unclear',
  TRADE_HAS_CLOSE: 'unclear',
  TRADE_BUYER_NOT_MATCH: 'unclear',
  TRADE_STATUS_ERROR: 'unclear',
  CONTEXT_INCONSISTENT: 'unclear',
  // The order was made and only its page in the wallet did not open: the payer finds it among the bills that wait.
  PULL_MOBILE_CASHIER_FAIL: 'unclear',
  // We send nothing to settle, so this is about something that Alipay did by itself.
  TRADE_SETTLE_ERROR: 'unclear',
  PAYMENT_AUTH_CODE_INVALID: 'code-invalid',
  SOUNDWAVE_PARSER_FAIL: 'code-invalid',
  AUTH_TOKEN_IS_NOT_EXIST: 'code-invalid',
  PAYMENT_FAIL: 'other',
  BUYER_BALANCE_NOT_ENOUGH: 'insufficient-funds',
  BUYER_BANKCARD_BALANCE_NOT_ENOUGH: 'insufficient-funds',
  NO_PAYMENT_INSTRUMENTS_AVAILABLE: 'insufficient-funds',
  BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR: 'payer-limit',
  BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR: 'payer-limit',
  BUYER_LIMIT_EXCEEDED: 'payer-limit',
  ERROR_BUYER_CERTIFY_LEVEL_LIMIT: 'payer-limit',
  BUYER_BANKCARD_INVALID: 'payer-account',
  BUYER_BANKCARD_DECLINED: 'payer-account',
  ERROR_BALANCE_PAYMENT_DISABLE: 'payer-account',
  BUYER_ENABLE_STATUS_FORBID: 'payer-account',
  BUYER_NOT_EXIST: 'payer-account',
  MOBILE_PAYMENT_SWITCH_OFF: 'payer-account',
  USER_FACE_PAYMENT_SWITCH_OFF: 'payer-account',
  NOT_CERTIFIED_USER: 'payer-account',
  BUYER_NOT_MAINLAND_CERT: 'payer-account',
  NOT_SUPPORT_PAYMENT_INST: 'payer-account',
  BUYER_SELLER_EQUAL: 'payer-account',
  PAYMENT_REQUEST_HAS_RISK: 'risk',
  ACCESS_FORBIDDEN: 'merchant-setup',
  PARTNER_ERROR: 'merchant-setup',
  UN_SUPPORT_TRADE_SCENE: 'merchant-setup',
  SELLER_BEEN_BLOCKED: 'merchant-setup',
  SELLER_NOT_EXIST: 'merchant-setup',
  INVALID_RECEIVE_ACCOUNT: 'merchant-setup',
  MERCHANT_STATUS_NOT_NORMAL: 'merchant-setup',
  MERCHANT_AGREEMENT_NOT_EXIST: 'merchant-setup',
  MERCHANT_AGREEMENT_INVALID: 'merchant-setup',
  BEYOND_PAY_RESTRICTION: 'merchant-setup',
  BEYOND_PER_RECEIPT_RESTRICTION: 'merchant-setup',
  BEYOND_PER_RECEIPT_SINGLE_RESTRICTION: 'merchant-setup',
  BEYOND_PER_RECEIPT_DAY_RESTRICTION: 'merchant-setup',
  PRODUCT_AMOUNT_LIMIT_ERROR: 'merchant-setup',
  MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT: 'merchant-setup',
  MERCHANT_PERM_RECEIPT_SINGLE_LIMIT: 'merchant-setup',
  MERCHANT_PERM_RECEIPT_DAY_LIMIT: 'merchant-setup',
  RESTRICTED_MERCHANT_INDUSTRY: 'merchant-setup',
  SUB_MERCHANT_CREATE_FAIL: 'merchant-setup',
  SUB_MERCHANT_TYPE_INVALID: 'merchant-setup',
  SECONDARY_MERCHANT_ID_BLANK: 'merchant-setup',
  SECONDARY_MERCHANT_ID_INVALID: 'merchant-setup',
  SECONDARY_MERCHANT_NOT_MATCH: 'merchant-setup',
  SECONDARY_MERCHANT_STATUS_ERROR: 'merchant-setup',
  SECONDARY_MERCHANT_ALIPAY_ACCOUNT_INVALID: 'merchant-setup',
  SECONDARY_MERCHANT_ISV_PUNISH_INDIRECT: 'merchant-setup',
  SMILE_PAY_MERCHANT_NOT_MATCH: 'merchant-setup',
  CURRENCY_NOT_SUPPORT: 'merchant-setup',
  INVALID_STORE_ID: 'merchant-setup',
  ROYALTY_ACCOUNT_NOT_EXIST: 'merchant-setup',
  INVALID_PARAMETER: 'request-refused',
  EXIST_FORBIDDEN_WORD: 'request-refused',
  TOTAL_FEE_EXCEED: 'request-refused',
  AMOUNT_OR_CURRENCY_ERROR: 'request-refused',
  REQUEST_AMOUNT_EXCEED: 'request-refused',
  SUB_GOODS_SIZE_MAX_COUNT: 'request-refused',
  NOW_TIME_AFTER_EXPIRE_TIME_ERROR: 'request-refused',
  RISK_MERCHANT_IP_NOT_EXIST: 'request-refused',
} as const satisfies Readonly<Record<string, Meaning>>;

/** Business codes of alipay.trade.refund that end a refund; all others are asked about and tried again under the same number. */
export const refundCodes = {
  INVALID_PARAMETER: 'request-refused',
  REFUND_AMT_NOT_EQUAL_TOTAL: 'request-refused',
  REASON_TRADE_REFUND_FEE_ERR: 'request-refused',
  REFUND_FEE_ERROR: 'request-refused',
  ALLOC_AMOUNT_VALIDATE_ERROR: 'request-refused',
  DISCORDANT_REPEAT_REQUEST: 'request-refused',
  TRADE_NOT_EXIST: 'closed',
  TRADE_STATUS_ERROR: 'closed',
  REASON_TRADE_STATUS_INVALID: 'closed',
  TRADE_NOT_ALLOW_REFUND: 'closed',
  TRADE_HAS_CLOSE: 'closed',
  TRADE_HAS_FINISHED: 'closed',
  NOT_ALLOW_PARTIAL_REFUND: 'request-refused',
  ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND: 'request-refused',
  BUYER_NOT_EXIST: 'payer-account',
  BUYER_ENABLE_STATUS_FORBID: 'payer-account',
  USER_NOT_MATCH_ERR: 'payer-account',
  REFUND_ACCOUNT_NOT_EXIST: 'payer-account',
  CUSTOMER_VALIDATE_ERROR: 'payer-account',
  CURRENCY_NOT_SUPPORT: 'merchant-setup',
  OVERDRAFT_AGREEMENT_NOT_MATCH: 'merchant-setup',
  OVERDRAFT_ASSIGN_ACCOUNT_INVALID: 'merchant-setup',
  REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST: 'merchant-setup',
  REFUNDALLOC_UNAUTH_LIMIT: 'merchant-setup',
} as const satisfies Readonly<Record<string, DeclineReason>>;

/** A trade that cannot be cancelled any more, only refunded. */
export const tooLateToCancel: ReadonlySet<string> = new Set([
  'TRADE_CANCEL_TIME_OUT',
  'TRADE_HAS_FINISHED',
  'REASON_TRADE_REFUND_FEE_ERR',
  'CANCEL_NOT_ALLOWED',
]);

/**
 * The gateway's own codes, told before any business was done. 20000 and 20001 are not here: the first means "unknown", the
 * second comes from behind the gateway when a token lapses while the request is under way.
 */
export const gatewayCodes = {
  '40001': 'request-refused',
  '40002': 'request-refused',
  '40003': 'merchant-setup',
  // Throttled: refused at the door, so nothing was booked, and a new scan may pass.
  '40005': 'other',
  '40006': 'merchant-setup',
} as const satisfies Readonly<Record<string, DeclineReason>>;

/** Gateway refusals that say something about keys, app or clock, not about the request's fields. */
const setupSubCodes =
  /signature|app-id|app-cert|root-cert|not-online-app|encrypt|decryption|timestamp|permissions|forbidden-api/;

// Maps, because a code from outside such as `constructor` would find something in any plain object.
const payMeanings: ReadonlyMap<string, Meaning> = new Map(Object.entries(payCodes));
const refundMeanings: ReadonlyMap<string, DeclineReason> = new Map(Object.entries(refundCodes));
const gatewayReasons: ReadonlyMap<string, DeclineReason> = new Map(Object.entries(gatewayCodes));

function bare(subCode: string): string {
  return subCode.slice(subCode.lastIndexOf('.') + 1);
}

/** What a refused payment means; `undefined` for a code that our tables do not hold. */
export function meaningOfPay(subCode: string): Meaning | undefined {
  return payMeanings.get(bare(subCode));
}

/** Why a refund ends here; `undefined` for a code that leaves it open. */
export function meaningOfRefund(subCode: string): DeclineReason | undefined {
  return refundMeanings.get(bare(subCode));
}

export function isTooLateToCancel(subCode: string): boolean {
  return tooLateToCancel.has(bare(subCode));
}

export function isTradeUnknown(subCode: string): boolean {
  return bare(subCode) === 'TRADE_NOT_EXIST';
}

/** Why the gateway itself refused the request; `undefined` when the code is not such a refusal. */
export function gatewayRefusal(code: string, subCode: string): DeclineReason | undefined {
  const reason = gatewayReasons.get(code);
  return reason === 'request-refused' && setupSubCodes.test(subCode) ? 'merchant-setup' : reason;
}
