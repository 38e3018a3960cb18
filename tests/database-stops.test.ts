// PostgreSQL goes away under load: stopped fast, stopped at once, killed, one of its processes killed, or standing still. The
// embedded engine's keeper starts it again; the store server is not restarted. Every answer meanwhile is either right or `busy`
// with the advice to repeat, and in the end nothing is lost. Durability is on here: what was answered must be on disk.

import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { silentLog } from '#foundation/log.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#journal/index.ts';
import { auditBooks, untilAtRest } from './shop/audit.ts';
import { Cashiers } from './shop/cashiers.ts';
import { KillableStore } from './shop/killable-store.ts';
import { auditCalls, auditWords, repeatAll } from './shop/ledger-of-words.ts';
import { type Ground, openGround } from './shop/open-shop.ts';
import { Till } from './shop/till.ts';
import { until } from './shop/until.ts';
import { drawer, letItStorm, seed } from './shop/weather.ts';

const restMs = 30_000;
const backMs = 20_000;

type Blow = { readonly name: string; readonly strike: (database: EmbeddedPostgres) => Promise<void> };

const blows: readonly Blow[] = [
  { name: 'a fast stop', strike: async (database) => signal(await postmasterOf(database), 'SIGINT') },
  { name: 'a killed backend', strike: killBackend },
  { name: 'four seconds of standing still', strike: standStill },
  { name: 'a kill', strike: async (database) => signal(await postmasterOf(database), 'SIGKILL') },
];

describe('when PostgreSQL goes away under load', () => {
  it(`every answer is right or busy, and nothing is lost, seed ${seed}`, async (context) => {
    const home = await mkdtemp(join(tmpdir(), 'tillway-blows-'));
    // PostgreSQL's own user must pass through.
    await chmod(home, 0o711);
    const database = await startEmbeddedPostgres({ home, log: silentLog });
    try {
      const ground = await openGround({ channel: 'alipay-openapi' }, database.url);
      try {
        await sellThrough(ground, database, context);
      } finally {
        await ground.close();
      }
    } finally {
      await database.close();
      await rm(home, { recursive: true, force: true });
    }
  });
});

async function sellThrough(ground: Ground, database: EmbeddedPostgres, context: TestContext): Promise<void> {
  const { control, order } = ground;
  const store = await KillableStore.start(order);
  const till = new Till(store.url, order.apiKey);
  try {
    await letItStorm(control, seed);
    const cashiers = new Cashiers({ control, till: () => till, draw: drawer(seed) }, 10);
    for (const { name, strike } of blows) {
      await sleep(1_000);
      const before = cashiers.rung.length;
      await strike(database);
      await until(
        { withinMs: backMs },
        async () => (cashiers.rung.length > before + 3 ? true : undefined),
        () => `the shop did not go on after ${name}`,
      );
    }
    await cashiers.close();
    await control.clearFaults();
    const sales = await untilAtRest(till, order.databaseUrl, restMs);
    context.diagnostic(`${sales.length} sales, busy ${cashiers.busyCount} times`);
    assert.ok(cashiers.busyCount > 0, 'the blows were felt');
    await auditBooks(control, sales);
    auditWords(sales, cashiers.rung);
    await auditCalls(control, sales);
    await repeatAll(till, cashiers.rung);
  } finally {
    await store.kill();
  }
}

async function postmasterOf({ dataFolder }: EmbeddedPostgres): Promise<number> {
  const [pid = ''] = (await readFile(join(dataFolder, 'postmaster.pid'), 'utf8')).split('\n');
  return Number(pid);
}

function signal(pid: number, name: NodeJS.Signals): void {
  // 0 and -1 are not processes but groups; a number that was not read must not become one.
  assert.ok(Number.isSafeInteger(pid) && pid > 1, `${pid} is a process`);
  process.kill(pid, name);
}

// PostgreSQL takes a backend that was killed as damage to shared memory: it ends all others and replays its log.
async function killBackend({ url }: EmbeddedPostgres): Promise<void> {
  const [pid] = await backendsOf(url);
  assert.ok(pid !== undefined, 'the store server has a connection');
  signal(pid, 'SIGKILL');
}

async function standStill({ url }: EmbeddedPostgres): Promise<void> {
  const stopped = await backendsOf(url);
  for (const pid of stopped) signal(pid, 'SIGSTOP');
  await sleep(4_000);
  for (const pid of stopped) signal(pid, 'SIGCONT');
}

async function backendsOf(url: string): Promise<readonly number[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'tillway' AND pid <> pg_backend_pid()`,
    );
    return rows.map(({ pid }) => Number(pid));
  } finally {
    await client.end();
  }
}
