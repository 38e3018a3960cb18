// Migrations: many servers at once, a program that is too old, a file that was changed, a migration that fails.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import pg from 'pg';
import { silentLog } from '#foundation/log.ts';
import { type Migration, migrate, readMigrations } from './migrate.ts';
import { withDatabase } from './with-database.ts';

withDatabase('migrations', (database) => {
  let client: pg.Client;

  before(async () => {
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  beforeEach(async () => {
    await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  });

  after(() => client.end());

  const made = (number: number, sql: string): Migration => ({
    number,
    name: `${String(number).padStart(4, '0')}-test`,
    sql,
    checksum: `sum of ${sql}`,
  });

  const one = made(1, 'CREATE TABLE one (n int)');
  const two = made(2, 'INSERT INTO one VALUES (2)');

  async function applied(): Promise<readonly number[]> {
    const answer = await client.query<{ number: number }>('SELECT number FROM schema_migration ORDER BY number');
    return answer.rows.map((row) => row.number);
  }

  test('the migrations of this program are read in order, each with a note’s folder and a checksum', async () => {
    const migrations = await readMigrations();
    assert.deepEqual(
      migrations.map((migration) => migration.number),
      migrations.map((_, index) => index + 1),
    );
    assert.match(migrations[0]?.checksum ?? '', /^[0-9a-f]{64}$/);
  });

  test('eight servers that start at once migrate once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => migrate(database.url, silentLog, [one, two])));
    assert.deepEqual(await applied(), [1, 2]);
    assert.equal((await client.query('SELECT * FROM one')).rows.length, 1);
  });

  test('only what is missing is applied', async () => {
    await migrate(database.url, silentLog, [one]);
    await migrate(database.url, silentLog, [one, two]);
    assert.deepEqual(await applied(), [1, 2]);
  });

  test('a schema of a newer program is refused with what to do', async () => {
    await migrate(database.url, silentLog, [one, two]);
    await assert.rejects(migrate(database.url, silentLog, [one]), {
      code: 'schema-newer',
      message:
        'The database has migration 0002-test, which this version of Tillway does not know. Run the newer version.',
    });
  });

  test('a migration that was changed after it had been applied is refused', async () => {
    await migrate(database.url, silentLog, [one]);
    const changed = made(1, 'CREATE TABLE one (n bigint)');
    await assert.rejects(migrate(database.url, silentLog, [changed, two]), { code: 'schema-changed' });
    assert.deepEqual(await applied(), [1]);
  });

  test('a migration that fails leaves nothing of itself, and those before it stay', async () => {
    const broken = made(2, 'CREATE TABLE half (n int); SELECT nonsense');
    await assert.rejects(migrate(database.url, silentLog, [one, broken]), /nonsense/);
    assert.deepEqual(await applied(), [1]);
    const half = await client.query("SELECT to_regclass('half') AS half");
    assert.deepEqual(half.rows, [{ half: null }]);
    await migrate(database.url, silentLog, [one, two]);
    assert.deepEqual(await applied(), [1, 2]);
  });
});
