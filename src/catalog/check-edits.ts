// Judges edits before they are written, by the catalogue as it will stand when all of them are done. A journal gives what it has; the
// rules are here, so that every journal refuses the same.

import type { ProductId } from '#foundation/id.ts';
import { type CatalogEdit, type CatalogRecord, keyOfEdit, keyText } from './catalog-change.ts';
import type { CatalogRefusal } from './catalog-journal.port.ts';
import type { DepartmentId, PriceListId, ProductCode, TaxClassId } from './code.ts';
import { type Department, departmentProblem } from './department.ts';
import type { Gtin } from './gtin.ts';
import type { Plu, Product } from './product.ts';

/** What the judgement must know of what is written already. Only what the edits touch is asked for. */
export type WrittenCatalog = {
  readonly departments: ReadonlyMap<DepartmentId, Department>;
  hasTaxClass(id: TaxClassId): boolean;
  hasPriceList(id: PriceListId): boolean;
  hasProduct(id: ProductId): boolean;
  holderOfBarcode(barcode: Gtin): ProductId | undefined;
  holderOfCode(code: ProductCode): ProductId | undefined;
  holderOfPlu(plu: Plu): ProductId | undefined;
  /** Ids of products of the department, or with the tax class: enough of them to find one that the edits do not touch. */
  productsOfDepartment(id: DepartmentId): Iterable<ProductId>;
  productsOfTaxClass(id: TaxClassId): Iterable<ProductId>;
  /** Keys (`keyText`) of prices in the list, in the same way. */
  pricesOfList(id: PriceListId): Iterable<{ readonly key: string; readonly productId: ProductId }>;
};

type Standing = { readonly at: number; readonly edit: CatalogEdit };

/** The first thing that is wrong with the edits, in their order; `undefined` when they may be written. */
export function editRefusal(written: WrittenCatalog, edits: readonly CatalogEdit[]): CatalogRefusal | undefined {
  return new Judgement(written, edits).refusal();
}

class Judgement {
  readonly #written: WrittenCatalog;
  /** The last edit of each key: the one that stays. */
  readonly #last = new Map<string, Standing>();
  readonly #departments: Map<DepartmentId, Department>;
  readonly #barcodes = new Map<Gtin, ProductId>();
  readonly #codes = new Map<ProductCode, ProductId>();
  readonly #plus = new Map<Plu, ProductId>();

  constructor(written: WrittenCatalog, edits: readonly CatalogEdit[]) {
    this.#written = written;
    this.#departments = new Map(written.departments);
    for (const [at, edit] of edits.entries()) {
      const key = keyOfEdit(edit);
      this.#last.set(keyText(key), { at, edit });
      if (edit.act === 'upsert' && edit.record.kind === 'department') {
        this.#departments.set(edit.record.department.id, edit.record.department);
      }
      if (edit.act === 'delete' && edit.key.kind === 'department') this.#departments.delete(edit.key.id);
    }
  }

  refusal(): CatalogRefusal | undefined {
    const inOrder = [...this.#last.values()].toSorted((left, right) => left.at - right.at);
    for (const { at, edit } of inOrder) {
      const refusal = edit.act === 'upsert' ? this.#ofRecord(edit.record, at) : this.#ofDelete(edit, at);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  #ofRecord(record: CatalogRecord, at: number): CatalogRefusal | undefined {
    if (record.kind === 'product') return this.#ofProduct(record.product, at);
    if (record.kind === 'department') {
      const problem = departmentProblem(record.department, this.#departments);
      return problem === undefined ? undefined : { kind: 'department-place', at, problem };
    }
    if (record.kind !== 'price') return undefined;
    if (!this.#stands(`product ${record.price.productId}`, this.#written.hasProduct(record.price.productId))) {
      return { kind: 'unknown-product', at };
    }
    const isListed = this.#stands(`price-list ${record.price.listId}`, this.#written.hasPriceList(record.price.listId));
    return isListed ? undefined : { kind: 'unknown-price-list', at };
  }

  #ofProduct(product: Product, at: number): CatalogRefusal | undefined {
    const { id, code, plu, barcodes, departmentId, taxClassId } = product;
    if (!this.#departments.has(departmentId)) return { kind: 'unknown-department', at };
    if (!this.#stands(`tax-class ${taxClassId}`, this.#written.hasTaxClass(taxClassId))) {
      return { kind: 'unknown-tax-class', at };
    }
    const codeHolder = this.#claim(this.#codes, code, id, this.#written.holderOfCode(code));
    if (codeHolder !== undefined) return { kind: 'code-taken', at, by: codeHolder };
    const pluHolder = plu === null ? undefined : this.#claim(this.#plus, plu, id, this.#written.holderOfPlu(plu));
    if (pluHolder !== undefined) return { kind: 'plu-taken', at, by: pluHolder };
    for (const barcode of barcodes) {
      const by = this.#claim(this.#barcodes, barcode, id, this.#written.holderOfBarcode(barcode));
      if (by !== undefined) return { kind: 'barcode-taken', at, barcode, by };
    }
    return undefined;
  }

  #ofDelete(edit: Extract<CatalogEdit, { act: 'delete' }>, at: number): CatalogRefusal | undefined {
    const { key } = edit;
    if (key.kind === 'department') {
      const hasChild = [...this.#departments.values()].some(({ parentId }) => parentId === key.id);
      const isNamed = hasChild || this.#isNamed(this.#written.productsOfDepartment(key.id));
      return isNamed ? { kind: 'in-use', at } : undefined;
    }
    if (key.kind === 'tax-class') {
      return this.#isNamed(this.#written.productsOfTaxClass(key.id)) ? { kind: 'in-use', at } : undefined;
    }
    if (key.kind !== 'price-list') return undefined;
    for (const price of this.#written.pricesOfList(key.id)) {
      const isGoing = this.#isDeleted(`product ${price.productId}`) || this.#isDeleted(price.key);
      if (!isGoing) return { kind: 'in-use', at };
    }
    return undefined;
  }

  // A product that the edits write anew is judged by what it then says.
  #isNamed(ids: Iterable<ProductId>): boolean {
    for (const id of ids) if (!this.#last.has(`product ${id}`)) return true;
    return false;
  }

  #isDeleted(key: string): boolean {
    return this.#last.get(key)?.edit.act === 'delete';
  }

  #stands(key: string, isWritten: boolean): boolean {
    const last = this.#last.get(key);
    return last === undefined ? isWritten : last.edit.act === 'upsert';
  }

  // Who holds it instead: another product of these edits, or one that they leave as it is.
  #claim<Key>(claims: Map<Key, ProductId>, key: Key, id: ProductId, holder: ProductId | undefined) {
    const rival = claims.get(key);
    if (rival !== undefined && rival !== id) return rival;
    claims.set(key, id);
    const isTaken = holder !== undefined && holder !== id && !this.#last.has(`product ${holder}`);
    return isTaken ? holder : undefined;
  }
}
