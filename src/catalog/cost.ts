// What a product costs the store to buy, with its history: margin is computed later, from the cost that held when it was sold.
// Costs stay in the server; no till is told them.

import type { ProductId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';

export type Cost = {
  readonly productId: ProductId;
  /** For one piece or one kilogram, without tax; never negative. */
  readonly amount: Money;
  /** One cost a product and beginning: another under the same beginning corrects it. It holds until the next one begins. */
  readonly validFrom: Instant;
};

/** The cost of a product at an instant, from all of its costs in any order; `undefined` before the first. */
export function costAt(costs: readonly Cost[], at: Instant): Cost | undefined {
  let best: Cost | undefined;
  for (const cost of costs) {
    if (cost.validFrom <= at && (best === undefined || cost.validFrom > best.validFrom)) best = cost;
  }
  return best;
}
