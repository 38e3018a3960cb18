// Reads a file of products and says what it would do, writing nothing: that is the dry run, and the import is to write what it says. The
// file is read in one pass, however large; what is kept of it is what changes, and which row claims which barcode.

import { type MerchantId, makeId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import { type Currency, sameMoney } from '#foundation/money.ts';
import type { Random } from '#foundation/random.ts';
import type { CatalogEdit } from '../catalog-change.ts';
import type { CatalogJournal, CatalogWrite } from '../catalog-journal.port.ts';
import { type PriceListId, type ProductCode, parseCode } from '../code.ts';
import { type Cost, costAt } from '../cost.ts';
import type { Gtin } from '../gtin.ts';
import { type Price, regularPriceAt } from '../price.ts';
import { type Plu, type Product, sameProduct } from '../product.ts';
import { CsvReader, type CsvRow, readCell } from './csv-text.ts';
import type { FileProblem, ImportProblem, RowProblem } from './import-problems.ts';
import { type ProductCells, type ProductColumn, productColumns, type RowContext, readRow } from './product-row.ts';

export type ImportParts = {
  readonly journal: CatalogJournal;
  readonly merchantId: MerchantId;
  readonly currency: Currency;
  /** The list in which regular prices are kept; it must exist. */
  readonly priceListId: PriceListId;
  /** From when new prices and costs hold. */
  readonly now: Instant;
  readonly random: Random;
  /** Told after every batch of rows, and at the end. */
  onProgress(progress: ImportProgress): void;
};

export type ImportProgress = { readonly bytesRead: number; readonly rowsRead: number };

export type ImportCounts = {
  readonly new: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly wrong: number;
};

export type ImportPlan = {
  readonly counts: ImportCounts;
  /** In the order of the rows; the first `problemCountMax` of them. */
  readonly problems: readonly ImportProblem[];
  readonly problemCount: number;
  /** The file as a whole cannot be read: nothing of it may be written. */
  readonly isUnreadable: boolean;
  /** What the right rows come to. */
  readonly write: CatalogWrite;
};

/** Rows of a file, and problems that are told one by one. */
export const rowCountMax = 1_000_000;
export const problemCountMax = 1_000;
const batchSize = 500;

/**
 * What to write of a plan, or null: a file with a wrong row is not written at all, unless those who import say that wrong rows are to
 * be left out.
 */
export function writeOfPlan(plan: ImportPlan, skipWrongRows: boolean): CatalogWrite | null {
  if (plan.isUnreadable || (plan.counts.wrong > 0 && !skipWrongRows)) return null;
  return plan.write;
}

/** Plans the import of a CSV file in UTF-8, with a byte order mark or without. */
export async function planImport(
  parts: ImportParts,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<ImportPlan> {
  const context = {
    departments: await parts.journal.listDepartments(parts.merchantId),
    taxClasses: await parts.journal.listTaxClasses(parts.merchantId),
    currency: parts.currency,
  };
  const planner = new Planner(parts, context);
  const reader = new CsvReader();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const chunk of chunks) {
    const text = decoded(decoder, chunk);
    planner.bytesRead += chunk.length;
    if (text === undefined) planner.giveUp('not-utf-8');
    else await planner.take(reader.push(text));
    if (planner.isUnreadable) break;
  }
  if (!planner.isUnreadable && decoded(decoder, null) === undefined) planner.giveUp('not-utf-8');
  if (!planner.isUnreadable) await planner.take(reader.end());
  return planner.finish();
}

function decoded(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | null): string | undefined {
  try {
    return chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    return undefined;
  }
}

/** A right row: what it makes of its product, and what it claims for it alone. */
type Planned = {
  readonly row: number;
  readonly before: Product | undefined;
  readonly product: Product;
  readonly edits: readonly CatalogEdit[];
  readonly cost: Cost | null;
};

type Claim = { readonly column: 'barcodes' | 'plu'; readonly value: Gtin | Plu; readonly key: string };

class Planner {
  bytesRead = 0;
  isUnreadable = false;
  readonly #parts: ImportParts;
  readonly #context: RowContext;
  #columns: readonly ProductColumn[] | null = null;
  #waiting: { readonly row: number; readonly code: ProductCode; readonly cells: ProductCells }[] = [];
  #rowsRead = 0;
  readonly #rowOfCode = new Map<ProductCode, number>();
  readonly #rowOfClaim = new Map<string, number>();
  readonly #rowsOfProducts = new Map<string, number>();
  readonly #holders: { readonly planned: Planned; readonly claim: Claim; readonly holder: Product }[] = [];
  readonly #planned = new Map<number, Planned>();
  readonly #wrongRows = new Set<number>();
  readonly #problems: ImportProblem[] = [];

  constructor(parts: ImportParts, context: RowContext) {
    this.#parts = parts;
    this.#context = context;
  }

  async take(rows: readonly CsvRow[]): Promise<void> {
    for (const row of rows) {
      if (this.isUnreadable) return;
      if (this.#columns === null) this.#readHeader(row);
      else this.#takeRow(row, this.#columns);
      if (this.#waiting.length >= batchSize) await this.#planWaiting();
    }
  }

  giveUp(problem: FileProblem, column: string | null = null): void {
    this.isUnreadable = true;
    this.#problems.push({ row: this.#rowsRead + 1, column, problem, value: '', about: null });
  }

  async finish(): Promise<ImportPlan> {
    if (!this.isUnreadable && this.#columns === null) this.giveUp('no-header');
    if (!this.isUnreadable) {
      await this.#planWaiting();
      this.#judgeHolders();
    }
    const kept = this.isUnreadable ? [] : [...this.#planned.values()];
    const counts = { new: 0, changed: 0, unchanged: 0, wrong: this.#wrongRows.size };
    const edits: CatalogEdit[] = [];
    const costs: Cost[] = [];
    for (const planned of kept) {
      const isSame = planned.edits.length === 0 && planned.cost === null;
      counts[planned.before === undefined ? 'new' : isSame ? 'unchanged' : 'changed'] += 1;
      edits.push(...planned.edits);
      if (planned.cost !== null) costs.push(planned.cost);
    }
    this.#parts.onProgress({ bytesRead: this.bytesRead, rowsRead: this.#rowsRead });
    const problems = this.#problems.toSorted((left, right) => left.row - right.row).slice(0, problemCountMax);
    const { isUnreadable } = this;
    return { counts, problems, problemCount: this.#problems.length, isUnreadable, write: { edits, costs } };
  }

  #readHeader(row: CsvRow): void {
    if ('problem' in row) {
      this.isUnreadable = true;
      this.#problems.push({ row: row.number, column: null, problem: row.problem, value: '', about: null });
      return;
    }
    const columns: ProductColumn[] = [];
    for (const cell of row.cells) {
      const name = readCell(cell).trim().toLowerCase();
      const column = productColumns.find((known) => known === name);
      if (column === undefined) {
        this.giveUp('unknown-column', name.slice(0, 100));
        return;
      }
      if (columns.includes(column)) {
        this.giveUp('doubled-column', name);
        return;
      }
      columns.push(column);
    }
    if (!columns.includes('code')) {
      this.giveUp('no-code-column', 'code');
      return;
    }
    this.#columns = columns;
  }

  #takeRow(row: CsvRow, columns: readonly ProductColumn[]): void {
    this.#rowsRead += 1;
    if (this.#rowsRead > rowCountMax) {
      this.giveUp('too-many-rows');
      return;
    }
    if ('problem' in row) {
      this.#tell(row.number, null, row.problem, '');
      return;
    }
    if (row.cells.length !== columns.length) {
      this.#tell(row.number, null, 'wrong-cell-count', '');
      return;
    }
    const cells: ProductCells = Object.fromEntries(
      columns.map((column, index) => [column, readCell((row.cells[index] ?? '').trim())]),
    );
    const text = cells.code ?? '';
    const code = parseCode('product', text);
    if (code === undefined) {
      this.#tell(row.number, 'code', text === '' ? 'missing' : 'wrong-code', text);
      return;
    }
    const other = this.#rowOfCode.get(code);
    if (other !== undefined) {
      this.#tell(row.number, 'code', 'doubled-code', code, String(other));
      return;
    }
    this.#rowOfCode.set(code, row.number);
    this.#waiting.push({ row: row.number, code, cells });
  }

  async #planWaiting(): Promise<void> {
    const { journal, merchantId, onProgress } = this.#parts;
    const waiting = this.#waiting;
    this.#waiting = [];
    const known = await journal.findByCodes(
      merchantId,
      waiting.map(({ code }) => code),
    );
    const ids = [...known.values()].map(({ id }) => id);
    const prices = await journal.pricesOf(merchantId, ids);
    const costs = await journal.costsOf(merchantId, ids);
    const batch: Planned[] = [];
    for (const { row, code, cells } of waiting) {
      const before = known.get(code);
      const pricesBefore = before === undefined ? [] : (prices.get(before.id) ?? []);
      const costsBefore = before === undefined ? [] : (costs.get(before.id) ?? []);
      const planned = this.#plan(row, code, cells, before, pricesBefore, costsBefore);
      if (planned !== undefined) batch.push(planned);
    }
    await this.#claimBatch(batch);
    onProgress({ bytesRead: this.bytesRead, rowsRead: this.#rowsRead });
  }

  #plan(
    row: number,
    code: ProductCode,
    cells: ProductCells,
    before: Product | undefined,
    prices: readonly Price[],
    costs: readonly Cost[],
  ): Planned | undefined {
    const { now, random, priceListId } = this.#parts;
    const { reading, problems } = readRow(cells, code, () => makeId('product', now, random), before, this.#context);
    for (const { column, problem, value } of problems) this.#tell(row, column, problem, value);
    if (reading === undefined) return undefined;
    const { product, price, cost } = reading;
    const edits: CatalogEdit[] = [];
    if (before === undefined || !sameProduct(before, product)) {
      edits.push({ act: 'upsert', record: { kind: 'product', product } });
    }
    const priceBefore = regularPriceAt(prices, priceListId, now);
    if (price !== null && (priceBefore === undefined || !sameMoney(priceBefore.amount, price))) {
      const next = {
        listId: priceListId,
        productId: product.id,
        storeId: null,
        amount: price,
        validFrom: now,
        validTo: null,
      };
      edits.push({ act: 'upsert', record: { kind: 'price', price: next } });
    }
    const costBefore = costAt(costs, now);
    const isCostNew = cost !== null && (costBefore === undefined || !sameMoney(costBefore.amount, cost));
    const costNext = isCostNew ? { productId: product.id, amount: cost, validFrom: now } : null;
    return { row, before, product, edits, cost: costNext };
  }

  // Within the file the first row that has a barcode keeps it. Whether a product outside the row still has it is known only at the end:
  // a later row may take it away there.
  async #claimBatch(batch: readonly Planned[]): Promise<void> {
    const { journal, merchantId } = this.#parts;
    const byBarcode = await journal.findByBarcodes(
      merchantId,
      batch.flatMap(({ product }) => product.barcodes),
    );
    const byPlu = await journal.findByPlus(
      merchantId,
      batch.flatMap(({ product }) => product.plu ?? []),
    );
    for (const planned of batch) {
      const claims = claimsOf(planned.product);
      const taken = claims.find(({ key }) => this.#rowOfClaim.has(key));
      if (taken !== undefined) {
        const other = String(this.#rowOfClaim.get(taken.key));
        this.#tell(planned.row, taken.column, 'doubled-in-file', taken.value, other);
        continue;
      }
      this.#planned.set(planned.row, planned);
      this.#rowsOfProducts.set(planned.product.id, planned.row);
      for (const claim of claims) {
        this.#rowOfClaim.set(claim.key, planned.row);
        const holder = holderOf(claim.column === 'plu' ? byPlu : byBarcode, claim.value);
        if (holder !== undefined && holder.id !== planned.product.id) this.#holders.push({ planned, claim, holder });
      }
    }
  }

  // A row that falls keeps its product as it was, with the barcodes that another row hoped for: so until nothing falls any more.
  #judgeHolders(): void {
    for (let hasFallen = true; hasFallen; ) {
      hasFallen = false;
      for (const { planned, claim, holder } of this.#holders) {
        const rowOfHolder = this.#rowsOfProducts.get(holder.id);
        const isFree = rowOfHolder !== undefined && this.#planned.has(rowOfHolder);
        if (isFree || !this.#planned.delete(planned.row)) continue;
        this.#tell(planned.row, claim.column, 'taken-by-product', claim.value, holder.code);
        hasFallen = true;
      }
    }
  }

  #tell(
    row: number,
    column: ProductColumn | null,
    problem: RowProblem,
    value: string,
    about: string | null = null,
  ): void {
    this.#wrongRows.add(row);
    this.#problems.push({ row, column, problem, value: value.slice(0, 100), about });
  }
}

function claimsOf({ barcodes, plu }: Product): readonly Claim[] {
  const ofBarcodes = barcodes.map((value): Claim => ({ column: 'barcodes', value, key: `barcode ${value}` }));
  return plu === null ? ofBarcodes : [...ofBarcodes, { column: 'plu', value: plu, key: `plu ${plu}` }];
}

// Numbers of scales and of articles are both text here: each is looked up among its own.
function holderOf(holders: ReadonlyMap<string, Product>, value: string): Product | undefined {
  return holders.get(value);
}
