// What a trade is at Alipay's side, one shape for every protocol. The wire words (TRADE_SUCCESS, PROCESSING) belong to the
// protocol folders; here are the states behind them.
// @see facts A.14: the server-side state machine

import type { Brand } from '#foundation/brand.ts';
import type { Instant } from '#foundation/instant.ts';
import { type Money, money } from '#foundation/money.ts';

export const protocols = ['openapi', 'global'] as const;
export type Protocol = (typeof protocols)[number];

/** From each state, the states that can follow. A state is final exactly when its row is empty. */
export const tradeMoves = {
  /** An order code that nobody has scanned: the merchant's query does not see it yet. */
  unscanned: ['waiting', 'closed'],
  waiting: ['paid', 'closed'],
  paid: ['finished', 'closed'],
  finished: [],
  closed: [],
} as const satisfies Record<string, readonly string[]>;
export type TradeState = keyof typeof tradeMoves;

export type ClosedBecause = 'timeout' | 'refused' | 'cancelled' | 'closed-by-merchant' | 'refunded';

/** A merchant and its own number for the order: what makes an order the same order. */
export type OrderKey = Brand<string, 'OrderKey'>;

export function orderKey(merchantId: string, outTradeNo: string): OrderKey {
  return `${merchantId}/${outTradeNo}` as OrderKey;
}

export function outTradeNoOf(key: OrderKey): string {
  return key.slice(key.indexOf('/') + 1);
}

export type Refund = {
  /** The merchant's number (`out_request_no`, `refundRequestId`), its idempotency key. */
  readonly requestNo: string;
  readonly refundId: string;
  readonly amount: Money;
  readonly at: Instant;
  readonly reason: string | undefined;
  readonly cause: 'refund' | 'cancel';
};

/** What the merchant ordered; fixed from the first call on. */
export type TradeOrder = {
  readonly protocol: Protocol;
  readonly merchantId: string;
  readonly outTradeNo: string;
  readonly amount: Money;
  readonly subject: string;
  /** What a repeat of the order must equal beside the amount, in the protocol's own words. */
  readonly context: string;
  readonly notifyUrl: string | undefined;
  /** Fields that come back as they were sent (`store_id`, `passback_params`). */
  readonly echoes: Readonly<Record<string, string>>;
};

export type Trade = TradeOrder & {
  readonly tradeNo: string;
  readonly createdAt: Instant;
  readonly closesAt: Instant;
  readonly qrCode: string | undefined;
  readonly walletId: string | undefined;
  readonly state: TradeState;
  readonly paidAt: Instant | undefined;
  readonly closedAt: Instant | undefined;
  readonly closedBecause: ClosedBecause | undefined;
  readonly refunds: readonly Refund[];
};

export function keyOf(order: Pick<TradeOrder, 'merchantId' | 'outTradeNo'>): OrderKey {
  return orderKey(order.merchantId, order.outTradeNo);
}

/** What has gone back to the payer so far. */
export function refundedOf(trade: Trade): Money {
  let minor = 0n;
  for (const refund of trade.refunds) minor += refund.amount.minor;
  return money(trade.amount.currency, minor);
}

export function isFinal(trade: Trade): boolean {
  return tradeMoves[trade.state].length === 0;
}
