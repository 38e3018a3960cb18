// The page's line to the keeper of the goods: a worker, or where there is none, the keeper itself on the page, in smaller pieces. A
// worker that cannot be started (a policy, an old browser) is replaced while nobody notices.

import type { ServerCall } from '../chain/server-call.ts';
import { GoodsKeeper, type KeeperNews, type KeeperOrder } from './goods-keeper.ts';
import type { GoodsStore } from './goods-store.port.ts';
import { makePace, makePause } from './pace.ts';

export interface KeeperLine {
  send(order: KeeperOrder): void;
  close(): void;
}

/** Makes the line; whatever the keeper tells comes to `hear`. */
export type OpenKeeperLine = (hear: (news: KeeperNews) => void) => KeeperLine;

/** Parsed in one go: so many changes take a worker some 20 ms, and the page must not be held up for longer than a frame's half. */
export const pageLimits = { worker: 5_000, page: 500 } as const;
/** How long the keeper works before it lets others in. */
export const sliceMs = { worker: 10, page: 5 } as const;

export function openLocalKeeper(store: GoodsStore, call: ServerCall): OpenKeeperLine {
  return (hear) => {
    let isOpen = true;
    const pace = makePace(sliceMs.page, () => performance.now(), makePause());
    const tell = (news: KeeperNews) => {
      if (isOpen) hear(news);
    };
    const keeper = new GoodsKeeper({ store, call, tell, pace, pageLimit: pageLimits.page });
    return {
      send: (order) => keeper.take(order),
      close: () => {
        isOpen = false;
      },
    };
  };
}

/** `makeWorker` starts search-worker.ts; `onUnpaired` is called when the server does not know this till. */
export function openWorkerKeeper(
  makeWorker: () => Worker,
  onUnpaired: () => void,
  instead: OpenKeeperLine,
): OpenKeeperLine {
  return (hear) => {
    // What the one who takes over must know: where to begin, and the search that somebody waits for.
    const last: { open: KeeperOrder | null; search: KeeperOrder | null } = { open: null, search: null };
    let worker: Worker | null = null;
    let line: KeeperLine | null = null;
    const fallBack = () => {
      worker?.terminate();
      worker = null;
      if (line !== null) return;
      line = instead(hear);
      for (const order of [last.open, last.search]) if (order !== null) line.send(order);
    };
    try {
      worker = makeWorker();
      worker.addEventListener('message', ({ data }: MessageEvent<KeeperNews | { readonly kind: 'unpaired' }>) => {
        if (data.kind === 'found') last.search = null;
        if (data.kind === 'unpaired') onUnpaired();
        else hear(data);
      });
      worker.addEventListener('error', fallBack);
    } catch {
      fallBack();
    }
    return {
      send(order) {
        if (order.kind !== 'refresh') last[order.kind] = order;
        if (line === null) worker?.postMessage(order);
        else line.send(order);
      },
      close() {
        worker?.terminate();
        line?.close();
      },
    };
  };
}
