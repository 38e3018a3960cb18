// The result codes of the global API and their status: S done, F failed for good, U unknown.
// @see facts B.7

export const resultCodes = {
  SUCCESS: ['S', 'success'],
  PAYMENT_IN_PROCESS: ['U', 'The payment in process.'],
  UNKNOWN_EXCEPTION: ['U', 'An API calling is failed, which is caused by unknown reasons.'],
  SYSTEM_ERROR: ['F', 'A system error occurred.'],
  PARAM_ILLEGAL: ['F', 'Illegal parameters.'],
  INVALID_CLIENT: ['F', 'The client is invalid.'],
  INVALID_SIGNATURE: ['F', 'The signature is invalid.'],
  METHOD_NOT_SUPPORTED: ['F', 'The server does not implement the requested HTTP method.'],
  NO_INTERFACE_DEF: ['F', 'The API is not defined.'],
  INVALID_PAYMENT_CODE: ['F', 'The payment code is invalid.'],
  EXPIRED_CODE: ['F', 'The payment code has expired.'],
  USER_BALANCE_NOT_ENOUGH: ['F', 'The balance is not enough.'],
  USER_PAYMENT_VERIFICATION_FAILED: ['F', 'The user did not confirm the payment.'],
  CURRENCY_NOT_SUPPORT: ['F', 'The currency is not supported.'],
  REPEAT_REQ_INCONSISTENT: ['F', 'Repeated requests are inconsistent.'],
  ORDER_NOT_EXIST: ['F', 'The order does not exist.'],
  ORDER_IS_CLOSED: ['F', 'The order is closed.'],
  ORDER_IS_CANCELED: ['F', 'The order is canceled.'],
  ORDER_STATUS_INVALID: ['F', 'The order status is invalid.'],
  CANCEL_WINDOW_EXCEED: ['F', 'Exceeds the cancel window.'],
  REFUND_AMOUNT_EXCEED: ['F', 'The total refund amount exceeds the payment amount.'],
  REFUND_WINDOW_EXCEED: ['F', 'The refund date is out of the refundable period.'],
} as const satisfies Record<string, readonly ['S' | 'F' | 'U', string]>;

export type ResultCode = keyof typeof resultCodes;

export type ResultObject = {
  readonly resultCode: ResultCode;
  readonly resultStatus: 'S' | 'F' | 'U';
  readonly resultMessage: string;
};

export function result(resultCode: ResultCode, detail?: string): ResultObject {
  const [resultStatus, words] = resultCodes[resultCode];
  const resultMessage = (detail === undefined ? words : `${words} ${detail}`).slice(0, 256);
  return { resultCode, resultStatus, resultMessage };
}

/** Ends the handling of a call with a result. */
export class GlobalRefusal extends Error {
  readonly result: ResultObject;
  constructor(resultCode: ResultCode, detail?: string) {
    super(resultCode);
    this.result = result(resultCode, detail);
  }
}
