// A discount is an adjustment beside the price, never a changed price: how much, why, and who allowed it within which limit. The
// limit is written down with it, because what was lawful when it was given must still be so when the basket is paid: a fixed
// discount on ten pieces is another thing when nine of them are taken out again.

import { type Money, money, multiply, multiplyHalfUp, subtract } from '#foundation/money.ts';
import { lesser } from './sum-money.ts';

/** `rateBps` in hundredths of a percent, 1 … 10,000; a fixed amount is for the whole line or basket, more than zero. */
export type Discount =
  | { readonly kind: 'fixed'; readonly amount: Money }
  | { readonly kind: 'rate'; readonly rateBps: number };

/** How far all discounts at one place together may go. */
export type DiscountLimit = { readonly rateBpsMax: number; readonly amountMax: Money | null };

export type Adjustment = {
  readonly discount: Discount;
  /** A reason code of the store, such as `damaged`. */
  readonly reason: string;
  /** The id of the person whose permission it was. */
  readonly allowedBy: string;
  readonly limit: DiscountLimit;
};

export const wholeBps = 10_000;

/** What a discount takes off `net` (≥ 0): a rate half up, a fixed amount as far as there is something to take off. */
export function amountOff(discount: Discount, net: Money): Money {
  if (discount.kind === 'fixed') return lesser(discount.amount, net);
  return multiplyHalfUp(net, BigInt(discount.rateBps), BigInt(wholeBps));
}

/** What several discounts, one after the other, leave of `net`. */
export function afterAdjustments(net: Money, adjustments: readonly Adjustment[]): Money {
  return adjustments.reduce((left, { discount }) => subtract(left, amountOff(discount, left)), net);
}

/** Whether taking `net` down to `left` stays within a limit; what rounding adds to a rate is not held against anybody. */
export function isWithinLimit(net: Money, left: Money, limit: DiscountLimit): boolean {
  const off = subtract(net, left);
  const rate = { numerator: BigInt(limit.rateBpsMax), denominator: BigInt(wholeBps) };
  if (off.minor > multiply(net, rate, 'up').minor) return false;
  return limit.amountMax === null || off.minor <= limit.amountMax.minor;
}

/** Whether what stands at one place is still within the widest limit that somebody gave there. */
export function isStillLawful(net: Money, adjustments: readonly Adjustment[]): boolean {
  if (adjustments.length === 0) return true;
  const left = afterAdjustments(net, adjustments);
  return adjustments.some(({ limit }) => isWithinLimit(net, left, limit));
}

/** Why a discount cannot be given at all, whoever allows it. */
export function discountTrouble(
  discount: Discount,
  net: Money,
): 'discount-not-positive' | 'more-than-the-price' | null {
  if (discount.kind === 'rate') {
    const isRate = Number.isInteger(discount.rateBps) && discount.rateBps >= 1;
    if (!isRate) return 'discount-not-positive';
    return discount.rateBps > wholeBps ? 'more-than-the-price' : null;
  }
  if (discount.amount.minor <= 0n) return 'discount-not-positive';
  return discount.amount.minor > net.minor ? 'more-than-the-price' : null;
}

/** A limit that allows everything; for whoever the store trusts with it. */
export const noLimit: DiscountLimit = { rateBpsMax: wholeBps, amountMax: null };

/** A limit by rate alone. */
export function rateLimit(rateBpsMax: number): DiscountLimit {
  return { rateBpsMax, amountMax: null };
}

/** A limit by rate and by amount in minor units of `currency`. */
export function limitOf(rateBpsMax: number, currency: Money['currency'], minorMax: bigint): DiscountLimit {
  return { rateBpsMax, amountMax: money(currency, minorMax) };
}
