// Codes are the short names that a merchant gives: of products, departments, tax classes and price lists. People type them, print
// them and write them in files, so they are chosen and not made.

import type { Brand } from '#foundation/brand.ts';

/** The merchant's own number of a product (SKU): what is typed when the barcode is gone. */
export type ProductCode = Brand<string, 'ProductCode'>;
export type DepartmentId = Brand<string, 'DepartmentId'>;
export type TaxClassId = Brand<string, 'TaxClassId'>;
export type PriceListId = Brand<string, 'PriceListId'>;

type CodeOf = {
  product: ProductCode;
  department: DepartmentId;
  'tax-class': TaxClassId;
  'price-list': PriceListId;
};

// A product's code may have capitals; the others are lower case, so that two never differ by a capital only.
const shapes = {
  product: /^[0-9A-Za-z][0-9A-Za-z._/-]{0,39}$/,
  department: /^[a-z0-9][a-z0-9-]{0,39}$/,
  'tax-class': /^[a-z0-9][a-z0-9-]{0,39}$/,
  'price-list': /^[a-z0-9][a-z0-9-]{0,39}$/,
} as const satisfies Record<keyof CodeOf, RegExp>;

/** Reads a code that came from outside; `undefined` when it has the wrong shape (letters, digits, hyphen; 40 at the most). */
export function parseCode<Kind extends keyof CodeOf>(kind: Kind, text: string): CodeOf[Kind] | undefined {
  return shapes[kind].test(text) ? (text as CodeOf[Kind]) : undefined;
}
