// One row of the product file and what it says of a product. The columns, in any order; only `code` must be there:
//
//   code         the merchant's own number; tells which product the row is about
//   name_en      English name                        name_zh      Chinese name; one of the two must be filled
//   pinyin       how the Chinese name is read; empty: found out by itself
//   department   code of a department                tax_class    code of a tax class
//   barcodes     8, 12, 13 or 14 digits, several with a space between
//   unit         piece (also when empty) or kilogram
//   plu          the number on the scale             minimum_age  whole years; empty: for anybody
//   active       yes (also when empty) or no         picture      where its picture is
//   price        regular price with all stores, such as 12.80; empty: left as it is
//   cost         what one unit costs to buy, without tax; empty: left as it is
//
// A column that is not in the file is left as it is; of a new product it is as if it were empty.

import type { ProductId } from '#foundation/id.ts';
import { type Currency, formatDecimal, type Money, parseMoney } from '#foundation/money.ts';
import { type DepartmentId, type ProductCode, parseCode, type TaxClassId } from '../code.ts';
import type { Cost } from '../cost.ts';
import type { Department } from '../department.ts';
import { type Gtin, parseGtin } from '../gtin.ts';
import { type Names, parseNames } from '../names.ts';
import { pinyinOf } from '../pinyin/pinyin.ts';
import type { Price } from '../price.ts';
import { barcodeCountMax, minimumAgeMax, type Plu, type Product, parsePlu, type Unit } from '../product.ts';
import type { TaxClass } from '../tax-class.ts';
import type { RowProblem } from './import-problems.ts';

export const productColumns = [
  'code',
  'name_en',
  'name_zh',
  'pinyin',
  'department',
  'barcodes',
  'tax_class',
  'unit',
  'plu',
  'minimum_age',
  'active',
  'picture',
  'price',
  'cost',
] as const;

export type ProductColumn = (typeof productColumns)[number];

const textLengthMax = 500;

/** The cells of a row by column; a column that the file has not is not there. */
export type ProductCells = Partial<Readonly<Record<ProductColumn, string>>>;

/** What a row may refer to. */
export type RowContext = {
  readonly departments: ReadonlyMap<DepartmentId, Department>;
  readonly taxClasses: ReadonlyMap<TaxClassId, TaxClass>;
  readonly currency: Currency;
};

export type CellProblem = { readonly column: ProductColumn; readonly problem: RowProblem; readonly value: string };

/** What a row says: the product as it is to be, and price and cost where they are given. */
export type RowReading = { readonly product: Product; readonly price: Money | null; readonly cost: Money | null };

/** The row of a product as it is: reading it again changes nothing. */
export function cellsOf(product: Product, price: Price | undefined, cost: Cost | undefined): readonly string[] {
  const cells: Readonly<Record<ProductColumn, string>> = {
    code: product.code,
    name_en: product.names.en,
    name_zh: product.names.zh,
    pinyin: product.pinyin,
    department: product.departmentId,
    barcodes: product.barcodes.join(' '),
    tax_class: product.taxClassId,
    unit: product.unit,
    plu: product.plu ?? '',
    minimum_age: product.minimumAge === null ? '' : String(product.minimumAge),
    active: product.isActive ? 'yes' : 'no',
    picture: product.picture ?? '',
    price: price === undefined ? '' : formatDecimal(price.amount),
    cost: cost === undefined ? '' : formatDecimal(cost.amount),
  };
  return productColumns.map((column) => cells[column]);
}

/**
 * Reads a row on top of the product that it is about, if there is one already. All that is wrong with it is told at once; the answer is
 * then `undefined`.
 */
export function readRow(
  cells: ProductCells,
  code: ProductCode,
  newId: () => ProductId,
  before: Product | undefined,
  context: RowContext,
): { readonly reading: RowReading | undefined; readonly problems: readonly CellProblem[] } {
  const reader = new RowReader(cells, before, context);
  const names = reader.names();
  const departmentId = reader.department();
  const taxClassId = reader.taxClass();
  const rest = {
    barcodes: reader.barcodes(),
    unit: reader.unit(),
    plu: reader.plu(),
    minimumAge: reader.minimumAge(),
    isActive: reader.isActive(),
    picture: reader.text('picture', before?.picture ?? '') || null,
    pinyin: reader.pinyin(names),
  };
  const price = reader.amount('price');
  const cost = reader.amount('cost');
  const { problems } = reader;
  if (problems.length > 0 || names === undefined || departmentId === undefined || taxClassId === undefined) {
    return { reading: undefined, problems };
  }
  const product: Product = { id: before?.id ?? newId(), code, names, departmentId, taxClassId, ...rest };
  return { reading: { product, price, cost }, problems };
}

class RowReader {
  readonly problems: CellProblem[] = [];
  readonly #cells: ProductCells;
  readonly #before: Product | undefined;
  readonly #context: RowContext;

  constructor(cells: ProductCells, before: Product | undefined, context: RowContext) {
    this.#cells = cells;
    this.#before = before;
    this.#context = context;
  }

  names(): Names | undefined {
    const en = this.#cells.name_en ?? this.#before?.names.en ?? '';
    const zh = this.#cells.name_zh ?? this.#before?.names.zh ?? '';
    const names = parseNames(en, zh);
    if (names.ok) return names.value;
    const column = this.#cells.name_zh === undefined ? 'name_en' : 'name_zh';
    this.#tell(column, `name-${names.failure}`);
    return undefined;
  }

  /** Kept while the name is: somebody may have put it right by hand. */
  pinyin(names: Names | undefined): string {
    const before = this.#before;
    const kept = before !== undefined && before.names.zh === names?.zh ? before.pinyin : pinyinOf(names?.zh ?? '');
    return this.text('pinyin', kept) || kept;
  }

  department(): DepartmentId | undefined {
    const cell = this.#required('department', this.#before?.departmentId);
    if (cell === undefined) return undefined;
    const id = parseCode('department', cell);
    if (id !== undefined && this.#context.departments.has(id)) return id;
    this.#tell('department', 'unknown-department');
    return undefined;
  }

  taxClass(): TaxClassId | undefined {
    const cell = this.#required('tax_class', this.#before?.taxClassId);
    if (cell === undefined) return undefined;
    const id = parseCode('tax-class', cell);
    if (id !== undefined && this.#context.taxClasses.has(id)) return id;
    this.#tell('tax_class', 'unknown-tax-class');
    return undefined;
  }

  barcodes(): readonly Gtin[] {
    const cell = this.#cells.barcodes;
    if (cell === undefined) return this.#before?.barcodes ?? [];
    const barcodes = new Set<Gtin>();
    for (const text of cell.split(/[\s;|]+/).filter((part) => part !== '')) {
      const gtin = parseGtin(text);
      if (gtin.ok) barcodes.add(gtin.value);
      else if (/^\d[.,]?\d*E\+?\d+$/i.test(text)) this.#tell('barcodes', 'spoilt-by-spreadsheet', text);
      else this.#tell('barcodes', gtin.failure === 'malformed' ? 'wrong-barcode' : 'wrong-check-digit', text);
    }
    if (barcodes.size > barcodeCountMax) this.#tell('barcodes', 'too-many-barcodes');
    return [...barcodes];
  }

  unit(): Unit {
    const cell = this.#cells.unit?.toLowerCase() ?? this.#before?.unit ?? '';
    if (cell !== '' && cell !== 'piece' && cell !== 'kilogram') this.#tell('unit', 'wrong-unit');
    return cell === 'kilogram' ? 'kilogram' : 'piece';
  }

  plu(): Plu | null {
    const cell = this.#cells.plu;
    if (cell === undefined) return this.#before?.plu ?? null;
    if (cell === '') return null;
    const plu = parsePlu(cell);
    if (plu === undefined) this.#tell('plu', 'wrong-plu');
    return plu ?? null;
  }

  minimumAge(): number | null {
    const cell = this.#cells.minimum_age;
    if (cell === undefined) return this.#before?.minimumAge ?? null;
    if (cell === '') return null;
    const age = /^\d{1,3}$/.test(cell) ? Number(cell) : 0;
    if (age < 1 || age > minimumAgeMax) this.#tell('minimum_age', 'wrong-age');
    return age;
  }

  isActive(): boolean {
    const cell = this.#cells.active?.toLowerCase();
    if (cell === undefined) return this.#before?.isActive ?? true;
    if (['', 'yes', 'y', '1', 'true', '是'].includes(cell)) return true;
    if (!['no', 'n', '0', 'false', '否'].includes(cell)) this.#tell('active', 'wrong-yes-no');
    return false;
  }

  text(column: 'picture' | 'pinyin', otherwise: string): string {
    const cell = this.#cells[column] ?? otherwise;
    if (cell.length > textLengthMax) this.#tell(column, 'text-too-long');
    return cell;
  }

  amount(column: 'price' | 'cost'): Money | null {
    const cell = this.#cells[column] ?? '';
    if (cell === '') return null;
    const amount = parseMoney(this.#context.currency, cell);
    if (amount.ok && amount.value.minor >= 0n) return amount.value;
    this.#tell(column, !amount.ok && amount.failure === 'too-precise' ? 'amount-too-precise' : 'wrong-amount');
    return null;
  }

  #required(column: 'department' | 'tax_class', otherwise: string | undefined): string | undefined {
    const cell = this.#cells[column] ?? otherwise ?? '';
    if (cell !== '') return cell;
    this.#tell(column, 'missing');
    return undefined;
  }

  #tell(column: ProductColumn, problem: RowProblem, value = this.#cells[column] ?? ''): void {
    this.problems.push({ column, problem, value: value.slice(0, 100) });
  }
}
