// Reads of a merchant's catalogue what edits touch, so that they can be judged: the records as they stand, and who holds the codes
// and barcodes that the edits claim. The writer holds the merchant's version row, so what is read here cannot change under it.

import {
  type CatalogEdit,
  type CatalogRecord,
  type Cost,
  type Gtin,
  keyOfEdit,
  keyOfRecord,
  keyText,
  type Plu,
  type PriceKey,
  type PriceListId,
  type Product,
  type ProductCode,
  type WrittenCatalog,
} from '#catalog/index.ts';
import type { MerchantId, ProductId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import type { Row, Statement } from '../database.ts';
import { readPortions } from './in-portions.ts';
import {
  type Query,
  readDepartments,
  readPriceLists,
  readPrices,
  readPricesByKey,
  readProducts,
  readTaxClasses,
} from './read-catalog.ts';

export type Written = {
  readonly judged: WrittenCatalog;
  /** Records that the edits touch, as they stand, by `keyText`. A deleted product's prices are among them. */
  readonly records: ReadonlyMap<string, CatalogRecord>;
};

/** What edits name, sorted by what must be asked of the database. */
class Named {
  readonly products = new Set<ProductId>();
  readonly productsDeleted = new Set<ProductId>();
  /** Named by a price or a cost, and not edited themselves. */
  readonly productsPriced = new Set<ProductId>();
  readonly prices = new Map<string, PriceKey>();
  readonly barcodes = new Set<Gtin>();
  readonly codes = new Set<ProductCode>();
  readonly plus = new Set<Plu>();
  readonly departmentsDeleted = new Set<string>();
  readonly taxClassesDeleted = new Set<string>();
  readonly priceListsDeleted = new Set<PriceListId>();

  constructor(edits: readonly CatalogEdit[], costs: readonly Cost[]) {
    for (const edit of edits) {
      const key = keyOfEdit(edit);
      if (key.kind === 'product') this.products.add(key.id);
      if (key.kind === 'price') {
        this.prices.set(keyText(key), key.price);
        this.productsPriced.add(key.price.productId);
      }
      if (edit.act === 'delete') this.#addDeleted(edit);
      else if (edit.record.kind === 'product') this.#addClaims(edit.record.product);
    }
    for (const { productId } of costs) this.productsPriced.add(productId);
    for (const id of this.products) this.productsPriced.delete(id);
  }

  #addDeleted({ key }: Extract<CatalogEdit, { act: 'delete' }>): void {
    if (key.kind === 'product') this.productsDeleted.add(key.id);
    if (key.kind === 'department') this.departmentsDeleted.add(key.id);
    if (key.kind === 'tax-class') this.taxClassesDeleted.add(key.id);
    if (key.kind === 'price-list') this.priceListsDeleted.add(key.id);
  }

  #addClaims({ barcodes, code, plu }: Product): void {
    for (const barcode of barcodes) this.barcodes.add(barcode);
    this.codes.add(code);
    if (plu !== null) this.plus.add(plu);
  }
}

interface HolderRow extends Row {
  readonly name: string;
  readonly holder: ProductId;
}

const holdersOfBarcodes: Statement = {
  name: 'holders-of-barcodes',
  text: `SELECT b.barcode AS name, b.product_id AS holder
FROM unnest($2::text[]) k (name) JOIN product_barcode b ON b.barcode = k.name AND b.merchant_id = $1`,
};
const holdersOfCodes: Statement = {
  name: 'holders-of-codes',
  text: `SELECT p.code AS name, p.id AS holder
FROM unnest($2::text[]) k (name) JOIN product p ON p.code = k.name AND p.merchant_id = $1`,
};
const holdersOfPlus: Statement = {
  name: 'holders-of-plus',
  text: `SELECT p.plu AS name, p.id AS holder
FROM unnest($2::text[]) k (name) JOIN product p ON p.plu = k.name AND p.merchant_id = $1`,
};
const existing: Statement = {
  name: 'existing-products',
  text: `SELECT p.id AS name, p.id AS holder FROM unnest($2::text[]) k (id) JOIN product p ON p.merchant_id = $1 AND p.id = k.id`,
};

// Of what refers to a thing that is to go, one that the edits leave alone is enough to keep it.
const productOfDepartment: Statement = {
  name: 'product-of-department',
  text: `SELECT p.department_id AS name, p.id AS holder FROM product p
WHERE p.department_id = $2 AND p.merchant_id = $1 AND p.id <> ALL($3::text[]) LIMIT 1`,
};
const productOfTaxClass: Statement = {
  name: 'product-of-tax-class',
  text: `SELECT p.tax_class_id AS name, p.id AS holder FROM product p
WHERE p.tax_class_id = $2 AND p.merchant_id = $1 AND p.id <> ALL($3::text[]) LIMIT 1`,
};
const pricesOfList: Statement = {
  name: 'prices-of-list',
  text: `SELECT a.product_id, a.store_id, a.valid_from FROM price a
WHERE a.list_id = $2 AND a.merchant_id = $1 AND a.product_id <> ALL($3::text[]) LIMIT $4`,
};

interface PriceOfListRow extends Row {
  readonly product_id: ProductId;
  readonly store_id: PriceKey['storeId'];
  readonly valid_from: Date;
}

/** What is written already, as far as the edits and costs touch it. `query` runs within the writer's transaction. */
export async function readWritten(
  query: Query,
  merchantId: MerchantId,
  edits: readonly CatalogEdit[],
  costs: readonly Cost[],
): Promise<Written> {
  const named = new Named(edits, costs);
  const departments = await readDepartments(query, merchantId);
  const taxClasses = await readTaxClasses(query, merchantId);
  const priceLists = await readPriceLists(query, merchantId);
  const products = await readProducts(query, merchantId, named.products);
  const prices = await readPricesByKey(query, merchantId, named.prices.values());
  const pricesGoing = await readPrices(query, merchantId, [...named.productsDeleted]);
  const records: readonly CatalogRecord[] = [
    ...[...departments.values()].map((department): CatalogRecord => ({ kind: 'department', department })),
    ...[...taxClasses.values()].map((taxClass): CatalogRecord => ({ kind: 'tax-class', taxClass })),
    ...[...priceLists.values()].map((priceList): CatalogRecord => ({ kind: 'price-list', priceList })),
    ...[...products.values()].map((product): CatalogRecord => ({ kind: 'product', product })),
    ...[...prices, ...[...pricesGoing.values()].flat()].map((price): CatalogRecord => ({ kind: 'price', price })),
  ];
  const holders = async (statement: Statement, names: Iterable<string>) => {
    const rows = await readPortions(names, (portion) => query<HolderRow>(statement, [merchantId, portion]));
    return new Map(rows.map(({ name, holder }) => [name, holder]));
  };
  const priced = await holders(existing, named.productsPriced);
  const byBarcode = await holders(holdersOfBarcodes, named.barcodes);
  const byCode = await holders(holdersOfCodes, named.codes);
  const byPlu = await holders(holdersOfPlus, named.plus);
  const users = await readUsers(query, merchantId, named);
  const judged: WrittenCatalog = {
    departments,
    hasTaxClass: (id) => taxClasses.has(id),
    hasPriceList: (id) => priceLists.has(id),
    hasProduct: (id) => products.has(id) || priced.has(id),
    holderOfBarcode: (barcode) => byBarcode.get(barcode),
    holderOfCode: (code) => byCode.get(code),
    holderOfPlu: (plu) => byPlu.get(plu),
    ...users,
  };
  return { judged, records: new Map(records.map((record) => [keyText(keyOfRecord(record)), record])) };
}

/** What refers to departments, tax classes and price lists that the edits delete. */
async function readUsers(query: Query, merchantId: MerchantId, named: Named) {
  const edited = [...named.products];
  const referring = async (statement: Statement, ids: Iterable<string>) => {
    const found = new Map<string, readonly ProductId[]>();
    for (const id of ids) {
      const rows = await query<HolderRow>(statement, [merchantId, id, edited]);
      found.set(
        id,
        rows.map(({ holder }) => holder),
      );
    }
    return found;
  };
  const ofDepartment = await referring(productOfDepartment, named.departmentsDeleted);
  const ofTaxClass = await referring(productOfTaxClass, named.taxClassesDeleted);
  const ofList = new Map<PriceListId, readonly { readonly key: string; readonly productId: ProductId }[]>();
  for (const listId of named.priceListsDeleted) {
    // One more than the edits can take away themselves.
    const values = [merchantId, listId, [...named.productsDeleted], named.prices.size + 1];
    const rows = await query<PriceOfListRow>(pricesOfList, values);
    const keys = rows.map((row): PriceKey => {
      const { product_id: productId, store_id: storeId, valid_from } = row;
      return { listId, productId, storeId, validFrom: instant(valid_from.getTime()) };
    });
    ofList.set(
      listId,
      keys.map((price) => ({ key: keyText({ kind: 'price', price }), productId: price.productId })),
    );
  }
  return {
    productsOfDepartment: (id: string) => ofDepartment.get(id) ?? [],
    productsOfTaxClass: (id: string) => ofTaxClass.get(id) ?? [],
    pricesOfList: (id: PriceListId) => ofList.get(id) ?? [],
  };
}
