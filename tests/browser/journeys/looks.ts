// Every state in every size, in both languages and both colours: nothing sideways, nothing clipped, every control named and large
// enough, text dark enough, focus to be seen.

import assert from 'node:assert/strict';
import { hurried, unhurried } from '../house.ts';
import { lookInAllSizes, walkWithTab } from '../looking.ts';
import { journey, type Stage, type Theatre } from '../stage.ts';
import { type Dress, visitPairing, visitTill, visitWallet } from '../states.ts';

const dresses: readonly Dress[] = [
  { language: 'en', colours: 'dark' },
  { language: 'zh-CN', colours: 'light' },
];

export function lookJourneys(theatre: () => Theatre): void {
  for (const dress of dresses) {
    const told = `(${dress.language}, ${dress.colours})`;
    journey(`the till looks right in every state and size ${told}`, theatre, (stage) => lookAtTill(stage, dress));
    journey(`the wallet looks right in every state and size ${told}`, theatre, (stage) => lookAtWallet(stage, dress));
  }
  journey('the focus is seen wherever Tab leads', theatre, walkAround);
}

async function lookAtTill(stage: Stage, dress: Dress): Promise<void> {
  const wrong: string[] = [];
  const store = await stage.house.openStore(hurried);
  await visitTill(stage, store, dress, async (page, state) => {
    wrong.push(...(await lookInAllSizes(page, state)));
  });
  await store.leaveDemo();
  await visitPairing(stage, store, dress, async (page, state) => {
    wrong.push(...(await lookInAllSizes(page, state)));
  });
  assert.deepEqual(wrong, []);
}

async function lookAtWallet(stage: Stage, dress: Dress): Promise<void> {
  const wrong: string[] = [];
  await visitWallet(stage, stage.theatre.store, dress, async (page, state) => {
    wrong.push(...(await lookInAllSizes(page, state)));
  });
  assert.deepEqual(wrong, []);
}

async function walkAround(stage: Stage): Promise<void> {
  const store = await stage.house.openStore(unhurried);
  const cashier = await stage.newCashier({ store });
  const ready = await walkWithTab(cashier.page);
  assert.deepEqual(ready.wrong, []);
  assert.ok(ready.reached.length > 20, `Tab reaches ${ready.reached.length} places`);
  await cashier.press('Escape');
  await cashier.keyAmount('1100');
  const customer = await stage.newCustomer({ store });
  await cashier.scan(await customer.readCode());
  await cashier.untilAsked();
  const waiting = await walkWithTab(cashier.page);
  assert.deepEqual(waiting.wrong, []);
  await customer.sheet.waitFor();
  const asked = await walkWithTab(customer.page);
  assert.deepEqual(asked.wrong, []);
}
