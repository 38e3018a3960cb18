// Mix-ups that the types must refuse.

import { addProduct } from './basket.ts';
import { pieces, type Quantity } from './quantity.ts';
import { freshBasket, product } from './testing/fixtures.ts';

addProduct(freshBasket(), product(), pieces(1));
// @ts-expect-error A count of pieces is not a quantity: three pieces are 3000.
addProduct(freshBasket(), product(), 3);
// @ts-expect-error Reckoning with quantities goes through their own functions, which keep them in range.
export const sum: Quantity = pieces(1) + pieces(2);
