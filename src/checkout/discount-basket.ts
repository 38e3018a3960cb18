// Giving discounts on a line or on a whole basket, within the limit of the person who allows them. All that stands at one place
// counts together against the limit: two discounts of ten percent are not a way to twenty.

import { add, type Money } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import {
  type Adjustment,
  afterAdjustments,
  type Discount,
  type DiscountLimit,
  discountTrouble,
  isStillLawful,
  isWithinLimit,
} from './adjustment.ts';
import { type Basket, type BasketRefusal, type BasketResult, basketBounds, changeLine } from './basket.ts';
import { listTotal } from './line-item.ts';
import { sumMoney } from './sum-money.ts';
import { isReason } from './well-formed.ts';

/** Who allows a discount, how far, and the store's reason code. */
export type DiscountGrant = {
  readonly reason: string;
  readonly allowedBy: string;
  readonly limit: DiscountLimit;
};

/** Takes something off one line. */
export function discountLine(
  basket: Basket,
  lineNumber: number,
  discount: Discount,
  grant: DiscountGrant,
): BasketResult {
  return changeLine(basket, lineNumber, (line) => {
    const adjustments = withDiscount(listTotal(line), line.adjustments, discount, grant);
    return adjustments.ok ? success({ ...line, adjustments: adjustments.value }) : adjustments;
  });
}

/** Takes something off the whole basket; pricing shares it out to the lines. */
export function discountBasket(basket: Basket, discount: Discount, grant: DiscountGrant): BasketResult {
  if (basket.voided !== null) return failure('basket-voided');
  const adjustments = withDiscount(afterLineAdjustments(basket), basket.adjustments, discount, grant);
  return adjustments.ok ? success({ ...basket, adjustments: adjustments.value }) : adjustments;
}

function withDiscount(
  net: Money,
  standing: readonly Adjustment[],
  discount: Discount,
  grant: DiscountGrant,
): Result<readonly Adjustment[], BasketRefusal> {
  if (!isReason(grant.reason)) return failure('reason-missing');
  if (standing.length >= basketBounds.adjustmentsMax) return failure('too-many-discounts');
  if (discount.kind === 'fixed' && discount.amount.currency !== net.currency) return failure('wrong-currency');
  const before = afterAdjustments(net, standing);
  const trouble = discountTrouble(discount, before);
  if (trouble !== null) return failure(trouble);
  const adjustments = [...standing, { discount, ...grant }];
  const isAllowed = isWithinLimit(net, afterAdjustments(net, adjustments), grant.limit);
  return isAllowed ? success(adjustments) : failure('over-the-limit');
}

/** Takes a discount of a line back; `index` counts from 0 in the order in which they were given. */
export function takeBackLineDiscount(basket: Basket, lineNumber: number, index: number): BasketResult {
  return changeLine(basket, lineNumber, (line) => {
    if (line.adjustments[index] === undefined) return failure('no-such-discount');
    return success({ ...line, adjustments: line.adjustments.toSpliced(index, 1) });
  });
}

/** Takes a discount of the whole basket back. */
export function takeBackBasketDiscount(basket: Basket, index: number): BasketResult {
  if (basket.voided !== null) return failure('basket-voided');
  if (basket.adjustments[index] === undefined) return failure('no-such-discount');
  return success({ ...basket, adjustments: basket.adjustments.toSpliced(index, 1) });
}

function afterLineAdjustments(basket: Basket): Money {
  const nets = basket.lines.map((line) => afterAdjustments(listTotal(line), line.adjustments));
  return sumMoney(basket.currency, nets);
}

/** The largest sum of list prices that a basket can be paid with, in minor units: whatever adds up sales has room for many. */
export const basketMinorMax = 100_000_000_000_000n;

export type NotReady = 'basket-voided' | 'basket-empty' | 'age-unchecked' | 'over-the-limit' | 'total-too-large';

/**
 * Why a basket cannot be paid yet, or `null`. Discounts are weighed again, because lines may have gone since they were given.
 */
export function notReadyToPay(basket: Basket): NotReady | null {
  if (basket.voided !== null) return 'basket-voided';
  if (basket.lines.length === 0) return 'basket-empty';
  if (ageToCheck(basket) !== null) return 'age-unchecked';
  const isLawful = basket.lines.every((line) => isStillLawful(listTotal(line), line.adjustments));
  if (!isLawful || !isStillLawful(afterLineAdjustments(basket), basket.adjustments)) return 'over-the-limit';
  const listed = basket.lines.map(listTotal).reduce((sum, amount) => add(sum, amount));
  return listed.minor > basketMinorMax ? 'total-too-large' : null;
}

/** The age that is still to be checked, in years, or `null`. Who was found old enough for 18 is old enough for 16. */
export function ageToCheck(basket: Basket): number | null {
  const needed = Math.max(0, ...basket.lines.map((line) => line.minimumAge ?? 0));
  if (needed === 0) return null;
  // Old enough for more says yes, too young for less says no; any other check says nothing about this age.
  const latest = basket.ageChecks.findLast(({ minimumAge, isOldEnough }) =>
    isOldEnough ? minimumAge >= needed : minimumAge <= needed,
  );
  return latest?.isOldEnough === true ? null : needed;
}
