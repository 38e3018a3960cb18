// Prices with dates, by store. Several may hold at one instant: then the most specific counts, then the one that began last, then
// the list that ranks higher. The order is total, so that till and server never differ.

import type { ProductId, StoreId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import { type Money, sameMoney } from '#foundation/money.ts';
import type { PriceListId } from './code.ts';
import type { Names } from './names.ts';

/** A reason for prices: the regular ones, an autumn flyer. */
export type PriceList = {
  readonly id: PriceListId;
  readonly names: Names;
  /** Of two prices that are equal in all else, that of the list with the higher rank holds. */
  readonly rank: number;
};

export type Price = {
  readonly listId: PriceListId;
  readonly productId: ProductId;
  /** Null: for all stores. */
  readonly storeId: StoreId | null;
  /** For one piece or one kilogram, as the product's unit says; never negative. */
  readonly amount: Money;
  readonly validFrom: Instant;
  /** The first instant at which it no longer holds; null: until further notice. */
  readonly validTo: Instant | null;
};

/** What tells two prices apart: there is one a list, product, store and beginning. */
export type PriceKey = Pick<Price, 'listId' | 'productId' | 'storeId' | 'validFrom'>;

/**
 * The price of a product that holds in a store at an instant, from all of that product's prices; `undefined` when none does.
 * It holds from `validFrom` on and no longer at `validTo`. Instants are UTC: a change of clocks moves no price.
 */
export function priceAt(
  prices: readonly Price[],
  lists: ReadonlyMap<PriceListId, PriceList>,
  storeId: StoreId,
  at: Instant,
): Price | undefined {
  let best: Price | undefined;
  for (const price of prices) {
    if (price.storeId !== null && price.storeId !== storeId) continue;
    if (price.validFrom > at || (price.validTo !== null && price.validTo <= at)) continue;
    if (best === undefined || comesBefore(price, best, lists)) best = price;
  }
  return best;
}

/** The price of one list for all stores that holds at an instant: what files of products show and change. */
export function regularPriceAt(prices: readonly Price[], listId: PriceListId, at: Instant): Price | undefined {
  let best: Price | undefined;
  for (const price of prices) {
    if (price.listId !== listId || price.storeId !== null) continue;
    const holds = price.validFrom <= at && (price.validTo === null || price.validTo > at);
    if (holds && (best === undefined || price.validFrom > best.validFrom)) best = price;
  }
  return best;
}

/** When the price of a product may next change in a store, after an instant; `undefined`: never, as far as is known. */
export function nextPriceChange(prices: readonly Price[], storeId: StoreId, after: Instant): Instant | undefined {
  let next: Instant | undefined;
  for (const price of prices) {
    if (price.storeId !== null && price.storeId !== storeId) continue;
    for (const moment of [price.validFrom, price.validTo]) {
      if (moment !== null && moment > after && (next === undefined || moment < next)) next = moment;
    }
  }
  return next;
}

export function samePriceKey(left: PriceKey, right: PriceKey): boolean {
  return (
    left.listId === right.listId &&
    left.productId === right.productId &&
    left.storeId === right.storeId &&
    left.validFrom === right.validFrom
  );
}

export function samePrice(left: Price, right: Price): boolean {
  return samePriceKey(left, right) && left.validTo === right.validTo && sameMoney(left.amount, right.amount);
}

function comesBefore(price: Price, other: Price, lists: ReadonlyMap<PriceListId, PriceList>): boolean {
  if ((price.storeId === null) !== (other.storeId === null)) return price.storeId !== null;
  if (price.validFrom !== other.validFrom) return price.validFrom > other.validFrom;
  const rank = lists.get(price.listId)?.rank ?? 0;
  const otherRank = lists.get(other.listId)?.rank ?? 0;
  return rank === otherRank ? price.listId > other.listId : rank > otherRank;
}
