// The tills' journal on PostgreSQL.

import type { TillJournal } from '#checkout/index.ts';
import type { DeviceId } from '#foundation/id.ts';
import { invariant } from '#foundation/result.ts';
import type { Database, Row, Statement } from '../database.ts';
import { judgeAgain, takeEntry } from './take-entry.ts';
import {
  type BareEntryRow,
  type ChainRow,
  chainColumns,
  chainOf,
  type EntryRow,
  entryColumns,
  entryOf,
  entryValues,
  keptOf,
  toInstant,
} from './till-rows.ts';

const begin: Statement = {
  name: 'till-begin-chain',
  text: `INSERT INTO till_chain (merchant_id, chain_id, store_id, device_id, last_hash) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING`,
};

const find: Statement = {
  name: 'till-find-chain',
  text: `SELECT ${chainColumns} FROM till_chain c WHERE c.merchant_id = $1 AND c.chain_id = $2`,
};

const chainsOfDevice: Statement = {
  name: 'till-chains-of-device',
  text: `SELECT ${chainColumns} FROM till_chain c WHERE c.merchant_id = $1 AND c.device_id = $2
ORDER BY c.started_at DESC, c.chain_id DESC LIMIT 100`,
};

const lastShift: Statement = {
  name: 'till-last-shift',
  text: `SELECT greatest(
  (SELECT max(shift_number) FROM till_document WHERE merchant_id = $1 AND device_id = $2),
  (SELECT max(shift_number) FROM till_shift_report WHERE merchant_id = $1 AND device_id = $2), 0) AS number`,
};

const marksAt: Statement = {
  name: 'till-marks-at',
  text: `SELECT e.number, e.hash, e.standing, e.question FROM till_entry e
WHERE e.merchant_id = $1 AND e.chain_id = $2 AND e.number = ANY ($3::bigint[]) ORDER BY e.number`,
};

const entriesAfter: Statement = {
  name: 'till-entries-after',
  text: `SELECT ${entryColumns} FROM till_entry e
WHERE e.merchant_id = $1 AND e.chain_id = $2 AND e.number > $3 ORDER BY e.number LIMIT $4`,
};

const keepApart: Statement = {
  name: 'till-keep-apart',
  text: `INSERT INTO till_fork (merchant_id, chain_id, number, hash, store_id, device_id, previous_hash, at_ms, kind, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
};

const forks: Statement = {
  name: 'till-list-forks',
  text: `SELECT f.*, e.previous_hash AS kept_previous_hash, e.at_ms AS kept_at_ms, e.kind AS kept_kind, e.body AS kept_body,
  e.hash AS kept_hash
FROM till_fork f LEFT JOIN till_entry e
  ON e.merchant_id = f.merchant_id AND e.chain_id = f.chain_id AND e.number = f.number
WHERE f.merchant_id = $1 AND f.store_id = $2 ORDER BY f.seq DESC LIMIT $3`,
};

const questions: Statement = {
  name: 'till-list-questions',
  text: `SELECT ${entryColumns} FROM till_entry e
WHERE e.merchant_id = $1 AND e.store_id = $2 AND e.standing IN ('awaiting', 'questioned')
ORDER BY e.received_at DESC, e.chain_id, e.number DESC LIMIT $3`,
};

type MarkRow = Row & Pick<EntryRow, 'number' | 'hash' | 'standing' | 'question'>;

interface ShiftRow extends Row {
  readonly number: number;
}

interface ForkRow extends BareEntryRow {
  readonly device_id: DeviceId;
  readonly received_at: Date;
  readonly kept_previous_hash: string | null;
  readonly kept_at_ms: string | null;
  readonly kept_kind: BareEntryRow['kind'] | null;
  readonly kept_body: string | null;
  readonly kept_hash: string | null;
}

/** Implements the port; trouble with the database is a thrown `JournalError`. */
export function makeTillJournal(database: Database): TillJournal {
  const readChain = async (values: readonly unknown[]) => {
    const [row] = await database.repeatable<ChainRow>(find, values);
    return row === undefined ? undefined : chainOf(row);
  };
  return {
    async beginChain({ merchantId, storeId, deviceId }, { chainId, lastHash }) {
      const known = await readChain([merchantId, chainId]);
      if (known !== undefined) return known;
      await database.repeatable(begin, [merchantId, chainId, storeId, deviceId, lastHash]);
      const begun = await readChain([merchantId, chainId]);
      invariant(begun !== undefined, 'a chain that was begun is there');
      return begun;
    },
    findChain: (merchantId, chainId) => readChain([merchantId, chainId]),
    async chainsOf(merchantId, deviceId) {
      return (await database.repeatable<ChainRow>(chainsOfDevice, [merchantId, deviceId])).map(chainOf);
    },
    async lastShiftNumber(merchantId, deviceId) {
      const [row] = await database.repeatable<ShiftRow>(lastShift, [merchantId, deviceId]);
      return row?.number ?? 0;
    },
    async marksAt(merchantId, chainId, numbers) {
      if (numbers.length === 0) return [];
      const rows = await database.repeatable<MarkRow>(marksAt, [merchantId, chainId, numbers]);
      return rows.map(({ number, hash, standing, question }) => ({ number: Number(number), hash, standing, question }));
    },
    async entriesAfter(merchantId, chainId, after, limit) {
      return (await database.repeatable<EntryRow>(entriesAfter, [merchantId, chainId, after, limit])).map(keptOf);
    },
    takeEntry: (till, entry) => takeEntry(database, till, entry),
    async keepApart(till, entries) {
      for (const entry of entries) await database.repeatable(keepApart, entryValues(till, entry));
    },
    async listForks({ merchantId, storeId, limit }) {
      const rows = await database.repeatable<ForkRow>(forks, [merchantId, storeId, limit]);
      return rows.map((row) => ({
        deviceId: row.device_id,
        kept: keptBeside(row),
        other: entryOf(row),
        receivedAt: toInstant(row.received_at),
      }));
    },
    async listQuestions({ merchantId, storeId, limit }) {
      const rows = await database.repeatable<EntryRow>(questions, [merchantId, storeId, limit]);
      return rows.map((row) => ({ ...keptOf(row), deviceId: row.device_id }));
    },
    judgeAgain: (limit) => judgeAgain(database, limit),
  };
}

function keptBeside(row: ForkRow) {
  const { chain_id, number, kept_previous_hash, kept_at_ms, kept_kind, kept_body, kept_hash } = row;
  if (kept_previous_hash === null || kept_at_ms === null || kept_kind === null) return null;
  if (kept_body === null || kept_hash === null) return null;
  const kept = { previous_hash: kept_previous_hash, at_ms: kept_at_ms, kind: kept_kind, body: kept_body };
  return entryOf({ chain_id, number, ...kept, hash: kept_hash });
}
