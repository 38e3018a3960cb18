// The codes with which OpenAPI v2 refuses, and their words. 40001 to 40003 come from the gateway, 40004 from the business.
// @see facts A.5, A.13

export class GatewayRefusal extends Error {
  readonly code: '40001' | '40002' | '40003';
  readonly subCode: string;
  readonly subMsg: string;
  constructor(code: '40001' | '40002' | '40003', subCode: string, subMsg: string) {
    super(subCode);
    this.code = code;
    this.subCode = subCode;
    this.subMsg = subMsg;
  }
}

export const gatewayMessages = {
  '40001': 'Missing Required Arguments',
  '40002': 'Invalid Arguments',
  '40003': 'Insufficient Conditions',
} as const;

/** Business refusals that this sandbox can give, with the text for the cashier. */
export const businessErrors = {
  'ACQ.SYSTEM_ERROR': '系统繁忙',
  'ACQ.INVALID_PARAMETER': '参数无效',
  'ACQ.TOTAL_FEE_EXCEED': '订单总金额不在允许范围内',
  'ACQ.AUTH_TOKEN_IS_NOT_EXIST': '支付授权码为空',
  'ACQ.PAYMENT_AUTH_CODE_INVALID':
    '支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款，如再次收款失败，请联系管理员处理。[SOUNDWAVE_PARSER_FAIL]',
  'ACQ.BUYER_BALANCE_NOT_ENOUGH': '买家余额不足',
  'ACQ.CONTEXT_INCONSISTENT': '交易信息被篡改',
  'ACQ.TRADE_HAS_SUCCESS': '交易已被支付',
  'ACQ.TRADE_HAS_CLOSE': '交易已经关闭',
  'ACQ.TRADE_BUYER_NOT_MATCH': '交易买家不匹配',
  'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR': '当前时间已超过允许支付的时间',
  'ACQ.CURRENCY_NOT_SUPPORT': '订单币种不支持',
  'ACQ.SUB_GOODS_SIZE_MAX_COUNT': '子商品明细超长',
  'ACQ.TRADE_NOT_EXIST': '交易不存在',
  'ACQ.TRADE_STATUS_ERROR': '交易状态不合法',
  'ACQ.TRADE_HAS_FINISHED': '交易已经完结',
  'ACQ.TRADE_CANCEL_TIME_OUT': '超过撤销时间范围',
  'ACQ.REASON_TRADE_REFUND_FEE_ERR': '退款金额无效',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': '退款金额超限',
  'ACQ.DISCORDANT_REPEAT_REQUEST': '请求信息不一致',
  'ACQ.APPLY_PC_MERCHANT_CODE_ERROR': '申请二维码失败',
} as const satisfies Record<string, string>;

export type BusinessCode = keyof typeof businessErrors;

/** Ends the handling of a call with 40004. */
export class BusinessRefusal extends Error {
  readonly subCode: BusinessCode;
  readonly subMsg: string;
  constructor(subCode: BusinessCode, detail?: string) {
    super(subCode);
    this.subCode = subCode;
    this.subMsg = detail === undefined ? businessErrors[subCode] : `${businessErrors[subCode]}: ${detail}`;
  }
}
