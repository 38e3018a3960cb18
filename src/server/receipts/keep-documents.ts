// Does what follows from tills' entries outside their transactions, for as long as the server runs: goods are moved in stock, and
// what waits for a payment, a refund or a sale is judged again. Every server does it; the journal sees to it that once is enough.
// Trouble is told to the log and tried again the next time.

import type { CatalogJournal } from '#catalog/index.ts';
import { type DocumentJournal, moveStockOfDocuments, type TillJournal } from '#checkout/index.ts';
import { type Clock, type DurationMs, durationMs } from '#foundation/instant.ts';
import type { Log } from '#foundation/log.ts';

export type KeeperParts = {
  readonly tills: Pick<TillJournal, 'judgeAgain'>;
  readonly documents: DocumentJournal;
  /** `null` where no stock is kept: the documents stay due. */
  readonly catalog: Pick<CatalogJournal, 'moveStock'> | null;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
};

const roundMs = durationMs(5_000);
const soonMs = durationMs(50);
const limit = 200;

export class DocumentKeeper {
  readonly #parts: KeeperParts;
  #callOff: () => void = () => {};
  #running: Promise<void> = Promise.resolve();
  #isStopped = true;
  #isSoon = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#isStopped = false;
    this.#again(soonMs);
  }

  /** Goes round once more shortly, however often it is asked. */
  kick(): void {
    if (this.#isStopped || this.#isSoon) return;
    this.#isSoon = true;
    this.#again(soonMs);
  }

  /** Takes up no more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#callOff();
    await this.#running;
  }

  #again(wait: DurationMs): void {
    this.#callOff();
    this.#callOff = this.#parts.clock.after(wait, () => {
      this.#running = this.#running.then(() => this.#round());
    });
  }

  async #round(): Promise<void> {
    this.#isSoon = false;
    const { tills, documents, catalog } = this.#parts;
    await this.#tried('judge', () => tills.judgeAgain(limit));
    const moved =
      catalog === null ? 0 : await this.#tried('stock', () => moveStockOfDocuments(documents, catalog, limit));
    if (!this.#isStopped) this.#again(moved === limit || this.#isSoon ? soonMs : roundMs);
  }

  async #tried(task: string, work: () => Promise<number>): Promise<number> {
    try {
      return await work();
    } catch (trouble) {
      const fault = trouble instanceof Error ? trouble.name : 'unknown';
      this.#parts.log.event('server.documents.faulted', { task, fault });
      return 0;
    }
  }
}
