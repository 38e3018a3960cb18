// The goods of a till in memory: the packed shelf, and beside it a catalogue that holds what was unpacked or has changed since. What is
// asked for is unpacked into the catalogue first, so that every rule of what counts (which barcode, which price) is the
// catalogue's own and stands in one place.

import {
  applyChanges,
  Catalog,
  type CatalogChange,
  type CatalogKey,
  type CatalogRecord,
  type EmbeddedLayout,
  type Product,
  type ProductCode,
  parseGtin,
  readEmbedded,
  type ScannedProduct,
} from '#catalog/index.ts';
import type { ProductId } from '#foundation/id.ts';
import { type PackedShelf, Shelf, type Stocked } from './packed-shelf.ts';

export class Goods {
  readonly #shelf: Shelf;
  readonly #catalog = new Catalog();
  /** Products whose truth is in the catalogue: unpacked, changed, or deleted (then it is in neither). */
  readonly #taken = new Set<ProductId>();
  #changes = 0;

  constructor(packed: PackedShelf) {
    this.#shelf = new Shelf(packed);
    for (const record of packed.records) this.#catalog.put(record);
    this.#catalog.reach(packed.version);
  }

  get version(): number {
    return this.#catalog.version;
  }
  get owner(): string {
    return this.#shelf.packed.owner;
  }
  /** Changes since the shelf was packed: when there are many, packing anew makes the next start quick again. */
  get changeCount(): number {
    return this.#changes;
  }
  /** Departments, tax classes, price lists, and the prices of what was asked for. Its products are not all there: ask here. */
  get catalog(): Omit<Catalog, 'products' | 'put' | 'remove' | 'reach'> {
    return this.#catalog;
  }

  /** Finds what a scanner read, by the catalogue's rules. */
  scan(digits: string, layouts: readonly EmbeddedLayout[]): ScannedProduct {
    const barcode = parseGtin(digits);
    if (barcode.ok) this.#take(this.#shelf.findByBarcode(barcode.value));
    const embedded = readEmbedded(digits, layouts);
    if (embedded.ok) this.#take(this.#shelf.findByPlu(embedded.value.plu));
    return this.#catalog.scan(digits, layouts);
  }

  findByCode(code: ProductCode): Product | undefined {
    this.#take(this.#shelf.findByCode(code));
    return this.#catalog.findByCode(code);
  }

  /** A product by its id, active or not, with its prices at hand afterwards. */
  findById(id: ProductId): Product | undefined {
    if (!this.#taken.has(id)) this.#take(this.#shelf.findById(id));
    return this.#catalog.products.get(id);
  }

  /** Looks at a product without keeping it unpacked: for a search, which looks at many. */
  glance(id: ProductId): Product | undefined {
    return this.#taken.has(id) ? this.#catalog.products.get(id) : this.#shelf.findById(id)?.product;
  }

  /** Brings the goods up to date. What came before is passed over; answers what changed. */
  apply(changes: readonly CatalogChange[]): readonly CatalogKey[] {
    for (const change of changes) {
      if (change.version <= this.version) continue;
      const id = productOf(change);
      if (id !== undefined && !this.#taken.has(id)) {
        this.#take(this.#shelf.findById(id));
        this.#taken.add(id);
      }
    }
    const changed = applyChanges(this.#catalog, changes);
    this.#changes += changed.length;
    return changed;
  }

  /** All products with their prices: those of the shelf in its order, then the new ones. */
  *all(): Generator<Stocked, void, void> {
    const told = new Set<ProductId>();
    for (const stocked of this.#shelf.all()) {
      const { id } = stocked.product;
      if (!this.#taken.has(id)) {
        yield stocked;
        continue;
      }
      const product = this.#catalog.products.get(id);
      told.add(id);
      if (product !== undefined) yield { product, prices: this.#catalog.pricesOf(id) };
    }
    for (const [id, product] of this.#catalog.products) {
      if (!told.has(id)) yield { product, prices: this.#catalog.pricesOf(id) };
    }
  }

  /** Departments, tax classes and price lists, as a packed shelf holds them. */
  records(): readonly CatalogRecord[] {
    return recordsOf(this.#catalog);
  }

  #take(stocked: Stocked | undefined): void {
    if (stocked === undefined || this.#taken.has(stocked.product.id)) return;
    this.#taken.add(stocked.product.id);
    this.#catalog.put({ kind: 'product', product: stocked.product });
    for (const price of stocked.prices) this.#catalog.put({ kind: 'price', price });
  }
}

/** The small records of a catalogue. */
export function recordsOf({ departments, taxClasses, priceLists }: Catalog): readonly CatalogRecord[] {
  return [
    ...[...departments.values()].map((department) => ({ kind: 'department', department }) as const),
    ...[...taxClasses.values()].map((taxClass) => ({ kind: 'tax-class', taxClass }) as const),
    ...[...priceLists.values()].map((priceList) => ({ kind: 'price-list', priceList }) as const),
  ];
}

function productOf(change: CatalogChange): ProductId | undefined {
  if (change.act === 'upsert') {
    const { record } = change;
    if (record.kind === 'product') return record.product.id;
    return record.kind === 'price' ? record.price.productId : undefined;
  }
  if (change.key.kind === 'product') return change.key.id;
  return change.key.kind === 'price' ? change.key.price.productId : undefined;
}
