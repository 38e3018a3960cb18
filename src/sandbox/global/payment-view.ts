// A payment as the global API shows it: in the answers of pay and inquiryPayment and in notices.
// @see facts B.5, B.6

import type { Money } from '#foundation/money.ts';
import { unreachable } from '#foundation/result.ts';
import { beijingIso } from '../beijing-time.ts';
import type { Refund, Trade } from '../engine/trade.ts';
import type { Wallet } from '../engine/wallet.ts';
import { type ResultCode, type ResultObject, result } from './result.ts';

export type Body = Readonly<Record<string, unknown>>;

export function amountObject(amount: Money): { readonly currency: string; readonly value: string } {
  return { currency: amount.currency, value: amount.minor.toString() };
}

export function paymentFields(trade: Trade, wallet: Wallet | undefined): Body {
  return {
    paymentId: trade.tradeNo,
    paymentRequestId: trade.outTradeNo,
    paymentAmount: amountObject(trade.amount),
    ...(trade.paidAt === undefined ? {} : { actualPaymentAmount: amountObject(trade.amount) }),
    paymentCreateTime: beijingIso(trade.createdAt),
    ...(trade.paidAt === undefined ? {} : { paymentTime: beijingIso(trade.paidAt) }),
    ...(wallet === undefined
      ? {}
      : {
          pspCustomerInfo: {
            pspName: 'ALIPAYCN',
            pspCustomerId: wallet.walletId,
            displayCustomerId: wallet.logonId,
          },
        }),
  };
}

export type PaymentStatus = 'SUCCESS' | 'PROCESSING' | 'CANCELLED' | 'FAIL';

/** A payment that was given back by refunds stays SUCCESS with its refunds beside it; one that was cancelled is CANCELLED. */
export function paymentStatusOf(trade: Trade): PaymentStatus {
  switch (trade.state) {
    case 'waiting':
    case 'unscanned':
      return 'PROCESSING';
    case 'paid':
    case 'finished':
      return 'SUCCESS';
    case 'closed':
      if (trade.closedBecause === 'cancelled') return 'CANCELLED';
      return trade.paidAt === undefined ? 'FAIL' : 'SUCCESS';
    default:
      return unreachable(trade.state);
  }
}

/** The result of the payment itself, as a repeated pay, the inquiry's `paymentResultCode` and a notice tell it. */
export function paymentResultOf(trade: Trade): ResultObject {
  return result(paymentCodeOf(trade));
}

function paymentCodeOf(trade: Trade): ResultCode {
  const status = paymentStatusOf(trade);
  if (status === 'SUCCESS') return 'SUCCESS';
  if (status === 'PROCESSING') return 'PAYMENT_IN_PROCESS';
  if (status === 'CANCELLED') return 'ORDER_IS_CANCELED';
  return trade.closedBecause === 'refused' ? 'USER_PAYMENT_VERIFICATION_FAILED' : 'ORDER_IS_CLOSED';
}

export function refundTransaction(refund: Refund): Body {
  return {
    transactionType: 'REFUND',
    transactionStatus: 'SUCCESS',
    transactionId: refund.refundId,
    transactionRequestId: refund.requestNo,
    transactionAmount: amountObject(refund.amount),
    transactionTime: beijingIso(refund.at),
    transactionResult: result('SUCCESS'),
  };
}
