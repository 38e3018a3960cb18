// What the auditor reads when a world has ended: the journal, its outbox, and Alipay's books, each as its keeper holds it. The shapes
// are the least that is judged, so that the real parts' own types fit.

import type { Instant } from '#foundation/instant.ts';
import type { Currency, Money } from '#foundation/money.ts';
import type { Attempt } from '#payment/index.ts';

export type FactAtEnd = {
  readonly type: string;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
};

export type BooksAtEnd = {
  readonly balanced: boolean;
  readonly accounts: readonly {
    /** `merchant:<id>:<currency>`, `wallet:<id>:<currency>` or `funding:<currency>`. */
    readonly account: string;
    readonly kind: 'wallet' | 'merchant' | 'funding';
    readonly currency: Currency;
    /** Decimal text. */
    readonly balance: string;
  }[];
};

export type TradeAtEnd = {
  readonly tradeNo: string;
  /** The merchant's number: the id of our charge. */
  readonly outTradeNo: string;
  readonly amount: Money;
  readonly paidAt: Instant | undefined;
  readonly refunds: readonly { readonly requestNo: string; readonly amount: Money }[];
};

export type WorldEnd = {
  readonly at: Instant;
  /** All that the journal holds. */
  readonly attempts: readonly Attempt[];
  /** The outbox, in its order. */
  readonly facts: readonly FactAtEnd[];
  readonly books: BooksAtEnd;
  /** All trades of Alipay's side. */
  readonly trades: readonly TradeAtEnd[];
};

/** What Alipay keeps of a trade, in minor units: what was taken less what was given back. */
export function keptMinor(trade: TradeAtEnd | undefined): bigint {
  if (trade === undefined) return 0n;
  return (trade.paidAt === undefined ? 0n : trade.amount.minor) - givenBackMinor(trade);
}

export function givenBackMinor(trade: TradeAtEnd): bigint {
  return trade.refunds.reduce((sum, refund) => sum + refund.amount.minor, 0n);
}
