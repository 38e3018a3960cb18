// For tests: a database of one's own. One embedded server a test process, or the one that DATABASE_URL names; in it a fresh
// database for each suite, so that suites cannot see each other. Durability is off: what tests here lose, nobody misses.
// `npm test` may start one server and give it to all test processes in DATABASE_URL.

import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import pg from 'pg';
import { silentLog } from '#foundation/log.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';

export interface TestDatabase {
  readonly url: string;
  /** Drops the database, and stops the server with the last one. */
  drop(): Promise<void>;
}

type Server = { readonly url: string; close(): Promise<void> };

let server: Promise<Server> | undefined;
let users = 0;

/** A fresh, empty database. Drop it when done, or the process does not end. */
export async function openTestDatabase(): Promise<TestDatabase> {
  users += 1;
  server ??= startServer();
  const { url: serverUrl, close } = await server;
  const name = `tillway_test_${randomBytes(8).toString('hex')}`;
  await administer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      users -= 1;
      const last = users === 0;
      if (last) server = undefined;
      await administer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      if (last) await close();
    },
  };
}

/** A `describe` with a database of its own: made before its hooks and tests, dropped after them. */
export function withDatabase(name: string, body: (database: { readonly url: string }) => void): void {
  describe(name, () => {
    let database: TestDatabase | undefined;
    before(async () => {
      database = await openTestDatabase();
    });
    body({
      get url() {
        if (database === undefined) throw new Error('the database is there within hooks and tests only');
        return database.url;
      },
    });
    // Hooks run in the order of their writing: the body's own come first and close what is open.
    after(() => database?.drop());
  });
}

async function startServer(): Promise<Server> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') return { url: given, close: async () => undefined };
  await sweepLeftovers();
  const home = await mkdtemp(join(tmpdir(), prefix));
  // The user that PostgreSQL runs as must pass through, and need not see.
  await chmod(home, 0o711);
  await writeFile(join(home, 'pid'), `${process.pid}`);
  const embedded: EmbeddedPostgres = await startEmbeddedPostgres({ home, log: silentLog, durable: false });
  return {
    url: embedded.url,
    async close() {
      await embedded.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

const prefix = 'tillway-test-postgres-';

// Test processes that were killed could not clean up; their servers have ended by themselves.
async function sweepLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(tmpdir(), name);
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => 'NaN'));
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
