// The kept goods in memory, for tests of what stands on them; it can be full or away.

import type { CatalogChange, SearchParts } from '#catalog/index.ts';
import { StorageError, type StorageTrouble } from '../../chain/storage-trouble.ts';
import { changesSince, type GoodsStore, type KeptChanges, type KeptGoods } from '../goods-store.port.ts';
import type { PackedShelf } from '../packed-shelf.ts';

export class MemoryGoodsStore implements GoodsStore {
  /** What every call fails with, until it is `null` again. */
  trouble: StorageTrouble | null = null;
  shelf: PackedShelf | null = null;
  changes: readonly KeptChanges[] = [];
  search: { readonly version: number; readonly parts: SearchParts } | null = null;

  async load(): Promise<KeptGoods | null> {
    this.#turn();
    return this.shelf === null ? null : { shelf: this.shelf, changes: changesSince(this.shelf.version, this.changes) };
  }

  async keepShelf(shelf: PackedShelf, evenIfOlder: boolean): Promise<boolean> {
    this.#turn();
    const isSameGoods = this.shelf !== null && this.shelf.owner === shelf.owner && !evenIfOlder;
    if (isSameGoods && this.shelf !== null && this.shelf.version > shelf.version) return false;
    this.changes = isSameGoods
      ? this.changes.filter(({ changes }) => (changes.at(-1)?.version ?? 0) > shelf.version)
      : [];
    this.shelf = shelf;
    this.search = null;
    return true;
  }

  async keepChanges(after: number, changes: readonly CatalogChange[]): Promise<void> {
    this.#turn();
    if (this.shelf !== null) this.changes = [...this.changes, { after, changes }];
  }

  async loadSearch(version: number): Promise<SearchParts | null> {
    this.#turn();
    return this.search?.version === version ? this.search.parts : null;
  }

  async keepSearch(version: number, parts: SearchParts): Promise<void> {
    this.#turn();
    if (this.shelf?.version === version) this.search = { version, parts };
  }

  async clear(): Promise<void> {
    this.#turn();
    this.shelf = null;
    this.changes = [];
    this.search = null;
  }

  #turn(): void {
    if (this.trouble !== null) throw new StorageError(this.trouble);
  }
}
