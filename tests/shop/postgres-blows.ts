// What can happen to PostgreSQL: a stop, a kill, one of its processes killed or standing still. Strikes the processes of one embedded
// server and nothing else; its keeper starts it again.

import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { silentLog } from '#foundation/log.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#journal/index.ts';
import { until } from './until.ts';

export type OwnPostgres = {
  readonly postgres: EmbeddedPostgres;
  /** Stops the server and removes its data. */
  close(): Promise<void>;
};

/** A server with durability on, as in a shop: what was answered must be on disk. */
export async function startOwnPostgres(connectionsMax: number): Promise<OwnPostgres> {
  const home = await mkdtemp(join(tmpdir(), 'tillway-blows-'));
  // PostgreSQL's own user must pass through.
  await chmod(home, 0o711);
  const settings = { max_connections: connectionsMax };
  const postgres = await startEmbeddedPostgres({ home, log: silentLog, settings });
  return {
    postgres,
    async close() {
      await postgres.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL's own kinds of shutdown, and a kill. */
export const endings = {
  /** Ends every session, writes a checkpoint. */
  'a fast stop': 'SIGINT',
  /** Ends every process at once, without a checkpoint: the log is read again at the next start. */
  'an immediate stop': 'SIGQUIT',
  /** Its children notice that it is gone, and end when they do. */
  'a kill': 'SIGKILL',
} as const satisfies Readonly<Record<string, NodeJS.Signals>>;

export async function endPostgres(postgres: EmbeddedPostgres, ending: keyof typeof endings): Promise<void> {
  signal(await postmasterOf(postgres), endings[ending]);
}

/** PostgreSQL takes a backend that was killed as damage to shared memory: it ends all others and replays its log. */
export async function killBackend({ url }: EmbeddedPostgres): Promise<void> {
  await until(
    { withinMs: 20_000 },
    async () => {
      for (const pid of await backendsOf(url)) if (strikes(pid)) return true;
      return undefined;
    },
    () => 'no store server has a connection',
  );
}

// False when it is gone already: its store server may have been killed since it was listed.
function strikes(pid: number): boolean {
  try {
    signal(pid, 'SIGKILL');
    return true;
  } catch (trouble) {
    if (trouble instanceof Error && 'code' in trouble && trouble.code === 'ESRCH') return false;
    throw trouble;
  }
}

async function postmasterOf({ dataFolder }: EmbeddedPostgres): Promise<number> {
  const [pid = ''] = (await readFile(join(dataFolder, 'postmaster.pid'), 'utf8')).split('\n');
  return Number(pid);
}

export function signal(pid: number, name: NodeJS.Signals): void {
  // 0 and -1 are not processes but groups; a number that was not read must not become one.
  assert.ok(Number.isSafeInteger(pid) && pid > 1, `${pid} is a process`);
  process.kill(pid, name);
}

/** The processes that serve connections of this name. */
export async function backendsOf(url: string, name = 'tillway'): Promise<readonly number[]> {
  const client = await connect(url);
  try {
    const { rows } = await client.query('SELECT pid FROM pg_stat_activity WHERE application_name = $1', [name]);
    return rows.map(({ pid }) => Number(pid));
  } finally {
    await client.end();
  }
}

/** An empty database on the server; answers its address. */
export async function makeDatabase(
  { url }: EmbeddedPostgres,
  name: `${'stalled' | 'struck'}${string}`,
): Promise<string> {
  const client = await connect(url);
  try {
    await client.query(`CREATE DATABASE "${name}"`);
  } finally {
    await client.end();
  }
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

// After a blow it may still be reading its log.
async function connect(url: string): Promise<pg.Client> {
  return await until(
    { withinMs: 20_000 },
    async () => {
      const client = new pg.Client({ connectionString: url, application_name: 'blows' });
      client.on('error', () => undefined);
      return await client.connect().then(
        () => client,
        () => undefined,
      );
    },
    () => 'PostgreSQL takes no connection',
  );
}
