// The server's durable record of what tills wrote: every chain, every entry with its text and hash, forks kept apart. PostgreSQL
// implements it (src/journal/documents); simulation has one in memory; both pass till-journal.contract.ts. What is done with entries
// that a till sends is documents/receive-entries.flow.ts.

import type { DeviceId, MerchantId, StoreId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import type { EntryStanding, Till } from './documents/judge-entry.ts';
import type { ChainHead, TillEntry } from './till-journal.ts';

/** What the server has of one chain. */
export type TillChain = ChainHead & {
  readonly storeId: StoreId;
  readonly deviceId: DeviceId;
  readonly startedAt: Instant;
  /** When its last entry came; `null` while there is none. By the server's clock. */
  readonly lastAt: Instant | null;
};

/** An entry as it was sent, and what came of it. */
export type KeptEntry = {
  readonly entry: TillEntry;
  readonly standing: EntryStanding;
  readonly question: string | null;
  readonly receivedAt: Instant;
};

/** What is known of an entry without its text. */
export type EntryMark = Pick<KeptEntry, 'standing' | 'question'> & Pick<TillEntry, 'number' | 'hash'>;

/** Two entries under one number: the one in the chain (`null` when the chain has not come so far), and one that is kept apart. */
export type ForkedEntry = {
  readonly deviceId: DeviceId;
  readonly kept: TillEntry | null;
  readonly other: TillEntry;
  readonly receivedAt: Instant;
};

export type QuestionedEntry = KeptEntry & { readonly deviceId: DeviceId };

export type OfStore = { readonly merchantId: MerchantId; readonly storeId: StoreId; readonly limit: number };

export interface TillJournal {
  /** Begins a chain in its first storage, or finds it begun. Its till stays the one that began it. */
  beginChain(till: Till, start: ChainHead): Promise<TillChain>;
  findChain(merchantId: MerchantId, chainId: string): Promise<TillChain | undefined>;
  /** The chains that a device began, the newest first. */
  chainsOf(merchantId: MerchantId, deviceId: DeviceId): Promise<readonly TillChain[]>;
  /** The number of the last shift that a device has told of, by a sale, a return or a report; 0 when of none. */
  lastShiftNumber(merchantId: MerchantId, deviceId: DeviceId): Promise<number>;

  /** Of these numbers what is in the chain, by number. */
  marksAt(merchantId: MerchantId, chainId: string, numbers: readonly number[]): Promise<readonly EntryMark[]>;
  /** The entries after a number, in their order. */
  entriesAfter(merchantId: MerchantId, chainId: string, after: number, limit: number): Promise<readonly KeptEntry[]>;

  /**
   * Takes the entry that follows on the chain's head, with everything that follows from it, in one transaction: the entry, its
   * judgement, its document or report, its facts. `moved-on`: the head is another by now, and nothing was written. The entry's
   * hash is the caller's to check.
   */
  takeEntry(till: Till, entry: TillEntry): Promise<'taken' | 'moved-on'>;

  /** Keeps entries that do not belong to their chain; each once, however often it comes. */
  keepApart(till: Till, entries: readonly TillEntry[]): Promise<void>;

  /** What a manager should look at, the newest first. */
  listForks(of: OfStore): Promise<readonly ForkedEntry[]>;
  listQuestions(of: OfStore): Promise<readonly QuestionedEntry[]>;

  /** Judges up to `limit` awaiting entries once more, those first that were judged longest ago; answers how many now stand otherwise. */
  judgeAgain(limit: number): Promise<number>;
}
