// Refunds: rare, so each has a transaction of its own, which first locks the charge. All that changes a charge's refunds goes
// through that lock, and a CHECK of the table guards the sum once more.

import { failure, type Result, success } from '#foundation/result.ts';
import type { Fact, Opened, OpenRefund, OpenRefundRefusal, Refund } from '#payment/index.ts';
import { setState } from './advance-charges.ts';
import {
  type AttemptRow,
  attemptColumns,
  chargeOf,
  identityNames,
  identityRow,
  identityTypes,
  moneyOf,
  refundOf,
  stateNames,
  stateRow,
  stateTypes,
} from './attempt-rows.ts';
import type { Connection, Database, Row, Statement } from './database.ts';
import { factRows, factTypes } from './fact-rows.ts';
import { ConnectionLost, isPassing, sqlStateOf } from './journal-error.ts';
import { writeMark } from './write-mark.ts';

export type OpenRefundOutcome = Result<Opened<Refund>, OpenRefundRefusal>;

const lockCharge: Statement = {
  name: 'lock-charge',
  text: `SELECT p.refunds_minor, ${attemptColumns} FROM payment_attempt p
WHERE p.merchant_id = $1 AND p.id = $2 AND p.kind = 'charge' FOR UPDATE`,
};

const findByKey: Statement = {
  name: 'find-refund-by-key',
  text: `SELECT p.idempotency_fingerprint, ${attemptColumns} FROM payment_attempt p
WHERE p.merchant_id = $1 AND p.idempotency_scope = $2 AND p.idempotency_key = $3`,
};

const insert: Statement = {
  name: 'insert-refund',
  text: `
INSERT INTO payment_attempt (${identityNames}, ${stateNames}, kind, version, owner, write_mark, charge_id,
  charge_amount_minor, charge_reference, idempotency_scope, idempotency_key, idempotency_fingerprint)
SELECT ${identityNames}, ${stateNames}, 'refund', version, owner, write_mark, charge_id, charge_amount_minor,
  charge_reference, idempotency_scope, idempotency_key, idempotency_fingerprint
FROM json_to_recordset($1::json) AS a (${identityTypes}, ${stateTypes}, version int, owner text, write_mark text,
  charge_id text, charge_amount_minor bigint, charge_reference text, idempotency_scope text, idempotency_key text,
  idempotency_fingerprint text)`,
};

const reserve: Statement = {
  name: 'reserve-refund',
  text: 'UPDATE payment_attempt SET refunds_minor = refunds_minor + $3 WHERE merchant_id = $1 AND id = $2',
};

const advance: Statement = {
  name: 'advance-refund',
  text: `
WITH a AS (SELECT * FROM json_to_recordset($1::json) AS a (merchant_id text, id text, version int, write_mark text,
  ${stateTypes})),
moved AS (
  UPDATE payment_attempt p SET ${setState} FROM a
  WHERE p.merchant_id = a.merchant_id AND p.id = a.id AND p.version = a.version AND p.kind = 'refund'
  RETURNING p.merchant_id, p.write_mark
), told AS (
  INSERT INTO outbox (merchant_id, type, data)
  SELECT m.merchant_id, f.type, f.data
  FROM json_to_recordset($2::json) AS f (${factTypes}) JOIN moved m ON m.write_mark = f.write_mark
  ORDER BY f.place
)
SELECT write_mark FROM moved`,
};

const readMark: Statement = {
  name: 'read-mark',
  text: 'SELECT write_mark FROM payment_attempt WHERE merchant_id = $1 AND id = $2',
};

interface LockedRow extends AttemptRow {
  readonly refunds_minor: string;
}

interface KeyedRow extends AttemptRow {
  readonly idempotency_fingerprint: string;
}

interface MarkRow extends Row {
  readonly write_mark: string;
}

/** Makes the refund and reserves its amount of the charge, or says why not. */
export function openRefund(database: Database, opening: OpenRefund): Promise<OpenRefundOutcome> {
  const mark = writeMark();
  return settled(database, (connection, inDoubt) => tryOpen(connection, opening, mark, inDoubt));
}

async function tryOpen(
  connection: Connection,
  opening: OpenRefund,
  mark: string,
  inDoubt: boolean,
): Promise<OpenRefundOutcome> {
  const { refund, idempotency } = opening;
  const { merchantId, amount } = refund.identity;
  // The lock comes before the look at the key: a repeat that waited for it then sees what the first one made.
  const [charge] = await connection.query<LockedRow>(lockCharge, [merchantId, refund.charge.id]);
  const keyed = [merchantId, idempotency.scope, idempotency.key];
  const [before] = await connection.query<KeyedRow>(findByKey, keyed);
  if (before !== undefined) {
    if (before.kind !== 'refund' || before.idempotency_fingerprint !== idempotency.fingerprint)
      return failure({ kind: 'key-reused' });
    const own = inDoubt && before.id === refund.identity.id;
    return success({ kind: own ? 'opened' : 'repeated', attempt: refundOf(before) });
  }
  if (charge === undefined) return failure({ kind: 'charge-unknown' });
  if (charge.phase !== 'approved') return failure({ kind: 'charge-not-approved', charge: chargeOf(charge) });
  const refundable = moneyOf(charge.currency, (BigInt(charge.amount_minor) - BigInt(charge.refunds_minor)).toString());
  if (amount.currency !== charge.currency || amount.minor > refundable.minor)
    return failure({ kind: 'exceeds', refundable });
  await connection.query(insert, [JSON.stringify([refundRow(opening, mark)])]);
  await connection.query(reserve, [merchantId, refund.charge.id, amount.minor.toString()]);
  return success({ kind: 'opened', attempt: refund });
}

/** Moves a refund on; one that is declined gives its amount back to what may be refunded. */
export function advanceRefund(
  database: Database,
  refund: Refund,
  next: Refund['state'],
  facts: readonly Fact[],
): Promise<'advanced' | 'overtaken'> {
  const mark = writeMark();
  const { merchantId, id, amount } = refund.identity;
  return settled(database, async (connection, inDoubt) => {
    await connection.query(lockCharge, [merchantId, refund.charge.id]);
    const row = { merchant_id: merchantId, id, version: refund.version, write_mark: mark, ...stateRow(next) };
    const told = factRows(facts, mark).map((fact, place) => ({ ...fact, place }));
    const [moved] = await connection.query<MarkRow>(advance, [JSON.stringify([row]), JSON.stringify(told)]);
    if (moved !== undefined) {
      const freed = declinedMinor(next, amount.minor) - declinedMinor(refund.state, amount.minor);
      if (freed !== 0n) await connection.query(reserve, [merchantId, refund.charge.id, (-freed).toString()]);
      return 'advanced';
    }
    const [now] = inDoubt ? await connection.query<MarkRow>(readMark, [merchantId, id]) : [];
    return now?.write_mark === mark ? 'advanced' : 'overtaken';
  });
}

function declinedMinor(state: Refund['state'], minor: bigint): bigint {
  return state.phase === 'declined' ? minor : 0n;
}

const triesMax = 5;
const uniqueViolation = '23505';

// A transaction whose COMMIT got no answer runs once more, told that it is in doubt. One that PostgreSQL rolled back for a
// reason that passes simply runs again; so does one that met another with its key, which then finds what that one made.
export async function settled<T>(
  database: Database,
  work: (connection: Connection, inDoubt: boolean) => Promise<T>,
): Promise<T> {
  let inDoubt = false;
  for (let tries = 1; ; tries += 1) {
    try {
      const doubt = inDoubt;
      return await database.transaction((connection) => work(connection, doubt));
    } catch (error) {
      const lost = error instanceof ConnectionLost;
      const passes = lost || isPassing(error) || sqlStateOf(error) === uniqueViolation;
      if (tries >= triesMax || !passes) throw error;
      inDoubt ||= lost;
    }
  }
}

function refundRow({ refund, owner, idempotency }: OpenRefund, mark: string) {
  return {
    ...identityRow(refund.identity),
    ...stateRow(refund.state),
    version: refund.version,
    owner,
    write_mark: mark,
    charge_id: refund.charge.id,
    charge_amount_minor: refund.charge.amount.minor.toString(),
    charge_reference: refund.charge.channelReference,
    idempotency_scope: idempotency.scope,
    idempotency_key: idempotency.key,
    idempotency_fingerprint: idempotency.fingerprint,
  };
}
