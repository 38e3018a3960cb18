// The trade engine: one for every protocol. It decides what a call does to wallets, trades and books, and records the decision
// as events; time and randomness are handed in. It knows nothing of wires, signatures or faults.
// @see facts A.14 (states), 1.3 (times), D (codes)

import { durationMs, type Instant, plus } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import { digits, type Random } from '#foundation/random.ts';
import { invariant } from '#foundation/result.ts';
import { beijingDay } from '../beijing-time.ts';
import { cancellableUntil, refundableUntil, type TradingTimes } from './closing-time.ts';
import type {
  AnswerOutcome,
  CancelOutcome,
  CloseOutcome,
  PayOutcome,
  PrecreateOutcome,
  RefundOutcome,
  ScanOutcome,
} from './outcome.ts';
import { keyOf, type OrderKey, orderKey, type Refund, refundedOf, type Trade, type TradeOrder } from './trade.ts';
import type { DeclineReason, TradingEvent } from './trading-event.ts';
import type { TradingState } from './trading-state.ts';
import type { PaymentCode } from './wallet.ts';

export type TradingRules = {
  readonly times: TradingTimes;
  /** Whether a cancel of an order that is not here yet stops a payment that arrives after it. Unconfirmed at Alipay. */
  readonly cancelBlocksLaterPay: boolean;
};

export type PayCommand = {
  readonly order: TradeOrder;
  readonly code: string;
  /** When the call came in: a code is judged then, also when the booking is late. */
  readonly arrivedAt: Instant;
  readonly expiresAt: Instant | undefined;
  /** The buyer is asked to confirm whatever the amount. */
  readonly askBuyer: boolean;
};

/** One trade, by Alipay's number or by the merchant's; Alipay's wins. */
export type TradeName = {
  readonly merchantId: string;
  readonly tradeNo: string | undefined;
  readonly outTradeNo: string | undefined;
};

export type RefundCommand = {
  readonly name: TradeName;
  readonly requestNo: string;
  readonly amount: Money;
  readonly reason: string | undefined;
};

export class TradeEngine {
  readonly #state: TradingState;
  readonly #rules: TradingRules;
  readonly #random: Random;
  readonly #record: (event: TradingEvent) => void;

  /** `record` must apply the event to `state` before it returns, and may do more with it (write it, announce it). */
  constructor(state: TradingState, rules: TradingRules, random: Random, record: (event: TradingEvent) => void) {
    this.#state = state;
    this.#rules = rules;
    this.#random = random;
    this.#record = record;
  }

  /** The wallet that a code shows, whether or not the code can still pay. */
  walletOfCode(code: string): string | undefined {
    return this.#state.codes.get(code)?.walletId;
  }

  /** A trade as it stands now; an order code that nobody scanned is not found unless `unscannedToo`. */
  find(name: TradeName, now: Instant, unscannedToo = false): Trade | undefined {
    const tradeNo =
      name.tradeNo ??
      (name.outTradeNo === undefined
        ? undefined
        : this.#state.tradeNoByKey.get(orderKey(name.merchantId, name.outTradeNo)));
    const trade = tradeNo === undefined ? undefined : this.#state.trades.get(tradeNo);
    if (trade === undefined || trade.merchantId !== name.merchantId) return undefined;
    const current = this.#settle(trade, now);
    return current.walletId === undefined && !unscannedToo ? undefined : current;
  }

  pay(command: PayCommand, now: Instant): PayOutcome {
    const key = keyOf(command.order);
    const known = this.find({ ...command.order, tradeNo: undefined }, now, true);
    if (known !== undefined) return this.#repeat(command, known);
    const declined = this.#state.declines.get(key);
    if (declined !== undefined) {
      const same = declined.context === command.order.context && sameAmount(declined.amount, command.order.amount);
      if (!same) return { outcome: 'refused', reason: 'inconsistent' };
      return { outcome: 'declined', reason: declined.reason, paymentId: declined.paymentId };
    }
    if (this.#state.blocked.has(key)) return { outcome: 'refused', reason: 'cancelled-before' };
    if (command.expiresAt !== undefined && command.expiresAt <= now) return { outcome: 'refused', reason: 'expired' };
    const code = this.#state.codes.get(command.code);
    const trouble = codeTrouble(code, key, command.arrivedAt);
    if (code === undefined || trouble !== undefined)
      return this.#decline(command.order, trouble ?? 'code-unknown', now);
    if (this.#balance(code.walletId, command.order.amount).minor < command.order.amount.minor) {
      this.#record({ type: 'code-used', code: code.code, by: key });
      return this.#decline(command.order, 'balance-not-enough', now);
    }
    return this.#open(command, code, now);
  }

  precreate(order: TradeOrder, expiresAt: Instant | undefined, qrLifeMs: number, now: Instant): PrecreateOutcome {
    if (this.#state.tradeNoByKey.has(keyOf(order))) return { outcome: 'refused', reason: 'number-used' };
    if (expiresAt !== undefined && expiresAt <= now) return { outcome: 'refused', reason: 'expired' };
    const qrCode = `https://qr.alipay.com/bav${digits(this.#random, 16)}`;
    const qrEndsAt = plus(now, durationMs(qrLifeMs));
    const closesAt = expiresAt !== undefined && expiresAt < qrEndsAt ? expiresAt : qrEndsAt;
    const trade: Trade = { ...this.#newTrade(order, now, closesAt), state: 'unscanned', qrCode };
    this.#record({ type: 'trade-opened', trade });
    return { outcome: 'made', trade, qrCode };
  }

  /** A wallet scans an order code: from then on the trade waits for its buyer. */
  scan(walletId: string, qrCode: string, now: Instant): ScanOutcome {
    const refused = (reason: Extract<ScanOutcome, { outcome: 'refused' }>['reason']): ScanOutcome => ({
      outcome: 'refused',
      reason,
    });
    if (!this.#state.wallets.has(walletId)) return refused('unknown-wallet');
    const tradeNo = this.#state.tradeNoByQrCode.get(qrCode);
    const found = tradeNo === undefined ? undefined : this.#state.trades.get(tradeNo);
    if (found === undefined) return refused('unknown-qr-code');
    const trade = this.#settle(found, now);
    if (trade.state === 'closed' && trade.walletId === undefined) return refused('expired-qr-code');
    if (trade.state !== 'unscanned') return refused('used-qr-code');
    if (this.#balance(walletId, trade.amount).minor < trade.amount.minor) return refused('balance-not-enough');
    const closesAt = plus(now, durationMs(this.#rules.times.unpaidLifeMs[trade.protocol]));
    this.#record({ type: 'trade-scanned', tradeNo: trade.tradeNo, walletId, closesAt });
    return { outcome: 'waiting', trade: this.#state.trade(trade.tradeNo) };
  }

  /** The buyer confirms or refuses the newest trade that waits, or the one named. */
  answer(walletId: string, accept: boolean, outTradeNo: string | undefined, now: Instant): AnswerOutcome {
    if (!this.#state.wallets.has(walletId)) return { outcome: 'refused', reason: 'unknown-wallet' };
    const trade = this.waitingOf(walletId, now)
      .filter((waiting) => outTradeNo === undefined || waiting.outTradeNo === outTradeNo)
      .at(-1);
    if (trade === undefined) return { outcome: 'refused', reason: 'nothing-waits' };
    return this.answerTrade(trade.tradeNo, accept, now);
  }

  answerTrade(tradeNo: string, accept: boolean, now: Instant): AnswerOutcome {
    const found = this.#state.trades.get(tradeNo);
    const trade = found === undefined ? undefined : this.#settle(found, now);
    if (trade?.state !== 'waiting' || trade.walletId === undefined)
      return { outcome: 'refused', reason: 'nothing-waits' };
    if (!accept) {
      this.#record({ type: 'trade-closed', at: now, tradeNo, because: 'refused' });
      return { outcome: 'closed', trade: this.#state.trade(tradeNo) };
    }
    if (this.#balance(trade.walletId, trade.amount).minor < trade.amount.minor)
      return { outcome: 'refused', reason: 'balance-not-enough' };
    this.#record({ type: 'trade-paid', at: now, tradeNo });
    return { outcome: 'paid', trade: this.#state.trade(tradeNo) };
  }

  /** What waits for a wallet's buyer, oldest first. */
  waitingOf(walletId: string, now: Instant): readonly Trade[] {
    const waiting: Trade[] = [];
    for (const tradeNo of this.#state.open) {
      const trade = this.#state.trade(tradeNo);
      if (trade.walletId !== walletId) continue;
      const current = this.#settle(trade, now);
      if (current.state === 'waiting') waiting.push(current);
    }
    return waiting;
  }

  cancel(name: TradeName, now: Instant): CancelOutcome {
    const trade = this.find(name, now, true);
    if (trade === undefined) return this.#cancelUnknown(name);
    switch (trade.state) {
      case 'waiting':
      case 'unscanned':
        this.#record({ type: 'trade-closed', at: now, tradeNo: trade.tradeNo, because: 'cancelled' });
        return { outcome: 'closed', trade: this.#state.trade(trade.tradeNo), cancelledAt: now };
      case 'finished':
        return { outcome: 'refused', reason: 'finished', trade };
      case 'closed':
        if (trade.closedBecause === 'refunded') return { outcome: 'refused', reason: 'already-refunded', trade };
        return {
          outcome: trade.paidAt === undefined ? 'closed' : 'refunded',
          trade,
          cancelledAt: trade.closedAt ?? now,
        };
      case 'paid':
        return this.#cancelPaid(trade, now);
    }
  }

  close(name: TradeName, now: Instant): CloseOutcome {
    const trade = this.find(name, now);
    if (trade === undefined) return { outcome: 'not-found' };
    if (trade.state !== 'waiting') return { outcome: 'refused', reason: 'not-waiting', trade };
    this.#record({ type: 'trade-closed', at: now, tradeNo: trade.tradeNo, because: 'closed-by-merchant' });
    return { outcome: 'closed', trade: this.#state.trade(trade.tradeNo) };
  }

  /** Gives back a part or the rest. The same number and amount again is answered and moves nothing. */
  refund(command: RefundCommand, now: Instant): RefundOutcome {
    const trade = this.find(command.name, now);
    if (trade === undefined) return { outcome: 'not-found' };
    const before = trade.refunds.find((refund) => refund.requestNo === command.requestNo && refund.cause === 'refund');
    if (before !== undefined) {
      if (!sameAmount(before.amount, command.amount)) return { outcome: 'refused', reason: 'number-used', trade };
      return { outcome: 'refunded', trade, refund: before, moved: false };
    }
    if (trade.state === 'finished') return { outcome: 'refused', reason: 'finished', trade };
    if (trade.state === 'closed') return { outcome: 'refused', reason: 'closed', trade };
    if (trade.state !== 'paid') return { outcome: 'refused', reason: 'not-paid', trade };
    if (command.amount.minor <= 0n) return { outcome: 'refused', reason: 'nothing', trade };
    if (command.amount.currency !== trade.amount.currency) return { outcome: 'refused', reason: 'too-much', trade };
    const left = trade.amount.minor - refundedOf(trade).minor;
    if (command.amount.minor > left) return { outcome: 'refused', reason: 'too-much', trade };
    const refund = this.#giveBack(trade, command.amount, command.requestNo, command.reason, 'refund', now);
    if (command.amount.minor === left)
      this.#record({ type: 'trade-closed', at: now, tradeNo: trade.tradeNo, because: 'refunded' });
    return { outcome: 'refunded', trade: this.#state.trade(trade.tradeNo), refund, moved: true };
  }

  /** The trade that a merchant's refund number belongs to. */
  findByRefund(merchantId: string, requestNo: string): Trade | undefined {
    const tradeNo = this.#state.tradeNoByRefund.get(orderKey(merchantId, requestNo));
    return tradeNo === undefined ? undefined : this.#state.trades.get(tradeNo);
  }

  /** Closes what time has closed. Each look at a trade does the same for that trade, so nothing depends on the rhythm. */
  closeDue(now: Instant): void {
    for (const tradeNo of this.#state.open) this.#settle(this.#state.trade(tradeNo), now);
  }

  #settle(trade: Trade, now: Instant): Trade {
    if ((trade.state === 'waiting' || trade.state === 'unscanned') && trade.closesAt <= now) {
      this.#record({ type: 'trade-closed', at: trade.closesAt, tradeNo: trade.tradeNo, because: 'timeout' });
      return this.#state.trade(trade.tradeNo);
    }
    if (trade.state === 'paid' && refundableUntil(trade, this.#rules.times) <= now) {
      this.#record({ type: 'trade-finished', tradeNo: trade.tradeNo });
      return this.#state.trade(trade.tradeNo);
    }
    return trade;
  }

  #repeat(command: PayCommand, trade: Trade): PayOutcome {
    const { order } = command;
    const same =
      sameAmount(order.amount, trade.amount) && order.context === trade.context && trade.qrCode === undefined;
    if (!same && trade.state !== 'closed') return { outcome: 'refused', reason: 'inconsistent' };
    const payer = this.#state.codes.get(command.code)?.walletId;
    // Only the domestic protocol names the wrong buyer; the global one answers from the order.
    if (order.protocol === 'openapi' && payer !== undefined && payer !== trade.walletId)
      return { outcome: 'refused', reason: 'other-buyer' };
    if (!same && order.protocol === 'global') return { outcome: 'refused', reason: 'inconsistent' };
    return { outcome: 'repeated', trade };
  }

  #open(command: PayCommand, code: PaymentCode, now: Instant): PayOutcome {
    const wallet = this.#state.wallets.get(code.walletId);
    invariant(wallet !== undefined, 'a code belongs to a wallet');
    const life = durationMs(this.#rules.times.unpaidLifeMs[command.order.protocol]);
    const trade: Trade = {
      ...this.#newTrade(command.order, now, command.expiresAt ?? plus(now, life)),
      walletId: wallet.walletId,
    };
    this.#record({ type: 'trade-opened', trade, code: code.code });
    if (command.askBuyer || trade.amount.minor > wallet.passwordAboveMinor)
      return { outcome: 'waiting', trade: this.#state.trade(trade.tradeNo) };
    this.#record({ type: 'trade-paid', at: now, tradeNo: trade.tradeNo });
    return { outcome: 'paid', trade: this.#state.trade(trade.tradeNo) };
  }

  #newTrade(order: TradeOrder, now: Instant, closesAt: Instant): Trade {
    return {
      ...order,
      tradeNo: this.#number(order, now),
      createdAt: now,
      closesAt,
      qrCode: undefined,
      walletId: undefined,
      state: 'waiting',
      paidAt: undefined,
      closedAt: undefined,
      closedBecause: undefined,
      refunds: [],
    };
  }

  // 28 digits for a trade of the domestic protocol, 35 for a payment of the global one, both with the day in front.
  #number(order: Pick<TradeOrder, 'protocol'>, now: Instant): string {
    const head = order.protocol === 'openapi' ? '22001' : '194010890100';
    return `${beijingDay(now)}${head}${digits(this.#random, 15)}`;
  }

  // The global API promises the same answer to the same id for ever, so its refusals are kept; the domestic one has then
  // no trade at all, and the number may be used again.
  #decline(order: TradeOrder, reason: DeclineReason, now: Instant): PayOutcome {
    const paymentId = this.#number(order, now);
    if (order.protocol === 'global') {
      const { amount, context } = order;
      this.#record({
        type: 'payment-declined',
        decline: { key: keyOf(order), reason, amount, context, at: now, paymentId },
      });
    }
    return { outcome: 'declined', reason, paymentId };
  }

  #cancelUnknown(name: TradeName): CancelOutcome {
    if (name.outTradeNo === undefined) return { outcome: 'not-found' };
    const key: OrderKey = orderKey(name.merchantId, name.outTradeNo);
    if (this.#rules.cancelBlocksLaterPay && !this.#state.blocked.has(key)) this.#record({ type: 'order-blocked', key });
    return { outcome: 'not-found' };
  }

  #cancelPaid(trade: Trade, now: Instant): CancelOutcome {
    if (trade.refunds.length > 0) return { outcome: 'refused', reason: 'already-refunded', trade };
    if (cancellableUntil(trade, this.#rules.times) <= now) return { outcome: 'refused', reason: 'too-late', trade };
    this.#giveBack(trade, trade.amount, `cancel:${trade.tradeNo}`, undefined, 'cancel', now);
    this.#record({ type: 'trade-closed', at: now, tradeNo: trade.tradeNo, because: 'cancelled' });
    return { outcome: 'refunded', trade: this.#state.trade(trade.tradeNo), cancelledAt: now };
  }

  #giveBack(
    trade: Trade,
    amount: Money,
    requestNo: string,
    reason: string | undefined,
    cause: Refund['cause'],
    now: Instant,
  ): Refund {
    const refund: Refund = { requestNo, refundId: this.#number(trade, now), amount, at: now, reason, cause };
    this.#record({ type: 'trade-refunded', tradeNo: trade.tradeNo, refund });
    return refund;
  }

  #balance(walletId: string, amount: Money): Money {
    return this.#state.books.balance({ kind: 'wallet', walletId }, amount.currency);
  }
}

function codeTrouble(code: PaymentCode | undefined, by: OrderKey, at: Instant): DeclineReason | undefined {
  if (code === undefined) return 'code-unknown';
  if (code.usedBy !== undefined && code.usedBy !== by) return 'code-used';
  return code.expiresAt <= at ? 'code-expired' : undefined;
}

function sameAmount(left: Money, right: Money): boolean {
  return left.currency === right.currency && left.minor === right.minor;
}
