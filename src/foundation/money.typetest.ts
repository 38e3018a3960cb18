// Mix-ups that the types must refuse.

import { add, money } from './money.ts';

add(money('CNY', 1n), money('CNY', 1n));
// @ts-expect-error A currency cannot be added to another.
add(money('CNY', 1n), money('USD', 1n));
// @ts-expect-error An amount is a bigint of minor units, never a float.
money('CNY', 1.5);
