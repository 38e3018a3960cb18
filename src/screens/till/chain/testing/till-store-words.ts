// What the driver page of the till's store (till-store-driver.ts) can be told to do. Without a word of the browser, so that tests
// outside of it can use them too.

import type { StorageTrouble } from '../storage-trouble.ts';
import type { ChainAlarm } from '../till-chain.ts';

export type JournalFigures = {
  readonly phase: 'opening' | 'ready' | 'unusable' | undefined;
  readonly unusable: StorageTrouble | null | undefined;
  readonly waiting: number | undefined;
  readonly alarms: readonly ChainAlarm[] | undefined;
  readonly chainId: string | undefined;
  readonly lastNumber: number | undefined;
};

export type GoodsFigures = {
  readonly phase: 'opening' | 'loading' | 'ready';
  readonly version: number;
  readonly isSearchReady: boolean;
  readonly trouble: 'away' | 'refused' | null;
  readonly notKept: StorageTrouble | null;
};

export type OpeningFigures = {
  /** Whether there were goods before anything was fetched. */
  readonly wasWarm: boolean;
  /** From the call until it was known whether there are goods; until the first number was found; until a search answers. */
  readonly warmMs: number;
  readonly foundMs: number;
  readonly searchMs: number;
  /** The longest time that the page was held up: until the first number was found, and over all. */
  readonly stallToFoundMs: number;
  readonly stallMs: number;
  readonly state: GoodsFigures;
};

export type TillStoreDriver = {
  /** Plays the contracts of both stores against IndexedDB; answers what each case said, `null` for nothing. */
  playContract(): Promise<readonly (readonly [name: string, said: string | null])[]>;
  /** What a newer till does to a database of this name. */
  bringNewerSchema(name: string): Promise<void>;
  openJournal(): Promise<void>;
  /** Writes entries one after the other; answers how long each took, or why one was not written. */
  append(names: readonly string[]): Promise<{ readonly tookMs: readonly number[]; readonly failure: string | null }>;
  /** Begins to write without waiting; `written` tells how many are on the disk. */
  appendOn(prefix: string, count: number): void;
  written: number;
  journalState(): JournalFigures;
  sendAll(): Promise<void>;
  /** Puts a note on a basket and says nothing more: the page may go at once. */
  keepBasket(note: string): string;
  /** The notes of the baskets that were in work. */
  recoverBaskets(): Promise<readonly string[]>;
  /** Fills the storage until the browser gives no more; the journal may take that room for itself. */
  fillDisk(): Promise<string>;
  openGoods(owner: string, digits: string, withWorker: boolean): Promise<OpeningFigures>;
  /** How long each scanned number takes to become a line. */
  findAll(numbers: readonly string[]): readonly number[];
  /** How long each query takes from the key to its products, and how many came. */
  searchAll(queries: readonly string[]): Promise<readonly { readonly tookMs: number; readonly hits: number }[]>;
  /** Types without waiting; answers which of the queries were answered. */
  typeFast(queries: readonly string[]): Promise<readonly boolean[]>;
  goodsState(): GoodsFigures | undefined;
  refreshGoods(): void;
  /** The price of a scanned number in minor units, or what else it is. */
  priceOf(digits: string): string | undefined;
};
