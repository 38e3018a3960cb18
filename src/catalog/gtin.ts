// Article numbers (GTIN) as GS1 defines them: 8, 12, 13 or 14 digits, the last a check digit. The same article is printed in several
// lengths, so every number is brought to one spelling before it is compared: a UPC-A is an EAN-13 with a zero in front.
// @see https://www.gs1.org/standards/barcodes-epcrfid-id-keys/gs1-general-specifications (sections 3.3.2 and 7.9.1)

import type { Brand } from '#foundation/brand.ts';
import { failure, invariant, type Result, success } from '#foundation/result.ts';

/** An article number in its one spelling: 8, 13 or 14 digits with a right check digit. */
export type Gtin = Brand<string, 'Gtin'>;

export type GtinProblem = 'malformed' | 'wrong-check-digit';

const lengths: readonly number[] = [8, 12, 13, 14];

/**
 * Reads digits that were scanned, typed or imported. Any other length or sign is `malformed`. A check digit that does not fit is a
 * misprint or a misreading, and such a number is never looked up.
 */
export function parseGtin(text: string): Result<Gtin, GtinProblem> {
  if (!/^\d+$/.test(text) || !lengths.includes(text.length)) return failure('malformed');
  if (checkDigit(text.slice(0, -1)) !== text.at(-1)) return failure('wrong-check-digit');
  return success(normalise(text));
}

/** The number whose digits but the last are given: 7, 11, 12 or 13 of them. */
export function makeGtin(digitsWithoutCheck: string): Gtin {
  invariant(/^(\d{7}|\d{11,13})$/.test(digitsWithoutCheck), `${digitsWithoutCheck} is no article number`);
  return normalise(`${digitsWithoutCheck}${checkDigit(digitsWithoutCheck)}`);
}

/** GS1's check digit: weights 3 and 1 from the right, so that the sum with it is a multiple of ten. */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const fromRight = digits.length - 1 - place;
    sum += Number(digits[place]) * (fromRight % 2 === 0 ? 3 : 1);
  }
  return String((10 - (sum % 10)) % 10);
}

/**
 * Whether GS1 leaves the number to each store (20 to 29, and 2 on the short form): it means nothing elsewhere, and a scale's label
 * begins so.
 */
export function isStoreInternal(gtin: Gtin): boolean {
  return gtin.length === 8 ? gtin.startsWith('2') || gtin.startsWith('0') : gtin.length === 13 && gtin.startsWith('2');
}

// Fourteen digits are the full form. Six zeros in front make it a GTIN-8, one a GTIN-13; a GTIN-12 is a GTIN-13 that begins with 0.
function normalise(digits: string): Gtin {
  const full = digits.padStart(14, '0');
  if (full.startsWith('000000')) return full.slice(6) as Gtin;
  return (full.startsWith('0') ? full.slice(1) : full) as Gtin;
}
