// The outbox's promise: whoever reads by position sees every fact once, whatever the order in which writers commit.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { silentLog } from '#foundation/log.ts';
import type { FactPosition, StoredFact } from './fact-reader.ts';
import { type Journal, openJournal } from './open-journal.ts';
import { withDatabase } from './with-database.ts';

withDatabase('the fact reader', (database) => {
  let journal: Journal;
  let slow: pg.Client;
  let quick: pg.Client;

  before(async () => {
    journal = await openJournal({ url: database.url, log: silentLog });
    [slow, quick] = [
      new pg.Client({ connectionString: database.url }),
      new pg.Client({ connectionString: database.url }),
    ];
    await Promise.all([slow.connect(), quick.connect()]);
  });

  after(async () => {
    await Promise.all([slow.end(), quick.end()]);
    await journal.close();
  });

  const write = (client: pg.Client, type: string) =>
    client.query("INSERT INTO outbox (merchant_id, type, data) VALUES ('mer_1', $1, $2)", [type, { type }]);

  // Other suites may run on this server, and what they write holds the reader back as well: so it is asked until it has all.
  async function readUntil(after: FactPosition | null, count: number): Promise<readonly StoredFact[]> {
    for (let tries = 0; ; tries += 1) {
      const facts = await journal.facts.readFacts({ after, limit: 100 });
      if (facts.length >= count || tries === 200) return facts;
      await sleep(20);
    }
  }

  const types = (facts: readonly StoredFact[]) => facts.map((fact) => fact.type);

  test('a slow writer’s fact is waited for and not missed, though its number is lower', async () => {
    await slow.query('BEGIN');
    await write(slow, 'slow');
    await write(quick, 'quick');
    assert.deepEqual(await journal.facts.readFacts({ after: null, limit: 100 }), []);
    await slow.query('COMMIT');
    const facts = await readUntil(null, 2);
    assert.deepEqual(types(facts), ['slow', 'quick']);
    assert.deepEqual(facts[0]?.data, { type: 'slow' });
    assert.equal(facts[0]?.merchantId, 'mer_1');
  });

  test('a writer that began first and numbers last is not passed over', async () => {
    const before = (await readUntil(null, 2)).at(-1)?.position ?? null;
    await slow.query('BEGIN');
    await slow.query('SELECT pg_current_xact_id()');
    await quick.query('BEGIN');
    await write(quick, 'second');
    await write(slow, 'first');
    await slow.query('COMMIT');
    const seen = await readUntil(before, 1);
    assert.deepEqual(types(seen), ['first']);
    await quick.query('COMMIT');
    assert.deepEqual(types(await readUntil(seen[0]?.position ?? null, 1)), ['second']);
  });

  test('what was rolled back is never read', async () => {
    const before = (await readUntil(null, 4)).at(-1)?.position ?? null;
    await slow.query('BEGIN');
    await write(slow, 'undone');
    await slow.query('ROLLBACK');
    await write(quick, 'done');
    assert.deepEqual(types(await readUntil(before, 1)), ['done']);
  });

  test('pages follow each other without gap or overlap', async () => {
    const all = await readUntil(null, 5);
    const paged: StoredFact[] = [];
    for (let after: FactPosition | null = null; ; ) {
      const page: readonly StoredFact[] = await journal.facts.readFacts({ after, limit: 2 });
      paged.push(...page);
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.position;
    }
    assert.deepEqual(paged, all);
  });
});
