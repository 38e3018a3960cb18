// A tax class is what a product's tax is taken by. Whether the list price holds the tax already is the class's, not the product's.

import type { TaxClassId } from './code.ts';
import type { Names } from './names.ts';

export type TaxClass = {
  readonly id: TaxClassId;
  readonly names: Names;
  /** Hundredths of a percent: 1300 is 13 %. */
  readonly rateBps: number;
  /** True: list prices are with tax, as on every shelf in China. */
  readonly isIncluded: boolean;
};

/** A rate of 100 %; a higher one is a slip of the keyboard. */
export const rateBpsMax = 10_000;
