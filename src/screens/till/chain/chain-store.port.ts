// Where the till's journal is kept on the device. IndexedDB implements it; tests have one in memory; both are held to
// chain-store.contract.ts. Each method is one transaction: done whole or not at all, whatever other tabs do meanwhile.

import type { ChainHead, TillEntry } from '#checkout/index.ts';
import type { Instant } from '#foundation/instant.ts';

/** Why a chain is written no more. Its entries stay. */
export type SetAside = {
  /** `forked`: the server has another entry under `number`. `broken`: ours is not what it was. `till-lost`: ours ends before. */
  readonly why: 'forked' | 'broken' | 'till-lost';
  readonly number: number;
  /** The chain that took over what the server did not have. */
  readonly successorId: string;
};

export type KeptChain = {
  readonly chainId: string;
  readonly startedAt: Instant;
  readonly head: ChainHead;
  /** Up to this number the server has said that it has it; 0 when nothing. */
  readonly acknowledged: number;
  /** The first number that is still kept; `lastNumber + 1` when none is. */
  readonly keptFrom: number;
  /** An open shift needs the entries from here on; `null` when none does. */
  readonly neededFrom: number | null;
  readonly setAside: SetAside | null;
};

export interface ChainStore {
  /** The chain that is being written; `null` in a store that is new. */
  current(): Promise<KeptChain | null>;
  /** All chains, the oldest first. */
  chains(): Promise<readonly KeptChain[]>;
  /** Makes a chain the current one where there is none; answers the current one, which may be another tab's. */
  begin(fresh: KeptChain): Promise<KeptChain>;
  /**
   * Writes an entry durably, if the current chain still ends in `before`; `false` when it does not, and nothing is written. The
   * draft of the basket that it ends is deleted with it.
   */
  append(before: ChainHead, entry: TillEntry, endsBasket: string | null): Promise<boolean>;
  /**
   * Sets the current chain aside and goes on with another that begins with `entries`, if the current chain still ends in `before`.
   */
  replace(before: ChainHead, aside: SetAside, next: KeptChain, entries: readonly TillEntry[]): Promise<boolean>;
  /** At most `limit` entries after a number, in order. */
  entriesAfter(chainId: string, after: number, limit: number): Promise<readonly TillEntry[]>;
  /** Notes what the server has; it only grows, unless the server itself says that it lost something. */
  acknowledge(chainId: string, upTo: number): Promise<void>;
  /** Notes that the server has less than it said before: what is kept after `upTo` must be sent again. */
  unacknowledge(chainId: string, upTo: number): Promise<void>;
  /** Notes from where on an open shift needs the entries of the current chain; `null` when none does. */
  need(from: number | null): Promise<void>;
  /**
   * Deletes the oldest entries of a chain but the last `keptLast`: only what is acknowledged and what no shift needs. Answers how many
   * went.
   */
  prune(chainId: string, keptLast: number): Promise<number>;
}

/** A basket in work, as text. `revision` grows with every change. */
export type KeptDraft = { readonly basketId: string; readonly revision: number; readonly text: string };

/** Where baskets in work are kept, beside the chain. */
export interface DraftStore {
  drafts(): Promise<readonly KeptDraft[]>;
  /** Keeps a draft, unless a later revision of it is there. */
  keepDraft(draft: KeptDraft): Promise<void>;
  dropDraft(basketId: string): Promise<void>;
}

/** The number up to which `prune` may delete. */
export function prunableTo({ head, acknowledged, neededFrom }: KeptChain, keptLast: number): number {
  return Math.min(acknowledged, head.lastNumber - keptLast, (neededFrom ?? Number.MAX_SAFE_INTEGER) - 1);
}
