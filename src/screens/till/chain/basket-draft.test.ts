// The basket in work comes back after a reload, whichever way the page went, and does not come back when it was sold.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Basket, emptyBasket, noteBasket } from '#checkout/index.ts';
import { makeId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { seededRandom } from '#foundation/random.ts';
import { TestClock, TestMemory } from '../testing/fake-store.ts';
import { BasketDraft, saveWithinMs } from './basket-draft.ts';
import { MemoryChainStore } from './testing/memory-chain-store.ts';

const random = seededRandom(7);
const at = instant(1_700_000_000_000);

function basketWith(note: string): Basket {
  const id = makeId('basket', at, random);
  const fresh = {
    id,
    currency: 'CNY',
    deviceId: makeId('device', at, random),
    createdAt: at,
    createdBy: 'per_1',
  } as const;
  const noted = noteBasket(emptyBasket(fresh), note);
  assert.ok(noted.ok);
  return noted.value;
}

function openTab(store: MemoryChainStore, memory: TestMemory, others: ReadonlySet<string> = new Set()) {
  const clock = new TestClock();
  const claims = { claim: async (name: string) => ![...others].some((id) => name.endsWith(id)), release: () => {} };
  const draft = new BasketDraft({ openStore: async () => store, memory, ambient: clock, claims });
  return { clock, draft };
}

describe('the basket in work', () => {
  it('is written within 40 ms, the last change of several only', async () => {
    const [store, memory] = [new MemoryChainStore(), new TestMemory()];
    const { clock, draft } = openTab(store, memory);
    const basket = basketWith('one');
    draft.keep(basket);
    draft.keep({ ...basket, note: 'two' });
    await clock.pass(saveWithinMs);
    assert.equal(store.baskets.size, 1);
    const [found] = await openTab(store, memory).draft.recover();
    assert.deepEqual(found, { ...basket, note: 'two' });
  });

  it('comes back when the page was closed before it was written', async () => {
    const [store, memory] = [new MemoryChainStore(), new TestMemory()];
    const { draft } = openTab(store, memory);
    const basket = basketWith('in haste');
    draft.keep(basket);
    store.trouble = 'gone';
    draft.flush();
    await draft.save();
    store.trouble = null;
    assert.equal(store.baskets.size, 0);
    assert.deepEqual(await openTab(store, memory).draft.recover(), [basket]);
    assert.deepEqual(JSON.parse(memory.read('basket-drafts') ?? ''), []);
  });

  it('does not come back once it was ended with its sale, though a closing page had remembered it', async () => {
    const [store, memory] = [new MemoryChainStore(), new TestMemory()];
    const { draft } = openTab(store, memory);
    const basket = basketWith('sold');
    draft.keep(basket);
    draft.flush();
    await draft.finish(basket.id);
    store.baskets.delete(basket.id);
    assert.deepEqual(await openTab(store, memory).draft.recover(), []);
  });

  it('is left to the tab that works on it', async () => {
    const [store, memory] = [new MemoryChainStore(), new TestMemory()];
    const { draft } = openTab(store, memory);
    const [mine, free] = [basketWith('mine'), basketWith('free')];
    for (const basket of [mine, free]) {
      draft.keep(basket);
      await draft.save();
    }
    assert.deepEqual(await openTab(store, memory, new Set([mine.id])).draft.recover(), [free]);
  });

  it('is dropped when it was put on hold, and an untouched one is not kept at all', async () => {
    const [store, memory] = [new MemoryChainStore(), new TestMemory()];
    const { clock, draft } = openTab(store, memory);
    draft.keep({ ...basketWith('x'), note: '' });
    await clock.pass(1_000);
    assert.equal(store.baskets.size, 0);
    const basket = basketWith('held');
    draft.keep(basket);
    await draft.drop(basket.id);
    assert.equal(store.baskets.size, 0);
  });
});
