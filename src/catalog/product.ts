// A product is a thing that a store sells under one price: what it is called, where it belongs, how it is scanned and taxed. What it
// costs to buy and sell is kept beside it (price.ts, cost.ts), because prices have dates and costs are nobody's at the till.

import type { ProductId } from '#foundation/id.ts';
import type { DepartmentId, ProductCode, TaxClassId } from './code.ts';
import type { Gtin } from './gtin.ts';
import { type Names, sameNames } from './names.ts';

/** How it is counted. A price is for one piece or for one kilogram. */
export type Unit = 'piece' | 'kilogram';

/** The number that a scale knows a product by and prints into its labels, without zeros in front. */
export type Plu = string;

export type Product = {
  readonly id: ProductId;
  /** Unique within the merchant. */
  readonly code: ProductCode;
  readonly names: Names;
  /** How the Chinese name is read, syllable by syllable, without tones: `chun niu nai 250 ml`. Filled by `pinyinOf` or by hand. */
  readonly pinyin: string;
  readonly departmentId: DepartmentId;
  /** Each belongs to one product only; 20 at the most. */
  readonly barcodes: readonly Gtin[];
  readonly taxClassId: TaxClassId;
  readonly unit: Unit;
  /** Unique within the merchant. Null: not weighed on a scale that prints labels. */
  readonly plu: Plu | null;
  /** In whole years. Null: sold to anybody. */
  readonly minimumAge: number | null;
  /** False: kept for old receipts, neither found nor sold. */
  readonly isActive: boolean;
  /** Where its picture is, relative to the store's pictures. */
  readonly picture: string | null;
};

export const barcodeCountMax = 20;
export const minimumAgeMax = 120;

/** A scale's number as people write it, `undefined` when it is none: 1 to 7 digits, zeros in front do not count. */
export function parsePlu(text: string): Plu | undefined {
  return /^0*[1-9]\d{0,6}$/.test(text) ? text.replace(/^0+/, '') : undefined;
}

/** Whether two records of one product say the same. The order of barcodes matters: the first is the one that labels show. */
export function sameProduct(left: Product, right: Product): boolean {
  return (
    left.id === right.id &&
    left.code === right.code &&
    sameNames(left.names, right.names) &&
    left.pinyin === right.pinyin &&
    left.departmentId === right.departmentId &&
    left.barcodes.join() === right.barcodes.join() &&
    left.taxClassId === right.taxClassId &&
    left.unit === right.unit &&
    left.plu === right.plu &&
    left.minimumAge === right.minimumAge &&
    left.isActive === right.isActive &&
    left.picture === right.picture
  );
}
