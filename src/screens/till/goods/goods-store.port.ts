// Where the till keeps its goods between two starts. All of it can be fetched again, so a store that is full or gone costs time
// and nothing else. IndexedDB implements it; tests have one in memory; both are held to goods-store.contract.ts.

import type { CatalogChange, SearchParts } from '#catalog/index.ts';
import type { PackedShelf } from './packed-shelf.ts';

export type KeptGoods = {
  readonly shelf: PackedShelf;
  /** What changed since, without a gap, in the order of versions; some may be there twice. */
  readonly changes: readonly CatalogChange[];
};

export interface GoodsStore {
  load(): Promise<KeptGoods | null>;
  /**
   * Puts a shelf in the place of the one that is there and of all changes that it holds. One of the same owner that is newer stays:
   * another tab was faster; but not with `evenIfOlder`, when the server itself went back. Answers whether it was kept.
   */
  keepShelf(shelf: PackedShelf, evenIfOlder: boolean): Promise<boolean>;
  /** Adds all changes after a version to what is there; nothing when no shelf is. */
  keepChanges(after: number, changes: readonly CatalogChange[]): Promise<void>;
  /** The search index of a shelf's version, if it was kept. */
  loadSearch(version: number): Promise<SearchParts | null>;
  /** Keeps the index of a shelf's version in the place of any other, if that shelf is the one that is there. */
  keepSearch(version: number, parts: SearchParts): Promise<void>;
  /** Frees the room. */
  clear(): Promise<void>;
}

/** Changes as they are kept: all that came after a version, up to the last of them. */
export type KeptChanges = { readonly after: number; readonly changes: readonly CatalogChange[] };

/**
 * What of the kept changes follows on a shelf's version without a gap. A tab that could not write, or that followed another state of
 * the server, leaves gaps, and a copy with a gap must never be taken for a whole one.
 */
export function changesSince(version: number, kept: readonly KeptChanges[]): readonly CatalogChange[] {
  let end = version;
  const found: CatalogChange[] = [];
  for (const { after, changes } of kept.toSorted((left, right) => left.after - right.after)) {
    if (after > end) break;
    found.push(...changes);
    end = Math.max(end, changes.at(-1)?.version ?? 0);
  }
  return found;
}
