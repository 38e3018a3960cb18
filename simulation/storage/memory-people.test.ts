// People, overrides and held baskets in memory against the contracts that PostgreSQL keeps.

import { heldBasketContract } from '#checkout/held-basket.contract.ts';
import { overrideBookContract } from '#checkout/override-book.contract.ts';
import { personDirectoryContract } from '#checkout/person-directory.contract.ts';
import { makeId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { seededRandom } from '#foundation/random.ts';
import { MemoryHeldBaskets } from './memory-held-baskets.ts';
import { MemoryOverrideBook } from './memory-override-book.ts';
import { MemoryPersonDirectory } from './memory-person-directory.ts';

const random = seededRandom(5);
const at = instant(0);
const close = async () => undefined;

personDirectoryContract('Memory', async () => ({
  directory: new MemoryPersonDirectory(),
  openStore: async () => ({ merchantId: makeId('merchant', at, random), storeId: makeId('store', at, random) }),
  close,
}));
overrideBookContract('Memory', async () => ({ book: new MemoryOverrideBook(), close }));
heldBasketContract('Memory', async () => {
  const overrides = new MemoryOverrideBook();
  return { baskets: new MemoryHeldBaskets(overrides), overrides, close };
});
