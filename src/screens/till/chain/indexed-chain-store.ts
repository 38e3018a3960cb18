// The till's journal in IndexedDB. What must not be lost is written with strict durability: the promise resolves when the disk
// has it. Hashing cannot happen inside a transaction (it would end meanwhile), so a write names the head that it follows on and
// is not done when another tab was faster.

import type { ChainHead, TillEntry } from '#checkout/index.ts';
import { type ChainStore, type DraftStore, type KeptChain, type KeptDraft, prunableTo } from './chain-store.port.ts';
import type { JournalDatabase } from './journal-database.ts';
import { StorageError, storageTroubleOf } from './storage-trouble.ts';

const strict = { durability: 'strict' } as const;
const all = ['chains', 'entries', 'names', 'drafts'] as const;
const currentName = 'current';

export function makeIndexedChainStore(database: JournalDatabase): ChainStore & DraftStore {
  const kept = new IndexedChainStore(database);
  return {
    current: () => named(() => kept.current()),
    chains: () => named(() => kept.chains()),
    begin: (fresh) => named(() => kept.begin(fresh)),
    append: (...given) => named(() => kept.append(...given)),
    replace: (...given) => named(() => kept.replace(...given)),
    entriesAfter: (...given) => named(() => kept.entriesAfter(...given)),
    acknowledge: (chainId, upTo) => named(() => kept.note(chainId, (chain) => Math.max(chain.acknowledged, upTo))),
    unacknowledge: (chainId, upTo) => named(() => kept.note(chainId, (chain) => Math.min(chain.acknowledged, upTo))),
    need: (from) => named(() => kept.need(from)),
    prune: (chainId, keptLast) => named(() => kept.prune(chainId, keptLast)),
    drafts: () => named(() => database.getAll('drafts')),
    keepDraft: (draft) => named(() => kept.keepDraft(draft)),
    dropDraft: (basketId) => named(() => database.delete('drafts', basketId)),
  };
}

async function named<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    throw new StorageError(storageTroubleOf(error), error);
  }
}

class IndexedChainStore {
  readonly #database: JournalDatabase;

  constructor(database: JournalDatabase) {
    this.#database = database;
  }

  async current(): Promise<KeptChain | null> {
    const writing = this.#database.transaction(['chains', 'names']);
    const id = await writing.objectStore('names').get(currentName);
    return id === undefined ? null : ((await writing.objectStore('chains').get(id)) ?? null);
  }

  async chains(): Promise<readonly KeptChain[]> {
    const chains = await this.#database.getAll('chains');
    return chains.toSorted((left, right) => left.startedAt - right.startedAt);
  }

  async begin(fresh: KeptChain): Promise<KeptChain> {
    const writing = this.#write();
    const present = await writing.current();
    if (present !== undefined) return present;
    await writing.end([writing.put(fresh), writing.name(fresh.chainId)]);
    return fresh;
  }

  async append(before: ChainHead, entry: TillEntry, endsBasket: string | null): Promise<boolean> {
    const writing = this.#write();
    const chain = await writing.current();
    if (chain === undefined || !isSameHead(chain.head, before)) return false;
    const head = { chainId: entry.chainId, lastNumber: entry.number, lastHash: entry.hash };
    try {
      const ended = endsBasket === null ? [] : [writing.dropDraft(endsBasket)];
      await writing.end([writing.add(entry), writing.put({ ...chain, head }), ...ended]);
      return true;
    } catch (error) {
      // The number is taken though the head says otherwise: this store is not what it was, and the caller finds out why.
      if (error instanceof DOMException && error.name === 'ConstraintError') return false;
      throw error;
    }
  }

  async replace(
    before: ChainHead,
    aside: NonNullable<KeptChain['setAside']>,
    next: KeptChain,
    entries: readonly TillEntry[],
  ): Promise<boolean> {
    const writing = this.#write();
    const chain = await writing.current();
    if (chain === undefined || !isSameHead(chain.head, before)) return false;
    await writing.end([
      writing.put({ ...chain, setAside: aside }),
      writing.put(next),
      writing.name(next.chainId),
      ...entries.map((entry) => writing.add(entry)),
    ]);
    return true;
  }

  async entriesAfter(chainId: string, after: number, limit: number): Promise<readonly TillEntry[]> {
    const range = IDBKeyRange.bound([chainId, after], [chainId, Number.MAX_SAFE_INTEGER], true);
    return await this.#database.getAll('entries', range, limit);
  }

  async keepDraft(draft: KeptDraft): Promise<void> {
    const writing = this.#database.transaction('drafts', 'readwrite');
    const kept = await writing.store.get(draft.basketId);
    if (kept === undefined || kept.revision < draft.revision) await writing.store.put(draft);
    await writing.done;
  }

  async note(chainId: string, acknowledgedOf: (chain: KeptChain) => number): Promise<void> {
    const writing = this.#database.transaction('chains', 'readwrite');
    const chain = await writing.store.get(chainId);
    if (chain !== undefined) await writing.store.put({ ...chain, acknowledged: acknowledgedOf(chain) });
    await writing.done;
  }

  async need(from: number | null): Promise<void> {
    const writing = this.#write();
    const chain = await writing.current();
    await writing.end(chain === undefined ? [] : [writing.put({ ...chain, neededFrom: from })]);
  }

  async prune(chainId: string, keptLast: number): Promise<number> {
    const writing = this.#write();
    const chain = await writing.chain(chainId);
    if (chain === undefined) return 0;
    const last = prunableTo(chain, keptLast);
    if (last < chain.keptFrom) return 0;
    await writing.end([writing.remove(chainId, chain.keptFrom, last), writing.put({ ...chain, keptFrom: last + 1 })]);
    return last + 1 - chain.keptFrom;
  }

  #write() {
    const writing = this.#database.transaction(all, 'readwrite', strict);
    const chains = writing.objectStore('chains');
    const entries = writing.objectStore('entries');
    const names = writing.objectStore('names');
    const drafts = writing.objectStore('drafts');
    // Where nothing is written nobody waits for the end, and it cannot fail.
    writing.done.catch(() => undefined);
    return {
      /** Waits until all of it is on the disk. The transaction knows why it failed; its requests only that it was given up. */
      async end(requests: readonly Promise<unknown>[]): Promise<void> {
        await Promise.allSettled(requests);
        await writing.done;
      },
      chain: (chainId: string) => chains.get(chainId),
      async current(): Promise<KeptChain | undefined> {
        const id = await names.get(currentName);
        return id === undefined ? undefined : await chains.get(id);
      },
      put: (chain: KeptChain) => chains.put(chain),
      dropDraft: (basketId: string) => drafts.delete(basketId),
      name: (chainId: string) => names.put(chainId, currentName),
      // `add`, not `put`: an entry that is there is never written over.
      add: (entry: TillEntry) => entries.add(entry),
      remove: (chainId: string, from: number, to: number) =>
        entries.delete(IDBKeyRange.bound([chainId, from], [chainId, to])),
    };
  }
}

function isSameHead(left: ChainHead, right: ChainHead): boolean {
  return left.chainId === right.chainId && left.lastNumber === right.lastNumber && left.lastHash === right.lastHash;
}
