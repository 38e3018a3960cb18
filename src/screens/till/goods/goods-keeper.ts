// Keeps a till's goods: fetches the whole catalogue the first time and what has changed from then on, packs and stores it, and searches it.
// It works in a worker, where nothing that it does can hold up the page, or on the page itself where there are no workers. The
// page has a copy of the goods (till-goods.ts) and is told of every change in messages.

import {
  applyChanges,
  buildIndex,
  Catalog,
  type CatalogChange,
  type CatalogKey,
  ProductSearch,
  type SearchParts,
} from '#catalog/index.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { ServerCall } from '../chain/server-call.ts';
import { type StorageTrouble, storageTroubleOf } from '../chain/storage-trouble.ts';
import type { Trouble } from '../store-client.ts';
import { type ChangesPage, changesPath, readChange, readChangesPage } from './catalog-wire.ts';
import { GlancedProducts } from './glanced-products.ts';
import { Goods, recordsOf } from './goods.ts';
import type { GoodsStore } from './goods-store.port.ts';
import { type Pace, runPaced } from './pace.ts';
import { type PackedShelf, packShelf, type Stocked } from './packed-shelf.ts';

/** What the page says to the keeper. `version` and `owner`: of the goods that the page has already; 0 for none. */
export type KeeperOrder =
  | { readonly kind: 'open'; readonly version: number; readonly owner: string }
  | { readonly kind: 'refresh' }
  | { readonly kind: 'search'; readonly number: number; readonly query: string; readonly limit: number };

/** What the keeper tells the page. */
export type KeeperNews =
  /** A first start: so many of about `of` changes are here. */
  | { readonly kind: 'loading'; readonly done: number; readonly of: number }
  | { readonly kind: 'shelf'; readonly shelf: PackedShelf }
  | { readonly kind: 'changes'; readonly changes: readonly CatalogChange[] }
  /** Everything that the server has is here. `unread`: records that this till could not read, since it was opened. */
  | { readonly kind: 'up-to-date'; readonly version: number; readonly unread: number }
  | { readonly kind: 'away'; readonly retryAfterMs: number }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'search-ready' }
  /** `null`: there is no index yet. */
  | { readonly kind: 'found'; readonly number: number; readonly ids: readonly string[] | null }
  /** Whether the goods will be here at the next start. */
  | { readonly kind: 'kept'; readonly trouble: StorageTrouble | null };

export type KeeperParts = {
  readonly store: GoodsStore;
  readonly call: ServerCall;
  readonly tell: (news: KeeperNews) => void;
  readonly pace: Pace;
  /** Changes of one page: what is parsed at once. */
  readonly pageLimit: number;
};

/** Changes since the shelf was packed from which on it is packed anew. */
export const repackAfter = 5_000;
const pageMs = 30_000;
/** Pages of one run, against a server that never comes to an end: a million products with their prices have 500. */
const pagesMax = 20_000;
const appliedAtOnce = 50;
/** Kept changes from which on building the index anew is quicker than adding them to the one that was kept. */
const changedCountMax = 1_000;
/** How often a shelf that could not be kept is packed and tried again, in one run of the till. */
const keepTriesMax = 3;

export class GoodsKeeper {
  readonly #parts: KeeperParts;
  #owner = '';
  #goods: Goods | null = null;
  #search: ProductSearch | null = null;
  #unread = 0;
  #busy: Promise<void> | null = null;
  /** Whether the next start will find what is here. */
  #isKept = false;
  #keepTries = 0;
  #hasStartedOver = false;
  #isRefreshWaiting = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** Does what the page says. Orders to open and to refresh run one after the other; a search comes in between. */
  take(order: KeeperOrder): void {
    switch (order.kind) {
      case 'open':
        this.#owner = order.owner;
        this.#enqueue(() => this.#open(order.version));
        return;
      case 'refresh':
        // One that waits its turn will see whatever this one would; one that is under way may be past it.
        if (this.#isRefreshWaiting) return;
        this.#isRefreshWaiting = true;
        this.#enqueue(async () => {
          this.#isRefreshWaiting = false;
          await this.#refresh();
        });
        return;
      case 'search':
        this.#find(order);
        return;
    }
  }

  /** Until nothing is being done any more. */
  async idle(): Promise<void> {
    while (this.#busy !== null) await this.#busy;
  }

  #enqueue(act: () => Promise<void>): void {
    const done = (this.#busy ?? Promise.resolve())
      .then(act)
      .catch(() => this.#startOver())
      .finally(() => {
        if (this.#busy === done) this.#busy = null;
      });
    this.#busy = done;
  }

  /** What is kept cannot be read after all: everything is fetched again. Once; a second time something else is wrong. */
  async #startOver(): Promise<void> {
    if (this.#hasStartedOver) return;
    this.#hasStartedOver = true;
    await this.#tryStore((store) => store.clear());
    this.#goods = null;
    this.#search = null;
    await this.#loadAll(true).catch(() => this.#parts.tell({ kind: 'away', retryAfterMs: 0 }));
  }

  async #open(version: number): Promise<void> {
    const kept = await this.#tryStore((store) => store.load());
    if (kept !== null && kept !== undefined && kept.shelf.owner === this.#owner) {
      const goods = new Goods(kept.shelf);
      const changed = goods.apply(kept.changes);
      this.#goods = goods;
      this.#isKept = true;
      if (kept.shelf.version > version) this.#parts.tell({ kind: 'shelf', shelf: kept.shelf });
      if (goods.version > version) this.#parts.tell({ kind: 'changes', changes: kept.changes });
      await this.#openSearch(kept.shelf.version, goods, changed);
    }
    await this.#refresh();
  }

  async #refresh(): Promise<void> {
    const goods = this.#goods;
    if (goods === null) {
      await this.#loadAll(false);
      return;
    }
    const fresh: CatalogChange[] = [];
    const before = goods.version;
    const heard = await this.#fetchAfter(goods.version, async (page, changes) => {
      if (page.latest < goods.version) return;
      await this.#apply(goods, changes);
      fresh.push(...changes);
    });
    // What came before the line broke is good, and is not fetched again.
    if (fresh.length > 0 && this.#isKept) await this.#tryStore((store) => store.keepChanges(before, fresh));
    if (!heard.ok) {
      this.#tellTrouble(heard.failure);
      return;
    }
    if (heard.value < goods.version) {
      // The server came back from a backup: what it knows now is what counts.
      await this.#loadAll(true);
      return;
    }
    this.#parts.tell({ kind: 'up-to-date', version: goods.version, unread: this.#unread });
    const isToKeep = !this.#isKept && this.#keepTries < keepTriesMax;
    if (goods.changeCount > repackAfter || isToKeep) await this.#repack(goods);
    else if (this.#search?.isStale === true) await this.#makeSearch(goods, null);
  }

  async #apply(goods: Goods, changes: readonly CatalogChange[]): Promise<void> {
    if (changes.length === 0) return;
    const keys: CatalogKey[] = [];
    for (let first = 0; first < changes.length; first += appliedAtOnce) {
      keys.push(...goods.apply(changes.slice(first, first + appliedAtOnce)));
      if (this.#parts.pace.isTimeUp()) await this.#parts.pace.rest();
    }
    this.#search?.noteChanges(keys);
    this.#parts.tell({ kind: 'changes', changes });
  }

  /** A first start, or one from nothing: everything, page by page. */
  async #loadAll(evenIfOlder: boolean): Promise<void> {
    const catalog = new Catalog();
    let done = 0;
    const heard = await this.#fetchAfter(0, async (page, changes) => {
      for (let first = 0; first < changes.length; first += appliedAtOnce) {
        applyChanges(catalog, changes.slice(first, first + appliedAtOnce));
        if (this.#parts.pace.isTimeUp()) await this.#parts.pace.rest();
      }
      done += page.changes.length;
      this.#parts.tell({ kind: 'loading', done, of: Math.max(done, page.latest) });
    });
    if (!heard.ok) {
      this.#tellTrouble(heard.failure);
      return;
    }
    const goods = await this.#pack(
      stockOf(catalog),
      { version: catalog.version, records: recordsOf(catalog) },
      evenIfOlder,
    );
    this.#parts.tell({ kind: 'up-to-date', version: goods.version, unread: this.#unread });
  }

  async #repack(goods: Goods): Promise<void> {
    await this.#pack(goods.all(), { version: goods.version, records: goods.records() }, false);
  }

  async #pack(
    stocked: Iterable<Stocked>,
    about: Pick<PackedShelf, 'version' | 'records'>,
    evenIfOlder: boolean,
  ): Promise<Goods> {
    const { pace, tell } = this.#parts;
    const shelf = await runPaced(packShelf(stocked, { ...about, owner: this.#owner }), pace);
    const goods = new Goods(shelf);
    this.#goods = goods;
    tell({ kind: 'shelf', shelf });
    this.#keepTries += 1;
    await this.#tryStore(async (store) => {
      await store.keepShelf(shelf, evenIfOlder);
      this.#isKept = true;
      this.#keepTries = 0;
    });
    await this.#makeSearch(goods, shelf.version);
    return goods;
  }

  async #openSearch(version: number, goods: Goods, changed: readonly CatalogKey[]): Promise<void> {
    const parts = await this.#tryStore((store) => store.loadSearch(version));
    if (parts === null || parts === undefined || changed.length > changedCountMax) {
      await this.#makeSearch(goods, changed.length === 0 ? version : null);
      return;
    }
    this.#takeIndex(goods, parts);
    // What changed since the shelf was packed is not in its index.
    this.#search?.noteChanges(changed);
  }

  /** Builds the index; `keptAs`: the version of the shelf that it is kept for, `null` when it belongs to none. */
  async #makeSearch(goods: Goods, keptAs: number | null): Promise<void> {
    const parts = await runPaced(buildIndex(productsOf(goods)), this.#parts.pace);
    this.#takeIndex(goods, parts);
    if (keptAs !== null) await this.#tryStore((store) => store.keepSearch(keptAs, parts));
  }

  #takeIndex(goods: Goods, parts: SearchParts): void {
    this.#search = new ProductSearch(new GlancedProducts(goods), parts);
    this.#parts.tell({ kind: 'search-ready' });
  }

  #find({ number, query, limit }: Extract<KeeperOrder, { kind: 'search' }>): void {
    const found = this.#search?.search(query, limit).map(({ id }) => id);
    this.#parts.tell({ kind: 'found', number, ids: found ?? null });
  }

  /**
   * Fetches what came after a version, page by page; the next one is on its way while one is taken. Answers the newest version that the
   * server has.
   */
  async #fetchAfter(
    after: number,
    takePage: (page: ChangesPage, changes: readonly CatalogChange[]) => Promise<void>,
  ): Promise<Result<number, Trouble>> {
    let asked = this.#fetchPage(after);
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const page = await asked;
      if (!page.ok) return page;
      const { changes, latest, end } = page.value;
      const isLast = changes.length === 0 || end >= latest;
      if (!isLast) asked = this.#fetchPage(end);
      await takePage(page.value, await this.#readChanges(changes));
      if (isLast) return success(latest);
    }
    return failure({ kind: 'unreachable', retryAfterMs: 0 });
  }

  async #fetchPage(after: number): Promise<Result<ChangesPage, Trouble>> {
    const path = changesPath(after, this.#parts.pageLimit);
    const reply = await this.#parts.call({ method: 'GET', path, body: null, timeoutMs: pageMs });
    if (!reply.ok) return reply;
    const page = readChangesPage(reply.value.text);
    return page === undefined ? failure({ kind: 'unreachable', retryAfterMs: 0 }) : success(page);
  }

  async #readChanges(raw: readonly unknown[]): Promise<readonly CatalogChange[]> {
    const changes: CatalogChange[] = [];
    for (const [index, value] of raw.entries()) {
      const change = readChange(value);
      if (change === undefined) this.#unread += 1;
      else changes.push(change);
      if (index % appliedAtOnce === 0 && this.#parts.pace.isTimeUp()) await this.#parts.pace.rest();
    }
    return changes;
  }

  /** Does something with the store; trouble costs the next start, never this one, and is told. */
  async #tryStore<Value>(act: (store: GoodsStore) => Promise<Value>): Promise<Value | undefined> {
    try {
      const value = await act(this.#parts.store);
      if (this.#isKept) this.#parts.tell({ kind: 'kept', trouble: null });
      return value;
    } catch (error) {
      this.#isKept = false;
      this.#parts.tell({ kind: 'kept', trouble: storageTroubleOf(error) });
      return undefined;
    }
  }

  #tellTrouble(trouble: Trouble): void {
    if (trouble.kind === 'refused') this.#parts.tell({ kind: 'refused', code: trouble.problem.code });
    else this.#parts.tell({ kind: 'away', retryAfterMs: trouble.retryAfterMs });
  }
}

function* stockOf(catalog: Catalog): Generator<Stocked, void, void> {
  for (const product of catalog.products.values()) yield { product, prices: catalog.pricesOf(product.id) };
}

function* productsOf(goods: Goods) {
  for (const { product } of goods.all()) yield product;
}
