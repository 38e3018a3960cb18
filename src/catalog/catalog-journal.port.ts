// The durable record of the catalogue: what is sold, what it costs, how much there is. PostgreSQL implements it (src/journal);
// simulation has one in memory; both pass catalog-journal.contract.ts. Every question is about one merchant.

import type { MerchantId, ProductId, StoreId } from '#foundation/id.ts';
import type { Result } from '#foundation/result.ts';
import type { CatalogChange, CatalogEdit } from './catalog-change.ts';
import type { DepartmentId, PriceListId, ProductCode, TaxClassId } from './code.ts';
import type { Cost } from './cost.ts';
import type { Department, DepartmentProblem } from './department.ts';
import type { Gtin } from './gtin.ts';
import type { Price, PriceList } from './price.ts';
import type { Plu, Product } from './product.ts';
import type { StockMovement } from './stock.ts';
import type { TaxClass } from './tax-class.ts';

/** What one transaction writes. Costs are the server's own: they get no version, and no till is told them. */
export type CatalogWrite = { readonly edits: readonly CatalogEdit[]; readonly costs: readonly Cost[] };

/** Why nothing was written. `at` is the place in `edits` (or in `costs`, where the kind says so), from 0. */
export type CatalogRefusal =
  | { readonly kind: 'barcode-taken'; readonly at: number; readonly barcode: Gtin; readonly by: ProductId }
  | { readonly kind: 'code-taken'; readonly at: number; readonly by: ProductId }
  | { readonly kind: 'plu-taken'; readonly at: number; readonly by: ProductId }
  | { readonly kind: 'unknown-department'; readonly at: number }
  | { readonly kind: 'unknown-tax-class'; readonly at: number }
  | { readonly kind: 'unknown-price-list'; readonly at: number }
  | { readonly kind: 'unknown-product'; readonly at: number }
  | { readonly kind: 'department-place'; readonly at: number; readonly problem: DepartmentProblem }
  /** It cannot go while products, departments or prices name it. */
  | { readonly kind: 'in-use'; readonly at: number }
  /** A cost for a product that does not exist. */
  | { readonly kind: 'cost-of-unknown-product'; readonly at: number };

/** A page of products in the order of their ids. `after` is the last id of the page before. */
export type ProductPage = {
  readonly merchantId: MerchantId;
  readonly departmentId: DepartmentId | null;
  readonly after: ProductId | null;
  readonly limit: number;
};

/** A page of changes after a version, in the order of their versions. */
export type ChangePage = { readonly merchantId: MerchantId; readonly after: number; readonly limit: number };

export type ChangesSince = {
  readonly changes: readonly CatalogChange[];
  /** The merchant's newest version: whoever has applied up to it has everything. */
  readonly latest: number;
};

export type StockRefusal =
  /** The key moved something else before. */
  { readonly kind: 'key-reused' } | { readonly kind: 'unknown-product' };

export interface CatalogJournal {
  /**
   * Writes all or nothing, and answers the newest version. What is written is judged as it will stand when all edits are done: two
   * products may exchange a barcode in one write. Edits under one key count in their order, the last one stays. An edit that
   * changes nothing gets no version. Deleting a product deletes its prices (each a change of its own) and its costs; its stock
   * movements stay. Deleting what is not there changes nothing.
   */
  write(merchantId: MerchantId, write: CatalogWrite): Promise<Result<{ readonly version: number }, CatalogRefusal>>;

  findProduct(merchantId: MerchantId, id: ProductId): Promise<Product | undefined>;
  /** Whether active or not: a barcode belongs to one product. */
  findByBarcodes(merchantId: MerchantId, barcodes: readonly Gtin[]): Promise<ReadonlyMap<Gtin, Product>>;
  findByCodes(merchantId: MerchantId, codes: readonly ProductCode[]): Promise<ReadonlyMap<ProductCode, Product>>;
  findByPlus(merchantId: MerchantId, plus: readonly Plu[]): Promise<ReadonlyMap<Plu, Product>>;
  listProducts(page: ProductPage): Promise<readonly Product[]>;
  /** In no order: `departmentTree` has one. */
  listDepartments(merchantId: MerchantId): Promise<ReadonlyMap<DepartmentId, Department>>;
  listTaxClasses(merchantId: MerchantId): Promise<ReadonlyMap<TaxClassId, TaxClass>>;
  listPriceLists(merchantId: MerchantId): Promise<ReadonlyMap<PriceListId, PriceList>>;
  /** All prices of these products; a product without prices has an empty list. */
  pricesOf(merchantId: MerchantId, ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, readonly Price[]>>;
  /** The history of these products' costs, oldest first; a product without costs has an empty list. */
  costsOf(merchantId: MerchantId, ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, readonly Cost[]>>;

  /**
   * What changed after a version, in the order in which it was written. No change is ever missed: a version is seen only when all lower
   * ones are. From 0 it is the whole catalogue. Of a record's changes only the last need be there.
   */
  changesSince(page: ChangePage): Promise<ChangesSince>;

  /** Writes a movement once: the same again is `repeated`, another under its key is refused. */
  moveStock(merchantId: MerchantId, movement: StockMovement): Promise<Result<'moved' | 'repeated', StockRefusal>>;
  /** Balances in whole thousandths as `stockBalance` has them; 0 for what never moved. */
  stockOf(merchantId: MerchantId, storeId: StoreId, ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, number>>;
}
