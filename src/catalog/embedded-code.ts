// What a scale prints: an EAN-13 of the store's own that holds the product's number and its price or weight. How the digits are shared
// out differs from store to store and from scale to scale, so it is configured.
//
//   2 5   0 0 1 2 3   0 1 2 8 0   4        prefix 25, PLU of 5 digits, price 12.80, check digit of the whole
//   2 1   0 0 1 2   6   0 1 2 8 0   ?      the same with a check digit of the price, which a careful scale prints before it
//
// @see https://www.gs1.org/standards/barcodes-epcrfid-id-keys/gs1-general-specifications (sections 2.1.13 and 7.9.2 to 7.9.4)

import { type Money, money, multiply } from '#foundation/money.ts';
import { failure, invariant, type Result, success } from '#foundation/result.ts';
import { parseGtin } from './gtin.ts';
import type { Plu } from './product.ts';

/** How one prefix is laid out. What the prefix, the PLU and the check digit leave of the twelve digits is the measure. */
export type EmbeddedLayout = {
  /** `20` to `29`; one layout a prefix. */
  readonly prefix: string;
  readonly pluDigits: number;
  readonly measure: 'price' | 'weight';
  /** Whether a check digit of the measure stands before it. GS1 defines one for measures of 4 and of 5 digits. */
  readonly hasMeasureCheckDigit: boolean;
  /** What one count of the measure is: minor units of money, or grams. 1 when prices are in fen and weights in grams. */
  readonly step: number;
};

export type EmbeddedMeasure =
  /** What the label asks for, in minor units of the store's currency. */
  | { readonly kind: 'price'; readonly minor: bigint }
  /** In whole thousandths of a kilogram. */
  | { readonly kind: 'weight'; readonly thousandths: number };

export type EmbeddedCode = { readonly plu: Plu; readonly measure: EmbeddedMeasure };

export type EmbeddedProblem =
  | 'not-embedded'
  | 'wrong-check-digit'
  | 'wrong-measure-check-digit'
  | 'no-plu'
  | 'no-measure';

export type LayoutProblem = 'prefix' | 'plu-digits' | 'check-digit-length' | 'step';

/** What is used where a store has set nothing: 20 to 24 hold a price in fen, 25 to 29 a weight in grams, PLU of five digits. */
export const defaultLayouts: readonly EmbeddedLayout[] = [
  ...['20', '21', '22', '23', '24'].map((prefix) => usualLayout(prefix, 'price')),
  ...['25', '26', '27', '28', '29'].map((prefix) => usualLayout(prefix, 'weight')),
];

function usualLayout(prefix: string, measure: EmbeddedLayout['measure']): EmbeddedLayout {
  return { prefix, pluDigits: 5, measure, hasMeasureCheckDigit: false, step: 1 };
}

/** Tells what is wrong with a layout that was configured; `undefined` when nothing is. */
export function layoutProblem(layout: EmbeddedLayout): LayoutProblem | undefined {
  if (!/^2\d$/.test(layout.prefix)) return 'prefix';
  if (!Number.isInteger(layout.pluDigits) || layout.pluDigits < 3 || layout.pluDigits > 7) return 'plu-digits';
  if (layout.hasMeasureCheckDigit && ![4, 5].includes(measureDigits(layout))) return 'check-digit-length';
  return Number.isInteger(layout.step) && layout.step >= 1 && layout.step <= 1_000 ? undefined : 'step';
}

/**
 * Reads a scale's label. `not-embedded`: it is no EAN-13 with a prefix that has a layout; look it up as an ordinary barcode.
 * The other problems are of a label that must not be sold from: it is misprinted, misread, or says nothing.
 */
export function readEmbedded(text: string, layouts: readonly EmbeddedLayout[]): Result<EmbeddedCode, EmbeddedProblem> {
  const layout = text.length === 13 ? layouts.find(({ prefix }) => text.startsWith(prefix)) : undefined;
  if (layout === undefined || !/^\d+$/.test(text)) return failure('not-embedded');
  if (!parseGtin(text).ok) return failure('wrong-check-digit');
  const pluEnd = 2 + layout.pluDigits;
  const measureStart = pluEnd + (layout.hasMeasureCheckDigit ? 1 : 0);
  const measureText = text.slice(measureStart, 12);
  if (layout.hasMeasureCheckDigit && measureCheckDigit(measureText) !== text[pluEnd]) {
    return failure('wrong-measure-check-digit');
  }
  const plu = text.slice(2, pluEnd).replace(/^0+/, '');
  if (plu === '') return failure('no-plu');
  const counted = Number(measureText) * layout.step;
  if (counted === 0) return failure('no-measure');
  const measure: EmbeddedMeasure =
    layout.measure === 'price' ? { kind: 'price', minor: BigInt(counted) } : { kind: 'weight', thousandths: counted };
  return success({ plu, measure });
}

/** What a weight costs: price of a kilogram × weight, a half fen up. */
export function amountOfWeight(perKilogram: Money, thousandths: number): Money {
  return multiply(perKilogram, { numerator: BigInt(thousandths), denominator: 1_000n }, 'half-up');
}

/**
 * The weight that a price label stands for, in whole thousandths, a half up: for stock only. The price on the label is
 * what is paid, whatever comes of multiplying back. `undefined` when a kilogram costs nothing.
 */
export function weightOfAmount(amount: Money, perKilogram: Money): number | undefined {
  invariant(amount.currency === perKilogram.currency, 'a label and its price are in one currency');
  if (perKilogram.minor <= 0n) return undefined;
  const thousand = money(amount.currency, 1_000n);
  return Number(multiply(thousand, { numerator: amount.minor, denominator: perKilogram.minor }, 'half-up').minor);
}

// GS1's weightings of a digit: "2-" is twice it less its carry, "5+" five times with the carry, "5-" five times without, each mod 10.
const twoMinus: readonly number[] = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7];
const three: readonly number[] = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
const fivePlus: readonly number[] = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9];
const fiveMinus: readonly number[] = [0, 5, 9, 4, 8, 3, 7, 2, 6, 1];
const ofFour = [twoMinus, twoMinus, three, fiveMinus];
const ofFive = [fivePlus, twoMinus, fiveMinus, fivePlus, twoMinus];

/** GS1's check digit of a measure of 4 or 5 digits; `undefined` for other lengths. */
export function measureCheckDigit(digits: string): string | undefined {
  const weights = digits.length === 4 ? ofFour : digits.length === 5 ? ofFive : undefined;
  if (weights === undefined) return undefined;
  const sum = weights.reduce((total, weighting, place) => total + (weighting[Number(digits[place])] ?? 0), 0);
  if (digits.length === 4) return String((sum * 3) % 10);
  const missing = (10 - (sum % 10)) % 10;
  return String(fiveMinus.indexOf(missing));
}

function measureDigits(layout: EmbeddedLayout): number {
  return 10 - layout.pluDigits - (layout.hasMeasureCheckDigit ? 1 : 0);
}
