// The demo till at work in a shop of a test: it writes documents to a chain of its own and sends them over HTTP.

import { TillAtWork } from '#checkout/testing/till-at-work.ts';
import { seededRandom } from '#foundation/random.ts';
import { demoNames } from '../own-merchant.ts';
import type { Answer, Shop } from './shop.fixture.ts';

export function tillOf(shop: Shop, seed: number): TillAtWork {
  const { tills, documents, payments, sales } = shop.journal;
  const subject = { tills, other: tills, documents, payments, sales, factsOf: async () => [], close: async () => {} };
  return new TillAtWork(subject, seededRandom(seed), demoNames);
}

/** Sends all that a till has written. */
export function sendAll(shop: Shop, till: TillAtWork, url?: string): Promise<Answer> {
  const { chainId, entries } = till;
  return shop.call('POST', '/api/v1/till/journal', {
    body: { chainId, entries },
    ...(url === undefined ? {} : { url }),
  });
}
