// A page without pictures by which tests in a real browser drive the till's store (tests/browser/till-store.ts): it is bundled as the
// till is, and does what the till would do with the same parts.

import { defaultLayouts } from '#catalog/index.ts';
import { emptyBasket, noteBasket } from '#checkout/index.ts';
import { makeId, parseId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { seededRandom } from '#foundation/random.ts';
import { deviceMemory } from '../../../style/preference.ts';
import { goodsStoreCases } from '../../goods/goods-store.contract.ts';
import { makeIndexedGoodsStore } from '../../goods/indexed-goods-store.ts';
import { type OpenedGoods, openTillGoods } from '../../goods/open-till-goods.ts';
import { makeActKey } from '../../random-key.ts';
import type { Ambient } from '../../try-again.ts';
import { chainStoreCases } from '../chain-store.contract.ts';
import { makeIndexedChainStore } from '../indexed-chain-store.ts';
import { openJournalDatabase } from '../journal-database.ts';
import { openTillJournal, type TillJournal } from '../open-till-journal.ts';
import { makeServerCall } from '../server-call.ts';
import { makeSha256 } from '../sha256.ts';
import type { TillStoreDriver } from './till-store-words.ts';

const ambient: Ambient = {
  nowMs: () => Date.now(),
  after(waitMs, act) {
    const timer = setTimeout(act, waitMs);
    return () => clearTimeout(timer);
  },
  makeKey: makeActKey,
};

let journal: TillJournal | null = null;
let goods: OpenedGoods | null = null;
let longestMs = 0;

const driver: TillStoreDriver = {
  async playContract() {
    const journal = chainStoreCases.map(({ name, play }) => {
      return [name, (place: string) => playOnChains(place, play)] as const;
    });
    const shelves = goodsStoreCases.map(({ name, play }) => {
      return [name, (place: string) => play([makeIndexedGoodsStore(place), makeIndexedGoodsStore(place)])] as const;
    });
    const told: (readonly [string, string | null])[] = [];
    for (const [name, play] of [...journal, ...shelves]) {
      const place = `contract-${makeActKey()}`;
      told.push([
        name,
        await play(place).then(
          () => null,
          (error: unknown) => String(error),
        ),
      ]);
      indexedDB.deleteDatabase(place);
    }
    return told;
  },

  async bringNewerSchema(name) {
    const opening = indexedDB.open(name, 99);
    await new Promise((resolve) => {
      opening.onsuccess = resolve;
    });
    opening.result.close();
  },

  async openJournal(): Promise<void> {
    const call = makeServerCall(fetch.bind(window), () => {});
    const makeRoom = async () => {
      indexedDB.deleteDatabase('filler');
      await goods?.makeRoom();
    };
    journal = await openTillJournal({ call, ambient, memory: deviceMemory, makeRoom });
  },

  async append(
    names: readonly string[],
  ): Promise<{ readonly tookMs: readonly number[]; readonly failure: string | null }> {
    const tookMs: number[] = [];
    for (const name of names) {
      const begin = performance.now();
      const done = await journal?.chain.append({ kind: 'sale', body: JSON.stringify(name), endsBasket: null });
      if (done?.ok !== true) return { tookMs, failure: done?.failure ?? 'not opened' };
      tookMs.push(performance.now() - begin);
    }
    return { tookMs, failure: null };
  },

  written: 0,
  appendOn(prefix: string, count: number): void {
    const write = async () => {
      for (let number = 1; number <= count; number += 1) {
        const { failure } = await driver.append([`${prefix} ${number}`]);
        if (failure !== null) return;
        driver.written = number;
        localStorage.setItem('written', `${prefix} ${number}`);
      }
    };
    void write();
  },

  journalState() {
    const { phase, unusable, waiting, alarms, chain } = journal?.chain.state.get() ?? {};
    return { phase, unusable, waiting, alarms, chainId: chain?.chainId, lastNumber: chain?.head.lastNumber };
  },

  async sendAll(): Promise<void> {
    journal?.sender.kick();
    await journal?.sender.idle();
  },

  keepBasket(note: string): string {
    const at = instant(Date.now());
    const random = seededRandom(at % 2 ** 31);
    const deviceId = makeId('device', at, random);
    const fresh = {
      id: makeId('basket', at, random),
      currency: 'CNY',
      deviceId,
      createdAt: at,
      createdBy: 'per_1',
    } as const;
    const basket = noteBasket(emptyBasket(fresh), note);
    if (!basket.ok) throw new Error('a note was refused');
    void journal?.draft.take(fresh.id);
    journal?.draft.keep(basket.value);
    return fresh.id;
  },

  async recoverBaskets(): Promise<readonly string[]> {
    return ((await journal?.draft.recover()) ?? []).map(({ note }) => note);
  },

  async fillDisk(): Promise<string> {
    const opening = indexedDB.open('filler', 1);
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      opening.onupgradeneeded = () => opening.result.createObjectStore('x', { autoIncrement: true });
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error ?? new Error('not opened'));
    });
    database.onversionchange = () => database.close();
    for (;;) {
      const told = await new Promise<string>((resolve) => {
        const writing = database.transaction('x', 'readwrite');
        writing.objectStore('x').add(crypto.getRandomValues(new Uint8Array(65_536)));
        writing.oncomplete = () => resolve('');
        writing.onabort = () => resolve(writing.error?.name ?? 'aborted');
      });
      if (told !== '') return told;
    }
  },

  async openGoods(owner: string, digits: string, withWorker: boolean) {
    goods?.close();
    const begin = performance.now();
    const stopWatching = watchStalls();
    const opened = await openTillGoods({ ambient, owner, onUnpaired: () => {}, withWorker });
    goods = opened;
    const warmMs = performance.now() - begin;
    const wasWarm = opened.goods.goods !== null;
    const counter = counterOf();
    await until(() => opened.goods.find(digits, counter, instant(Date.now()))?.kind === 'goods');
    const foundMs = performance.now() - begin;
    const stallToFoundMs = longestMs;
    await until(() => opened.goods.state.get().isSearchReady);
    const searchMs = performance.now() - begin;
    stopWatching();
    return { wasWarm, warmMs, foundMs, searchMs, stallToFoundMs, stallMs: longestMs, state: opened.goods.state.get() };
  },

  findAll(numbers: readonly string[]): readonly number[] {
    const counter = counterOf();
    return numbers.map((digits) => {
      const begin = performance.now();
      const found = goods?.goods.find(digits, counter, instant(Date.now()));
      const tookMs = performance.now() - begin;
      if (found?.kind !== 'goods') throw new Error(`${digits} is ${found?.kind}`);
      return tookMs;
    });
  },

  async searchAll(queries: readonly string[]): Promise<readonly { readonly tookMs: number; readonly hits: number }[]> {
    const told: { tookMs: number; hits: number }[] = [];
    for (const query of queries) {
      const begin = performance.now();
      const found = await goods?.goods.search(query);
      told.push({ tookMs: performance.now() - begin, hits: found?.length ?? -1 });
    }
    return told;
  },

  async typeFast(queries: readonly string[]): Promise<readonly boolean[]> {
    return await Promise.all(queries.map(async (query) => (await goods?.goods.search(query)) !== null));
  },

  goodsState: () => goods?.goods.state.get(),
  refreshGoods: () => goods?.goods.refresh(),
  priceOf(digits: string): string | undefined {
    const found = goods?.goods.find(digits, counterOf(), instant(Date.now()));
    return found?.kind === 'goods' ? String(found.facts.listPrice.minor) : found?.kind;
  },
};

async function playOnChains(place: string, play: (typeof chainStoreCases)[number]['play']): Promise<void> {
  const tabs = [await openJournalDatabase(() => {}, place), await openJournalDatabase(() => {}, place)] as const;
  try {
    await play([makeIndexedChainStore(tabs[0]), makeIndexedChainStore(tabs[1])], makeSha256(crypto.subtle));
  } finally {
    for (const tab of tabs) tab.close();
  }
}

function counterOf() {
  const storeId = parseId('store', 'sto_1');
  if (storeId === undefined) throw new Error('no store');
  return { storeId, currency: 'CNY', layouts: defaultLayouts } as const;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
}

// A timer that comes late says that the page was held up: by so much more than a timer waits anyway.
function watchStalls(): () => void {
  longestMs = 0;
  let before = performance.now();
  const channel = new MessageChannel();
  let isOn = true;
  channel.port1.onmessage = () => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - before);
    before = now;
    if (isOn) setTimeout(() => channel.port2.postMessage(null), 0);
  };
  channel.port2.postMessage(null);
  return () => {
    isOn = false;
  };
}

Object.assign(globalThis, { driver });
