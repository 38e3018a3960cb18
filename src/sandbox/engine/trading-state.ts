// Wallets, codes, trades and books in memory, and the one function that changes them: applying an event. Nothing is decided
// here; an event that does not fit the state is a broken invariant, and its file is damaged.

import type { Instant } from '#foundation/instant.ts';
import { invariant, unreachable } from '#foundation/result.ts';
import { batchOf, forgetOldest } from '../forget-oldest.ts';
import { Books } from './books.ts';
import {
  isFinal,
  keyOf,
  type OrderKey,
  orderKey,
  type Refund,
  type Trade,
  type TradeState,
  tradeMoves,
} from './trade.ts';
import type { Decline, TradingEvent } from './trading-event.ts';
import type { PaymentCode, Wallet } from './wallet.ts';

export class TradingState {
  readonly books = new Books();
  readonly wallets = new Map<string, Wallet>();
  readonly codes = new Map<string, PaymentCode>();
  readonly trades = new Map<string, Trade>();
  readonly tradeNoByKey = new Map<OrderKey, string>();
  readonly tradeNoByQrCode = new Map<string, string>();
  /** Refund numbers are unique within a merchant on the global API, so they lead to their trade. */
  readonly tradeNoByRefund = new Map<OrderKey, string>();
  readonly tradesOfWallet = new Map<string, Set<string>>();
  readonly currentCode = new Map<string, string>();
  readonly declines = new Map<OrderKey, Decline>();
  readonly blocked = new Set<OrderKey>();
  /** Trades that time can still change without a call: the ones to look through when the clock moves. */
  readonly open = new Set<string>();
  readonly #keptMax: number;

  /** Keeps at most `keptMax` trades, codes and declines each; the oldest final ones go first. */
  constructor(keptMax: number) {
    this.#keptMax = keptMax;
  }

  trade(tradeNo: string): Trade {
    const trade = this.trades.get(tradeNo);
    invariant(trade !== undefined, `trade ${tradeNo} is known`);
    return trade;
  }

  apply(event: TradingEvent): void {
    switch (event.type) {
      case 'wallet-opened':
        this.wallets.set(event.wallet.walletId, event.wallet);
        this.tradesOfWallet.set(event.wallet.walletId, new Set());
        return;
      case 'wallet-funded':
        this.books.post({
          at: event.at,
          from: { kind: 'funding' },
          to: { kind: 'wallet', walletId: event.walletId },
          amount: event.amount,
          memo: 'top-up',
        });
        return;
      case 'code-issued':
        this.#issueCode(event.code);
        return;
      case 'code-used':
        this.#spendCode(event.code, event.by);
        return;
      case 'trade-opened':
        this.#open(event.trade);
        if (event.code !== undefined) this.#spendCode(event.code, keyOf(event.trade));
        return;
      case 'trade-scanned': {
        const { walletId, closesAt } = event;
        this.#replace({ ...this.#moved(event.tradeNo, 'waiting'), walletId, closesAt });
        this.tradesOfWallet.get(walletId)?.add(event.tradeNo);
        return;
      }
      case 'trade-paid':
        this.#pay(event.tradeNo, event.at);
        return;
      case 'trade-finished':
        this.#replace(this.#moved(event.tradeNo, 'finished'));
        return;
      case 'trade-closed':
        this.#replace({ ...this.#moved(event.tradeNo, 'closed'), closedAt: event.at, closedBecause: event.because });
        return;
      case 'trade-refunded':
        this.#refund(event.tradeNo, event.refund);
        return;
      case 'payment-declined':
        this.declines.set(event.decline.key, event.decline);
        forgetOldest(this.declines, this.#keptMax);
        return;
      case 'order-blocked':
        this.blocked.add(event.key);
        forgetOldest(this.blocked, this.#keptMax);
        return;
      default:
        unreachable(event);
    }
  }

  #issueCode(code: PaymentCode): void {
    this.codes.set(code.code, code);
    this.currentCode.set(code.walletId, code.code);
    forgetOldest(this.codes, this.#keptMax);
  }

  #spendCode(code: string, by: OrderKey): void {
    const known = this.codes.get(code);
    if (known !== undefined) this.codes.set(code, { ...known, usedBy: by });
  }

  #open(trade: Trade): void {
    this.tradeNoByKey.set(keyOf(trade), trade.tradeNo);
    if (trade.qrCode !== undefined) this.tradeNoByQrCode.set(trade.qrCode, trade.tradeNo);
    if (trade.walletId !== undefined) this.tradesOfWallet.get(trade.walletId)?.add(trade.tradeNo);
    this.#replace(trade);
    if (this.trades.size > this.#keptMax) this.#forgetSome();
  }

  #pay(tradeNo: string, at: Instant): void {
    const trade = this.#moved(tradeNo, 'paid');
    invariant(trade.walletId !== undefined, 'a paid trade has a payer');
    this.books.post({
      at,
      from: { kind: 'wallet', walletId: trade.walletId },
      to: { kind: 'merchant', merchantId: trade.merchantId },
      amount: trade.amount,
      memo: `payment ${trade.outTradeNo}`,
    });
    this.#replace({ ...trade, paidAt: at });
  }

  #refund(tradeNo: string, refund: Refund): void {
    const trade = this.trade(tradeNo);
    invariant(trade.walletId !== undefined, 'a refunded trade has a payer');
    this.books.post({
      at: refund.at,
      from: { kind: 'merchant', merchantId: trade.merchantId },
      to: { kind: 'wallet', walletId: trade.walletId },
      amount: refund.amount,
      memo: `${refund.cause} ${trade.outTradeNo}`,
    });
    this.tradeNoByRefund.set(orderKey(trade.merchantId, refund.requestNo), tradeNo);
    this.#replace({ ...trade, refunds: [...trade.refunds, refund] });
  }

  #moved(tradeNo: string, to: TradeState): Trade {
    const trade = this.trade(tradeNo);
    const allowed: readonly TradeState[] = tradeMoves[trade.state];
    invariant(allowed.includes(to), `trade ${tradeNo} may go from ${trade.state} to ${to}`);
    return { ...trade, state: to };
  }

  #replace(trade: Trade): void {
    this.trades.set(trade.tradeNo, trade);
    if (trade.state === 'waiting' || trade.state === 'unscanned') this.open.add(trade.tradeNo);
    else this.open.delete(trade.tradeNo);
  }

  // Final trades first; when none of the oldest is final, the oldest paid one. A waiting trade is never forgotten.
  #forgetSome(): void {
    const wanted = batchOf(this.#keptMax);
    const final: Trade[] = [];
    const paid: Trade[] = [];
    for (const trade of this.trades.values()) {
      if (isFinal(trade)) final.push(trade);
      else if (trade.state === 'paid') paid.push(trade);
      if (final.length === wanted || final.length + paid.length >= wanted + 64) break;
    }
    for (const trade of [...final, ...paid].slice(0, wanted)) this.#forget(trade);
  }

  #forget(victim: Trade): void {
    this.trades.delete(victim.tradeNo);
    this.tradeNoByKey.delete(keyOf(victim));
    if (victim.qrCode !== undefined) this.tradeNoByQrCode.delete(victim.qrCode);
    if (victim.walletId !== undefined) this.tradesOfWallet.get(victim.walletId)?.delete(victim.tradeNo);
    for (const refund of victim.refunds) this.tradeNoByRefund.delete(orderKey(victim.merchantId, refund.requestNo));
  }
}
