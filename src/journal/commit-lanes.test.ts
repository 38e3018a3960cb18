// What a lane owes to those who wait behind a write that cannot be done.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '#foundation/log.ts';
import { openCommitLanes } from './commit-lanes.ts';
import type { Database, OwnConnection } from './database.ts';

const nothing = async () => assert.fail('a lane asks nothing else of the database');
// A new lane asks once whether the tables have grown.
const connection: OwnConnection = { query: async () => [], end: async () => {} };
const database: Database = {
  limits: { connectionsMax: 1, waitMs: 50, statementMs: 1_000, lockMs: 1_000 },
  query: nothing,
  repeatable: nothing,
  transaction: nothing,
  connect: async () => connection,
  close: async () => {},
};

// As PostgreSQL tells it: a lock was not to be had in time (55P03).
const locked = Object.assign(new Error('canceling statement due to lock timeout'), {
  severity: 'ERROR',
  code: '55P03',
});

test('a row that stays locked is tried for within its own time, and then the next is served', async () => {
  const lanes = openCommitLanes(database, { lanes: 1, batchMax: 8, queueMax: 8 }, silentLog);
  const tried: string[] = [];
  const write = lanes.door<string, string>({
    async run(_connection, members) {
      const [first] = members;
      assert.ok(first !== undefined && members.length === 1);
      tried.push(first.ask);
      if (first.ask === 'locked') await sleep(60);
      if (first.ask === 'locked') throw locked;
      return ['written'];
    },
  });
  await assert.rejects(write('locked'), locked);
  assert.equal(await write('free'), 'written');
  assert.deepEqual(tried, ['locked', 'free']);
  await lanes.close();
});
