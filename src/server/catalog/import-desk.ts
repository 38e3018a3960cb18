// Imports of files of products, one at a time: the file is taken in whole, then read and written beside everything else that the
// server does, while whoever brought it asks how far it is. What has been imported is told for as long as the process lives; an
// import that a crash ends has written nothing, for it is written in one transaction.

import {
  type CatalogEdit,
  type CatalogJournal,
  type CatalogWrite,
  type ImportCounts,
  type ImportProblem,
  type PriceListId,
  parseCode,
  planImport,
  writeOfPlan,
} from '#catalog/index.ts';
import { type MerchantId, makeId } from '#foundation/id.ts';
import type { Clock } from '#foundation/instant.ts';
import type { Log } from '#foundation/log.ts';
import type { Currency } from '#foundation/money.ts';
import type { Random } from '#foundation/random.ts';
import { invariant } from '#foundation/result.ts';
import type { importStatuses } from '../contract/catalog.ts';

export type ImportStatus = (typeof importStatuses)[number];

/** How far an import is; it changes while it runs. */
export type ImportRun = {
  readonly id: string;
  readonly merchantId: MerchantId;
  readonly dryRun: boolean;
  status: ImportStatus;
  bytesTotal: number;
  bytesRead: number;
  rowsRead: number;
  counts: ImportCounts | null;
  problems: readonly ImportProblem[];
  problemCount: number;
  conflict: string | null;
};

export type ImportOrder = {
  readonly merchantId: MerchantId;
  readonly currency: Currency;
  readonly dryRun: boolean;
  readonly skipWrongRows: boolean;
};

export type ImportDeskParts = {
  readonly journal: CatalogJournal;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
};

/** The list in which regular prices are kept. */
export const regularPriceList: PriceListId = codeOfList('regular');
const runCountMax = 50;

/** The order was refused: another import runs, or the file is larger than `bytesMax`. */
export type ImportRefusal = { readonly kind: 'busy'; readonly importId: string } | { readonly kind: 'too-large' };

export class ImportDesk {
  readonly #parts: ImportDeskParts;
  readonly #runs = new Map<string, ImportRun>();
  #current: ImportRun | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(parts: ImportDeskParts) {
    this.#parts = parts;
  }

  /** The run, if it is one of this merchant. */
  find(merchantId: MerchantId, id: string): ImportRun | undefined {
    const run = this.#runs.get(id);
    return run?.merchantId === merchantId ? run : undefined;
  }

  /** Takes the file in, and begins; the answer comes when all of it is here. Throws what the stream throws. */
  async begin(
    order: ImportOrder,
    file: AsyncIterable<Uint8Array>,
    bytesMax: number,
  ): Promise<ImportRun | ImportRefusal> {
    if (this.#current !== null) return { kind: 'busy', importId: this.#current.id };
    const run = this.#open(order);
    try {
      const chunks: Uint8Array[] = [];
      // One that is too large is read to its end and dropped: a connection that is cut would leave the sender without the reason.
      for await (const chunk of file) {
        run.bytesTotal += chunk.length;
        if (run.bytesTotal <= bytesMax) chunks.push(chunk);
        else chunks.length = 0;
      }
      if (run.bytesTotal > bytesMax) {
        this.#forget(run);
        return { kind: 'too-large' };
      }
      this.#work = this.#run(run, order, chunks);
      return run;
    } catch (error) {
      this.#forget(run);
      throw error;
    }
  }

  /** An import that still reads ends without having written; one that writes already is written whole. */
  cancel(run: ImportRun): void {
    if (run.status === 'reading') run.status = 'cancelled';
  }

  /** Cancels what runs and waits for its end. */
  async close(): Promise<void> {
    if (this.#current !== null) this.cancel(this.#current);
    await this.#work;
  }

  #open({ merchantId, dryRun }: ImportOrder): ImportRun {
    const { clock, random } = this.#parts;
    const id = makeId('product', clock.now(), random).replace('prd_', 'imp_');
    const run: ImportRun = {
      ...{ id, merchantId, dryRun, status: 'reading', bytesTotal: 0, bytesRead: 0, rowsRead: 0 },
      ...{ counts: null, problems: [], problemCount: 0, conflict: null },
    };
    const oldest = this.#runs.keys().next().value;
    if (this.#runs.size >= runCountMax && oldest !== undefined) this.#runs.delete(oldest);
    this.#runs.set(id, run);
    this.#current = run;
    return run;
  }

  #forget(run: ImportRun): void {
    this.#runs.delete(run.id);
    this.#current = null;
  }

  async #run(run: ImportRun, order: ImportOrder, chunks: Uint8Array[]): Promise<void> {
    const { log } = this.#parts;
    try {
      await this.#import(run, order, chunks);
    } catch (error) {
      // A cancelled one has thrown itself out of the file.
      if (!isCancelled(run)) {
        run.status = 'failed';
        log.event('catalog.import.failed', {
          importId: run.id,
          fault: error instanceof Error ? error.name : 'unknown',
        });
      }
    } finally {
      this.#current = null;
    }
    if (run.status === 'done') log.event('catalog.import.done', { importId: run.id, rows: run.rowsRead });
  }

  async #import(run: ImportRun, { currency, skipWrongRows }: ImportOrder, chunks: Uint8Array[]): Promise<void> {
    const { journal, clock, random } = this.#parts;
    const { merchantId } = run;
    const plan = await planImport(
      {
        ...{ journal, merchantId, currency, priceListId: regularPriceList, now: clock.now(), random },
        onProgress({ bytesRead, rowsRead }) {
          run.bytesRead = bytesRead;
          run.rowsRead = rowsRead;
        },
      },
      unlessCancelled(run, chunks),
    );
    const { counts, problems, problemCount } = plan;
    Object.assign(run, { counts, problems, problemCount });
    if (isCancelled(run)) return;
    const write = writeOfPlan(plan, skipWrongRows);
    if (write === null || run.dryRun) {
      run.status = write === null && !run.dryRun ? 'refused' : 'done';
      return;
    }
    run.status = 'writing';
    const written = await journal.write(merchantId, await this.#withPriceList(merchantId, write));
    run.status = written.ok ? 'done' : 'refused';
    if (!written.ok) run.conflict = written.failure.kind;
  }

  // A merchant's first import comes before there is a list for its prices.
  async #withPriceList(merchantId: MerchantId, write: CatalogWrite): Promise<CatalogWrite> {
    const lists = await this.#parts.journal.listPriceLists(merchantId);
    if (lists.has(regularPriceList)) return write;
    const priceList = { id: regularPriceList, names: { en: 'Regular prices', zh: '正常售价' }, rank: 0 };
    const list: CatalogEdit = { act: 'upsert', record: { kind: 'price-list', priceList } };
    return { ...write, edits: [list, ...write.edits] };
  }
}

class Cancelled extends Error {}

// Whoever cancels does so between two steps of the import: the compiler sees only what the import itself has set.
function isCancelled(run: ImportRun): boolean {
  return run.status === 'cancelled';
}

// The pieces are given away one by one, so that what has been read need not be kept.
function* unlessCancelled(run: ImportRun, chunks: Uint8Array[]): Generator<Uint8Array, void, void> {
  for (let place = 0; place < chunks.length; place += 1) {
    if (isCancelled(run)) throw new Cancelled();
    const chunk = chunks[place];
    if (chunk !== undefined) yield chunk;
    chunks[place] = new Uint8Array();
  }
}

function codeOfList(text: string): PriceListId {
  const code = parseCode('price-list', text);
  invariant(code !== undefined, `${text} is no code of a price list`);
  return code;
}
