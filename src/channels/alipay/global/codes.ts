// What the global API's result codes mean for money, one line each, to be read beside Alipay's own tables. resultStatus decides
// first: S done, U unknown. These are the F codes; one that is not here proves nothing.
// @see https://docs.antom.com/ac/ams/upm

import type { DeclineReason } from '#payment/index.ts';

/** `unclear`: the payment may exist or be paid, ask. `system`: Alipay says that it does not know. */
export type Meaning = DeclineReason | 'unclear' | 'system';

export const payCodes = {
  // F by its status, but Alipay's own advice is to treat it with care and inquire.
  SYSTEM_ERROR: 'system',
  UNKNOWN_EXCEPTION: 'system',
  REQUEST_TRAFFIC_EXCEED_LIMIT: 'system',
  PAYMENT_IN_PROCESS: 'unclear',
  REPEAT_REQ_INCONSISTENT: 'unclear',
  ORDER_STATUS_INVALID: 'unclear',
  ORDER_IS_CLOSED: 'unclear',
  ORDER_IS_CANCELED: 'unclear',
  // Alipay's advice is that a person looks at it; the inquiry tells whether the payment failed.
  PROCESS_FAIL: 'unclear',
  INVALID_PAYMENT_CODE: 'code-invalid',
  INVALID_CODE: 'code-invalid',
  EXPIRED_CODE: 'code-expired',
  USER_BALANCE_NOT_ENOUGH: 'insufficient-funds',
  NO_PAY_OPTIONS: 'insufficient-funds',
  USER_AMOUNT_EXCEED_LIMIT: 'payer-limit',
  PAYMENT_COUNT_EXCEED_LIMIT: 'payer-limit',
  PAYMENT_AMOUNT_EXCEED_LIMIT: 'payer-limit',
  USER_NOT_EXIST: 'payer-account',
  USER_STATUS_ABNORMAL: 'payer-account',
  USER_KYC_NOT_QUALIFIED: 'payer-account',
  PAYMENT_NOT_QUALIFIED: 'payer-account',
  UNAVAILABLE_PAYMENT_METHOD: 'payer-account',
  INVALID_PAYMENT_METHOD_META_DATA: 'payer-account',
  USER_PAYMENT_VERIFICATION_FAILED: 'refused-by-payer',
  VERIFY_TIMES_EXCEED_LIMIT: 'refused-by-payer',
  VERIFY_UNMATCHED: 'refused-by-payer',
  RISK_REJECT: 'risk',
  FRAUD_REJECT: 'risk',
  REGULATION_RESTRICTION: 'risk',
  CURRENCY_NOT_SUPPORT: 'merchant-setup',
  SETTLE_CONTRACT_NOT_MATCH: 'merchant-setup',
  INVALID_CONTRACT: 'merchant-setup',
  INVALID_MERCHANT_STATUS: 'merchant-setup',
  MERCHANT_NOT_REGISTERED: 'merchant-setup',
  MERCHANT_KYB_NOT_QUALIFIED: 'merchant-setup',
  ACCESS_DENIED: 'merchant-setup',
  INVALID_CLIENT: 'merchant-setup',
  INVALID_SIGNATURE: 'merchant-setup',
  KEY_NOT_FOUND: 'merchant-setup',
  INVALID_ACCESS_TOKEN: 'merchant-setup',
  NO_INTERFACE_DEF: 'merchant-setup',
  INVALID_API: 'merchant-setup',
  PARAM_ILLEGAL: 'request-refused',
  METHOD_NOT_SUPPORTED: 'request-refused',
  MEDIA_TYPE_NOT_ACCEPTABLE: 'request-refused',
} as const satisfies Readonly<Record<string, Meaning>>;

/** Codes of a payment that the inquiry calls failed, where they mean something else than at pay. */
const failureCodes: Readonly<Record<string, Meaning>> = {
  PROCESS_FAIL: 'other',
  ORDER_IS_CLOSED: 'closed',
  ORDER_IS_CANCELED: 'closed',
  // Neither failed nor unknown: it contradicts the status beside it.
  SUCCESS: 'unclear',
};

/** F codes that end a refund; all others are asked about and tried again under the same number. */
export const refundCodes = {
  REFUND_AMOUNT_EXCEED: 'request-refused',
  REFUND_WINDOW_EXCEED: 'closed',
  ORDER_NOT_EXIST: 'closed',
  ORDER_IS_CLOSED: 'closed',
  ORDER_IS_CANCELED: 'closed',
  ORDER_STATUS_INVALID: 'closed',
  REPEAT_REQ_INCONSISTENT: 'request-refused',
  PARAM_ILLEGAL: 'request-refused',
  CURRENCY_NOT_SUPPORT: 'merchant-setup',
  ACCESS_DENIED: 'merchant-setup',
  INVALID_CLIENT: 'merchant-setup',
  INVALID_SIGNATURE: 'merchant-setup',
  KEY_NOT_FOUND: 'merchant-setup',
} as const satisfies Readonly<Record<string, DeclineReason>>;

/** F codes of a cancel that cannot be done any more: only a refund returns the money. */
export const tooLateToCancel: ReadonlySet<string> = new Set(['CANCEL_WINDOW_EXCEED', 'ORDER_STATUS_INVALID']);

// Maps, because a code from outside such as `constructor` would find something in any plain object.
const payMeanings: ReadonlyMap<string, Meaning> = new Map(Object.entries(payCodes));
const refundMeanings: ReadonlyMap<string, DeclineReason> = new Map(Object.entries(refundCodes));
const failureMeanings: ReadonlyMap<string, Meaning> = new Map(Object.entries({ ...payCodes, ...failureCodes }));

/** What a payment refused with F means; `undefined` for a code that our tables do not hold. */
export function meaningOfPay(resultCode: string): Meaning | undefined {
  return payMeanings.get(resultCode);
}

/** Why a payment whose own status is FAIL failed; `unclear` when its code says that it did not, or not yet. */
export function meaningOfFailure(resultCode: string): DeclineReason | 'unclear' {
  const meaning = failureMeanings.get(resultCode) ?? 'other';
  return meaning === 'system' ? 'unclear' : meaning;
}

/** Why a refund ends here; `undefined` for a code that leaves it open. */
export function meaningOfRefund(resultCode: string): DeclineReason | undefined {
  return refundMeanings.get(resultCode);
}

export function isTooLateToCancel(resultCode: string): boolean {
  return tooLateToCancel.has(resultCode);
}

export function isOrderUnknown(resultCode: string): boolean {
  return resultCode === 'ORDER_NOT_EXIST';
}
