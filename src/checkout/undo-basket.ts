// Undoing the last step at the till. The baskets before are kept beside the basket and not in it: what is held, sent or printed is
// the basket alone.

import { failure, type Result, success } from '#foundation/result.ts';
import { type Basket, type BasketRefusal, type Hand, recordRemoved } from './basket.ts';
import type { LineItem } from './line-item.ts';
import { subtractQuantity } from './quantity.ts';

/** A basket and the baskets that it was, latest last. */
export type BasketHistory = { readonly basket: Basket; readonly before: readonly Basket[] };

const stepsMax = 50;

export function startHistory(basket: Basket): BasketHistory {
  return { basket, before: [] };
}

/** One step further; the oldest of more than fifty steps is forgotten. */
export function remember(history: BasketHistory, next: Basket): BasketHistory {
  return { basket: next, before: [...history.before, history.basket].slice(-stepsMax) };
}

/**
 * One step back. Line numbers are not given again and what vanishes goes on record as taken out: undoing is no way round the
 * record of removed lines. A voided basket stays void.
 */
export function undoLast(history: BasketHistory, hand: Hand): Result<BasketHistory, BasketRefusal> {
  const { basket } = history;
  if (basket.voided !== null) return failure('basket-voided');
  const last = history.before.at(-1);
  if (last === undefined) return failure('nothing-to-undo');
  const restored: Basket = { ...last, nextLineNumber: basket.nextLineNumber, removedLines: basket.removedLines };
  const undone = recordRemoved(restored, vanished(basket, last), hand);
  return success({ basket: undone, before: history.before.slice(0, -1) });
}

/** What is in `now` and not, or in a lesser quantity, in `then`. */
function vanished(now: Basket, then: Basket): readonly LineItem[] {
  return now.lines.flatMap((line): readonly LineItem[] => {
    const kept = then.lines.find((earlier) => earlier.lineNumber === line.lineNumber);
    if (kept === undefined) return [line];
    const less = subtractQuantity(line.quantity, kept.quantity);
    return less === undefined ? [] : [{ ...line, quantity: less }];
  });
}
