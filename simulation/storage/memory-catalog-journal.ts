// The catalogue's journal in memory, for simulation: the same contract as PostgreSQL's. Each call reads and writes in one go, between
// two turns of the event loop, so every call is a transaction by itself.

import {
  Catalog,
  type CatalogChange,
  type CatalogEdit,
  type CatalogJournal,
  type CatalogRecord,
  type CatalogRefusal,
  type CatalogWrite,
  type ChangePage,
  type ChangesSince,
  type Cost,
  type Department,
  type DepartmentId,
  editRefusal,
  type Gtin,
  keyOfEdit,
  keyOfRecord,
  keyText,
  type Plu,
  type Price,
  type PriceList,
  type PriceListId,
  type Product,
  type ProductCode,
  type ProductPage,
  type StockMovement,
  type StockRefusal,
  sameMovement,
  sameRecord,
  stockBalance,
  type TaxClass,
  type TaxClassId,
  type WrittenCatalog,
} from '#catalog/index.ts';
import type { MerchantId, ProductId, StoreId } from '#foundation/id.ts';
import { failure, type Result, success } from '#foundation/result.ts';

/** What is kept for one merchant. */
class Shelf {
  readonly catalog = new Catalog();
  readonly holders = {
    barcode: new Map<Gtin, Product>(),
    code: new Map<ProductCode, Product>(),
    plu: new Map<Plu, Product>(),
  };
  readonly records = new Map<string, CatalogRecord>();
  /** The last change of each record, deletions included, in the order of their versions. */
  readonly changes = new Map<string, CatalogChange>();
  readonly costs = new Map<ProductId, readonly Cost[]>();
  readonly movements = new Map<string, StockMovement>();
  version = 0;

  apply(edit: CatalogEdit): void {
    const key = keyText(keyOfEdit(edit));
    const before = this.records.get(key);
    if (edit.act === 'upsert') {
      if (before !== undefined && sameRecord(before, edit.record)) return;
      this.records.set(key, edit.record);
      this.catalog.put(edit.record);
    } else {
      if (before === undefined) return;
      if (edit.key.kind === 'product') this.#dropPrices(edit.key.id);
      this.records.delete(key);
      this.catalog.remove(edit.key);
    }
    this.version += 1;
    this.changes.delete(key);
    this.changes.set(key, { ...edit, version: this.version });
  }

  /** Brings what is looked up by barcode, code and PLU in line with the products: edits of one write may exchange them. */
  reindex(edits: readonly CatalogEdit[], before: readonly (Product | undefined)[]): void {
    for (const product of before) if (product !== undefined) this.#forget(product);
    for (const edit of edits) {
      const key = keyOfEdit(edit);
      const product = key.kind === 'product' ? this.catalog.products.get(key.id) : undefined;
      if (product === undefined) continue;
      for (const barcode of product.barcodes) this.holders.barcode.set(barcode, product);
      this.holders.code.set(product.code, product);
      if (product.plu !== null) this.holders.plu.set(product.plu, product);
    }
  }

  #forget(product: Product): void {
    for (const barcode of product.barcodes) this.holders.barcode.delete(barcode);
    this.holders.code.delete(product.code);
    if (product.plu !== null) this.holders.plu.delete(product.plu);
  }

  #dropPrices(id: ProductId): void {
    for (const price of this.catalog.pricesOf(id)) {
      this.apply({ act: 'delete', key: keyOfRecord({ kind: 'price', price }) });
    }
    this.costs.delete(id);
  }

  written(): WrittenCatalog {
    const { catalog, holders } = this;
    const idsWhere = (isMeant: (product: Product) => boolean) =>
      [...catalog.products.values()].filter(isMeant).map(({ id }) => id);
    return {
      departments: catalog.departments,
      hasTaxClass: (id) => catalog.taxClasses.has(id),
      hasPriceList: (id) => catalog.priceLists.has(id),
      hasProduct: (id) => catalog.products.has(id),
      holderOfBarcode: (barcode) => holders.barcode.get(barcode)?.id,
      holderOfCode: (code) => holders.code.get(code)?.id,
      holderOfPlu: (plu) => holders.plu.get(plu)?.id,
      productsOfDepartment: (id) => idsWhere(({ departmentId }) => departmentId === id),
      productsOfTaxClass: (id) => idsWhere(({ taxClassId }) => taxClassId === id),
      pricesOfList: (id) => {
        const prices = [...catalog.products.keys()].flatMap((productId) => catalog.pricesOf(productId));
        return prices
          .filter(({ listId }) => listId === id)
          .map((price) => ({ key: keyText(keyOfRecord({ kind: 'price', price })), productId: price.productId }));
      },
    };
  }
}

export class MemoryCatalogJournal implements CatalogJournal {
  readonly #shelves = new Map<MerchantId, Shelf>();

  async write(
    merchantId: MerchantId,
    { edits, costs }: CatalogWrite,
  ): Promise<Result<{ readonly version: number }, CatalogRefusal>> {
    const shelf = this.#shelf(merchantId);
    const refusal = editRefusal(shelf.written(), edits) ?? costRefusal(shelf, edits, costs);
    if (refusal !== undefined) return failure(refusal);
    const before = edits.map((edit) => {
      const key = keyOfEdit(edit);
      return key.kind === 'product' ? shelf.catalog.products.get(key.id) : undefined;
    });
    for (const edit of lastOfEach(edits)) shelf.apply(edit);
    shelf.reindex(edits, before);
    for (const cost of costs) {
      const others = (shelf.costs.get(cost.productId) ?? []).filter(({ validFrom }) => validFrom !== cost.validFrom);
      const history = [...others, cost].toSorted((left, right) => left.validFrom - right.validFrom);
      shelf.costs.set(cost.productId, history);
    }
    return success({ version: shelf.version });
  }

  async findProduct(merchantId: MerchantId, id: ProductId): Promise<Product | undefined> {
    return this.#shelf(merchantId).catalog.products.get(id);
  }

  async findByBarcodes(merchantId: MerchantId, barcodes: readonly Gtin[]): Promise<ReadonlyMap<Gtin, Product>> {
    return chosen(this.#shelf(merchantId).holders.barcode, barcodes);
  }

  async findByCodes(merchantId: MerchantId, codes: readonly ProductCode[]): Promise<ReadonlyMap<ProductCode, Product>> {
    return chosen(this.#shelf(merchantId).holders.code, codes);
  }

  async findByPlus(merchantId: MerchantId, plus: readonly Plu[]): Promise<ReadonlyMap<Plu, Product>> {
    return chosen(this.#shelf(merchantId).holders.plu, plus);
  }

  async listProducts({ merchantId, departmentId, after, limit }: ProductPage): Promise<readonly Product[]> {
    return [...this.#shelf(merchantId).catalog.products.values()]
      .filter((product) => departmentId === null || product.departmentId === departmentId)
      .filter((product) => after === null || product.id > after)
      .toSorted((left, right) => (left.id < right.id ? -1 : 1))
      .slice(0, limit);
  }

  async listDepartments(merchantId: MerchantId): Promise<ReadonlyMap<DepartmentId, Department>> {
    return new Map(this.#shelf(merchantId).catalog.departments);
  }

  async listTaxClasses(merchantId: MerchantId): Promise<ReadonlyMap<TaxClassId, TaxClass>> {
    return new Map(this.#shelf(merchantId).catalog.taxClasses);
  }

  async listPriceLists(merchantId: MerchantId): Promise<ReadonlyMap<PriceListId, PriceList>> {
    return new Map(this.#shelf(merchantId).catalog.priceLists);
  }

  async pricesOf(merchantId: MerchantId, ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, readonly Price[]>> {
    const { catalog } = this.#shelf(merchantId);
    return new Map(ids.map((id) => [id, catalog.pricesOf(id)]));
  }

  async costsOf(merchantId: MerchantId, ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, readonly Cost[]>> {
    const { costs } = this.#shelf(merchantId);
    return new Map(ids.map((id) => [id, costs.get(id) ?? []]));
  }

  async changesSince({ merchantId, after, limit }: ChangePage): Promise<ChangesSince> {
    const { changes, version } = this.#shelf(merchantId);
    const page = [...changes.values()].filter((change) => change.version > after).slice(0, limit);
    return { changes: page, latest: version };
  }

  async moveStock(
    merchantId: MerchantId,
    movement: StockMovement,
  ): Promise<Result<'moved' | 'repeated', StockRefusal>> {
    const { movements, catalog } = this.#shelf(merchantId);
    const before = movements.get(movement.key);
    if (before !== undefined) {
      return sameMovement(before, movement) ? success('repeated') : failure({ kind: 'key-reused' });
    }
    if (!catalog.products.has(movement.productId)) return failure({ kind: 'unknown-product' });
    movements.set(movement.key, movement);
    return success('moved');
  }

  async stockOf(
    merchantId: MerchantId,
    storeId: StoreId,
    ids: readonly ProductId[],
  ): Promise<ReadonlyMap<ProductId, number>> {
    const here = [...this.#shelf(merchantId).movements.values()].filter((movement) => movement.storeId === storeId);
    return new Map(ids.map((id) => [id, stockBalance(here.filter(({ productId }) => productId === id))]));
  }

  #shelf(merchantId: MerchantId): Shelf {
    let shelf = this.#shelves.get(merchantId);
    if (shelf === undefined) {
      shelf = new Shelf();
      this.#shelves.set(merchantId, shelf);
    }
    return shelf;
  }
}

// Of several edits of one record the last stays, in its own place.
function lastOfEach(edits: readonly CatalogEdit[]): readonly CatalogEdit[] {
  const last = new Map<string, CatalogEdit>();
  for (const edit of edits) {
    const key = keyText(keyOfEdit(edit));
    last.delete(key);
    last.set(key, edit);
  }
  return [...last.values()];
}

function costRefusal(shelf: Shelf, edits: readonly CatalogEdit[], costs: readonly Cost[]): CatalogRefusal | undefined {
  const products = new Set(shelf.catalog.products.keys());
  for (const edit of edits) {
    const key = keyOfEdit(edit);
    if (key.kind !== 'product') continue;
    if (edit.act === 'upsert') products.add(key.id);
    else products.delete(key.id);
  }
  const at = costs.findIndex(({ productId }) => !products.has(productId));
  return at === -1 ? undefined : { kind: 'cost-of-unknown-product', at };
}

function chosen<Key>(holders: ReadonlyMap<Key, Product>, keys: readonly Key[]): ReadonlyMap<Key, Product> {
  const found = new Map<Key, Product>();
  for (const key of keys) {
    const product = holders.get(key);
    if (product !== undefined) found.set(key, product);
  }
  return found;
}
