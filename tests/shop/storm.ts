// A storm: cashiers at work, servers that die, bad weather between the shop and Alipay. Then the weather clears, and within a bound
// everything must be at rest and right. Every suite of kills is this, with blows of its own; each run ends with a line that says what
// was done, and what of it was wrong.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Audited, auditShop } from './audit.ts';
import { Cashiers } from './cashiers.ts';
import type { Ground } from './open-shop.ts';
import { StoreFleet } from './store-fleet.ts';
import { drawer, letItStorm } from './weather.ts';

export type StormOptions = {
  readonly seed: number;
  readonly serverCount: number;
  readonly cashierCount: number;
  /** Within this time after the storm everything must be at rest. */
  readonly restMs: number;
  /** Strikes until enough was struck, or a cashier met what may not be. */
  readonly strike: (fleet: StoreFleet, cashiers: Cashiers, draw: (below: number) => number) => Promise<void>;
  /** How often the database was killed, for the report. */
  readonly databaseKills?: () => number;
};

export async function surviveStorm(ground: Ground, context: TestContext, options: StormOptions): Promise<Audited> {
  const { control, order } = ground;
  const { seed, serverCount, cashierCount, restMs } = options;
  const secondsSince = stopwatch();
  await letItStorm(control, seed);
  const fleet = await StoreFleet.start(order, serverCount);
  const cashiers = new Cashiers({ control, till: (draw) => fleet.anyTill(draw) }, cashierCount, seed);
  try {
    await options.strike(fleet, cashiers, drawer(seed));
    await fleet.allBack();
    await cashiers.close();
    const stormed = secondsSince();
    await control.clearFaults();
    const { book } = cashiers;
    const witnesses = { control, till: fleet.anyTill(() => 0), databaseUrl: order.databaseUrl, book };
    const tell = (audited: Audited): void => {
      context.diagnostic(
        [
          `${order.channel}, seed ${seed}`,
          doneWords(audited),
          tollWords(fleet, options.databaseKills?.() ?? 0),
          `busy ${book.busyCount} times`,
          wrongWords(audited),
          `${stormed} s of storm, ${secondsSince()} s in all`,
        ].join('; '),
      );
      for (const [fault, count] of fleet.toll.faults) context.diagnostic(`${count} times: ${fault}`);
    };
    const audited = await auditShop(witnesses, { restMs, tell });
    assert.equal(book.internalCount, 0, 'no server answered with a fault of its own');
    return audited;
  } finally {
    cashiers.halt();
    await fleet.close();
  }
}

function stopwatch(): () => number {
  const begin = performance.now();
  return () => Math.round((performance.now() - begin) / 1000);
}

function doneWords({ sales, payments, paid, notPaid, refunds }: Audited): string {
  return `${sales} sales, ${payments} payments (${paid} paid, ${notPaid} not), ${refunds} refunds`;
}

function tollWords({ toll }: StoreFleet, databaseKills: number): string {
  const { kills, killsAtStart, takeOvers, lookBacksTaken } = toll;
  const taken = `${takeOvers} take-overs (and ${lookBacksTaken} of closed ones)`;
  return `${kills} kills and ${killsAtStart} at start, ${taken}, ${databaseKills} database kills`;
}

function wrongWords({ faults }: Audited): string {
  return Object.entries(faults)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}
