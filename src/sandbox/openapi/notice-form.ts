// The notification of OpenAPI v2. By default Alipay tells of trades whose status is TRADE_SUCCESS: a payment, and a partial refund
// that leaves it so. Parameters without a value are left out, because clients disagree on whether empty ones are signed.
// @see facts A.11

import type { Instant } from '#foundation/instant.ts';
import { formatDecimal } from '#foundation/money.ts';
import { digits, type Random } from '#foundation/random.ts';
import { beijingDay, beijingText } from '../beijing-time.ts';
import { refundedOf, type Trade } from '../engine/trade.ts';
import type { TradingEvent } from '../engine/trading-event.ts';
import type { Wallet } from '../engine/wallet.ts';
import type { Notice } from '../notices/notice.ts';
import { picked, tradeStatus } from './trade-node.ts';

export function openapiNotice(
  event: TradingEvent,
  trade: Trade,
  wallets: ReadonlyMap<string, Wallet>,
  closedToo: boolean,
  moment: { readonly at: Instant; readonly random: Random },
): Notice | undefined {
  const about = subjectOf(event, trade, closedToo);
  if (about === undefined || trade.notifyUrl === undefined) return undefined;
  const wallet = trade.walletId === undefined ? undefined : wallets.get(trade.walletId);
  const noticeId = `${beijingDay(moment.at)}00222${digits(moment.random, 21)}`;
  const total = formatDecimal(trade.amount);
  const paid = trade.paidAt === undefined ? '0.00' : total;
  const form = {
    notify_type: 'trade_status_sync',
    notify_id: noticeId,
    charset: 'utf-8',
    version: '1.0',
    app_id: trade.merchantId,
    auth_app_id: trade.merchantId,
    trade_no: trade.tradeNo,
    out_trade_no: trade.outTradeNo,
    trade_status: tradeStatus[trade.state],
    subject: trade.subject,
    gmt_create: beijingText(trade.createdAt),
    total_amount: total,
    receipt_amount: paid,
    buyer_pay_amount: paid,
    invoice_amount: paid,
    point_amount: '0.00',
    ...(wallet === undefined ? {} : { buyer_id: wallet.walletId, buyer_logon_id: wallet.logonId }),
    ...(trade.paidAt === undefined
      ? {}
      : {
          gmt_payment: beijingText(trade.paidAt),
          fund_bill_list: JSON.stringify([{ amount: total, fundChannel: 'ALIPAYACCOUNT' }]),
        }),
    ...(trade.closedAt === undefined ? {} : { gmt_close: beijingText(trade.closedAt) }),
    ...refundFields(event, trade),
    ...picked(trade, ['body', 'passback_params']),
  };
  return {
    noticeId,
    protocol: 'openapi',
    merchantId: trade.merchantId,
    tradeNo: trade.tradeNo,
    outTradeNo: trade.outTradeNo,
    walletId: trade.walletId,
    amount: trade.amount,
    about,
    url: trade.notifyUrl,
    queuedAt: moment.at,
    content: { form },
  };
}

function subjectOf(event: TradingEvent, trade: Trade, closedToo: boolean): Notice['about'] | undefined {
  switch (event.type) {
    case 'trade-paid':
      return 'payment';
    case 'trade-refunded': {
      const partial = refundedOf(trade).minor < trade.amount.minor;
      return event.refund.cause === 'refund' && partial ? 'refund' : undefined;
    }
    case 'trade-closed':
      return closedToo ? 'closing' : undefined;
    default:
      return undefined;
  }
}

function refundFields(event: TradingEvent, trade: Trade): Readonly<Record<string, string>> {
  const refund = event.type === 'trade-refunded' ? event.refund : trade.refunds.at(-1);
  if (refund === undefined) return {};
  return {
    refund_fee: formatDecimal(refundedOf(trade)),
    out_biz_no: refund.requestNo,
    gmt_refund: beijingText(refund.at),
  };
}
