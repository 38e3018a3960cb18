// How much of a product: whole thousandths of its unit, so that three pieces are 3000 and 345 g of a kilogram 345. No float is
// ever involved; text is read at one edge and written at the other.

import type { Brand } from '#foundation/brand.ts';
import { failure, invariant, type Result, success } from '#foundation/result.ts';

/** Whole thousandths of a unit, 1 … 999,999,999; never negative: what comes back is a return, not a negative sale. */
export type Quantity = Brand<number, 'Quantity'>;

/** What a quantity counts. A piece is sold whole; the others are measured, to a thousandth. */
export const units = ['piece', 'kilogram', 'litre', 'metre'] as const;
export type Unit = (typeof units)[number];

export const quantityMax = 999_999_999;
const thousandthsInOne = 1_000;

export function isQuantity(value: unknown): value is Quantity {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= quantityMax;
}

/** A quantity from whole thousandths that are known to be in range. */
export function quantity(thousandths: number): Quantity {
  invariant(isQuantity(thousandths), `a quantity is 1 to ${quantityMax} whole thousandths`);
  return thousandths;
}

export const onePiece = quantity(thousandthsInOne);

/** A quantity of whole pieces, 1 … 999,999. */
export function pieces(count: number): Quantity {
  return quantity(count * thousandthsInOne);
}

export function isMeasured(unit: Unit): boolean {
  return unit !== 'piece';
}

/** Whether a quantity can be had in a unit: pieces are whole. */
export function fitsUnit(amount: Quantity, unit: Unit): boolean {
  return isMeasured(unit) || amount % thousandthsInOne === 0;
}

/** The two together, or `undefined` when they are more than a quantity can be. */
export function addQuantities(left: Quantity, right: Quantity): Quantity | undefined {
  const sum = left + right;
  return isQuantity(sum) ? sum : undefined;
}

/** What is left of `whole` without `part`, or `undefined` when nothing is. */
export function subtractQuantity(whole: Quantity, part: Quantity): Quantity | undefined {
  const rest = whole - part;
  return isQuantity(rest) ? rest : undefined;
}

/** Reads `"3"` or `"0.345"`: plain digits, at most three decimals, more than nothing. */
export function parseQuantity(text: string): Result<Quantity, 'malformed' | 'too-precise' | 'out-of-range'> {
  const match = /^(\d{1,9})(?:\.(\d{1,18}))?$/.exec(text);
  if (match === null) return failure('malformed');
  const decimals = match[2] ?? '';
  if (decimals.length > 3) return failure('too-precise');
  const thousandths = Number(`${match[1]}${decimals.padEnd(3, '0')}`);
  return isQuantity(thousandths) ? success(thousandths) : failure('out-of-range');
}

/** `"3"`, `"0.345"`: the shortest text that `parseQuantity` reads back as the same. */
export function formatQuantity(amount: Quantity): string {
  const text = amount.toString().padStart(4, '0');
  const decimals = text.slice(-3).replace(/0+$/, '');
  return decimals === '' ? text.slice(0, -3) : `${text.slice(0, -3)}.${decimals}`;
}
