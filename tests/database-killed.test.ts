// PostgreSQL itself is killed under load, again and again, while store servers die too: its postmaster by SIGKILL and by an immediate
// stop, its backends one by one. The keeper starts it again, the fleet's servers come back, cashiers repeat their requests. After every
// blow the shop must go on by itself; in the end the audit of crash.test.ts must find nothing. Durability is on. What this cannot show
// is a machine that loses power: the pages that PostgreSQL gave to the operating system stay there when only processes die.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cashiers } from './shop/cashiers.ts';
import { channels, openGround } from './shop/open-shop.ts';
import { endPostgres, killBackend, makeDatabase, type OwnPostgres, startOwnPostgres } from './shop/postgres-blows.ts';
import { reap } from './shop/reaper.ts';
import { surviveStorm } from './shop/storm.ts';
import { until } from './shop/until.ts';
import { seed } from './shop/weather.ts';

const isLong = process.env['TILLWAY_LONG'] === '1';
// Of each round of blows two end the whole server. Its keeper takes more than five ends in a minute for more than an accident.
const roundCount = isLong ? 8 : 1;
const endingSpacingMs = 13_000;
const restMs = 45_000;
const backMs = 45_000;
const timeout = isLong ? 1_800_000 : 250_000;

type Blow = { readonly name: string; readonly strike: (own: OwnPostgres) => Promise<void>; readonly spacingMs: number };

const spacingMs = isLong ? endingSpacingMs : 0;
const round: readonly Blow[] = [
  { name: 'a kill', strike: async ({ postgres }) => await endPostgres(postgres, 'a kill'), spacingMs },
  { name: 'a killed backend', strike: async ({ postgres }) => await killBackend(postgres), spacingMs: 0 },
  {
    name: 'an immediate stop',
    strike: async ({ postgres }) => await endPostgres(postgres, 'an immediate stop'),
    spacingMs,
  },
  { name: 'another killed backend', strike: async ({ postgres }) => await killBackend(postgres), spacingMs: 0 },
];

describe(`PostgreSQL that is killed ${roundCount * round.length} times while servers die, seed ${seed},`, {
  timeout,
}, () => {
  let own: OwnPostgres;
  before(async () => {
    own = await startOwnPostgres(160);
  });
  after(async () => await own.close());

  it('loses, doubles and orphans nothing', { timeout }, async (context) => {
    const crews: Cashiers[] = [];
    const toll = { databaseKills: 0, isOver: false };
    const survive = async (channel: (typeof channels)[number]): Promise<void> => {
      const ground = await openGround({ channel }, await makeDatabase(own.postgres, `struck-${channel}`));
      try {
        const { paid } = await surviveStorm(ground, context, {
          seed,
          serverCount: 2,
          cashierCount: 6,
          restMs,
          databaseKills: () => toll.databaseKills,
          strike: async (fleet, cashiers, draw) => {
            crews.push(cashiers);
            const isOver = (): boolean => toll.isOver || cashiers.hasTrouble;
            await reap(fleet, { draw, pauseMsMax: 4_000, isOver });
          },
        });
        assert.ok(paid > toll.databaseKills, 'the shop sold something in between');
      } finally {
        await ground.close();
      }
    };
    const struck = strikeDatabase(own, crews, toll).finally(() => {
      toll.isOver = true;
    });
    // All of them, whatever becomes of one: nothing may go on after the test.
    const ends = await Promise.allSettled([struck, ...channels.map(survive)]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  });
});

// Blow after blow, each when the shop has gone on after the one before.
async function strikeDatabase(
  own: OwnPostgres,
  crews: readonly Cashiers[],
  toll: { databaseKills: number },
): Promise<void> {
  await until(
    { withinMs: backMs },
    async () => (crews.length === channels.length ? true : undefined),
    () => 'the shops did not open',
  );
  for (let count = 0; count < roundCount; count += 1) {
    for (const blow of round) {
      const spaced = sleep(blow.spacingMs);
      await sleep(1_000);
      const before = crews.map((cashiers) => cashiers.book.rung.length);
      await blow.strike(own);
      toll.databaseKills += 1;
      await until(
        { withinMs: backMs },
        async () => (crews.every(({ book }, index) => book.answeredSince(before[index] ?? 0) > 3) ? true : undefined),
        () => `the shops did not go on after ${blow.name}`,
      );
      await spaced;
    }
  }
}
