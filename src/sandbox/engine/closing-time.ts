// Until when a trade may be paid, cancelled and refunded. Domestic and cross-border differ.
// @see facts 1.3: closing after 3 h or 3 min; cancel within 24 h, or until 00:15 Beijing time of the next day

import { durationMs, type Instant, plus } from '#foundation/instant.ts';
import { nextBeijingMidnight } from '../beijing-time.ts';
import type { Protocol, Trade } from './trade.ts';

export type TradingTimes = {
  /** How long an unpaid trade stays open when the merchant did not say. */
  readonly unpaidLifeMs: Readonly<Record<Protocol, number>>;
  readonly openapiCancelWindowMs: number;
  /** After midnight in Beijing a cross-border payment of the day before can be cancelled for this long. */
  readonly globalCancelGraceMs: number;
  readonly refundWindowMs: number;
  readonly codeLifeMs: number;
  readonly qrCodeLifeMs: number;
};

export const officialTimes: TradingTimes = {
  unpaidLifeMs: { openapi: 3 * 3_600_000, global: 3 * 60_000 },
  openapiCancelWindowMs: 24 * 3_600_000,
  globalCancelGraceMs: 15 * 60_000,
  refundWindowMs: 365 * 86_400_000,
  codeLifeMs: 60_000,
  qrCodeLifeMs: 2 * 3_600_000,
};

export function cancellableUntil(trade: Trade, times: TradingTimes): Instant {
  if (trade.protocol === 'openapi') return plus(trade.createdAt, durationMs(times.openapiCancelWindowMs));
  return plus(nextBeijingMidnight(trade.createdAt), durationMs(times.globalCancelGraceMs));
}

export function refundableUntil(trade: Trade, times: TradingTimes): Instant {
  return plus(trade.paidAt ?? trade.createdAt, durationMs(times.refundWindowMs));
}
