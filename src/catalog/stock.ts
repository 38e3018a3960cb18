// Stock is what has moved, not a number that is overwritten: the balance is read from the movements, in whole thousandths of a
// piece or kilogram. Movements arrive in any order (a till was offline), and the balance is the same.

import type { ProductId, StoreId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';

/** What made stock move. `counted` says how much there is; the others say how much came or went. */
export type StockMovementKind = 'received' | 'sold' | 'returned' | 'counted';

export type StockMovement = {
  readonly storeId: StoreId;
  readonly productId: ProductId;
  readonly kind: StockMovementKind;
  /** Whole thousandths, at least 0: its sign is the kind's. */
  readonly thousandths: number;
  readonly at: Instant;
  /** What made it, such as a sale's id and line: the same key of one merchant moves stock once. */
  readonly key: string;
};

/** Which way each kind moves; null: it sets the balance. */
export const stockDirection = {
  received: 1,
  sold: -1,
  returned: 1,
  counted: null,
} as const satisfies Record<StockMovementKind, 1 | -1 | null>;

/**
 * The balance in whole thousandths after all movements of one product in one store. Whatever is dated up to a count, its own
 * instant included, was seen by those who counted; of two counts at one instant the greater key counts. It may be
 * negative: more was sold than was known to be there.
 */
export function stockBalance(movements: readonly StockMovement[]): number {
  let count: StockMovement | undefined;
  for (const movement of movements) {
    if (movement.kind === 'counted' && (count === undefined || isLater(movement, count))) count = movement;
  }
  let balance = count?.thousandths ?? 0;
  for (const { kind, thousandths, at } of movements) {
    const direction = stockDirection[kind];
    if (direction !== null && (count === undefined || at > count.at)) balance += direction * thousandths;
  }
  return balance;
}

export function sameMovement(left: StockMovement, right: StockMovement): boolean {
  return (
    left.storeId === right.storeId &&
    left.productId === right.productId &&
    left.kind === right.kind &&
    left.thousandths === right.thousandths &&
    left.at === right.at &&
    left.key === right.key
  );
}

function isLater(left: StockMovement, right: StockMovement): boolean {
  return left.at > right.at || (left.at === right.at && left.key > right.key);
}
