// The till's own journal at work: whatever happens is written here first, numbered and chained, and only then anything else is done
// about it. It finds out by itself when its storage is not what it was, goes on with a new chain that carries over what the
// server does not have, and names what happened.

import {
  appendEntry,
  type ChainHead,
  canonicalText,
  headAfter,
  type NewEntry,
  type Sha256,
  startChain,
  type TillEntry,
  verifyChain,
} from '#checkout/index.ts';
import { type Instant, instant } from '#foundation/instant.ts';
import { failure, invariant, type Result, success } from '#foundation/result.ts';
import { Observable } from '../../style/observable.ts';
import type { ChainStore, KeptChain, SetAside } from './chain-store.port.ts';
import { StorageError, type StorageTrouble, storageTroubleOf } from './storage-trouble.ts';

/** What somebody must know about the till's journal. None of them stops the till from selling. */
export type ChainAlarm =
  /** The server knows a chain of this device that is not here any more: the site's data was cleared, or another browser was used. */
  | { readonly kind: 'storage-lost'; readonly chainId: string; readonly knownUpTo: number }
  /** A chain was set aside, and `carried` of its entries were taken over by the next one. */
  | { readonly kind: 'chain-replaced'; readonly chainId: string; readonly aside: SetAside; readonly carried: number }
  /** The server lost entries that this till does not keep any more. */
  | { readonly kind: 'server-lacks'; readonly chainId: string; readonly from: number; readonly to: number }
  /** This till's clock is ahead of the server's by so much; below zero: behind. */
  | { readonly kind: 'clock-off'; readonly aheadMs: number };

export type ChainState = {
  readonly phase: 'opening' | 'ready' | 'unusable';
  /** Why the journal cannot be written; `null` while it can. */
  readonly unusable: StorageTrouble | null;
  readonly chain: KeptChain | null;
  /** Entries that the server has not acknowledged. */
  readonly waiting: number;
  readonly lastSentAt: Instant | null;
  readonly alarms: readonly ChainAlarm[];
};

export type ChainParts = {
  /** Opens the storage, made new where there is none. Throws a `StorageError`. */
  readonly openStore: () => Promise<ChainStore>;
  readonly sha256: Sha256;
  readonly nowMs: () => number;
  readonly makeKey: () => string;
  /** Frees what can be fetched again, when the disk is full: a sale is worth more than a copy of the catalogue. */
  readonly makeRoom: () => Promise<void>;
};

/** `endsBasket`: the draft of this basket goes in the same moment, so that what was sold does not come back after a crash. */
export type FreshEntry = Pick<NewEntry, 'kind' | 'body'> & { readonly endsBasket: string | null };

/** Another tab is faster now and then; not so often in a row. */
const triesMax = 100;
/** Entries of a broken or forked chain that one transaction takes over; a till that was away for longer has more than one chain. */
const carriedMax = 20_000;
const checkedAtOnce = 50;
/** What is kept of entries that the server has: for receipts that are printed again, and for a server that lost its last hours. */
export const keptLast = 1_000;

export class TillChain {
  readonly state = new Observable<ChainState>({
    phase: 'opening',
    unusable: null,
    chain: null,
    waiting: 0,
    lastSentAt: null,
    alarms: [],
  });
  readonly #parts: ChainParts;
  #store: ChainStore | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: ChainParts) {
    this.#parts = parts;
  }

  /** Opens the journal and looks at its end. Never throws: what is wrong stands in the state. */
  async open(): Promise<void> {
    await this.#inTurn(async () => {
      try {
        await this.#chain();
        this.state.change({ phase: 'ready', unusable: null });
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /**
   * Writes an entry and answers it when the disk has it. A failure says that nothing was written: whoever wanted it written must not
   * go on as if it were.
   */
  async append(fresh: FreshEntry): Promise<Result<TillEntry, StorageTrouble>> {
    return await this.#inTurn(async () => {
      try {
        return success(await this.#appendWithRoom(fresh));
      } catch (error) {
        this.#fail(error);
        return failure(storageTroubleOf(error));
      }
    });
  }

  /** Keeps the entries from this number on, acknowledged or not: an open shift is reckoned from them. `null`: no shift is open. */
  async need(from: number | null): Promise<Result<null, StorageTrouble>> {
    return await this.#work(async (store) => {
      await store.need(from);
      await this.#look(store);
    });
  }

  /** Everything that is kept of the current chain from a number on: what a shift is reckoned from after a reload. */
  async entriesFrom(number: number): Promise<Result<readonly TillEntry[], StorageTrouble>> {
    const found: TillEntry[] = [];
    const read = await this.#work(async (store) => {
      const chain = await this.#chain();
      for (let after = number - 1; ; ) {
        const some = await store.entriesAfter(chain.chainId, after, keptLast);
        found.push(...some);
        const last = some.at(-1);
        if (last === undefined) return;
        after = last.number;
      }
    });
    return read.ok ? success(found) : read;
  }

  /** The storage was closed or deleted under us; the next act opens what is there. The sender asks the server what is missing. */
  forgetStore(): void {
    this.#store = null;
  }

  /** Goes through everything that is kept, which takes a while; sets the chain aside when it is not whole. */
  async check(): Promise<void> {
    await this.#work(async (store) => {
      const chain = await this.#chain();
      const trouble = await this.#firstTrouble(store, chain);
      if (trouble !== undefined) await this.#replace(store, chain, { why: 'broken', number: trouble });
    });
  }

  /** For the sender: the next entries that the server lacks, of the current chain. */
  async unsent(limit: number): Promise<Result<{ chain: KeptChain; entries: readonly TillEntry[] }, StorageTrouble>> {
    let found: { chain: KeptChain; entries: readonly TillEntry[] } | undefined;
    const read = await this.#work(async (store) => {
      const chain = await this.#look(store);
      found = { chain, entries: await store.entriesAfter(chain.chainId, chain.acknowledged, limit) };
    });
    if (!read.ok) return read;
    invariant(found !== undefined, 'what was read is there');
    return success(found);
  }

  /** For the sender: the server has the chain up to here. What is not needed any more is deleted. */
  async acknowledged(chainId: string, upTo: number): Promise<Result<null, StorageTrouble>> {
    this.state.change({ lastSentAt: instant(this.#parts.nowMs()) });
    return await this.#work(async (store) => {
      await store.acknowledge(chainId, upTo);
      await store.prune(chainId, keptLast);
      await this.#look(store);
    });
  }

  /** For the sender: the server has less than it said. What is still kept is sent again, the rest is named. */
  async serverLost(chainId: string, from: number, to: number): Promise<void> {
    await this.#work(async (store) => {
      await store.unacknowledge(chainId, from - 1);
      const chain = await this.#look(store);
      if (chain.chainId !== chainId || chain.keptFrom <= from) return;
      this.raise({ kind: 'server-lacks', chainId, from, to: Math.min(to, chain.keptFrom - 1) });
      // Nothing can be sent over the gap, so what follows it goes under a new chain.
      await this.#replace(store, chain, { why: 'till-lost', number: from });
    });
  }

  /** For the sender: the server's end is another than ours; everything that is kept is sent again, so that it says from where on. */
  async sendAgain(chainId: string): Promise<void> {
    await this.#work(async (store) => {
      const chain = await this.#look(store);
      if (chain.chainId === chainId) await store.unacknowledge(chainId, chain.keptFrom - 1);
    });
  }

  /** For the sender: the server has other entries than this till from `number` on, or more than it. */
  async replaceChain(chainId: string, why: SetAside['why'], number: number): Promise<void> {
    await this.#work(async (store) => {
      const chain = await this.#look(store);
      // Another tab has done it, or has written what seemed to be lost.
      if (chain.chainId !== chainId || (why === 'till-lost' && chain.head.lastNumber >= number)) return;
      await this.#replace(store, chain, { why, number });
    });
  }

  /** For the sender: the ids of all chains that are here, the current one and those set aside. */
  async chainIds(): Promise<Result<readonly string[], StorageTrouble>> {
    let ids: readonly string[] = [];
    const read = await this.#work(async (store) => {
      ids = (await store.chains()).map(({ chainId }) => chainId);
    });
    return read.ok ? success(ids) : read;
  }

  /** Puts an alarm up, in the place of an older one of the same thing. */
  raise(alarm: ChainAlarm): void {
    const others = this.state.get().alarms.filter((other) => !isSameAlarm(other, alarm));
    this.state.change({ alarms: [...others, alarm] });
  }

  calmClock(): void {
    const { alarms } = this.state.get();
    if (alarms.some(({ kind }) => kind === 'clock-off')) {
      this.state.change({ alarms: alarms.filter(({ kind }) => kind !== 'clock-off') });
    }
  }

  async #appendWithRoom(fresh: FreshEntry): Promise<TillEntry> {
    try {
      return await this.#append(fresh);
    } catch (error) {
      const trouble = storageTroubleOf(error);
      if (trouble === 'gone') this.#store = null;
      else if (trouble === 'disk-full') await this.#makeRoom();
      else throw error;
      return await this.#append(fresh);
    }
  }

  async #append({ kind, body, endsBasket }: FreshEntry): Promise<TillEntry> {
    const at = instant(this.#parts.nowMs());
    for (let tries = 0; tries < triesMax; tries += 1) {
      const chain = await this.#chain();
      const store = await this.#opened();
      const entry = await appendEntry(chain.head, { at, kind, body }, this.#parts.sha256);
      if (await store.append(chain.head, entry, endsBasket)) {
        this.#show({ ...chain, head: headAfter(entry) });
        return entry;
      }
      const found = await this.#look(store);
      // Nobody was faster, and yet the next number is taken: the head is older than what is there.
      if (found.head.lastHash === chain.head.lastHash && found.chainId === chain.chainId) {
        await this.#replace(store, found, { why: 'broken', number: found.head.lastNumber + 1 });
      }
    }
    throw new StorageError('gone');
  }

  async #makeRoom(): Promise<void> {
    await this.#parts.makeRoom();
    const store = await this.#opened();
    for (const chain of await store.chains()) await store.prune(chain.chainId, 0);
  }

  /** The current chain as this tab knows it last, opened, begun or mended when it must be. */
  async #chain(): Promise<KeptChain> {
    const known = this.state.get().chain;
    if (this.#store !== null && known !== null) return known;
    const store = await this.#opened();
    const found = (await store.current()) ?? (await this.#begin(store, known));
    const whole = await this.#isEndWhole(store, found);
    const chain = whole ? found : await this.#replace(store, found, { why: 'broken', number: found.head.lastNumber });
    this.#show(chain);
    return chain;
  }

  async #opened(): Promise<ChainStore> {
    this.#store ??= await this.#parts.openStore();
    return this.#store;
  }

  async #begin(store: ChainStore, before: KeptChain | null): Promise<KeptChain> {
    // This tab still remembers a chain whose storage went away under it: that it is lost is known without the server.
    if (before !== null && before.head.lastNumber > 0) {
      this.raise({ kind: 'storage-lost', chainId: before.chainId, knownUpTo: before.head.lastNumber });
    }
    return await store.begin(await this.#freshChain());
  }

  async #freshChain(): Promise<KeptChain> {
    const chainId = this.#parts.makeKey();
    return {
      chainId,
      startedAt: instant(this.#parts.nowMs()),
      head: await startChain(chainId, this.#parts.sha256),
      acknowledged: 0,
      keptFrom: 1,
      neededFrom: null,
      setAside: null,
    };
  }

  async #isEndWhole(store: ChainStore, { chainId, head }: KeptChain): Promise<boolean> {
    if (head.lastNumber === 0) return true;
    const [last] = await store.entriesAfter(chainId, head.lastNumber - 1, 1);
    if (last === undefined || last.number !== head.lastNumber || last.hash !== head.lastHash) return false;
    return await this.#isIntact(last);
  }

  #isIntact(entry: TillEntry): Promise<boolean> {
    const before = { chainId: entry.chainId, lastNumber: entry.number - 1, lastHash: entry.previousHash };
    return verifyChain(before, [entry], this.#parts.sha256).then((trouble) => trouble === null);
  }

  async #firstTrouble(store: ChainStore, chain: KeptChain): Promise<number | undefined> {
    let head: ChainHead | undefined = chain.keptFrom === 1 ? await this.#startOf(chain) : undefined;
    for (let after = chain.keptFrom - 1; after < chain.head.lastNumber; ) {
      const some = await store.entriesAfter(chain.chainId, after, checkedAtOnce);
      const [first] = some;
      if (first === undefined || first.number !== after + 1) return after + 1;
      head ??= { chainId: chain.chainId, lastNumber: after, lastHash: first.previousHash };
      const trouble = await verifyChain(head, some, this.#parts.sha256);
      if (trouble !== null) return trouble.kind === 'gap' ? trouble.from : trouble.number;
      const last = some.at(-1) ?? first;
      head = headAfter(last);
      after = last.number;
    }
    return undefined;
  }

  #startOf({ chainId }: KeptChain): Promise<ChainHead> {
    return startChain(chainId, this.#parts.sha256);
  }

  /** Goes on with a new chain. It begins with a note about the old one, and then tells again what the server does not have. */
  async #replace(store: ChainStore, old: KeptChain, why: Omit<SetAside, 'successorId'>): Promise<KeptChain> {
    const unsent = await store.entriesAfter(old.chainId, old.acknowledged, carriedMax);
    const carried: TillEntry[] = [];
    for (const entry of unsent) if (await this.#isIntact(entry)) carried.push(entry);
    const fresh = await this.#freshChain();
    const about = { about: 'chain-replaced', chainId: old.chainId, ...why };
    const told = canonicalText({ ...about, entries: carried.map(({ number }) => number) });
    const entries: TillEntry[] = [];
    let head = fresh.head;
    for (const next of [{ at: fresh.startedAt, kind: 'note', body: told } as const, ...carried]) {
      const { at, kind, body } = next;
      const entry = await appendEntry(head, { at, kind, body }, this.#parts.sha256);
      entries.push(entry);
      head = headAfter(entry);
    }
    const aside = { ...why, successorId: fresh.chainId };
    // What an open shift needs from the old chain is either acknowledged there or told again here.
    const next = { ...fresh, head, neededFrom: old.neededFrom === null ? null : 1 };
    if (await store.replace(old.head, aside, next, entries)) {
      this.raise({ kind: 'chain-replaced', chainId: old.chainId, aside, carried: carried.length });
    }
    return await this.#look(store);
  }

  /** Reads the current chain anew: another tab may have written. */
  async #look(store: ChainStore): Promise<KeptChain> {
    const chain = (await store.current()) ?? (await this.#begin(store, this.state.get().chain));
    this.#show(chain);
    return chain;
  }

  #show(chain: KeptChain): void {
    this.state.change({ chain, waiting: chain.head.lastNumber - chain.acknowledged, phase: 'ready', unusable: null });
  }

  async #work(act: (store: ChainStore) => Promise<unknown>): Promise<Result<null, StorageTrouble>> {
    return await this.#inTurn(async () => {
      try {
        await this.#chain();
        await act(await this.#opened());
        return success(null);
      } catch (error) {
        this.#fail(error);
        return failure(storageTroubleOf(error));
      }
    });
  }

  // One act after the other: two appends of one tab must not race for a number.
  #inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #fail(error: unknown): void {
    const trouble = storageTroubleOf(error);
    if (trouble === 'gone') this.#store = null;
    this.state.change({ phase: 'unusable', unusable: trouble });
  }
}

function isSameAlarm(left: ChainAlarm, right: ChainAlarm): boolean {
  if (left.kind === 'clock-off' || right.kind === 'clock-off') return left.kind === right.kind;
  return left.kind === right.kind && left.chainId === right.chainId;
}
