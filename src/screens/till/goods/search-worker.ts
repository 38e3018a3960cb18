// The worker of the till: keeps the goods up to date and searches them, where neither can hold up the page. Large buffers are handed
// over, not copied, when the page gets them.

import { makeServerCall } from '../chain/server-call.ts';
import { GoodsKeeper, type KeeperNews, type KeeperOrder } from './goods-keeper.ts';
import { makeIndexedGoodsStore } from './indexed-goods-store.ts';
import { pageLimits, sliceMs } from './keeper-line.ts';
import { makePace, makePause } from './pace.ts';
import { copyShelf, shelfBuffers } from './packed-shelf.ts';

function tell(news: KeeperNews): void {
  if (news.kind !== 'shelf') {
    self.postMessage(news);
    return;
  }
  // The keeper goes on reading its own.
  const shelf = copyShelf(news.shelf);
  self.postMessage({ kind: 'shelf', shelf }, { transfer: [...shelfBuffers(shelf)] });
}

const keeper = new GoodsKeeper({
  store: makeIndexedGoodsStore(),
  call: makeServerCall(fetch.bind(self), () => self.postMessage({ kind: 'unpaired' })),
  tell,
  pace: makePace(sliceMs.worker, () => performance.now(), makePause()),
  pageLimit: pageLimits.worker,
});

self.addEventListener('message', ({ data }: MessageEvent<KeeperOrder>) => keeper.take(data));
