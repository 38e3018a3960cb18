// Adding up any number of amounts of one currency, none included.

import { add, type Currency, type Money, money } from '#foundation/money.ts';

/** The sum of `amounts`; zero of `currency` when there are none. Another currency among them is a broken invariant. */
export function sumMoney(currency: Currency, amounts: Iterable<Money>): Money {
  let sum: Money = money(currency, 0n);
  for (const amount of amounts) sum = add(sum, amount);
  return sum;
}

/** The lesser of two amounts of one currency. */
export function lesser(left: Money, right: Money): Money {
  return left.minor <= right.minor ? left : right;
}
