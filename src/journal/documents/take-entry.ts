// Takes one entry of a till's chain with everything that follows from it, in one transaction; and judges again what waits. The chain's
// row is locked first, so that two servers with the same entries come one after the other, and the second finds the head moved on.

import {
  type EntryContent,
  factsOfEntry,
  isVisit,
  type Judgement,
  judgeEntry,
  judgeUnreadable,
  readEntryBody,
  type ShiftReport,
  type Till,
  type TillEntry,
  type VisitContent,
} from '#checkout/index.ts';
import type { Fact } from '#payment/index.ts';
import { storable } from '../attempt-rows.ts';
import type { Connection, Database, Row, Statement } from '../database.ts';
import { factRows, factTypes } from '../fact-rows.ts';
import { settled } from '../refunds.ts';
import { evidenceFor } from './entry-evidence.ts';
import { type EntryRow, entryColumns, entryOf, entryValues, tillOf } from './till-rows.ts';

const lockChain: Statement = {
  name: 'till-lock-chain',
  text: 'SELECT last_number, last_hash FROM till_chain WHERE merchant_id = $1 AND chain_id = $2 FOR UPDATE',
};

const insertEntry: Statement = {
  name: 'till-insert-entry',
  text: `
WITH moved AS (
  UPDATE till_chain SET last_number = $3, last_hash = $4, last_at = clock_timestamp()
  WHERE merchant_id = $1 AND chain_id = $2
)
INSERT INTO till_entry (merchant_id, chain_id, number, hash, store_id, device_id, previous_hash, at_ms, kind, body,
  standing, question)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
};

const insertDocument: Statement = {
  name: 'till-insert-document',
  text: `
INSERT INTO till_document (merchant_id, sale_id, kind, chain_id, entry_number, store_id, device_id, receipt_number, receipt_key,
  shift_number, business_date, of_sale_id, currency, total_minor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
};

const insertReport: Statement = {
  name: 'till-insert-report',
  text: `
INSERT INTO till_shift_report (merchant_id, device_id, shift_number, store_id, business_date, chain_id, entry_number)
VALUES ($1, $2, $3, $4, $5, $6, $7)`,
};

const insertOpenPayments: Statement = {
  name: 'till-insert-open-payments',
  text: `
INSERT INTO till_open_payment (merchant_id, intent_id, device_id, shift_number, store_id)
SELECT $1, intent_id, $3, $4, $5 FROM unnest($2::text[]) AS o (intent_id) ON CONFLICT DO NOTHING`,
};

const tell: Statement = {
  name: 'till-tell',
  text: `
INSERT INTO outbox (merchant_id, type, data)
SELECT $1, f.type, f.data FROM json_to_recordset($2::json) AS f (${factTypes}) ORDER BY f.place`,
};

const longestWaiting: Statement = {
  name: 'till-longest-waiting',
  text: `SELECT merchant_id, chain_id, number FROM till_entry WHERE standing = 'awaiting' ORDER BY judged_at LIMIT $1`,
};

// Another server that judges it has its lock, and its word is as good.
const lockWaiting: Statement = {
  name: 'till-lock-waiting',
  text: `SELECT ${entryColumns} FROM till_entry e
WHERE e.merchant_id = $1 AND e.chain_id = $2 AND e.number = $3 AND e.standing = 'awaiting' FOR UPDATE SKIP LOCKED`,
};

const setStanding: Statement = {
  name: 'till-set-standing',
  text: `UPDATE till_entry SET standing = $4, question = $5, judged_at = clock_timestamp()
WHERE merchant_id = $1 AND chain_id = $2 AND number = $3`,
};

interface HeadRow extends Row {
  readonly last_number: string;
  readonly last_hash: string;
}

interface KeyRow extends Row {
  readonly merchant_id: string;
  readonly chain_id: string;
  readonly number: string;
}

export function takeEntry(database: Database, till: Till, entry: TillEntry): Promise<'taken' | 'moved-on'> {
  // A big document takes long to read: not while the chain is locked.
  const read = readEntryBody(entry.kind, entry.body);
  return settled(database, async (connection, inDoubt) => {
    const [head] = await connection.query<HeadRow>(lockChain, [till.merchantId, entry.chainId]);
    if (head === undefined) return 'moved-on';
    // The first try was committed and nobody heard: the chain ends with this very entry.
    if (inDoubt && head.last_hash === entry.hash) return 'taken';
    if (Number(head.last_number) !== entry.number - 1 || head.last_hash !== entry.previousHash) return 'moved-on';
    const content = read.ok ? read.value : null;
    const evidence = content === null ? null : await evidenceFor(connection, till, entry, content);
    const judgement =
      content === null || evidence === null
        ? judgeUnreadable(read.ok ? [] : read.failure)
        : judgeEntry(till, content, entry.body, evidence);
    const question = judgement.question === null ? null : storable(judgement.question);
    await connection.query(insertEntry, [...entryValues(till, entry), judgement.standing, question]);
    // One that another entry has closed is not closed twice. One that another closes at this moment breaks the key, and runs again.
    if (content !== null && evidence?.closedBy === null) await close(connection, till, entry, content);
    await tellFacts(connection, till, factsOfEntry(entry, content, null, judgement));
    return 'taken';
  });
}

async function close(connection: Connection, till: Till, entry: TillEntry, content: EntryContent): Promise<void> {
  if (isVisit(content)) await connection.query(insertDocument, documentValues(till, entry, content));
  else if (content.kind === 'shift-report' && content.body.kind === 'Z') {
    await closeShift(connection, till, entry, content.body);
  }
}

function documentValues({ merchantId, storeId, deviceId }: Till, entry: TillEntry, { kind, body }: VisitContent) {
  const { document, receiptKey } = body;
  const total = 'priced' in document ? document.priced.total : document.total;
  return [
    ...[merchantId, document.saleId, kind, entry.chainId, entry.number, storeId, deviceId],
    ...[document.receiptNumber, receiptKey, document.shiftNumber, document.businessDate],
    ...['ofSaleId' in document ? document.ofSaleId : null, total.currency, total.minor.toString()],
  ];
}

async function closeShift(
  connection: Connection,
  { merchantId, storeId, deviceId }: Till,
  { chainId, number }: TillEntry,
  report: ShiftReport,
): Promise<void> {
  const { number: shiftNumber, businessDate, openPayments } = report;
  const values = [merchantId, deviceId, shiftNumber, storeId, businessDate, chainId, number];
  await connection.query(insertReport, values);
  if (openPayments.length === 0) return;
  const intents = openPayments.map(({ paymentIntentId }) => paymentIntentId);
  await connection.query(insertOpenPayments, [merchantId, intents, deviceId, shiftNumber, storeId]);
}

async function tellFacts(connection: Connection, { merchantId }: Till, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return;
  const rows = factRows(facts, '').map((fact, place) => ({ ...fact, place }));
  await connection.query(tell, [merchantId, JSON.stringify(rows)]);
}

/** Judges what waits once more, each entry in a transaction of its own; answers how many now stand otherwise. */
export async function judgeAgain(database: Database, limit: number): Promise<number> {
  let changed = 0;
  for (const { merchant_id, chain_id, number } of await database.query<KeyRow>(longestWaiting, [limit])) {
    const key = [merchant_id, chain_id, number];
    if (await settled(database, (connection) => judgeOne(connection, key))) changed += 1;
  }
  return changed;
}

async function judgeOne(connection: Connection, key: readonly unknown[]): Promise<boolean> {
  const [row] = await connection.query<EntryRow>(lockWaiting, key);
  if (row === undefined) return false;
  const entry = entryOf(row);
  const till = tillOf(row);
  const read = readEntryBody(entry.kind, entry.body);
  const content = read.ok ? read.value : null;
  const judgement: Judgement =
    content === null
      ? judgeUnreadable(read.ok ? [] : read.failure)
      : judgeEntry(till, content, entry.body, await evidenceFor(connection, till, entry, content));
  const question = judgement.question === null ? null : storable(judgement.question);
  await connection.query(setStanding, [...key, judgement.standing, question]);
  await tellFacts(connection, till, factsOfEntry(entry, content, 'awaiting', judgement));
  return judgement.standing !== 'awaiting';
}
