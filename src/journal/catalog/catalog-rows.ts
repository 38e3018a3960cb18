// How the catalogue's records lie in their tables: to JSON objects that a statement unpacks, and back from JSON that it builds. Both
// ways money is decimal text, for JSON's numbers are floats. What is read is built as the record that it becomes, so that one
// product and a page of changes are read by the same words.

import type {
  CatalogChange,
  CatalogKey,
  CatalogRecord,
  Cost,
  Department,
  Price,
  PriceKey,
  PriceList,
  Product,
  TaxClass,
} from '#catalog/index.ts';
import type { MerchantId } from '#foundation/id.ts';
import { formatInstant } from '#foundation/instant.ts';
import type { Currency } from '#foundation/money.ts';
import { unreachable } from '#foundation/result.ts';
import { moneyOf, storable } from '../attempt-rows.ts';

const namesJson = (table: string) => `json_build_object('en', ${table}.name_en, 'zh', ${table}.name_zh)`;
const instantJson = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint`;
const moneyJson = (table: string) => `'minor', ${table}.amount_minor::text, 'currency', ${table}.currency`;

/** A `Product` from the table `p`. */
export const productJson = `json_build_object('id', p.id, 'code', p.code, 'names', ${namesJson('p')}, 'pinyin', p.pinyin,
  'departmentId', p.department_id, 'barcodes', coalesce((SELECT json_agg(b.barcode ORDER BY b.place) FROM product_barcode b
    WHERE b.product_id = p.id AND b.merchant_id = p.merchant_id), '[]'::json), 'taxClassId', p.tax_class_id, 'unit', p.unit,
  'plu', p.plu, 'minimumAge', p.minimum_age, 'isActive', p.is_active, 'picture', p.picture)`;
/** A `Department` from the table `d`. */
export const departmentJson = `json_build_object('id', d.id, 'parentId', d.parent_id, 'names', ${namesJson('d')}, 'sort', d.sort)`;
/** A `TaxClass` from the table `t`. */
export const taxClassJson = `json_build_object('id', t.id, 'names', ${namesJson('t')}, 'rateBps', t.rate_bps,
  'isIncluded', t.is_included)`;
/** A `PriceList` from the table `l`. */
export const priceListJson = `json_build_object('id', l.id, 'names', ${namesJson('l')}, 'rank', l.rank)`;
/** A `StoredPrice` from the table `a`. */
export const priceJson = `json_build_object('listId', a.list_id, 'productId', a.product_id, 'storeId', a.store_id,
  'validFrom', ${instantJson('a.valid_from')}, 'validTo', ${instantJson('a.valid_to')}, ${moneyJson('a')})`;
/** A `StoredCost` from the table `c`. */
export const costJson = `json_build_object('productId', c.product_id, 'validFrom', ${instantJson('c.valid_from')}, ${moneyJson('c')})`;

type StoredMoney = { readonly minor: string; readonly currency: Currency };
export type StoredPrice = Omit<Price, 'amount'> & StoredMoney;
export type StoredCost = Omit<Cost, 'amount'> & StoredMoney;

/** A change as the statement of `changes-since.ts` builds it. */
export type StoredChange = { readonly version: number } & (
  | { readonly kind: 'product'; readonly record: Product }
  | { readonly kind: 'department'; readonly record: Department }
  | { readonly kind: 'tax-class'; readonly record: TaxClass }
  | { readonly kind: 'price-list'; readonly record: PriceList }
  | { readonly kind: 'price'; readonly record: StoredPrice }
  | { readonly kind: 'deletion'; readonly record: CatalogKey }
);

export function priceOf({ minor, currency, ...price }: StoredPrice): Price {
  return { ...price, amount: moneyOf(currency, minor) };
}

export function costOf({ minor, currency, ...cost }: StoredCost): Cost {
  return { ...cost, amount: moneyOf(currency, minor) };
}

export function changeOf(stored: StoredChange): CatalogChange {
  const { version } = stored;
  if (stored.kind === 'deletion') return { version, act: 'delete', key: stored.record };
  return { version, act: 'upsert', record: recordOf(stored) };
}

function recordOf(stored: Exclude<StoredChange, { kind: 'deletion' }>): CatalogRecord {
  switch (stored.kind) {
    case 'product':
      return { kind: 'product', product: stored.record };
    case 'department':
      return { kind: 'department', department: stored.record };
    case 'tax-class':
      return { kind: 'tax-class', taxClass: stored.record };
    case 'price-list':
      return { kind: 'price-list', priceList: stored.record };
    case 'price':
      return { kind: 'price', price: priceOf(stored.record) };
    default:
      return unreachable(stored);
  }
}

export const productTypes = `merchant_id text, id text, code text, name_en text, name_zh text, pinyin text, department_id text,
  tax_class_id text, unit text, plu text, minimum_age integer, is_active boolean, picture text, version bigint`;
export const departmentTypes = `merchant_id text, id text, parent_id text, name_en text, name_zh text, sort integer, version bigint`;
export const taxClassTypes = `merchant_id text, id text, name_en text, name_zh text, rate_bps integer, is_included boolean,
  version bigint`;
export const priceListTypes = 'merchant_id text, id text, name_en text, name_zh text, rank integer, version bigint';
export const priceKeyTypes = 'merchant_id text, product_id text, list_id text, valid_from timestamptz, store_id text';
export const priceTypes = `${priceKeyTypes}, valid_to timestamptz, amount_minor bigint, currency text, version bigint`;
export const costTypes =
  'merchant_id text, product_id text, valid_from timestamptz, amount_minor bigint, currency text';

const namesRow = (names: Product['names']) => ({ name_en: storable(names.en), name_zh: storable(names.zh) });

/** A record and its version under the names of its columns; of a product without its barcodes. */
export function recordRow(merchant_id: MerchantId, record: CatalogRecord, version: number) {
  switch (record.kind) {
    case 'product':
      return { merchant_id, version, ...productRow(record.product) };
    case 'department': {
      const { id, parentId: parent_id, names, sort } = record.department;
      return { merchant_id, version, id, parent_id, ...namesRow(names), sort };
    }
    case 'tax-class': {
      const { id, names, rateBps: rate_bps, isIncluded: is_included } = record.taxClass;
      return { merchant_id, version, id, ...namesRow(names), rate_bps, is_included };
    }
    case 'price-list': {
      const { id, names, rank } = record.priceList;
      return { merchant_id, version, id, ...namesRow(names), rank };
    }
    case 'price': {
      const { validTo, amount } = record.price;
      const valid_to = validTo === null ? null : formatInstant(validTo);
      const { currency } = amount;
      return {
        version,
        ...priceKeyRow(merchant_id, record.price),
        valid_to,
        amount_minor: `${amount.minor}`,
        currency,
      };
    }
    default:
      return unreachable(record);
  }
}

function productRow(product: Product) {
  return {
    id: product.id,
    code: product.code,
    ...namesRow(product.names),
    pinyin: storable(product.pinyin),
    department_id: product.departmentId,
    tax_class_id: product.taxClassId,
    unit: product.unit,
    plu: product.plu,
    minimum_age: product.minimumAge,
    is_active: product.isActive,
    picture: product.picture === null ? null : storable(product.picture),
  };
}

export function priceKeyRow(merchant_id: MerchantId, { listId, productId, storeId, validFrom }: PriceKey) {
  return {
    merchant_id,
    product_id: productId,
    list_id: listId,
    valid_from: formatInstant(validFrom),
    store_id: storeId,
  };
}

export function costRow(merchant_id: MerchantId, { productId, amount, validFrom }: Cost) {
  const { currency } = amount;
  const valid_from = formatInstant(validFrom);
  return { merchant_id, product_id: productId, valid_from, amount_minor: `${amount.minor}`, currency };
}
