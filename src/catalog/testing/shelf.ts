// Products and what goes with them, for tests: each names only what matters to it.

import { type MerchantId, makeId, type ProductId, type StoreId } from '#foundation/id.ts';
import { type Instant, instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { invariant } from '#foundation/result.ts';
import type { CatalogEdit, CatalogRecord } from '../catalog-change.ts';
import { type DepartmentId, type PriceListId, type ProductCode, parseCode, type TaxClassId } from '../code.ts';
import type { Department } from '../department.ts';
import { type Gtin, parseGtin } from '../gtin.ts';
import { pinyinOf } from '../pinyin/pinyin.ts';
import type { Price } from '../price.ts';
import type { Product } from '../product.ts';

export const noon = instant(Date.UTC(2026, 10, 23, 4, 0, 0));

export function at(offsetMs: number): Instant {
  return instant(noon + offsetMs);
}

const random = seededRandom(20_261_123);
let made = 0;

export const someStore = (): StoreId => makeId('store', noon, random);
export const someMerchant = (): MerchantId => makeId('merchant', noon, random);

/** A barcode of our fictitious company, another with every number. */
export function barcode(text: string): Gtin {
  const gtin = parseGtin(text);
  invariant(gtin.ok, `${text} is no barcode`);
  return gtin.value;
}

export function departmentCode(text: string): DepartmentId {
  const code = parseCode('department', text);
  invariant(code !== undefined, text);
  return code;
}

export function taxCode(text: string): TaxClassId {
  const code = parseCode('tax-class', text);
  invariant(code !== undefined, text);
  return code;
}

export function listCode(text: string): PriceListId {
  const code = parseCode('price-list', text);
  invariant(code !== undefined, text);
  return code;
}

export function productCode(text: string): ProductCode {
  const code = parseCode('product', text);
  invariant(code !== undefined, text);
  return code;
}

export const someDepartment = (id: string, change: Partial<Department> = {}): Department => ({
  id: departmentCode(id),
  parentId: null,
  names: { en: id, zh: '' },
  sort: 0,
  ...change,
});

/** Pure milk, with an id and a code of its own. */
export function someProduct(change: Partial<Product> = {}): Product {
  made += 1;
  const names = change.names ?? { en: 'Pure milk 250 ml', zh: '纯牛奶250毫升' };
  return {
    id: makeId('product', noon, random),
    code: productCode(`T${made}`),
    pinyin: pinyinOf(names.zh),
    departmentId: departmentCode('dairy'),
    barcodes: [],
    taxClassId: taxCode('vat-13'),
    unit: 'piece',
    plu: null,
    minimumAge: null,
    isActive: true,
    picture: null,
    ...change,
    names,
  };
}

export const somePrice = (productId: ProductId, minor: bigint, change: Partial<Price> = {}): Price => ({
  listId: listCode('regular'),
  productId,
  storeId: null,
  amount: money('CNY', minor),
  validFrom: at(0),
  validTo: null,
  ...change,
});

export const upsert = (record: CatalogRecord): CatalogEdit => ({ act: 'upsert', record });
export const upsertProduct = (product: Product): CatalogEdit => upsert({ kind: 'product', product });
export const upsertPrice = (price: Price): CatalogEdit => upsert({ kind: 'price', price });

/** What every product here refers to: a department, a tax class and two price lists. */
export const groundEdits: readonly CatalogEdit[] = [
  upsert({ kind: 'department', department: someDepartment('dairy') }),
  upsert({
    kind: 'tax-class',
    taxClass: { id: taxCode('vat-13'), names: { en: 'VAT 13 %', zh: '' }, rateBps: 1_300, isIncluded: true },
  }),
  upsert({ kind: 'price-list', priceList: { id: listCode('regular'), names: { en: 'Regular', zh: '' }, rank: 0 } }),
  upsert({ kind: 'price-list', priceList: { id: listCode('weekly'), names: { en: 'Weekly', zh: '' }, rank: 10 } }),
];
