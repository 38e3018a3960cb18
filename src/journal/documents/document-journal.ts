// Reads closed sales, returns and shift reports on PostgreSQL. A document's text is its entry's.

import {
  type DocumentJournal,
  isVisit,
  type KeptDocument,
  type KeptReport,
  type LateOutcome,
  readEntryBody,
} from '#checkout/index.ts';
import type { PaymentIntentId } from '#foundation/id.ts';
import { formatInstant } from '#foundation/instant.ts';
import type { Currency } from '#foundation/money.ts';
import { invariant } from '#foundation/result.ts';
import { moneyOf } from '../attempt-rows.ts';
import type { Database, Row, Statement } from '../database.ts';
import { type EntryRow, entryColumns, keptOf, tillOf, toInstant } from './till-rows.ts';

const documents = `SELECT ${entryColumns}, d.reprint_count FROM till_document d
JOIN till_entry e ON (e.merchant_id, e.chain_id, e.number) = (d.merchant_id, d.chain_id, d.entry_number)`;

const find: Statement = { name: 'document-find', text: `${documents} WHERE d.merchant_id = $1 AND d.sale_id = $2` };

const byNumber: Statement = {
  name: 'document-by-receipt-number',
  text: `${documents} WHERE d.merchant_id = $1 AND d.store_id = $2 AND d.receipt_number = $3
ORDER BY d.sale_id DESC LIMIT 20`,
};

const byKey: Statement = {
  name: 'document-by-receipt-key',
  text: `${documents} WHERE d.receipt_key = $1 ORDER BY d.seq LIMIT 1`,
};

// '~' sorts after every id.
const ofDay: Statement = {
  name: 'document-of-day',
  text: `${documents} WHERE d.merchant_id = $1 AND d.store_id = $2 AND d.business_date = $3
  AND d.sale_id < coalesce($4, '~') ORDER BY d.sale_id DESC LIMIT $5`,
};

const returns: Statement = {
  name: 'document-returns',
  text: `${documents} WHERE d.merchant_id = $1 AND d.of_sale_id = $2 ORDER BY d.seq`,
};

const stockDue: Statement = {
  name: 'document-stock-due',
  text: `${documents} WHERE d.stock_due ORDER BY d.seq LIMIT $1`,
};

const moved: Statement = {
  name: 'document-stock-moved',
  text: 'UPDATE till_document SET stock_due = false WHERE merchant_id = $1 AND sale_id = $2',
};

const reprint: Statement = {
  name: 'document-reprint',
  text: `UPDATE till_document SET reprint_count = reprint_count + 1 WHERE merchant_id = $1 AND sale_id = $2
RETURNING reprint_count`,
};

const reports = `SELECT ${entryColumns} FROM till_shift_report r
JOIN till_entry e ON (e.merchant_id, e.chain_id, e.number) = (r.merchant_id, r.chain_id, r.entry_number)`;

const report: Statement = {
  name: 'report-find',
  text: `${reports} WHERE r.merchant_id = $1 AND r.device_id = $2 AND r.shift_number = $3`,
};

const reportsOfDay: Statement = {
  name: 'report-of-day',
  text: `${reports} WHERE r.merchant_id = $1 AND r.store_id = $2 AND r.business_date = $3
ORDER BY r.device_id, r.shift_number`,
};

const late: Statement = {
  name: 'report-late-outcomes',
  text: `SELECT ${entryColumns}, o.intent_id, p.phase, p.amount_minor, p.currency, p.changed_at
FROM till_open_payment o
JOIN payment_intent i ON i.merchant_id = o.merchant_id AND i.id = o.intent_id
JOIN payment_attempt p ON p.merchant_id = i.merchant_id AND p.sale_id = i.sale_id AND p.intent_id = i.id
  AND p.kind = 'charge' AND p.phase IN ('approved', 'returned')
  AND p.changed_at >= $3 AND p.changed_at < $4
JOIN till_shift_report r ON r.merchant_id = o.merchant_id AND r.device_id = o.device_id AND r.shift_number = o.shift_number
JOIN till_entry e ON (e.merchant_id, e.chain_id, e.number) = (r.merchant_id, r.chain_id, r.entry_number)
WHERE o.merchant_id = $1 AND o.store_id = $2 ORDER BY p.changed_at, p.id`,
};

interface DocumentRow extends EntryRow {
  readonly reprint_count: number;
}

interface ReprintRow extends Row {
  readonly reprint_count: number;
}

interface LateRow extends EntryRow {
  readonly intent_id: PaymentIntentId;
  readonly phase: 'approved' | 'returned';
  readonly amount_minor: string;
  readonly currency: Currency;
  readonly changed_at: Date;
}

/** Implements the port; trouble with the database is a thrown `JournalError`. */
export function makeDocumentJournal(database: Database): DocumentJournal {
  const readAll = async (statement: Statement, values: readonly unknown[]) =>
    (await database.repeatable<DocumentRow>(statement, values)).map(documentOf);
  const readReports = async (statement: Statement, values: readonly unknown[]) =>
    (await database.repeatable<EntryRow>(statement, values)).map(reportOf);
  return {
    find: async (merchantId, saleId) => (await readAll(find, [merchantId, saleId]))[0],
    findByReceiptNumber: (merchantId, storeId, number) => readAll(byNumber, [merchantId, storeId, number]),
    findByReceiptKey: async (receiptKey) => (await readAll(byKey, [receiptKey]))[0],
    listOfDay: ({ merchantId, storeId, businessDate, before, limit }) =>
      readAll(ofDay, [merchantId, storeId, businessDate, before, limit]),
    returnsOf: (merchantId, saleId) => readAll(returns, [merchantId, saleId]),
    async countReprint(merchantId, saleId) {
      const [row] = await database.query<ReprintRow>(reprint, [merchantId, saleId]);
      return row?.reprint_count;
    },
    findReport: async (merchantId, deviceId, number) => (await readReports(report, [merchantId, deviceId, number]))[0],
    reportsOfDay: (merchantId, storeId, businessDate) => readReports(reportsOfDay, [merchantId, storeId, businessDate]),
    async lateOutcomes(merchantId, storeId, from, until) {
      const values = [merchantId, storeId, formatInstant(from), formatInstant(until)];
      return (await database.repeatable<LateRow>(late, values)).flatMap(outcomesOf);
    },
    listStockDue: (limit) => readAll(stockDue, [limit]),
    async stockMoved(merchantId, saleId) {
      await database.repeatable(moved, [merchantId, saleId]);
    },
  };
}

function documentOf(row: DocumentRow): KeptDocument {
  const read = readEntryBody(row.kind, row.body);
  invariant(read.ok && isVisit(read.value), `entry ${row.number} of chain ${row.chain_id} is a document`);
  return { ...keptOf(row), ...tillOf(row), content: read.value, reprintCount: row.reprint_count };
}

function reportOf(row: EntryRow): KeptReport {
  const read = readEntryBody(row.kind, row.body);
  invariant(read.ok && read.value.kind === 'shift-report', `entry ${row.number} of ${row.chain_id} is a report`);
  return { ...keptOf(row), report: read.value.body };
}

function outcomesOf(row: LateRow): readonly LateOutcome[] {
  const { report: of } = reportOf(row);
  const result = {
    paymentIntentId: row.intent_id,
    amount: moneyOf(row.currency, row.amount_minor),
    at: toInstant(row.changed_at),
  };
  const taken: LateOutcome = { report: of, result: { ...result, kind: 'taken' } };
  if (row.phase === 'approved') return [taken];
  return [taken, { report: of, result: { ...result, kind: 'givenBack' } }];
}
