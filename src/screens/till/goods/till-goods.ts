// The goods as the page has them: scanned and looked up here at once, searched by the keeper, brought up to date by what it tells. A start
// with kept goods waits for nobody: they are read from storage, and the keeper comes after.

import type { Product, ProductCode } from '#catalog/index.ts';
import { type ProductId, parseId } from '#foundation/id.ts';
import { type Instant, instant } from '#foundation/instant.ts';
import { Observable } from '../../style/observable.ts';
import { type StorageTrouble, storageTroubleOf } from '../chain/storage-trouble.ts';
import type { Ambient } from '../try-again.ts';
import { Goods } from './goods.ts';
import type { KeeperNews } from './goods-keeper.ts';
import type { GoodsStore } from './goods-store.port.ts';
import type { KeeperLine, OpenKeeperLine } from './keeper-line.ts';
import { type Counter, type FoundGoods, factsOf, findGoods } from './line-facts.ts';

export type GoodsState = {
  /** `loading`: the first start; `ready`: what is scanned is found. */
  readonly phase: 'opening' | 'loading' | 'ready';
  /** Of a first start: how many changes of about how many. */
  readonly done: number;
  readonly of: number;
  readonly version: number;
  readonly isSearchReady: boolean;
  /** When the goods were last what the server has; `null` before that. */
  readonly upToDateAt: Instant | null;
  /** Why they may be old: the server does not answer, or does not give them. */
  readonly trouble: 'away' | 'refused' | null;
  /** Why the next start will have to fetch everything again; `null` when it will not. */
  readonly notKept: StorageTrouble | null;
  /** Records of the server that this till could not read: a newer server. */
  readonly unread: number;
};

export type GoodsParts = {
  readonly store: GoodsStore;
  readonly openLine: OpenKeeperLine;
  readonly ambient: Pick<Ambient, 'nowMs' | 'after'>;
  /** Whose goods: the store's id, kept on the device so that it is known without the server. */
  readonly owner: string;
};

export const refreshEveryMs = 30_000;
const retryMs = 5_000;
export const hitsMax = 50;

type Asked = { readonly query: string; readonly resolve: (found: readonly Product[] | null) => void };

export class TillGoods {
  readonly state = new Observable<GoodsState>({
    phase: 'opening',
    done: 0,
    of: 0,
    version: 0,
    isSearchReady: false,
    upToDateAt: null,
    trouble: null,
    notKept: null,
    unread: 0,
  });
  readonly #parts: GoodsParts;
  #goods: Goods | null = null;
  #line: KeeperLine | null = null;
  #callOff: () => void = () => {};
  #asking: Asked | null = null;
  #next: Asked | null = null;
  #asked = 0;

  constructor(parts: GoodsParts) {
    this.#parts = parts;
  }

  /** Opens what is kept; answers when what is scanned can be found, or it is known that everything must be fetched first. */
  async open(): Promise<void> {
    const { store, openLine, owner } = this.#parts;
    // The worker starts while the storage is read.
    this.#line = openLine((news) => this.#hear(news));
    try {
      const kept = await store.load();
      if (kept !== null && kept.shelf.owner === owner) {
        const goods = new Goods(kept.shelf);
        goods.apply(kept.changes);
        this.#use(goods);
      }
    } catch (error) {
      this.state.change({ notKept: storageTroubleOf(error) });
    }
    if (this.#goods === null) this.state.change({ phase: 'loading' });
    this.#line.send({ kind: 'open', version: this.#goods?.version ?? 0, owner });
    this.#refreshAfter(refreshEveryMs);
  }

  close(): void {
    this.#callOff();
    this.#line?.close();
    this.#line = null;
  }

  /** Asks the server what has changed: now, because the network is back or somebody wants it. */
  refresh(): void {
    this.#line?.send({ kind: 'refresh' });
    this.#refreshAfter(refreshEveryMs);
  }

  /** The goods in memory, for departments, quick keys and prices; `null` before they are here. */
  get goods(): Goods | null {
    return this.#goods;
  }

  /** What a scanned number puts into the basket; `null` while there are no goods yet. Takes far less than a millisecond. */
  find(digits: string, counter: Counter, at: Instant): FoundGoods | null {
    return this.#goods === null ? null : findGoods(this.#goods, digits, counter, at);
  }

  /** What a product that was chosen by hand (from a search, a quick key) puts into the basket. */
  choose(id: ProductId, counter: Counter, at: Instant): FoundGoods | null {
    const product = this.#goods?.findById(id);
    if (this.#goods === null || product === undefined) return null;
    return product.isActive ? factsOf(this.#goods, product, null, counter, at) : { kind: 'unknown' };
  }

  findByCode(code: ProductCode): Product | undefined {
    return this.#goods?.findByCode(code);
  }

  /**
   * Products for what was typed, best first; `null` when something else was typed meanwhile, which is then being answered, or when there
   * is nothing to search yet. One search is under way at a time and only the newest waits.
   */
  async search(query: string): Promise<readonly Product[] | null> {
    const { promise, resolve } = Promise.withResolvers<readonly Product[] | null>();
    this.#next?.resolve(null);
    this.#next = { query, resolve };
    if (this.#asking === null) this.#ask();
    return await promise;
  }

  #ask(): void {
    this.#asking = this.#next;
    this.#next = null;
    if (this.#asking === null) return;
    if (this.#line === null || this.#goods === null) {
      this.#asking.resolve(null);
      this.#asking = null;
      return;
    }
    this.#asked += 1;
    this.#line.send({ kind: 'search', number: this.#asked, query: this.#asking.query, limit: hitsMax });
  }

  #hear(news: KeeperNews): void {
    switch (news.kind) {
      case 'loading':
        this.state.change({ done: news.done, of: news.of, trouble: null });
        return;
      case 'shelf':
        this.#use(new Goods(news.shelf));
        return;
      case 'changes':
        this.#goods?.apply(news.changes);
        this.state.change({ version: this.#goods?.version ?? 0 });
        return;
      case 'up-to-date': {
        const upToDateAt = instant(this.#parts.ambient.nowMs());
        this.state.change({ upToDateAt, trouble: null, unread: news.unread });
        return;
      }
      case 'away':
        this.state.change({ trouble: 'away' });
        this.#refreshAfter(Math.max(retryMs, news.retryAfterMs));
        return;
      case 'refused':
        this.state.change({ trouble: 'refused' });
        return;
      case 'search-ready':
        this.state.change({ isSearchReady: true });
        return;
      case 'found':
        this.#found(news.number, news.ids);
        return;
      case 'kept':
        this.state.change({ notKept: news.trouble });
        return;
    }
  }

  #found(number: number, ids: readonly string[] | null): void {
    if (number !== this.#asked || this.#asking === null) return;
    const asking = this.#asking;
    this.#asking = null;
    const newer = this.#next;
    asking.resolve(newer !== null || ids === null ? null : ids.flatMap((id) => this.#glance(id) ?? []));
    if (newer !== null) this.#ask();
  }

  #glance(id: string): Product | undefined {
    const productId = parseId('product', id);
    return productId === undefined ? undefined : this.#goods?.glance(productId);
  }

  #use(goods: Goods): void {
    this.#goods = goods;
    this.state.change({ phase: 'ready', version: goods.version });
  }

  #refreshAfter(waitMs: number): void {
    this.#callOff();
    this.#callOff = this.#parts.ambient.after(waitMs, () => this.refresh());
  }
}
