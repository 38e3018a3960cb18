// Store servers are killed (SIGKILL) at random moments under load and in bad weather, several on one database: one by one while the
// others take up what it held, and all at once. Method: cashiers ring up sales, pay, stop waiting, walk away and give back, and repeat
// every request until some server answers it; the reaper kills. Then the weather clears, and within a bound everything must be at
// rest. The sandbox's books, its wallets, the journal's rows and every word that a cashier was told are then held against each other.
// `npm run test:long` kills a thousand times: five hundred over each road to Alipay, both at once.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { channels, openGround } from './shop/open-shop.ts';
import { reap } from './shop/reaper.ts';
import { shortDeadlines, takeOverDeadlines } from './shop/short-deadlines.ts';
import { surviveStorm } from './shop/storm.ts';
import { seed } from './shop/weather.ts';

const isLong = process.env['TILLWAY_LONG'] === '1';
const killsPerChannel = isLong ? 500 : 8;
const serverCount = isLong ? 4 : 3;
const pauseMsMax = isLong ? 1_200 : 900;
// A thousand kills take a quarter of an hour, and longer on a busy machine.
const timeout = isLong ? 3_000_000 : 200_000;
const codeLifeMs = 8_000;

// Over one road the deadlines are so short that a dead server's payments are reversed by who takes them up; over the other they leave
// time to go on and be paid.
const deadlines = { 'alipay-openapi': shortDeadlines, 'alipay-global': takeOverDeadlines };

describe(`store servers that are killed ${killsPerChannel} times, seed ${seed},`, { concurrency: 2, timeout }, () => {
  for (const channel of channels) {
    it(`lose, double and orphan nothing over ${channel}`, { timeout }, async (context) => {
      const ground = await openGround({ channel, deadline: deadlines[channel], sandbox: { times: { codeLifeMs } } });
      try {
        const { paid } = await surviveStorm(ground, context, {
          seed,
          serverCount,
          cashierCount: isLong ? 10 : 8,
          restMs: 45_000,
          strike: async (fleet, cashiers, draw) => {
            const tellProgress = progress(channel, isLong ? 25 : Number.POSITIVE_INFINITY);
            const isOver = (): boolean => {
              tellProgress(fleet.toll.kills, cashiers.book.rung.length);
              return fleet.toll.kills >= killsPerChannel || cashiers.hasTrouble;
            };
            await reap(fleet, { draw, pauseMsMax, isOver });
          },
        });
        assert.ok(paid > killsPerChannel, 'the shop sold something in between');
      } finally {
        await ground.close();
      }
    });
  }
});

// A quarter of an hour without a word would look like a hang.
function progress(channel: string, every: number): (kills: number, sales: number) => void {
  const begin = performance.now();
  let next = every;
  return (kills, sales) => {
    if (kills < next) return;
    next += every;
    const seconds = Math.round((performance.now() - begin) / 1000);
    process.stderr.write(`${channel}: ${kills} of ${killsPerChannel} kills, ${sales} sales, ${seconds} s\n`);
  };
}
