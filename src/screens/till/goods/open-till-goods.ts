// Puts the till's goods together from what the browser has: the page calls this once and holds on to the answer.

import { makeServerCall } from '../chain/server-call.ts';
import type { Ambient } from '../try-again.ts';
import { makeIndexedGoodsStore } from './indexed-goods-store.ts';
import { openLocalKeeper, openWorkerKeeper } from './keeper-line.ts';
import { TillGoods } from './till-goods.ts';

type Parts = {
  readonly ambient: Ambient;
  /** The store's id, or whatever names whose goods they are. */
  readonly owner: string;
  readonly onUnpaired: () => void;
  /** False: everything on the page, as where there are no workers. */
  readonly withWorker?: boolean;
};

export type OpenedGoods = {
  readonly goods: TillGoods;
  /** Gives the room of the goods back to the journal; they are fetched again at the next start. */
  makeRoom(): Promise<void>;
  close(): void;
};

/** Opens the goods; `goods.state` tells how far they are. */
export async function openTillGoods({ ambient, owner, onUnpaired, withWorker = true }: Parts): Promise<OpenedGoods> {
  const store = makeIndexedGoodsStore();
  const call = makeServerCall(fetch.bind(window), onUnpaired);
  const local = openLocalKeeper(store, call);
  const makeWorker = () => new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' });
  const hasWorkers = withWorker && typeof Worker !== 'undefined';
  const openLine = hasWorkers ? openWorkerKeeper(makeWorker, onUnpaired, local) : local;
  const goods = new TillGoods({ store, openLine, ambient, owner });
  const stop = new AbortController();
  window.addEventListener('online', () => goods.refresh(), { signal: stop.signal });
  await goods.open();
  return {
    goods,
    makeRoom: () => store.clear(),
    close() {
      stop.abort();
      goods.close();
    },
  };
}
