// Brings the schema up to this program. Each migration is a folder with its SQL and a note, runs in a transaction of its own,
// and is recorded with a checksum. An advisory lock lets many servers start at once: one migrates, the others wait and find
// nothing left to do.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Log } from '#foundation/log.ts';
import { JournalError } from './journal-error.ts';

export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
};

// Any fixed number that nobody else locks: "tillway" on a telephone's keys.
const lockKey = 8_455_929;
// A migration of a large table takes long; waiting for another server's migration takes as long.
const statementMs = 600_000;

/** Reads the migrations of a folder, in order of their numbers. Throws when two carry the same number. */
export async function readMigrations(folder = join(import.meta.dirname, 'migrations')): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+$/.test(name)).sort();
  const migrations = await Promise.all(
    names.map(async (name) => {
      const sql = (await readFile(join(folder, name, 'up.sql'), 'utf8')).replaceAll('\r\n', '\n');
      return { number: Number(name.slice(0, 4)), name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
  const twice = migrations.find((migration, index) => migrations[index - 1]?.number === migration.number);
  if (twice !== undefined)
    throw new JournalError('schema-changed', `Two migrations carry the number of ${twice.name}.`);
  return migrations;
}

/**
 * Applies what is missing. Throws `schema-newer` when the database knows migrations that this program does not, and
 * `schema-changed` when one that it applied reads differently now: both before anything is touched.
 */
export async function migrate(url: string, log: Log, migrations?: readonly Migration[]): Promise<void> {
  const known = migrations ?? (await readMigrations());
  const client = new pg.Client({ connectionString: url, statement_timeout: statementMs, application_name: 'tillway' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migration (
      number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    for (const migration of await missing(client, known)) {
      await client.query('BEGIN');
      await client.query(migration.sql);
      await client.query('INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3)', [
        migration.number,
        migration.name,
        migration.checksum,
      ]);
      await client.query('COMMIT');
      log.event('journal.schema.migrated', { number: migration.number, name: migration.name });
    }
  } finally {
    // Closing the connection ends an open transaction and gives the lock back.
    await client.end();
  }
}

async function missing(client: pg.Client, known: readonly Migration[]): Promise<readonly Migration[]> {
  const answer = await client.query<{ number: number; name: string; checksum: string }>(
    'SELECT number, name, checksum FROM schema_migration ORDER BY number',
  );
  for (const applied of answer.rows) {
    const ours = known.find((migration) => migration.number === applied.number);
    if (ours === undefined)
      throw new JournalError(
        'schema-newer',
        `The database has migration ${applied.name}, which this version of Tillway does not know. Run the newer version.`,
      );
    if (ours.checksum !== applied.checksum)
      throw new JournalError(
        'schema-changed',
        `Migration ${applied.name} was changed after it had been applied. Restore its file and put the change in a new one.`,
      );
  }
  const done = new Set(answer.rows.map((applied) => applied.number));
  return known.filter((migration) => !done.has(migration.number));
}
