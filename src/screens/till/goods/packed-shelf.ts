// A catalogue packed for a quick start. A till of a hundred thousand products that makes an object of each before it sells takes
// seconds to open; packed, it is a few arrays that storage and other threads hand over whole, and a product is unpacked when it
// is scanned. Each entry is a product with its prices as JSON text; four lookups find entries by number.

import type { CatalogRecord, Gtin, Plu, Price, Product, ProductCode } from '#catalog/index.ts';
import type { ProductId } from '#foundation/id.ts';
import { formatDecimal } from '#foundation/money.ts';
import { invariant } from '#foundation/result.ts';
import { parseJson } from '../chain/server-call.ts';
import { readPrice, readProduct } from './catalog-wire.ts';

/** Numbers in ascending order, and which entry each leads to. Equal numbers stand side by side. */
export type Lookup = { readonly numbers: Float64Array<ArrayBuffer>; readonly entries: Uint32Array<ArrayBuffer> };
export type LookupName = 'ids' | 'barcodes' | 'codes' | 'plus';

/** What storage keeps and threads send. */
export type PackedShelf = {
  /** The form; another one is not read but fetched anew. */
  readonly form: 1;
  /** The catalogue's version up to which it has heard. */
  readonly version: number;
  /** Whose goods they are: a till that was paired with another store starts anew. */
  readonly owner: string;
  /** Departments, tax classes and price lists: a few hundred at the most. */
  readonly records: readonly CatalogRecord[];
  /** The entries one after another, UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each begins; one more for the end. */
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly lookups: Readonly<Record<LookupName, Lookup>>;
};

/** A product and all its prices. */
export type Stocked = { readonly product: Product; readonly prices: readonly Price[] };

const entriesAStep = 50;
const entriesABlock = 2_000;
const lookupsAStep = 2_000;

/** Packs products in the order in which they come. Each `next()` is a short step; the value at the end is the shelf. */
export function* packShelf(
  stocked: Iterable<Stocked>,
  about: Pick<PackedShelf, 'version' | 'owner' | 'records'>,
): Generator<void, PackedShelf, void> {
  const encoder = new TextEncoder();
  const blocks: Uint8Array[] = [];
  const lengths: number[] = [];
  const drafts = {
    ids: new LookupDraft(),
    barcodes: new LookupDraft(),
    codes: new LookupDraft(),
    plus: new LookupDraft(),
  };
  let block: Uint8Array[] = [];
  for (const { product, prices } of stocked) {
    const entry = lengths.length;
    const bytes = encoder.encode(packEntry({ product, prices }));
    lengths.push(bytes.length);
    block.push(bytes);
    drafts.ids.add(numberOf(product.id), entry);
    drafts.codes.add(numberOf(product.code), entry);
    for (const barcode of product.barcodes) drafts.barcodes.add(Number(barcode), entry);
    if (product.plu !== null) drafts.plus.add(Number(product.plu), entry);
    if (lengths.length % entriesABlock === 0) {
      blocks.push(join(block));
      block = [];
    }
    if (lengths.length % entriesAStep === 0) yield;
  }
  blocks.push(join(block));
  const starts = new Uint32Array(lengths.length + 1);
  for (const [entry, length] of lengths.entries()) starts[entry + 1] = (starts[entry] ?? 0) + length;
  yield;
  const bytes = new Uint8Array(starts[lengths.length] ?? 0);
  let end = 0;
  for (const part of blocks) {
    bytes.set(part, end);
    end += part.length;
    yield;
  }
  const ids = yield* drafts.ids.finish();
  const barcodes = yield* drafts.barcodes.finish();
  const codes = yield* drafts.codes.finish();
  const plus = yield* drafts.plus.finish();
  return { form: 1, ...about, bytes, starts, lookups: { ids, barcodes, codes, plus } };
}

/** The buffers of a shelf, for the transfer list of postMessage. */
export function shelfBuffers({ bytes, starts, lookups }: PackedShelf): readonly ArrayBuffer[] {
  const { ids, barcodes, codes, plus } = lookups;
  const arrays = [ids, barcodes, codes, plus].flatMap(({ numbers, entries }) => [numbers.buffer, entries.buffer]);
  return [bytes.buffer, starts.buffer, ...arrays];
}

/** The same shelf in buffers of its own: one to send away, one to keep. */
export function copyShelf(shelf: PackedShelf): PackedShelf {
  const copied = ({ numbers, entries }: Lookup): Lookup => ({ numbers: numbers.slice(), entries: entries.slice() });
  const { ids, barcodes, codes, plus } = shelf.lookups;
  const lookups = { ids: copied(ids), barcodes: copied(barcodes), codes: copied(codes), plus: copied(plus) };
  return { ...shelf, bytes: shelf.bytes.slice(), starts: shelf.starts.slice(), lookups };
}

/** Reads a packed shelf, entry by entry. */
export class Shelf {
  readonly packed: PackedShelf;
  readonly #decoder = new TextDecoder();

  constructor(packed: PackedShelf) {
    this.packed = packed;
  }

  get size(): number {
    return this.packed.starts.length - 1;
  }

  findById(id: ProductId): Stocked | undefined {
    return this.#find('ids', numberOf(id), ({ product }) => product.id === id);
  }

  findByBarcode(barcode: Gtin): Stocked | undefined {
    return this.#find('barcodes', Number(barcode), ({ product }) => product.barcodes.includes(barcode));
  }

  findByCode(code: ProductCode): Stocked | undefined {
    return this.#find('codes', numberOf(code), ({ product }) => product.code === code);
  }

  findByPlu(plu: Plu): Stocked | undefined {
    return this.#find('plus', Number(plu), ({ product }) => product.plu === plu);
  }

  /** Every entry, in order. Throws where one is not a product: such a shelf must be fetched anew. */
  *all(): Generator<Stocked, void, void> {
    for (let entry = 0; entry < this.size; entry += 1) {
      const stocked = this.#read(entry);
      invariant(stocked !== undefined, `entry ${entry} of the shelf is not a product`);
      yield stocked;
    }
  }

  #find(name: LookupName, number: number, isIt: (stocked: Stocked) => boolean): Stocked | undefined {
    const { numbers, entries } = this.packed.lookups[name];
    for (let place = firstAt(numbers, number); numbers[place] === number; place += 1) {
      const stocked = this.#read(entries[place] ?? 0);
      if (stocked !== undefined && isIt(stocked)) return stocked;
    }
    return undefined;
  }

  #read(entry: number): Stocked | undefined {
    const { bytes, starts } = this.packed;
    return unpackEntry(this.#decoder.decode(bytes.subarray(starts[entry], starts[entry + 1])));
  }
}

// Without the names of the fields an entry takes half the room.
function packEntry({ product, prices }: Stocked): string {
  const { id, code, names, pinyin, departmentId, barcodes, taxClassId, unit, plu, minimumAge, isActive, picture } =
    product;
  const packedPrices = prices.map(({ listId, storeId, amount, validFrom, validTo }) => [
    listId,
    storeId,
    amount.currency,
    formatDecimal(amount),
    validFrom,
    validTo,
  ]);
  const told = [
    id,
    code,
    names.en,
    names.zh,
    pinyin,
    departmentId,
    barcodes,
    taxClassId,
    unit,
    plu,
    minimumAge,
    isActive,
  ];
  return JSON.stringify([...told, picture, packedPrices]);
}

function unpackEntry(text: string): Stocked | undefined {
  const parts = listOf(parseJson(text));
  const [id, code, en, zh, pinyin, departmentId, barcodes, taxClassId, unit, plu, minimumAge, isActive] = parts;
  const [picture, packedPrices] = parts.slice(12);
  const names = { en, zh };
  const told = {
    id,
    code,
    names,
    pinyin,
    departmentId,
    barcodes,
    taxClassId,
    unit,
    plu,
    minimumAge,
    isActive,
    picture,
  };
  const product = readProduct(told);
  if (product === undefined) return undefined;
  const prices = listOf(packedPrices).map((packed) => {
    const [listId, storeId, currency, amount, validFrom, validTo] = listOf(packed);
    return readPrice({ listId, productId: id, storeId, amount: { currency, amount }, validFrom, validTo });
  });
  return { product, prices: prices.filter((price) => price !== undefined) };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

// Sorting a hundred thousand pairs takes a comparison function and hundreds of milliseconds; sorting numbers alone, a few. So the numbers
// are sorted first, and each entry then finds its place among them.
class LookupDraft {
  readonly #numbers: number[] = [];
  readonly #entries: number[] = [];

  add(number: number, entry: number): void {
    this.#numbers.push(number);
    this.#entries.push(entry);
  }

  *finish(): Generator<void, Lookup, void> {
    const numbers = Float64Array.from(this.#numbers).sort();
    yield;
    const entries = new Uint32Array(numbers.length);
    const taken = new Uint8Array(numbers.length);
    for (const [index, number] of this.#numbers.entries()) {
      let place = firstAt(numbers, number);
      while (taken[place] === 1) place += 1;
      taken[place] = 1;
      entries[place] = this.#entries[index] ?? 0;
      if (index % lookupsAStep === 0) yield;
    }
    return { numbers, entries };
  }
}

/** The first place whose number is not below `number`. */
function firstAt(numbers: Float64Array, number: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A text as a number of 53 bits. Two texts may share one: whoever finds an entry by it compares the text.
 * @see https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js (public domain)
 */
function numberOf(text: string): number {
  let left = 0xdeadbeef;
  let right = 0x41c6ce57;
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    left = Math.imul(left ^ unit, 2_654_435_761);
    right = Math.imul(right ^ unit, 1_597_334_677);
  }
  left = Math.imul(left ^ (left >>> 16), 2_246_822_507) ^ Math.imul(right ^ (right >>> 13), 3_266_489_909);
  right = Math.imul(right ^ (right >>> 16), 2_246_822_507) ^ Math.imul(left ^ (left >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & right) + (left >>> 0);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
