// A PostgreSQL of our own: real, durable, on 127.0.0.1 with a password, without anything to install or set up. The programs
// come from an npm package; the data lies in TILLWAY_HOME. It is the same engine that a larger deployment runs, so there is one
// SQL dialect and nothing to migrate to.

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '#foundation/log.ts';
import { JournalError } from './journal-error.ts';
import { clearLeftover } from './postgres-leftover.ts';
import { farFolders, findPlace, makePlace, type Place, type PlaceRecord, writeRecord } from './postgres-place.ts';
import { freePort, plainEnvironment, type RunningServer, startServer } from './postgres-process.ts';
import { findPostgres, type PostgresProgram } from './postgres-program.ts';
import { chooseUser, type RunAs } from './postgres-user.ts';

export type EmbeddedPostgresOptions = {
  /** TILLWAY_HOME: made when it is not there. */
  readonly home: string;
  readonly log: Log;
  /** Further server settings; they win over ours. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Where data and programs go when PostgreSQL's user cannot reach home or the checkout. */
  readonly farFolders?: readonly string[];
  /** `false` gives durability up for speed: for tests only. */
  readonly durable?: boolean;
};

export interface EmbeddedPostgres {
  /** `postgres://…@127.0.0.1:port/tillway`; holds the password, so it is never logged. Stays the same until `close`. */
  readonly url: string;
  readonly dataFolder: string;
  /** Fast shutdown; what was committed is on disk. */
  close(): Promise<void>;
}

const role = 'tillway';
const database = 'tillway';

// For a small machine that also runs everything else. Checkpoints are far apart and spread out, for they are what a payment
// would feel.
const smallMachine = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 60,
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  min_wal_size: '128MB',
  checkpoint_timeout: '15min',
  max_parallel_workers_per_gather: 0,
  max_logical_replication_workers: 0,
  autovacuum_naptime: '20s',
  io_method: 'sync',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
};
const forTests = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', min_wal_size: '32MB' };

const restartsMax = 5;
const restartWindowMs = 60_000;

/**
 * Starts PostgreSQL on the data of `home`, made on the first start. When the server dies by itself it is started again on the
 * same address. Throws a `JournalError` that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const far = options.farFolders ?? farFolders;
  const found = await findPlace(options.home);
  const runAs = await chooseUser(await ownerOf(found.record?.folder));
  const place = await makePlace(found, runAs, far, log);
  const program = await findPostgres(runAs, [...(runAs === null ? [place.folder] : []), ...far]);
  await clearLeftover(place, log);
  await checkData(place, program);
  const prepared = await prepareData(place, program, runAs, options.durable !== false);
  const settings = { ...smallMachine, ...(options.durable === false ? forTests : {}), ...options.settings };
  const launch = (port: number) =>
    startServer({
      program,
      runAs,
      data: place.data,
      logFile: join(place.folder, 'server.log'),
      port,
      settings,
      url: urlOf(prepared, port, 'postgres'),
    });
  const { server, port } = await launchOnFreePort(launch, place.record?.port ?? 0);
  await writeRecord({ ...prepared, port, startedBy: process.pid });
  await ensureDatabase(urlOf(prepared, port, 'postgres'));
  log.event('journal.postgres.started', {
    port,
    version: program.version,
    data: place.data,
    user: runAs?.name ?? 'own',
  });
  const keeper = keepRunning(server, () => launch(port), log);
  return {
    url: urlOf(prepared, port, database),
    dataFolder: place.data,
    async close() {
      await keeper.stop();
      log.event('journal.postgres.stopped', { port });
    },
  };
}

async function ownerOf(folder: string | undefined): Promise<number | undefined> {
  if (folder === undefined) return undefined;
  return (await stat(join(folder, 'data')).catch(() => undefined))?.uid;
}

function urlOf(record: PlaceRecord, port: number, name: string): string {
  return `postgres://${role}:${record.password}@127.0.0.1:${port}/${name}`;
}

// The port was free when asked; another program may have taken it since, so a second one is tried.
async function launchOnFreePort(
  launch: (port: number) => Promise<RunningServer>,
  wanted: number,
): Promise<{ server: RunningServer; port: number }> {
  const first = await freePort(wanted);
  try {
    return { server: await launch(first), port: first };
  } catch (error) {
    if (!(error instanceof Error) || !/could not (bind|create any TCP\/IP)/.test(error.message)) throw error;
    const second = await freePort(0);
    return { server: await launch(second), port: second };
  }
}

async function checkData(place: Place, program: PostgresProgram): Promise<void> {
  const version = (await readFile(join(place.data, 'PG_VERSION'), 'utf8').catch(() => undefined))?.trim();
  if (version !== undefined && version !== program.major)
    throw new JournalError(
      'database-refused',
      `The data in ${place.data} was written by PostgreSQL ${version}, and this Tillway brings PostgreSQL ${program.major}. Start the Tillway that wrote it and move the data over with pg_dump, or set DATABASE_URL.`,
    );
  const owner = (await stat(place.data).catch(() => undefined))?.uid;
  const own = process.getuid?.();
  if (owner !== undefined && own !== undefined && own !== 0 && owner !== own)
    throw new JournalError(
      'database-refused',
      `The data in ${place.data} belongs to another user (uid ${owner}). Start Tillway as before, or give it another TILLWAY_HOME.`,
    );
}

// Makes the data on the first start. It is made beside and renamed, so that a first start that was cut off begins anew.
async function prepareData(
  place: Place,
  program: PostgresProgram,
  runAs: RunAs | null,
  durable: boolean,
): Promise<PlaceRecord> {
  const old = place.record;
  const fresh = {
    home: place.home,
    folder: place.folder,
    cluster: randomBytes(9).toString('hex'),
    port: 0,
    startedBy: 0,
  };
  const password = old?.password ?? randomBytes(24).toString('base64url');
  if ((await stat(place.data).catch(() => undefined)) !== undefined) {
    // The record was lost with its password: a new one is set without a server, as the owner of the data may.
    if (old === undefined) resetPassword(place, program, runAs, password);
    return { ...fresh, ...old, folder: place.folder, password };
  }
  const beside = `${place.data}.new`;
  await rm(beside, { recursive: true, force: true });
  const passwordFile = join(place.folder, 'password.new');
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (runAs !== null) await chown(passwordFile, runAs.ids.uid, runAs.ids.gid);
  try {
    const rules = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-instructions'];
    runProgram(
      program.initdb,
      ['-D', beside, '-U', role, `--pwfile=${passwordFile}`, ...rules, ...(durable ? [] : ['--no-sync'])],
      runAs,
      '',
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(beside, place.data);
  const record = { ...fresh, password };
  await writeFile(join(place.folder, 'cluster'), record.cluster, { mode: 0o644 });
  await writeRecord(record);
  return record;
}

function resetPassword(place: Place, program: PostgresProgram, runAs: RunAs | null, password: string): void {
  const statement = `ALTER ROLE ${role} PASSWORD '${password}'\n`;
  runProgram(
    program.postgres,
    ['--single', '-D', place.data, '-c', 'log_statement=none', 'postgres'],
    runAs,
    statement,
  );
}

function runProgram(file: string, parameters: readonly string[], runAs: RunAs | null, input: string): void {
  const answer = spawnSync(file, parameters, {
    cwd: process.platform === 'win32' ? process.cwd() : '/',
    env: { ...plainEnvironment(), LC_ALL: 'C', TZ: 'UTC' },
    encoding: 'utf8',
    input,
    timeout: 120_000,
    ...runAs?.ids,
  });
  if (answer.status === 0) return;
  const words = (answer.stderr ?? '').trim().split('\n').slice(-3).join(' ');
  throw new JournalError(
    'database-refused',
    `The embedded PostgreSQL could not be set up: ${words || answer.error?.message}`,
  );
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const there = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (there.rows.length === 0) await client.query(`CREATE DATABASE ${database}`);
  } finally {
    await client.end();
  }
}

// Starts the server again when it ends by itself (killed for memory, say), as often as may still be an accident.
function keepRunning(first: RunningServer, launch: () => Promise<RunningServer>, log: Log): { stop(): Promise<void> } {
  let server = first;
  let stopping = false;
  const starts: number[] = [];
  const watch = async () => {
    for (;;) {
      await server.exited;
      if (stopping) return;
      const now = performance.now();
      while (starts[0] !== undefined && now - starts[0] > restartWindowMs) starts.shift();
      log.event('journal.postgres.ended', { restarts: starts.length });
      if (starts.length >= restartsMax) {
        log.event('journal.postgres.given-up', { restarts: starts.length });
        return;
      }
      starts.push(now);
      await sleep(100 * 2 ** starts.length);
      if (stopping) return;
      try {
        server = await launch();
        log.event('journal.postgres.restarted', { restarts: starts.length });
        if (stopping) await server.stop();
      } catch {
        // The server's log has the words; the next round counts it and tries again.
      }
    }
  };
  const watching = watch();
  return {
    async stop() {
      stopping = true;
      await server.stop();
      await watching;
    },
  };
}
