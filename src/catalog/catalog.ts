// A catalogue in memory, as a till holds it: every record by its key, products by barcode, code and PLU in one step each. It is brought
// up to date in place by the changes that the server has written, because copying a hundred thousand records for one new
// price would be felt at the counter.

import type { ProductId, StoreId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import { unreachable } from '#foundation/result.ts';
import { type CatalogChange, type CatalogKey, type CatalogRecord, keyOfRecord } from './catalog-change.ts';
import type { DepartmentId, PriceListId, ProductCode, TaxClassId } from './code.ts';
import type { Department } from './department.ts';
import { type EmbeddedLayout, type EmbeddedMeasure, type EmbeddedProblem, readEmbedded } from './embedded-code.ts';
import { type Gtin, parseGtin } from './gtin.ts';
import { type Price, type PriceList, priceAt, samePriceKey } from './price.ts';
import type { Plu, Product } from './product.ts';
import type { TaxClass } from './tax-class.ts';

/** What a scanned number stands for. `unknown`: a good number of no product that is sold here. */
export type ScannedProduct =
  | { readonly kind: 'product'; readonly product: Product; readonly barcode: Gtin }
  | { readonly kind: 'weighed'; readonly product: Product; readonly measure: EmbeddedMeasure }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreadable'; readonly problem: Exclude<EmbeddedProblem, 'not-embedded'> | 'malformed' };

export class Catalog {
  #version = 0;
  readonly #products = new Map<ProductId, Product>();
  readonly #byBarcode = new Map<Gtin, ProductId>();
  readonly #byCode = new Map<ProductCode, ProductId>();
  readonly #byPlu = new Map<Plu, ProductId>();
  readonly #departments = new Map<DepartmentId, Department>();
  readonly #taxClasses = new Map<TaxClassId, TaxClass>();
  readonly #priceLists = new Map<PriceListId, PriceList>();
  readonly #prices = new Map<ProductId, readonly Price[]>();

  /** Of the last change that was applied; 0 when none was. */
  get version(): number {
    return this.#version;
  }
  get products(): ReadonlyMap<ProductId, Product> {
    return this.#products;
  }
  get departments(): ReadonlyMap<DepartmentId, Department> {
    return this.#departments;
  }
  get taxClasses(): ReadonlyMap<TaxClassId, TaxClass> {
    return this.#taxClasses;
  }
  get priceLists(): ReadonlyMap<PriceListId, PriceList> {
    return this.#priceLists;
  }

  /** All prices of a product, of every store and time. */
  pricesOf(id: ProductId): readonly Price[] {
    return this.#prices.get(id) ?? [];
  }

  /** The price that holds in a store at an instant; `undefined`: it has none and cannot be sold. */
  priceAt(id: ProductId, storeId: StoreId, at: Instant): Price | undefined {
    return priceAt(this.pricesOf(id), this.#priceLists, storeId, at);
  }

  findByBarcode(barcode: Gtin): Product | undefined {
    return this.#active(this.#byBarcode.get(barcode));
  }

  findByCode(code: ProductCode): Product | undefined {
    return this.#active(this.#byCode.get(code));
  }

  findByPlu(plu: Plu): Product | undefined {
    return this.#active(this.#byPlu.get(plu));
  }

  /**
   * Finds what a scanner read. A barcode that a product has comes first, a scale's label second, because a store may print
   * the whole label of one article as its barcode.
   */
  scan(digits: string, layouts: readonly EmbeddedLayout[]): ScannedProduct {
    const barcode = parseGtin(digits);
    if (!barcode.ok) return { kind: 'unreadable', problem: barcode.failure };
    const product = this.findByBarcode(barcode.value);
    if (product !== undefined) return { kind: 'product', product, barcode: barcode.value };
    const embedded = readEmbedded(digits, layouts);
    if (embedded.ok) {
      const weighed = this.findByPlu(embedded.value.plu);
      return weighed === undefined
        ? { kind: 'unknown' }
        : { kind: 'weighed', product: weighed, measure: embedded.value.measure };
    }
    return embedded.failure === 'not-embedded'
      ? { kind: 'unknown' }
      : { kind: 'unreadable', problem: embedded.failure };
  }

  /** Puts a record in its place. `applyChanges` is what keeps the version with it. */
  put(record: CatalogRecord): void {
    switch (record.kind) {
      case 'product':
        this.#putProduct(record.product);
        return;
      case 'department':
        this.#departments.set(record.department.id, record.department);
        return;
      case 'tax-class':
        this.#taxClasses.set(record.taxClass.id, record.taxClass);
        return;
      case 'price-list':
        this.#priceLists.set(record.priceList.id, record.priceList);
        return;
      case 'price':
        this.#putPrice(record.price);
        return;
      default:
        unreachable(record);
    }
  }

  /** Takes a record away, if it is there; a product's prices go with it. */
  remove(key: CatalogKey): void {
    switch (key.kind) {
      case 'product':
        this.#forgetProduct(key.id);
        this.#products.delete(key.id);
        this.#prices.delete(key.id);
        return;
      case 'department':
        this.#departments.delete(key.id);
        return;
      case 'tax-class':
        this.#taxClasses.delete(key.id);
        return;
      case 'price-list':
        this.#priceLists.delete(key.id);
        return;
      case 'price': {
        const { productId } = key.price;
        const left = this.pricesOf(productId).filter((price) => !samePriceKey(price, key.price));
        if (left.length === 0) this.#prices.delete(productId);
        else this.#prices.set(productId, left);
        return;
      }
      default:
        unreachable(key);
    }
  }

  /** Says up to which change this copy has heard. */
  reach(version: number): void {
    if (version > this.#version) this.#version = version;
  }

  #active(id: ProductId | undefined): Product | undefined {
    const product = id === undefined ? undefined : this.#products.get(id);
    return product?.isActive === true ? product : undefined;
  }

  #putProduct(product: Product): void {
    this.#forgetProduct(product.id);
    this.#products.set(product.id, product);
    for (const barcode of product.barcodes) this.#byBarcode.set(barcode, product.id);
    this.#byCode.set(product.code, product.id);
    if (product.plu !== null) this.#byPlu.set(product.plu, product.id);
  }

  // A barcode may have gone over to another product in the meantime: then it stays with that one.
  #forgetProduct(id: ProductId): void {
    const before = this.#products.get(id);
    if (before === undefined) return;
    for (const barcode of before.barcodes) if (this.#byBarcode.get(barcode) === id) this.#byBarcode.delete(barcode);
    if (this.#byCode.get(before.code) === id) this.#byCode.delete(before.code);
    if (before.plu !== null && this.#byPlu.get(before.plu) === id) this.#byPlu.delete(before.plu);
  }

  #putPrice(price: Price): void {
    const others = this.pricesOf(price.productId).filter((other) => !samePriceKey(other, price));
    this.#prices.set(price.productId, [...others, price]);
  }
}

/**
 * Brings a catalogue up to date with changes in the order of their versions. What it has heard already is passed over, so that a page
 * may come twice. Answers what was changed, for those who keep something beside it (the search).
 */
export function applyChanges(catalog: Catalog, changes: readonly CatalogChange[]): readonly CatalogKey[] {
  const changed: CatalogKey[] = [];
  for (const change of changes) {
    if (change.version <= catalog.version) continue;
    if (change.act === 'upsert') catalog.put(change.record);
    else catalog.remove(change.key);
    catalog.reach(change.version);
    changed.push(change.act === 'upsert' ? keyOfRecord(change.record) : change.key);
  }
  return changed;
}
