// Moves charges on, many in one commit: each from the version that its caller saw, with the facts that tell of it. Facts are
// inserted from the rows that moved, so that none is written for a move that lost.

import type { Charge, Fact } from '#payment/index.ts';
import { stateNames, stateRow, stateTypes } from './attempt-rows.ts';
import type { BatchWork, Member } from './commit-lanes.ts';
import type { Connection, Row, Statement } from './database.ts';
import { factRows, factTypes } from './fact-rows.ts';

export type AdvanceCharge = {
  readonly charge: Charge;
  readonly next: Charge['state'];
  readonly facts: readonly Fact[];
  readonly mark: string;
};

// `overtaken`: another write came first.
export type AdvanceOutcome = 'advanced' | 'overtaken';

/**
 * Sets the state's columns from the row `a`. A finished attempt has no owner: when a late notice wakes it again, any process
 * may take it up, and not only the one that once held it.
 */
export const setState = `(${stateNames}) = ROW (${stateNames
  .split(',')
  .map((name) => `a.${name.trim()}`)
  .join(', ')}),
  version = p.version + 1, write_mark = a.write_mark,
  owner = CASE WHEN a.due_at IS NULL AND a.in_flight_act IS NULL THEN NULL ELSE p.owner END`;

const advance: Statement = {
  name: 'advance-charges',
  text: `
WITH asked AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS a (merchant_id text, id text, version int, write_mark text, ${stateTypes})
  ORDER BY merchant_id, id
), moved AS (
  UPDATE payment_attempt p SET ${setState}
  FROM asked a
  WHERE p.merchant_id = a.merchant_id AND p.id = a.id AND p.version = a.version AND p.kind = 'charge'
  RETURNING p.merchant_id, a.write_mark
), told AS (
  INSERT INTO outbox (merchant_id, type, data)
  SELECT m.merchant_id, f.type, f.data
  FROM json_to_recordset($2::json) AS f (${factTypes}) JOIN moved m ON m.write_mark = f.write_mark
  ORDER BY f.place
)
SELECT write_mark FROM moved`,
};

/** For those in doubt: the rows that still carry the mark. */
const readMarks: Statement = {
  name: 'read-marks',
  text: `
SELECT p.write_mark
FROM json_to_recordset($1::json) AS a (merchant_id text, id text, write_mark text)
JOIN payment_attempt p ON p.merchant_id = a.merchant_id AND p.id = a.id AND p.write_mark = a.write_mark`,
};

interface MarkRow extends Row {
  readonly write_mark: string;
}

export const advanceCharges: BatchWork<AdvanceCharge, AdvanceOutcome> = {
  async run(connection, members) {
    const facts = members.flatMap(({ ask }) => factRows(ask.facts, ask.mark));
    const moved = await connection.query<MarkRow>(advance, [
      JSON.stringify(members.map(({ ask }) => advanceRow(ask))),
      JSON.stringify(facts.map((fact, place) => ({ ...fact, place }))),
    ]);
    const marks = new Set(moved.map((row) => row.write_mark));
    const doubtful = members.filter(({ ask, inDoubt }) => inDoubt && !marks.has(ask.mark));
    if (doubtful.length > 0) for (const mark of await writtenBefore(connection, doubtful)) marks.add(mark);
    return members.map(({ ask }) => (marks.has(ask.mark) ? 'advanced' : 'overtaken'));
  },
};

// When another process has written since, the mark is gone and the answer is `overtaken`: right as well, for the record that
// the caller would have gone on with is no longer the newest.
async function writtenBefore(
  connection: Connection,
  members: readonly Member<AdvanceCharge>[],
): Promise<readonly string[]> {
  const rows = await connection.query<MarkRow>(readMarks, [JSON.stringify(members.map(({ ask }) => advanceRow(ask)))]);
  return rows.map((row) => row.write_mark);
}

function advanceRow({ charge, next, mark }: AdvanceCharge) {
  return {
    merchant_id: charge.identity.merchantId,
    id: charge.identity.id,
    version: charge.version,
    write_mark: mark,
    ...stateRow(next),
  };
}
