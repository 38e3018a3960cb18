// What the journal knows that a till's entry must agree with, read within the transaction that takes or judges it.

import {
  attemptsOfInterest,
  type EntryContent,
  type Evidence,
  noEvidence,
  type ReturnDocument,
  readEntryBody,
  type SaleDocument,
  type ShiftReport,
  type Till,
  type TillEntry,
  type VisitSum,
} from '#checkout/index.ts';
import type { MerchantId, SaleId } from '#foundation/id.ts';
import { type Currency, money } from '#foundation/money.ts';
import type { Attempt } from '#payment/index.ts';
import { type AttemptRow, attemptColumns, attemptOf } from '../attempt-rows.ts';
import type { Connection, Row, Statement } from '../database.ts';

const attempts: Statement = {
  name: 'till-attempts-of-sale',
  text: `SELECT ${attemptColumns} FROM payment_attempt p WHERE p.merchant_id = $1 AND p.sale_id = $2`,
};

// The row of the sale is locked: its returns, from whatever tills, are reckoned one after the other.
const saleOfReturn: Statement = {
  name: 'till-sale-of-return',
  text: `SELECT e.body FROM till_document d
JOIN till_entry e ON (e.merchant_id, e.chain_id, e.number) = (d.merchant_id, d.chain_id, d.entry_number)
WHERE d.merchant_id = $1 AND d.sale_id = $2 AND d.kind = 'sale' FOR UPDATE OF d`,
};

// `$3`: the return that is being judged, when it is there already; only what came before it counts.
const earlierReturns: Statement = {
  name: 'till-earlier-returns',
  text: `SELECT e.body FROM till_document d
JOIN till_entry e ON (e.merchant_id, e.chain_id, e.number) = (d.merchant_id, d.chain_id, d.entry_number)
WHERE d.merchant_id = $1 AND d.of_sale_id = $2 AND e.standing IN ('good', 'awaiting') AND d.kind = 'return' AND d.sale_id <> $3
  AND d.seq < coalesce((SELECT own.seq FROM till_document own WHERE own.merchant_id = $1 AND own.sale_id = $3),
    9223372036854775807)
ORDER BY d.seq`,
};

const closedVisit: Statement = {
  name: 'till-closed-visit',
  text: `SELECT e.chain_id, e.number, e.body FROM till_document d
JOIN till_entry e ON (e.merchant_id, e.chain_id, e.number) = (d.merchant_id, d.chain_id, d.entry_number)
WHERE d.merchant_id = $1 AND d.sale_id = $2`,
};

const closedShift: Statement = {
  name: 'till-closed-shift',
  text: `SELECT e.chain_id, e.number, e.body FROM till_shift_report r
JOIN till_entry e ON (e.merchant_id, e.chain_id, e.number) = (r.merchant_id, r.chain_id, r.entry_number)
WHERE r.merchant_id = $1 AND r.device_id = $2 AND r.shift_number = $3`,
};

const sumsOfShift: Statement = {
  name: 'till-sums-of-shift',
  text: `SELECT kind, count(*)::int AS count, sum(total_minor)::text AS minor FROM till_document
WHERE merchant_id = $1 AND device_id = $2 AND shift_number = $3 AND currency = $4 GROUP BY kind`,
};

interface BodyRow extends Row {
  readonly body: string;
}

interface ClosedRow extends BodyRow {
  readonly chain_id: string;
  readonly number: string;
}

interface SumRow extends Row {
  readonly kind: 'sale' | 'return';
  readonly count: number;
  readonly minor: string;
}

/** Reads what an entry's content must agree with. */
export async function evidenceFor(
  connection: Connection,
  till: Till,
  entry: Pick<TillEntry, 'chainId' | 'number'>,
  content: EntryContent,
): Promise<Evidence> {
  const closedBy = await closedByAnother(connection, till, entry, content);
  if (closedBy !== null) return { ...noEvidence, closedBy };
  if (content.kind === 'shift-report') {
    return { ...noEvidence, visits: await readSums(connection, till, content.body) };
  }
  const known =
    content.kind === 'return' ? await readSaleOf(connection, till.merchantId, content.body.document) : noEvidence;
  const saleId = attemptsOfInterest(content);
  return { ...known, attempts: saleId === null ? [] : await readAttempts(connection, till.merchantId, saleId) };
}

async function closedByAnother(
  connection: Connection,
  { merchantId, deviceId }: Till,
  own: Pick<TillEntry, 'chainId' | 'number'>,
  content: EntryContent,
): Promise<Evidence['closedBy']> {
  const [row] =
    content.kind === 'sale' || content.kind === 'return'
      ? await connection.query<ClosedRow>(closedVisit, [merchantId, content.body.document.saleId])
      : content.kind === 'shift-report'
        ? await connection.query<ClosedRow>(closedShift, [merchantId, deviceId, content.body.number])
        : [];
  if (row === undefined) return null;
  const number = Number(row.number);
  return row.chain_id === own.chainId && number === own.number
    ? null
    : { chainId: row.chain_id, number, body: row.body };
}

async function readSaleOf(connection: Connection, merchantId: MerchantId, document: ReturnDocument): Promise<Evidence> {
  const { ofSaleId, saleId } = document;
  if (ofSaleId === null) return noEvidence;
  const [row] = await connection.query<BodyRow>(saleOfReturn, [merchantId, ofSaleId]);
  if (row === undefined) return noEvidence;
  const rows = await connection.query<BodyRow>(earlierReturns, [merchantId, ofSaleId, saleId]);
  return { ...noEvidence, sale: saleIn(row.body), earlier: rows.flatMap(({ body }) => returnIn(body) ?? []) };
}

function saleIn(body: string): SaleDocument | null {
  const read = readEntryBody('sale', body);
  return read.ok && read.value.kind === 'sale' ? read.value.body.document : null;
}

function returnIn(body: string): ReturnDocument | null {
  const read = readEntryBody('return', body);
  return read.ok && read.value.kind === 'return' ? read.value.body.document : null;
}

async function readAttempts(
  connection: Connection,
  merchantId: MerchantId,
  saleId: SaleId,
): Promise<readonly Attempt[]> {
  return (await connection.query<AttemptRow>(attempts, [merchantId, saleId])).map(attemptOf);
}

async function readSums(
  connection: Connection,
  { merchantId, deviceId }: Till,
  { number, float }: ShiftReport,
): Promise<NonNullable<Evidence['visits']>> {
  const rows = await connection.query<SumRow>(sumsOfShift, [merchantId, deviceId, number, float.currency]);
  return { taken: sumIn(rows, 'sale', float.currency), givenBack: sumIn(rows, 'return', float.currency) };
}

function sumIn(rows: readonly SumRow[], kind: SumRow['kind'], currency: Currency): VisitSum {
  const row = rows.find((each) => each.kind === kind);
  return { count: row?.count ?? 0, amount: money(currency, BigInt(row?.minor ?? '0')) };
}
