// A trade as OpenAPI v2 shows it: in the answers of pay, query and refund and in notices.
// @see facts A.6, A.7, A.9

import { formatDecimal, money, subtract } from '#foundation/money.ts';
import { beijingText } from '../beijing-time.ts';
import { refundedOf, type Trade, type TradeState } from '../engine/trade.ts';
import type { Wallet } from '../engine/wallet.ts';

export type NodeValue = string | readonly Readonly<Record<string, string>>[];
export type ResponseNode = Readonly<Record<string, NodeValue>>;

export const tradeStatus: Readonly<Record<TradeState, string>> = {
  unscanned: 'WAIT_BUYER_PAY',
  waiting: 'WAIT_BUYER_PAY',
  paid: 'TRADE_SUCCESS',
  finished: 'TRADE_FINISHED',
  closed: 'TRADE_CLOSED',
};

export function success(fields: ResponseNode): ResponseNode {
  return { code: '10000', msg: 'Success', ...fields };
}

/** What pay and query say of a paid trade. The sandbox pays from the balance only, so all amounts are the total. */
export function paidFields(trade: Trade, wallet: Wallet | undefined): ResponseNode {
  const total = formatDecimal(trade.amount);
  return {
    ...buyerFields(wallet),
    buyer_pay_amount: total,
    fund_bill_list: [{ amount: total, fund_channel: 'ALIPAYACCOUNT' }],
    gmt_payment: trade.paidAt === undefined ? '' : beijingText(trade.paidAt),
    invoice_amount: total,
    out_trade_no: trade.outTradeNo,
    point_amount: '0.00',
    receipt_amount: total,
    total_amount: total,
    trade_no: trade.tradeNo,
  };
}

/** The query's answer in any state. Amounts of an unpaid trade come as "0.00". */
export function queryFields(trade: Trade, wallet: Wallet | undefined): ResponseNode {
  const paid = trade.paidAt !== undefined;
  const amount = paid ? formatDecimal(trade.amount) : '0.00';
  return {
    ...buyerFields(wallet),
    buyer_pay_amount: amount,
    invoice_amount: amount,
    out_trade_no: trade.outTradeNo,
    point_amount: '0.00',
    receipt_amount: amount,
    ...(trade.paidAt === undefined
      ? {}
      : {
          fund_bill_list: [{ amount, fund_channel: 'ALIPAYACCOUNT' }],
          send_pay_date: beijingText(trade.paidAt),
        }),
    total_amount: formatDecimal(trade.amount),
    trade_no: trade.tradeNo,
    trade_status: tradeStatus[trade.state],
    ...picked(trade, ['store_id', 'terminal_id', 'alipay_store_id', 'passback_params']),
  };
}

export function buyerFields(wallet: Wallet | undefined): Readonly<Record<string, string>> {
  if (wallet === undefined) return {};
  return { buyer_logon_id: wallet.logonId, buyer_user_id: wallet.walletId, buyer_user_type: 'PRIVATE' };
}

export function picked(trade: Trade, names: readonly string[]): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const name of names) {
    const value = trade.echoes[name];
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}

/** What the merchant keeps after refunds, as decimal text. */
export function keptOf(trade: Trade): string {
  const taken = trade.paidAt === undefined ? money(trade.amount.currency, 0n) : trade.amount;
  return formatDecimal(subtract(taken, refundedOf(trade)));
}
