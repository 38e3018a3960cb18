// Reads records of the catalogue by what names them. The pool reads with these for callers, and a writer within its transaction, to
// judge what it is about to write.

import type {
  Cost,
  Department,
  DepartmentId,
  Gtin,
  Plu,
  Price,
  PriceKey,
  PriceList,
  PriceListId,
  Product,
  ProductCode,
  ProductPage,
  TaxClass,
  TaxClassId,
} from '#catalog/index.ts';
import type { MerchantId, ProductId } from '#foundation/id.ts';
import type { Row, Statement } from '../database.ts';
import {
  costJson,
  costOf,
  departmentJson,
  priceJson,
  priceKeyRow,
  priceKeyTypes,
  priceListJson,
  priceOf,
  productJson,
  type StoredCost,
  type StoredPrice,
  taxClassJson,
} from './catalog-rows.ts';
import { readPortions } from './in-portions.ts';

/** Runs a statement that reads: on the pool, or on the connection of a transaction. */
export type Query = <R extends Row>(statement: Statement, values: readonly unknown[]) => Promise<readonly R[]>;

interface Found<Value> extends Row {
  readonly found: Value;
}

const productsById: Statement = {
  name: 'products-by-id',
  text: `SELECT ${productJson} AS found FROM unnest($2::text[]) k (id) JOIN product p ON p.merchant_id = $1 AND p.id = k.id`,
};
const productsByCode: Statement = {
  name: 'products-by-code',
  text: `SELECT ${productJson} AS found FROM unnest($2::text[]) k (code) JOIN product p ON p.code = k.code AND p.merchant_id = $1`,
};
const productsByPlu: Statement = {
  name: 'products-by-plu',
  text: `SELECT ${productJson} AS found FROM unnest($2::text[]) k (plu) JOIN product p ON p.plu = k.plu AND p.merchant_id = $1`,
};
const productsByBarcode: Statement = {
  name: 'products-by-barcode',
  text: `SELECT json_build_object('barcode', h.barcode, 'product', ${productJson}) AS found
FROM unnest($2::text[]) k (barcode)
JOIN product_barcode h ON h.barcode = k.barcode AND h.merchant_id = $1
JOIN product p ON p.merchant_id = $1 AND p.id = h.product_id`,
};
const productPage: Statement = {
  name: 'product-page',
  text: `SELECT ${productJson} AS found FROM product p WHERE p.merchant_id = $1 AND p.id > $2 ORDER BY p.id LIMIT $3`,
};
const productPageOfDepartment: Statement = {
  name: 'product-page-of-department',
  text: `SELECT ${productJson} AS found FROM product p
WHERE p.merchant_id = $1 AND p.id > $2 AND p.department_id = $4 ORDER BY p.id LIMIT $3`,
};
const departments: Statement = {
  name: 'departments',
  text: `SELECT ${departmentJson} AS found FROM department d WHERE d.merchant_id = $1`,
};
const taxClasses: Statement = {
  name: 'tax-classes',
  text: `SELECT ${taxClassJson} AS found FROM tax_class t WHERE t.merchant_id = $1`,
};
const priceLists: Statement = {
  name: 'price-lists',
  text: `SELECT ${priceListJson} AS found FROM price_list l WHERE l.merchant_id = $1`,
};
const pricesOfProducts: Statement = {
  name: 'prices-of-products',
  text: `SELECT ${priceJson} AS found FROM unnest($2::text[]) k (id) JOIN price a ON a.product_id = k.id AND a.merchant_id = $1`,
};
const pricesByKey: Statement = {
  name: 'prices-by-key',
  text: `SELECT ${priceJson} AS found FROM json_to_recordset($1::json) k (${priceKeyTypes})
JOIN price a ON a.product_id = k.product_id AND a.merchant_id = k.merchant_id AND a.list_id = k.list_id
  AND a.valid_from = k.valid_from AND a.store_id IS NOT DISTINCT FROM k.store_id`,
};
const costsOfProducts: Statement = {
  name: 'costs-of-products',
  text: `SELECT ${costJson} AS found
FROM unnest($2::text[]) k (id) JOIN product_cost c ON c.product_id = k.id AND c.merchant_id = $1 ORDER BY c.valid_from`,
};

async function readEach<Value>(
  query: Query,
  statement: Statement,
  merchantId: MerchantId,
  names: Iterable<string>,
): Promise<readonly Value[]> {
  const rows = await readPortions(new Set(names), (portion) => query<Found<Value>>(statement, [merchantId, portion]));
  return rows.map(({ found }) => found);
}

export async function readProducts(query: Query, merchantId: MerchantId, ids: Iterable<ProductId>) {
  const found = await readEach<Product>(query, productsById, merchantId, ids);
  return new Map(found.map((product) => [product.id, product]));
}

export async function readByCodes(query: Query, merchantId: MerchantId, codes: Iterable<ProductCode>) {
  const found = await readEach<Product>(query, productsByCode, merchantId, codes);
  return new Map(found.map((product) => [product.code, product]));
}

export async function readByPlus(query: Query, merchantId: MerchantId, plus: Iterable<Plu>) {
  const found = await readEach<Product>(query, productsByPlu, merchantId, plus);
  return new Map(found.flatMap((product): [Plu, Product][] => (product.plu === null ? [] : [[product.plu, product]])));
}

export async function readByBarcodes(query: Query, merchantId: MerchantId, barcodes: Iterable<Gtin>) {
  type Holder = { readonly barcode: Gtin; readonly product: Product };
  const found = await readEach<Holder>(query, productsByBarcode, merchantId, barcodes);
  return new Map(found.map(({ barcode, product }) => [barcode, product]));
}

/** `limit` products after an id, in the order of their ids. */
export async function readPage(query: Query, { merchantId, departmentId, after, limit }: ProductPage) {
  const values = [merchantId, after ?? '', limit];
  const rows =
    departmentId === null
      ? await query<Found<Product>>(productPage, values)
      : await query<Found<Product>>(productPageOfDepartment, [...values, departmentId]);
  return rows.map(({ found }) => found);
}

export async function readDepartments(query: Query, merchantId: MerchantId): Promise<Map<DepartmentId, Department>> {
  const rows = await query<Found<Department>>(departments, [merchantId]);
  return new Map(rows.map(({ found }) => [found.id, found]));
}

export async function readTaxClasses(query: Query, merchantId: MerchantId): Promise<Map<TaxClassId, TaxClass>> {
  const rows = await query<Found<TaxClass>>(taxClasses, [merchantId]);
  return new Map(rows.map(({ found }) => [found.id, found]));
}

export async function readPriceLists(query: Query, merchantId: MerchantId): Promise<Map<PriceListId, PriceList>> {
  const rows = await query<Found<PriceList>>(priceLists, [merchantId]);
  return new Map(rows.map(({ found }) => [found.id, found]));
}

/** A list for each of the ids, empty where a product has no prices. */
export async function readPrices(query: Query, merchantId: MerchantId, ids: readonly ProductId[]) {
  const found = await readEach<StoredPrice>(query, pricesOfProducts, merchantId, ids);
  return groupByProduct<Price>(ids, found.map(priceOf));
}

/** The prices that are there, of those that the keys name. */
export async function readPricesByKey(query: Query, merchantId: MerchantId, keys: Iterable<PriceKey>) {
  const rows = await readPortions(keys, (portion) =>
    query<Found<StoredPrice>>(pricesByKey, [JSON.stringify(portion.map((key) => priceKeyRow(merchantId, key)))]),
  );
  return rows.map(({ found }) => priceOf(found));
}

/** A history for each of the ids, oldest first, empty where a product has no costs. */
export async function readCosts(query: Query, merchantId: MerchantId, ids: readonly ProductId[]) {
  const found = await readEach<StoredCost>(query, costsOfProducts, merchantId, ids);
  return groupByProduct<Cost>(ids, found.map(costOf));
}

function groupByProduct<Part extends { readonly productId: ProductId }>(
  ids: readonly ProductId[],
  parts: readonly Part[],
): ReadonlyMap<ProductId, readonly Part[]> {
  const groups = new Map(ids.map((id): [ProductId, Part[]] => [id, []]));
  for (const part of parts) groups.get(part.productId)?.push(part);
  return groups;
}
