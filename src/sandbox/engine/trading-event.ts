// Everything that can happen to wallets, codes and trades, as facts. The engine decides, an event says what was decided, and
// applying it is the only way in which state changes; so the event file alone rebuilds the sandbox.

import type { Instant } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import type { ClosedBecause, OrderKey, Refund, Trade } from './trade.ts';
import type { PaymentCode, Wallet } from './wallet.ts';

/** Why a payment was refused, in the engine's words; each protocol has its own code for it. */
export type DeclineReason = 'code-unknown' | 'code-expired' | 'code-used' | 'balance-not-enough';

export type Decline = {
  readonly key: OrderKey;
  readonly reason: DeclineReason;
  readonly amount: Money;
  readonly context: string;
  readonly at: Instant;
  readonly paymentId: string;
};

export type TradingEvent =
  | { readonly type: 'wallet-opened'; readonly wallet: Wallet }
  | { readonly type: 'wallet-funded'; readonly at: Instant; readonly walletId: string; readonly amount: Money }
  | { readonly type: 'code-issued'; readonly code: PaymentCode }
  | { readonly type: 'code-used'; readonly code: string; readonly by: OrderKey }
  | { readonly type: 'trade-opened'; readonly trade: Trade; readonly code?: string }
  | { readonly type: 'trade-scanned'; readonly tradeNo: string; readonly walletId: string; readonly closesAt: Instant }
  | { readonly type: 'trade-paid'; readonly at: Instant; readonly tradeNo: string }
  | { readonly type: 'trade-finished'; readonly tradeNo: string }
  | { readonly type: 'trade-closed'; readonly at: Instant; readonly tradeNo: string; readonly because: ClosedBecause }
  | { readonly type: 'trade-refunded'; readonly tradeNo: string; readonly refund: Refund }
  | { readonly type: 'payment-declined'; readonly decline: Decline }
  | { readonly type: 'order-blocked'; readonly key: OrderKey };

export const tradingEventTypes = [
  'wallet-opened',
  'wallet-funded',
  'code-issued',
  'code-used',
  'trade-opened',
  'trade-scanned',
  'trade-paid',
  'trade-finished',
  'trade-closed',
  'trade-refunded',
  'payment-declined',
  'order-blocked',
] as const satisfies readonly TradingEvent['type'][];
