// The methods of OpenAPI v2 that this sandbox serves: each reads its parameters, asks the engine and words the outcome.
// @see facts A.6 to A.10, A.13

import type { Instant } from '#foundation/instant.ts';
import { formatDecimal, type Money } from '#foundation/money.ts';
import { beijingText } from '../beijing-time.ts';
import type { PayOutcome, RefundOutcome } from '../engine/outcome.ts';
import { refundedOf, type Trade, type TradeState } from '../engine/trade.ts';
import type { TradeName } from '../engine/trade-engine.ts';
import type { DeclineReason } from '../engine/trading-event.ts';
import type { Wallet } from '../engine/wallet.ts';
import type { CallPlan } from '../faults/plan.ts';
import type { FaultMethod } from '../faults/rule.ts';
import type { Fields } from '../field-reader.ts';
import { letBuyerAnswer, type Sandbox } from '../sandbox.ts';
import { type BusinessCode, BusinessRefusal } from './business-error.ts';
import { type Caller, readExpiry, readExpress, readOrder, readRefundAmount, readTradeName } from './order-fields.ts';
import { buyerFields, paidFields, queryFields, type ResponseNode, success } from './trade-node.ts';

/** A call whose parameters are sound: what fault rules can see of it, and what it does. */
export type ReadCall = {
  readonly outTradeNo: string | undefined;
  readonly walletId: string | undefined;
  readonly amount: Money | undefined;
  readonly book: (now: Instant, plan: CallPlan) => ResponseNode;
};

export type MethodHandler = {
  readonly method: FaultMethod;
  readonly read: (sandbox: Sandbox, fields: Fields, caller: Caller, now: Instant) => ReadCall;
};

export const tradeMethods: Readonly<Record<string, MethodHandler>> = {
  'alipay.trade.pay': { method: 'pay', read: readPay },
  'alipay.trade.query': { method: 'query', read: readQuery },
  'alipay.trade.cancel': { method: 'cancel', read: readCancel },
  'alipay.trade.refund': { method: 'refund', read: readRefund },
  'alipay.trade.fastpay.refund.query': { method: 'refund-query', read: readRefundQuery },
  'alipay.trade.precreate': { method: 'precreate', read: readPrecreate },
  'alipay.trade.close': { method: 'close', read: readClose },
};

const declineCodes: Readonly<Record<DeclineReason, BusinessCode>> = {
  'code-unknown': 'ACQ.PAYMENT_AUTH_CODE_INVALID',
  'code-expired': 'ACQ.PAYMENT_AUTH_CODE_INVALID',
  'code-used': 'ACQ.PAYMENT_AUTH_CODE_INVALID',
  'balance-not-enough': 'ACQ.BUYER_BALANCE_NOT_ENOUGH',
};

const payRefusalCodes: Readonly<Record<Extract<PayOutcome, { outcome: 'refused' }>['reason'], BusinessCode>> = {
  inconsistent: 'ACQ.CONTEXT_INCONSISTENT',
  'other-buyer': 'ACQ.TRADE_BUYER_NOT_MATCH',
  expired: 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR',
  'cancelled-before': 'ACQ.TRADE_HAS_CLOSE',
};

const repeatCodes: Readonly<Partial<Record<TradeState, BusinessCode>>> = {
  paid: 'ACQ.TRADE_HAS_SUCCESS',
  finished: 'ACQ.TRADE_HAS_FINISHED',
  closed: 'ACQ.TRADE_HAS_CLOSE',
};

const refundRefusalCodes: Readonly<Record<Extract<RefundOutcome, { outcome: 'refused' }>['reason'], BusinessCode>> = {
  'not-paid': 'ACQ.TRADE_STATUS_ERROR',
  closed: 'ACQ.TRADE_HAS_CLOSE',
  finished: 'ACQ.TRADE_HAS_FINISHED',
  'too-much': 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  'number-used': 'ACQ.DISCORDANT_REPEAT_REQUEST',
  nothing: 'ACQ.INVALID_PARAMETER',
};

function readPay(sandbox: Sandbox, fields: Fields, caller: Caller, now: Instant): ReadCall {
  const order = readOrder(fields, caller);
  const scene = fields.optionalOneOf('scene', ['bar_code', 'security_code', 'wave_code']) ?? 'bar_code';
  if (!fields.has('auth_code')) throw new BusinessRefusal('ACQ.AUTH_TOKEN_IS_NOT_EXIST');
  const code = fields.text('auth_code', { max: 64 });
  const expiresAt = readExpiry(fields, now);
  return {
    outTradeNo: order.outTradeNo,
    walletId: sandbox.engine.walletOfCode(code),
    amount: order.amount,
    book(at, plan) {
      // No wallet here pays by face or sound; Alipay says the same of a code that it cannot resolve.
      if (scene !== 'bar_code') return failed('ACQ.PAYMENT_AUTH_CODE_INVALID', order.outTradeNo);
      const outcome = sandbox.engine.pay(
        { order, code, arrivedAt: now, expiresAt, askBuyer: plan.buyer !== undefined },
        at,
      );
      switch (outcome.outcome) {
        case 'paid':
          return success(paidFields(outcome.trade, walletOf(sandbox, outcome.trade)));
        case 'waiting':
          letBuyerAnswer(sandbox, outcome.trade.tradeNo, plan);
          return inProcess(outcome.trade, walletOf(sandbox, outcome.trade));
        case 'repeated':
          return repeated(outcome.trade, walletOf(sandbox, outcome.trade));
        case 'declined':
          return failed(declineCodes[outcome.reason], order.outTradeNo);
        case 'refused':
          return failed(payRefusalCodes[outcome.reason], order.outTradeNo);
      }
    },
  };
}

// Captures show the blank in front of the message.
function inProcess(trade: Trade, wallet: Wallet | undefined): ResponseNode {
  return {
    code: '10003',
    msg: ' order success pay inprocess',
    ...buyerFields(wallet),
    out_trade_no: trade.outTradeNo,
    total_amount: formatDecimal(trade.amount),
    trade_no: trade.tradeNo,
  };
}

function repeated(trade: Trade, wallet: Wallet | undefined): ResponseNode {
  const code = repeatCodes[trade.state];
  return code === undefined ? inProcess(trade, wallet) : failed(code, trade.outTradeNo);
}

function failed(subCode: BusinessCode, outTradeNo: string): ResponseNode {
  return {
    ...refusalNode(new BusinessRefusal(subCode)),
    buyer_pay_amount: '0.00',
    invoice_amount: '0.00',
    out_trade_no: outTradeNo,
    point_amount: '0.00',
    receipt_amount: '0.00',
  };
}

export function refusalNode({ subCode, subMsg }: BusinessRefusal): ResponseNode {
  return { code: '40004', msg: 'Business Failed', sub_code: subCode, sub_msg: subMsg };
}

function readQuery(sandbox: Sandbox, fields: Fields, caller: Caller, now: Instant): ReadCall {
  const name = readTradeName(fields, caller.merchantId);
  return {
    ...seen(sandbox, name, now),
    book(at) {
      const trade = sandbox.engine.find(name, at);
      if (trade === undefined) throw new BusinessRefusal('ACQ.TRADE_NOT_EXIST');
      return success(queryFields(trade, walletOf(sandbox, trade)));
    },
  };
}

function readCancel(sandbox: Sandbox, fields: Fields, caller: Caller, now: Instant): ReadCall {
  const name = readTradeName(fields, caller.merchantId);
  return {
    ...seen(sandbox, name, now),
    book(at) {
      const outcome = sandbox.engine.cancel(name, at);
      switch (outcome.outcome) {
        case 'not-found':
          return success({
            ...(name.outTradeNo === undefined ? {} : { out_trade_no: name.outTradeNo }),
            retry_flag: 'N',
          });
        case 'closed':
        case 'refunded':
          return success({
            action: outcome.outcome === 'closed' ? 'close' : 'refund',
            out_trade_no: outcome.trade.outTradeNo,
            retry_flag: 'N',
            trade_no: outcome.trade.tradeNo,
          });
        case 'refused':
          return {
            ...refusalNode(
              new BusinessRefusal(
                outcome.reason === 'too-late'
                  ? 'ACQ.TRADE_CANCEL_TIME_OUT'
                  : outcome.reason === 'finished'
                    ? 'ACQ.TRADE_HAS_FINISHED'
                    : 'ACQ.REASON_TRADE_REFUND_FEE_ERR',
              ),
            ),
            out_trade_no: outcome.trade.outTradeNo,
            retry_flag: 'N',
            trade_no: outcome.trade.tradeNo,
          };
      }
    },
  };
}

function readRefund(sandbox: Sandbox, fields: Fields, caller: Caller, now: Instant): ReadCall {
  const name = readTradeName(fields, caller.merchantId);
  const amount = readRefundAmount(fields);
  const requestNo = fields.optionalText('out_request_no', { max: 64 });
  const reason = fields.optionalText('refund_reason', { max: 256 });
  return {
    ...seen(sandbox, name, now),
    amount,
    book(at) {
      const trade = sandbox.engine.find(name, at);
      if (trade === undefined) throw new BusinessRefusal('ACQ.TRADE_NOT_EXIST');
      // Without a number only the whole can be given back: a part could not be told from its own repeat.
      if (requestNo === undefined && amount.minor !== trade.amount.minor)
        throw new BusinessRefusal('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', 'a partial refund needs out_request_no');
      const outcome = sandbox.engine.refund({ name, requestNo: requestNo ?? trade.outTradeNo, amount, reason }, at);
      if (outcome.outcome === 'not-found') throw new BusinessRefusal('ACQ.TRADE_NOT_EXIST');
      if (outcome.outcome === 'refused') throw new BusinessRefusal(refundRefusalCodes[outcome.reason]);
      return success({
        ...buyerFields(walletOf(sandbox, outcome.trade)),
        fund_change: outcome.moved ? 'Y' : 'N',
        gmt_refund_pay: beijingText(outcome.refund.at),
        out_trade_no: outcome.trade.outTradeNo,
        refund_detail_item_list: [{ amount: formatDecimal(outcome.refund.amount), fund_channel: 'ALIPAYACCOUNT' }],
        refund_fee: formatDecimal(refundedOf(outcome.trade)),
        send_back_fee: outcome.moved ? formatDecimal(outcome.refund.amount) : '0.00',
        trade_no: outcome.trade.tradeNo,
      });
    },
  };
}

function readRefundQuery(sandbox: Sandbox, fields: Fields, caller: Caller, now: Instant): ReadCall {
  const name = readTradeName(fields, caller.merchantId);
  const requestNo = fields.text('out_request_no', { max: 64 });
  return {
    ...seen(sandbox, name, now),
    book(at) {
      const trade = sandbox.engine.find(name, at);
      if (trade === undefined) throw new BusinessRefusal('ACQ.TRADE_NOT_EXIST');
      const refund = trade.refunds.find((each) => each.requestNo === requestNo);
      // A number that is not there still answers 10000: only refund_status says that money went back.
      if (refund === undefined) return success({});
      return success({
        gmt_refund_pay: beijingText(refund.at),
        out_request_no: requestNo,
        out_trade_no: trade.outTradeNo,
        refund_amount: formatDecimal(refund.amount),
        ...(refund.reason === undefined ? {} : { refund_reason: refund.reason }),
        refund_status: 'REFUND_SUCCESS',
        send_back_fee: formatDecimal(refund.amount),
        total_amount: formatDecimal(trade.amount),
        trade_no: trade.tradeNo,
      });
    },
  };
}

function readPrecreate(sandbox: Sandbox, fields: Fields, caller: Caller, now: Instant): ReadCall {
  const order = readOrder(fields, caller);
  const expiresAt = readExpiry(fields, now);
  const qrEndsAt = readExpress(fields, 'qr_code_timeout_express', now);
  return {
    outTradeNo: order.outTradeNo,
    walletId: undefined,
    amount: order.amount,
    book(at) {
      const qrLifeMs = qrEndsAt === undefined ? sandbox.settings.times.qrCodeLifeMs : qrEndsAt - now;
      const outcome = sandbox.engine.precreate(order, expiresAt, qrLifeMs, at);
      if (outcome.outcome === 'made') return success({ out_trade_no: order.outTradeNo, qr_code: outcome.qrCode });
      throw new BusinessRefusal(
        outcome.reason === 'expired' ? 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR' : 'ACQ.APPLY_PC_MERCHANT_CODE_ERROR',
      );
    },
  };
}

function readClose(sandbox: Sandbox, fields: Fields, caller: Caller, now: Instant): ReadCall {
  const name = readTradeName(fields, caller.merchantId);
  return {
    ...seen(sandbox, name, now),
    book(at) {
      const outcome = sandbox.engine.close(name, at);
      if (outcome.outcome === 'not-found') throw new BusinessRefusal('ACQ.TRADE_NOT_EXIST');
      if (outcome.outcome === 'refused') throw new BusinessRefusal('ACQ.TRADE_STATUS_ERROR');
      return success({ out_trade_no: outcome.trade.outTradeNo, trade_no: outcome.trade.tradeNo });
    },
  };
}

function seen(sandbox: Sandbox, name: TradeName, now: Instant): Omit<ReadCall, 'book'> {
  const trade = sandbox.engine.find(name, now, true);
  return { outTradeNo: trade?.outTradeNo ?? name.outTradeNo, walletId: trade?.walletId, amount: trade?.amount };
}

function walletOf(sandbox: Sandbox, trade: Trade): Wallet | undefined {
  return trade.walletId === undefined ? undefined : sandbox.state.wallets.get(trade.walletId);
}
