// The store in memory is held to the same cases as IndexedDB in a browser (tests/browser/till-store.test.ts).

import { describe, it } from 'node:test';
import { chainStoreCases } from './chain-store.contract.ts';
import { makeSha256 } from './sha256.ts';
import { MemoryChainStore } from './testing/memory-chain-store.ts';

describe('the store of the till journal in memory', () => {
  for (const { name, play } of chainStoreCases) {
    it(name, async () => {
      const store = new MemoryChainStore();
      await play([store, store], makeSha256(crypto.subtle));
    });
  }
});
