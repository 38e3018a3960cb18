// The calls of the global API: each reads its body, asks the engine and words the outcome as a result with its fields.
// @see facts B.5 to B.7

import type { Instant } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import { beijingIso } from '../beijing-time.ts';
import type { CancelOutcome, PayOutcome, RefundOutcome } from '../engine/outcome.ts';
import { orderKey, outTradeNoOf, type Refund, type Trade } from '../engine/trade.ts';
import type { TradeName } from '../engine/trade-engine.ts';
import type { Decline, DeclineReason } from '../engine/trading-event.ts';
import type { Wallet } from '../engine/wallet.ts';
import type { CallPlan } from '../faults/plan.ts';
import type { FaultMethod } from '../faults/rule.ts';
import type { Fields } from '../field-reader.ts';
import { letBuyerAnswer, type Sandbox } from '../sandbox.ts';
import { readPayment, readPaymentName, readRefund } from './payment-fields.ts';
import {
  amountObject,
  type Body,
  paymentFields,
  paymentResultOf,
  paymentStatusOf,
  refundTransaction,
} from './payment-view.ts';
import { GlobalRefusal, type ResultCode, type ResultObject, result } from './result.ts';

export type GlobalNode = { readonly result: ResultObject } & Body;

export type ReadCall = {
  readonly outTradeNo: string | undefined;
  readonly walletId: string | undefined;
  readonly amount: Money | undefined;
  readonly book: (now: Instant, plan: CallPlan) => GlobalNode;
};

export type MethodHandler = {
  readonly method: FaultMethod;
  readonly read: (sandbox: Sandbox, fields: Fields, merchantId: string, now: Instant) => ReadCall;
};

export const paymentMethods: Readonly<Record<string, MethodHandler>> = {
  pay: { method: 'pay', read: readPay },
  inquiryPayment: { method: 'query', read: readInquiry },
  cancel: { method: 'cancel', read: readCancel },
  refund: { method: 'refund', read: readRefundCall },
  inquiryRefund: { method: 'refund-query', read: readRefundInquiry },
};

const declineCodes: Readonly<Record<DeclineReason, ResultCode>> = {
  'code-unknown': 'INVALID_PAYMENT_CODE',
  'code-used': 'INVALID_PAYMENT_CODE',
  'code-expired': 'EXPIRED_CODE',
  'balance-not-enough': 'USER_BALANCE_NOT_ENOUGH',
};

const payRefusalCodes: Readonly<Record<Extract<PayOutcome, { outcome: 'refused' }>['reason'], ResultCode>> = {
  inconsistent: 'REPEAT_REQ_INCONSISTENT',
  'other-buyer': 'REPEAT_REQ_INCONSISTENT',
  expired: 'PARAM_ILLEGAL',
  'cancelled-before': 'ORDER_IS_CANCELED',
};

const cancelRefusalCodes: Readonly<Record<Extract<CancelOutcome, { outcome: 'refused' }>['reason'], ResultCode>> = {
  'too-late': 'CANCEL_WINDOW_EXCEED',
  'already-refunded': 'ORDER_STATUS_INVALID',
  finished: 'CANCEL_WINDOW_EXCEED',
};

const refundRefusalCodes: Readonly<Record<Extract<RefundOutcome, { outcome: 'refused' }>['reason'], ResultCode>> = {
  'not-paid': 'ORDER_STATUS_INVALID',
  closed: 'ORDER_IS_CLOSED',
  finished: 'REFUND_WINDOW_EXCEED',
  'too-much': 'REFUND_AMOUNT_EXCEED',
  'number-used': 'REPEAT_REQ_INCONSISTENT',
  nothing: 'PARAM_ILLEGAL',
};

function readPay(sandbox: Sandbox, fields: Fields, merchantId: string, now: Instant): ReadCall {
  const payment = readPayment(fields, merchantId, sandbox.settings.strictGlobalFields, now);
  const { order, code } = payment;
  return {
    outTradeNo: order.outTradeNo,
    walletId: sandbox.engine.walletOfCode(code),
    amount: order.amount,
    book(at, plan) {
      const outcome = sandbox.engine.pay({ ...payment, arrivedAt: now, askBuyer: plan.buyer !== undefined }, at);
      switch (outcome.outcome) {
        case 'paid':
        case 'repeated':
          return {
            result: paymentResultOf(outcome.trade),
            ...paymentFields(outcome.trade, walletOf(sandbox, outcome.trade)),
          };
        case 'waiting':
          letBuyerAnswer(sandbox, outcome.trade.tradeNo, plan);
          return {
            result: result('PAYMENT_IN_PROCESS'),
            ...paymentFields(outcome.trade, walletOf(sandbox, outcome.trade)),
          };
        case 'declined':
          return {
            result: result(declineCodes[outcome.reason]),
            paymentId: outcome.paymentId,
            paymentRequestId: order.outTradeNo,
          };
        case 'refused':
          return { result: result(payRefusalCodes[outcome.reason]), paymentRequestId: order.outTradeNo };
      }
    },
  };
}

function readInquiry(sandbox: Sandbox, fields: Fields, merchantId: string, now: Instant): ReadCall {
  const name = readPaymentName(fields, merchantId);
  return {
    ...seen(sandbox, name, now),
    book(at) {
      const trade = sandbox.engine.find(name, at);
      if (trade === undefined) return inquiredDecline(declineOf(sandbox, name));
      const { resultCode, resultMessage } = paymentResultOf(trade);
      const refunds = trade.refunds.filter((refund) => refund.cause === 'refund');
      return {
        result: result('SUCCESS'),
        paymentStatus: paymentStatusOf(trade),
        paymentResultCode: resultCode,
        paymentResultMessage: resultMessage,
        ...paymentFields(trade, walletOf(sandbox, trade)),
        ...(refunds.length === 0 ? {} : { transactions: refunds.map(refundTransaction) }),
      };
    },
  };
}

function inquiredDecline(decline: Decline | undefined): GlobalNode {
  if (decline === undefined) throw new GlobalRefusal('ORDER_NOT_EXIST');
  const { resultCode, resultMessage } = result(declineCodes[decline.reason]);
  return {
    result: result('SUCCESS'),
    paymentStatus: 'FAIL',
    paymentResultCode: resultCode,
    paymentResultMessage: resultMessage,
    paymentId: decline.paymentId,
    paymentRequestId: outTradeNoOf(decline.key),
    paymentAmount: amountObject(decline.amount),
    paymentCreateTime: beijingIso(decline.at),
  };
}

function readCancel(sandbox: Sandbox, fields: Fields, merchantId: string, now: Instant): ReadCall {
  const name = readPaymentName(fields, merchantId);
  return {
    ...seen(sandbox, name, now),
    book(at) {
      const outcome = sandbox.engine.cancel(name, at);
      switch (outcome.outcome) {
        case 'not-found': {
          // A payment that was refused has nothing to cancel, which is what was asked for.
          const decline = declineOf(sandbox, name);
          if (decline === undefined) throw new GlobalRefusal('ORDER_NOT_EXIST');
          return {
            result: result('SUCCESS'),
            paymentId: decline.paymentId,
            ...(name.outTradeNo === undefined ? {} : { paymentRequestId: name.outTradeNo }),
            cancelTime: beijingIso(at),
          };
        }
        case 'closed':
        case 'refunded':
          return {
            result: result('SUCCESS'),
            paymentId: outcome.trade.tradeNo,
            paymentRequestId: outcome.trade.outTradeNo,
            cancelTime: beijingIso(outcome.cancelledAt),
          };
        case 'refused':
          return {
            result: result(cancelRefusalCodes[outcome.reason]),
            paymentId: outcome.trade.tradeNo,
            paymentRequestId: outcome.trade.outTradeNo,
          };
      }
    },
  };
}

function readRefundCall(sandbox: Sandbox, fields: Fields, merchantId: string, now: Instant): ReadCall {
  const { paymentId, requestNo, amount, reason } = readRefund(fields);
  const name: TradeName = { merchantId, tradeNo: paymentId, outTradeNo: undefined };
  return {
    ...seen(sandbox, name, now),
    amount,
    book(at) {
      // The number is unique over all of a merchant's payments here, not only within one.
      const before = sandbox.engine.findByRefund(merchantId, requestNo);
      if (before !== undefined && before.tradeNo !== paymentId) throw new GlobalRefusal('REPEAT_REQ_INCONSISTENT');
      const outcome = sandbox.engine.refund({ name, requestNo, amount, reason }, at);
      if (outcome.outcome === 'not-found') throw new GlobalRefusal('ORDER_NOT_EXIST');
      if (outcome.outcome === 'refused') {
        const cancelled = outcome.reason === 'closed' && outcome.trade.closedBecause === 'cancelled';
        const full = outcome.reason === 'closed' && outcome.trade.closedBecause === 'refunded';
        const code = cancelled
          ? 'ORDER_IS_CANCELED'
          : full
            ? 'REFUND_AMOUNT_EXCEED'
            : refundRefusalCodes[outcome.reason];
        return { result: result(code), refundRequestId: requestNo, paymentId };
      }
      return { result: result('SUCCESS'), ...refundFields(outcome.trade, outcome.refund) };
    },
  };
}

function readRefundInquiry(sandbox: Sandbox, fields: Fields, merchantId: string): ReadCall {
  const requestNo = fields.optionalText('refundRequestId', { max: 64 });
  const refundId = fields.optionalText('refundId', { max: 64 });
  if (requestNo === undefined && refundId === undefined)
    throw fields.problem('refundRequestId', 'or refundId is required');
  const found = findRefund(sandbox, merchantId, requestNo, refundId);
  return {
    outTradeNo: found?.trade.outTradeNo,
    walletId: found?.trade.walletId,
    amount: found?.refund.amount,
    book() {
      const current = findRefund(sandbox, merchantId, requestNo, refundId);
      if (current === undefined) throw new GlobalRefusal('ORDER_NOT_EXIST');
      return {
        result: result('SUCCESS'),
        refundStatus: 'SUCCESS',
        ...refundFields(current.trade, current.refund),
      };
    },
  };
}

function refundFields(trade: Trade, refund: Refund): Body {
  return {
    refundRequestId: refund.requestNo,
    refundId: refund.refundId,
    paymentId: trade.tradeNo,
    refundAmount: amountObject(refund.amount),
    refundTime: beijingIso(refund.at),
  };
}

// By `refundId` alone there is no index: the merchant's own number is the one that is promised to be quick.
function findRefund(
  sandbox: Sandbox,
  merchantId: string,
  requestNo: string | undefined,
  refundId: string | undefined,
): { readonly trade: Trade; readonly refund: Refund } | undefined {
  const trades =
    requestNo === undefined ? sandbox.state.trades.values() : [sandbox.engine.findByRefund(merchantId, requestNo)];
  for (const trade of trades) {
    if (trade === undefined || trade.merchantId !== merchantId) continue;
    const refund = trade.refunds.find(
      (each) => each.cause === 'refund' && (each.refundId === refundId || each.requestNo === requestNo),
    );
    if (refund !== undefined) return { trade, refund };
  }
  return undefined;
}

function declineOf(sandbox: Sandbox, name: TradeName): Decline | undefined {
  if (name.outTradeNo !== undefined) return sandbox.state.declines.get(orderKey(name.merchantId, name.outTradeNo));
  for (const decline of sandbox.state.declines.values()) if (decline.paymentId === name.tradeNo) return decline;
  return undefined;
}

function seen(sandbox: Sandbox, name: TradeName, now: Instant): Omit<ReadCall, 'book'> {
  const trade = sandbox.engine.find(name, now);
  return { outTradeNo: trade?.outTradeNo ?? name.outTradeNo, walletId: trade?.walletId, amount: trade?.amount };
}

function walletOf(sandbox: Sandbox, trade: Trade): Wallet | undefined {
  return trade.walletId === undefined ? undefined : sandbox.state.wallets.get(trade.walletId);
}
