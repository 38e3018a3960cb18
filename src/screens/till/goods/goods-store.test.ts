// The store in memory is held to the same cases as IndexedDB in a browser (tests/browser/till-store.test.ts).

import { describe, it } from 'node:test';
import { goodsStoreCases } from './goods-store.contract.ts';
import { MemoryGoodsStore } from './testing/memory-goods-store.ts';

describe('the store of the goods in memory', () => {
  for (const { name, play } of goodsStoreCases) {
    it(name, async () => {
      const store = new MemoryGoodsStore();
      await play([store, store]);
    });
  }
});
