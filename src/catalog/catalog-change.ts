// What changes in a catalogue, one record at a time. The journal numbers what it writes with versions that only grow, so that whoever
// holds a copy says up to which version it has heard and is told the rest.

import type { ProductId } from '#foundation/id.ts';
import { unreachable } from '#foundation/result.ts';
import type { DepartmentId, PriceListId, TaxClassId } from './code.ts';
import type { Department } from './department.ts';
import { sameNames } from './names.ts';
import { type Price, type PriceKey, type PriceList, samePrice } from './price.ts';
import { type Product, sameProduct } from './product.ts';
import type { TaxClass } from './tax-class.ts';

/** A record of the catalogue that tills hold. Costs and stock are not among them. */
export type CatalogRecord =
  | { readonly kind: 'product'; readonly product: Product }
  | { readonly kind: 'department'; readonly department: Department }
  | { readonly kind: 'tax-class'; readonly taxClass: TaxClass }
  | { readonly kind: 'price-list'; readonly priceList: PriceList }
  | { readonly kind: 'price'; readonly price: Price };

/** What tells one record from another of its kind. */
export type CatalogKey =
  | { readonly kind: 'product'; readonly id: ProductId }
  | { readonly kind: 'department'; readonly id: DepartmentId }
  | { readonly kind: 'tax-class'; readonly id: TaxClassId }
  | { readonly kind: 'price-list'; readonly id: PriceListId }
  | { readonly kind: 'price'; readonly price: PriceKey };

export type CatalogEdit =
  | { readonly act: 'upsert'; readonly record: CatalogRecord }
  | { readonly act: 'delete'; readonly key: CatalogKey };

/**
 * A change that was written. Versions grow by at least one from change to change of a merchant and are never used again; where a
 * record has changed several times, the earlier changes may be missing.
 */
export type CatalogChange = CatalogEdit & { readonly version: number };

export function keyOfRecord(record: CatalogRecord): CatalogKey {
  switch (record.kind) {
    case 'product':
      return { kind: 'product', id: record.product.id };
    case 'department':
      return { kind: 'department', id: record.department.id };
    case 'tax-class':
      return { kind: 'tax-class', id: record.taxClass.id };
    case 'price-list':
      return { kind: 'price-list', id: record.priceList.id };
    case 'price': {
      const { listId, productId, storeId, validFrom } = record.price;
      return { kind: 'price', price: { listId, productId, storeId, validFrom } };
    }
    default:
      return unreachable(record);
  }
}

export function keyOfEdit(edit: CatalogEdit): CatalogKey {
  return edit.act === 'upsert' ? keyOfRecord(edit.record) : edit.key;
}

/** A key as text, the same for the same record and no other: for maps and tables. */
export function keyText(key: CatalogKey): string {
  if (key.kind !== 'price') return `${key.kind} ${key.id}`;
  const { listId, productId, storeId, validFrom } = key.price;
  return `price ${productId} ${listId} ${storeId ?? '*'} ${validFrom}`;
}

/** Whether two records say the same: an upsert of what is there already changes nothing and gets no version. */
export function sameRecord(left: CatalogRecord, right: CatalogRecord): boolean {
  if (left.kind === 'product') return right.kind === 'product' && sameProduct(left.product, right.product);
  if (left.kind === 'price') return right.kind === 'price' && samePrice(left.price, right.price);
  if (left.kind === 'department') {
    return right.kind === 'department' && sameDepartment(left.department, right.department);
  }
  if (left.kind === 'tax-class') return right.kind === 'tax-class' && sameTaxClass(left.taxClass, right.taxClass);
  return right.kind === 'price-list' && samePriceList(left.priceList, right.priceList);
}

function sameDepartment(left: Department, right: Department): boolean {
  const isPlacedAlike = left.parentId === right.parentId && left.sort === right.sort;
  return left.id === right.id && isPlacedAlike && sameNames(left.names, right.names);
}

function sameTaxClass(left: TaxClass, right: TaxClass): boolean {
  const isTaxedAlike = left.rateBps === right.rateBps && left.isIncluded === right.isIncluded;
  return left.id === right.id && isTaxedAlike && sameNames(left.names, right.names);
}

function samePriceList(left: PriceList, right: PriceList): boolean {
  return left.id === right.id && left.rank === right.rank && sameNames(left.names, right.names);
}
