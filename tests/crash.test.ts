// The store server is killed (SIGKILL) at random moments under load and in bad weather, and started again on the same database.
// Method: cashiers ring up sales and repeat every request until it is answered; the killer kills. Then the weather clears, and
// within a bound everything must be at rest. The sandbox's books then say whether a payment was lost, doubled or orphaned, and
// every word that a cashier was told must still be true. `npm run test:long` kills two hundred times.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditBooks, untilAtRest } from './shop/audit.ts';
import { Cashiers } from './shop/cashiers.ts';
import { KillableStore } from './shop/killable-store.ts';
import { auditCalls, auditWords, repeatAll } from './shop/ledger-of-words.ts';
import { channels, type Ground, openGround } from './shop/open-shop.ts';
import { Till } from './shop/till.ts';
import { drawer, letItStorm, seed } from './shop/weather.ts';

const isLong = process.env['TILLWAY_LONG'] === '1';
const killsPerChannel = isLong ? 100 : 8;
const cashierCount = 10;
const restMs = 30_000;
// Two hundred kills take minutes, and longer on a busy machine.
const timeout = isLong ? 1_200_000 : 200_000;
const codeLifeMs = 8_000;

describe(`a store server that is killed ${killsPerChannel} times, seed ${seed},`, { concurrency: 2, timeout }, () => {
  for (const channel of channels) {
    it(`loses, doubles and orphans nothing over ${channel}`, { timeout }, async (context) => {
      const ground = await openGround({ channel, sandbox: { times: { codeLifeMs } } });
      try {
        await survive(ground, context);
      } finally {
        await ground.close();
      }
    });
  }
});

async function survive(ground: Ground, context: TestContext): Promise<void> {
  const { control, order } = ground;
  const draw = drawer(seed);
  let store = await KillableStore.start(order);
  const port = store.port;
  const till = new Till(store.url, order.apiKey);
  try {
    await letItStorm(control, seed);
    const cashiers = new Cashiers({ control, till: () => till, draw }, cashierCount);
    for (let kill = 0; kill < killsPerChannel; kill += 1) {
      await sleep(30 + draw(1_000));
      await store.kill();
      // Now and then the machine stays away for so long that deadlines pass with no server at all.
      await sleep(draw(4) === 0 ? draw(3_000) : 0);
      store = await KillableStore.start({ ...order, port });
    }
    await cashiers.close();
    await control.clearFaults();
    const sales = await untilAtRest(till, order.databaseUrl, restMs);
    const paid = sales.filter(({ payments }) => payments.some(({ status }) => status === 'paid')).length;
    context.diagnostic(`${sales.length} sales, ${paid} paid, ${killsPerChannel} kills`);
    assert.ok(paid > killsPerChannel, 'the shop sold something in between');
    await auditBooks(control, sales);
    auditWords(sales, cashiers.rung);
    await auditCalls(control, sales);
    await repeatAll(till, cashiers.rung);
    assert.deepEqual((await till.allSales()).length, sales.length, 'repeats made no new sale');
    await auditBooks(control, await till.allSales());
  } finally {
    await store.kill();
  }
}
