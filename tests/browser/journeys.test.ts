// The journeys, in one browser and one house. They run beside each other: each has pages and wallets of its own.

import { after, before, describe } from 'node:test';
import { startBrowser } from './browser.ts';
import { House, hurried, unhurried } from './house.ts';
import { confirmingJourneys } from './journeys/confirming.ts';
import { lookJourneys } from './journeys/looks.ts';
import { payingJourneys } from './journeys/paying.ts';
import { refundingJourneys } from './journeys/refunding.ts';
import { repeatingJourneys } from './journeys/repeating.ts';
import { scanningJourneys } from './journeys/scanning.ts';
import { walletJourneys } from './journeys/wallet.ts';
import { wishJourneys } from './journeys/wishes.ts';
import type { Theatre } from './stage.ts';

describe('in a real browser', { concurrency: 6 }, () => {
  let opened: Theatre | undefined;
  const theatre = (): Theatre => {
    if (opened === undefined) throw new Error('the theatre is there within journeys only');
    return opened;
  };
  const toClose: (() => Promise<void>)[] = [];
  before(async () => {
    const house = await House.open();
    toClose.push(() => house.close());
    const [store, hurriedStore] = await Promise.all([house.openStore(unhurried), house.openStore(hurried)]);
    const browser = await startBrowser();
    toClose.push(() => browser.close());
    opened = { browser, house, store, hurriedStore };
  });
  after(async () => {
    for (const close of toClose.reverse()) await close();
  });
  payingJourneys(theatre);
  lookJourneys(theatre);
  scanningJourneys(theatre);
  confirmingJourneys(theatre);
  repeatingJourneys(theatre);
  refundingJourneys(theatre);
  wishJourneys(theatre);
  walletJourneys(theatre);
});
