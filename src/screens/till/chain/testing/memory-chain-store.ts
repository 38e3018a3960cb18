// A till's journal in memory, for tests of what stands on it. It can be made full, cleared, copied as a profile is cloned, and
// broken as a disk may break it. Tabs share it by sharing the object.

import type { TillEntry } from '#checkout/index.ts';
import { type ChainStore, type DraftStore, type KeptChain, type KeptDraft, prunableTo } from '../chain-store.port.ts';
import { StorageError, type StorageTrouble } from '../storage-trouble.ts';

export class MemoryChainStore implements ChainStore, DraftStore {
  /** What every call fails with, until it is `null` again. */
  trouble: StorageTrouble | null = null;
  readonly kept = new Map<string, KeptChain>();
  entries: TillEntry[] = [];
  readonly baskets = new Map<string, KeptDraft>();
  #current: string | null = null;

  /** The same storage in another profile. */
  clone(): MemoryChainStore {
    const twin = new MemoryChainStore();
    for (const [id, chain] of this.kept) twin.kept.set(id, chain);
    twin.entries = [...this.entries];
    for (const [id, draft] of this.baskets) twin.baskets.set(id, draft);
    twin.#current = this.#current;
    return twin;
  }

  /** What deleting the site's data leaves. */
  clear(): void {
    this.kept.clear();
    this.entries = [];
    this.baskets.clear();
    this.#current = null;
  }

  async current(): Promise<KeptChain | null> {
    await this.#turn();
    return this.#chain();
  }

  async chains(): Promise<readonly KeptChain[]> {
    await this.#turn();
    return [...this.kept.values()].toSorted((left, right) => left.startedAt - right.startedAt);
  }

  async begin(fresh: KeptChain): Promise<KeptChain> {
    await this.#turn();
    const present = this.#chain();
    if (present !== null) return present;
    this.kept.set(fresh.chainId, fresh);
    this.#current = fresh.chainId;
    return fresh;
  }

  async append(before: KeptChain['head'], entry: TillEntry, endsBasket: string | null): Promise<boolean> {
    await this.#turn();
    const chain = this.#at(before);
    if (chain === null) return false;
    this.entries.push(entry);
    if (endsBasket !== null) this.baskets.delete(endsBasket);
    const head = { chainId: entry.chainId, lastNumber: entry.number, lastHash: entry.hash };
    this.kept.set(chain.chainId, { ...chain, head });
    return true;
  }

  async replace(...[before, aside, next, entries]: Parameters<ChainStore['replace']>): Promise<boolean> {
    await this.#turn();
    const chain = this.#at(before);
    if (chain === null) return false;
    this.kept.set(chain.chainId, { ...chain, setAside: aside });
    this.kept.set(next.chainId, next);
    this.entries.push(...entries);
    this.#current = next.chainId;
    return true;
  }

  async entriesAfter(chainId: string, after: number, limit: number): Promise<readonly TillEntry[]> {
    await this.#turn();
    return this.entries
      .filter((entry) => entry.chainId === chainId && entry.number > after)
      .toSorted((left, right) => left.number - right.number)
      .slice(0, limit);
  }

  async acknowledge(chainId: string, upTo: number): Promise<void> {
    await this.#turn();
    this.#change(chainId, (chain) => ({ ...chain, acknowledged: Math.max(chain.acknowledged, upTo) }));
  }

  async unacknowledge(chainId: string, upTo: number): Promise<void> {
    await this.#turn();
    this.#change(chainId, (chain) => ({ ...chain, acknowledged: Math.min(chain.acknowledged, upTo) }));
  }

  async need(from: number | null): Promise<void> {
    await this.#turn();
    if (this.#current !== null) this.#change(this.#current, (chain) => ({ ...chain, neededFrom: from }));
  }

  async prune(chainId: string, keptLast: number): Promise<number> {
    await this.#turn();
    const chain = this.kept.get(chainId);
    const last = chain === undefined ? 0 : prunableTo(chain, keptLast);
    if (chain === undefined || last < chain.keptFrom) return 0;
    this.entries = this.entries.filter((entry) => entry.chainId !== chainId || entry.number > last);
    this.kept.set(chainId, { ...chain, keptFrom: last + 1 });
    return last + 1 - chain.keptFrom;
  }

  async drafts(): Promise<readonly KeptDraft[]> {
    await this.#turn();
    return [...this.baskets.values()];
  }

  async keepDraft(draft: KeptDraft): Promise<void> {
    await this.#turn();
    const kept = this.baskets.get(draft.basketId);
    if (kept === undefined || kept.revision < draft.revision) this.baskets.set(draft.basketId, draft);
  }

  async dropDraft(basketId: string): Promise<void> {
    await this.#turn();
    this.baskets.delete(basketId);
  }

  // Other tabs come in between two calls, as they do in a browser.
  async #turn(): Promise<void> {
    await Promise.resolve();
    if (this.trouble !== null) throw new StorageError(this.trouble);
  }

  #chain(): KeptChain | null {
    return this.#current === null ? null : (this.kept.get(this.#current) ?? null);
  }

  #at(before: KeptChain['head']): KeptChain | null {
    const chain = this.#chain();
    const isThere =
      chain !== null &&
      chain.head.chainId === before.chainId &&
      chain.head.lastNumber === before.lastNumber &&
      chain.head.lastHash === before.lastHash;
    return isThere ? chain : null;
  }

  #change(chainId: string, change: (chain: KeptChain) => KeptChain): void {
    const chain = this.kept.get(chainId);
    if (chain !== undefined) this.kept.set(chainId, change(chain));
  }
}
