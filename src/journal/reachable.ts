// The first look at a database at start: is it there, does it let us in, is it new enough. Each "no" says what to do.

import pg from 'pg';
import { hostOf } from './database.ts';
import { JournalError, sqlStateOf } from './journal-error.ts';

const versionMin = 150_000;

/** Connects once. Throws `database-unreachable`, `database-refused` or `database-too-old` with what to do about it. */
export async function checkReachable(url: string): Promise<void> {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol))
    throw new JournalError(
      'database-refused',
      'DATABASE_URL is not a PostgreSQL address. It looks like postgres://user:password@host:5432/database.',
    );
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const answer = await client.query<{ version: string }>("SELECT current_setting('server_version_num') AS version");
    const version = Number(answer.rows[0]?.version);
    if (version < versionMin)
      throw new JournalError(
        'database-too-old',
        `PostgreSQL at ${hostOf(url)} is version ${Math.floor(version / 10_000)}. Tillway needs 15 or newer.`,
      );
  } catch (error) {
    throw error instanceof JournalError ? error : explain(error, url);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function explain(error: unknown, url: string): JournalError {
  const where = hostOf(url);
  const state = sqlStateOf(error);
  if (state === '28P01' || state === '28000')
    return new JournalError(
      'database-refused',
      `PostgreSQL at ${where} refuses the user or password of DATABASE_URL. Correct them, or allow the user in pg_hba.conf.`,
      error,
    );
  if (state === '3D000')
    return new JournalError(
      'database-refused',
      `PostgreSQL at ${where} has no database named "${URL.parse(url)?.pathname.slice(1) ?? ''}". Make it with createdb, or correct DATABASE_URL.`,
      error,
    );
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return new JournalError(
    'database-unreachable',
    `Cannot reach PostgreSQL at ${where}${code}. Start it or correct DATABASE_URL; without DATABASE_URL Tillway runs its own.`,
    error,
  );
}
