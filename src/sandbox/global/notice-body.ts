// The notification of the global API: JSON with the result of a payment, S or F. Signed when it is sent.
// @see facts B.6

import type { Instant } from '#foundation/instant.ts';
import { digits, type Random } from '#foundation/random.ts';
import { beijingDay } from '../beijing-time.ts';
import type { Trade } from '../engine/trade.ts';
import type { TradingEvent } from '../engine/trading-event.ts';
import type { Wallet } from '../engine/wallet.ts';
import type { Notice } from '../notices/notice.ts';
import { paymentFields, paymentResultOf } from './payment-view.ts';

export function globalNotice(
  event: TradingEvent,
  trade: Trade,
  wallets: ReadonlyMap<string, Wallet>,
  moment: { readonly at: Instant; readonly random: Random },
): Notice | undefined {
  const about = subjectOf(event, trade);
  if (about === undefined || trade.notifyUrl === undefined) return undefined;
  const wallet = trade.walletId === undefined ? undefined : wallets.get(trade.walletId);
  const body = {
    notifyType: 'PAYMENT_RESULT',
    result: paymentResultOf(trade),
    ...paymentFields(trade, wallet),
  };
  return {
    noticeId: `${beijingDay(moment.at)}${digits(moment.random, 24)}`,
    protocol: 'global',
    merchantId: trade.merchantId,
    tradeNo: trade.tradeNo,
    outTradeNo: trade.outTradeNo,
    walletId: trade.walletId,
    amount: trade.amount,
    about,
    url: trade.notifyUrl,
    queuedAt: moment.at,
    content: { json: JSON.stringify(body) },
  };
}

// A merchant that cancelled or refunded has its answer; a payment that ended by itself is told.
function subjectOf(event: TradingEvent, trade: Trade): Notice['about'] | undefined {
  if (event.type === 'trade-paid') return 'payment';
  const endedByItself = event.type === 'trade-closed' && (event.because === 'refused' || event.because === 'timeout');
  return endedByItself && trade.paidAt === undefined ? 'closing' : undefined;
}
