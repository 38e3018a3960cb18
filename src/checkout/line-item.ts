// One line of a basket: the facts of a product as they were when it was scanned, how much of it, and what was taken off beside its
// price. The facts are copied, not looked up again, so that a sale says the same on the till, on the server and in ten years.

import { type Money, multiplyHalfUp } from '#foundation/money.ts';
import type { Adjustment } from './adjustment.ts';
import type { Quantity, Unit } from './quantity.ts';

/** What people read, in both languages of the house. */
export type Names = { readonly en: string; readonly zh: string };

/** How a line is taxed; `isIncluded`: the list price has the tax in it. */
export type TaxClass = {
  readonly id: string;
  /** Hundredths of a percent, 0 … 100,000. */
  readonly rateBps: number;
  readonly isIncluded: boolean;
};

/** A product as a basket needs it, from the catalogue or from a label that carries weight or price. */
export type ProductFacts = {
  readonly productId: string;
  readonly names: Names;
  /** What was scanned; `null` when the product was chosen by hand. */
  readonly barcode: string | null;
  readonly departmentId: string;
  readonly unit: Unit;
  /** The price of one unit, 0 or more. */
  readonly listPrice: Money;
  /** What a scale's label asks for the whole line, where it carries a price; it then stands for list price × quantity. */
  readonly labelPrice: Money | null;
  /** Which state of the price list said so. */
  readonly priceVersion: string;
  readonly taxClass: TaxClass;
  /** Years; `null` when anybody may buy it. */
  readonly minimumAge: number | null;
};

export type LineItem = ProductFacts & {
  /** From 1, never given twice within a basket, not even after the line is gone. */
  readonly lineNumber: number;
  readonly quantity: Quantity;
  /** In the order in which they were given. */
  readonly adjustments: readonly Adjustment[];
  readonly note: string;
};

/**
 * List price × quantity, half up: 345 g at 12.99 a kilogram are 4.48. What a label asks for counts as it is, because the customer
 * has read it, and the weight that one can reckon from it is rounded.
 */
export function listTotal(line: LineItem): Money {
  if (line.labelPrice !== null) return line.labelPrice;
  return multiplyHalfUp(line.listPrice, BigInt(line.quantity), 1_000n);
}

export function sameTaxClass(left: TaxClass, right: TaxClass): boolean {
  return left.id === right.id && left.rateBps === right.rateBps && left.isIncluded === right.isIncluded;
}
