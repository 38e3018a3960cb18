// Payment's durable record on PostgreSQL. The two writes of every payment (openCharge, advance) go through commit lanes; all
// else is rare and goes through the pool.

import type { SaleId } from '#foundation/id.ts';
import { formatInstant, instant } from '#foundation/instant.ts';
import { invariant } from '#foundation/result.ts';
import { type Attempt, lostAfterMs, type PaymentJournal } from '#payment/index.ts';
import { advanceCharges } from './advance-charges.ts';
import { type AttemptRow, attemptColumns, attemptOf } from './attempt-rows.ts';
import type { CommitLanes } from './commit-lanes.ts';
import type { Database, Row, Statement } from './database.ts';
import { markedOpening, openCharges } from './open-charges.ts';
import { advanceRefund, openRefund, settled } from './refunds.ts';
import { writeMark } from './write-mark.ts';

const find: Statement = {
  name: 'find-attempt',
  text: `SELECT ${attemptColumns} FROM payment_attempt p WHERE p.merchant_id = $1 AND p.id = $2`,
};

const findByNumber: Statement = {
  name: 'find-attempt-by-number',
  text: `SELECT ${attemptColumns} FROM payment_attempt p WHERE p.id = $1`,
};

const listOfSale: Statement = {
  name: 'list-attempts-of-sale',
  text: `SELECT ${attemptColumns} FROM payment_attempt p WHERE p.merchant_id = $1 AND p.sale_id = $2
ORDER BY p.created_at, p.id`,
};

const listOfSales: Statement = {
  name: 'list-attempts-of-sales',
  text: `SELECT ${attemptColumns} FROM payment_attempt p WHERE p.merchant_id = $1 AND p.sale_id = ANY ($2::text[])
ORDER BY p.created_at, p.id`,
};

const findIntent: Statement = {
  name: 'find-intent',
  text: 'SELECT id FROM payment_intent WHERE merchant_id = $1 AND sale_id = $2',
};

// A row that is missing says the same as one that ended long ago, so old ones are swept on the way.
const beat: Statement = {
  name: 'beat',
  text: `
WITH swept AS (
  DELETE FROM process_owner WHERE alive_until < $2::timestamptz - interval '1 day' AND owner <> $1
)
INSERT INTO process_owner (owner, alive_until) VALUES ($1, $2)
ON CONFLICT (owner) DO UPDATE SET alive_until = greatest(process_owner.alive_until, excluded.alive_until)`,
};

// Not now(): that is the moment when a transaction began.
const time: Statement = {
  name: 'time',
  text: 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS epoch_ms',
};

interface TimeRow extends Row {
  readonly epoch_ms: number;
}

const unfinished = '(p.due_at IS NOT NULL OR p.in_flight_act IS NOT NULL)';

// An owner without a row is a dead one, so that what it holds is taken up at once.
const retire: Statement = { name: 'retire', text: 'DELETE FROM process_owner WHERE owner = $1' };

// What nobody holds is taken when it is due; what a dead process holds, at once: a call of its may be out that nobody hears. What the
// taker holds itself and should have gone on with half a minute ago was lost on the way to it, when the answer of an earlier
// taking up, or of an opening, never came: it comes last, so that it cannot stand before others.
//
// The living are read into an array, not joined: PostgreSQL looks once more at a row that another taker took and let go of in
// the meantime, and would then compare its new owner with the old one's row.
const takeUp: Statement = {
  name: 'take-up',
  text: `
WITH due AS (
  SELECT p.merchant_id, p.id FROM payment_attempt p
  WHERE ${unfinished}
    AND CASE WHEN p.owner IS NULL THEN coalesce(p.due_at <= $2, true)
      WHEN p.owner = $1 THEN p.due_at <= $5
      ELSE p.owner <> ALL (ARRAY (SELECT o.owner FROM process_owner o WHERE o.alive_until > $2)) END
  ORDER BY p.owner IS NOT DISTINCT FROM $1, p.due_at NULLS FIRST
  LIMIT $3
  FOR UPDATE OF p SKIP LOCKED
), taken AS (
  UPDATE payment_attempt p SET owner = $1, write_mark = CASE WHEN p.owner = $1 THEN p.write_mark ELSE $4 END
  FROM due WHERE p.merchant_id = due.merchant_id AND p.id = due.id
  RETURNING p.*
)
SELECT ${attemptColumns} FROM taken p ORDER BY p.due_at NULLS FIRST, p.id`,
};

const readTaken: Statement = {
  name: 'read-taken',
  text: `SELECT ${attemptColumns} FROM payment_attempt p
WHERE p.owner = $1 AND p.write_mark = $2 AND ${unfinished} ORDER BY p.due_at NULLS FIRST, p.id`,
};

const listCustody: Statement = {
  name: 'list-custody',
  text: `SELECT ${attemptColumns} FROM payment_attempt p
WHERE p.merchant_id = $1 AND ${unfinished} AND (p.final_word IS NOT NULL OR (p.kind = 'refund' AND p.phase = 'unclear'))
ORDER BY p.created_at, p.id LIMIT $2`,
};

interface IntentRow extends Row {
  readonly id: Attempt['identity']['intentId'];
}

/** Implements the port; `#payment/journal.port.ts` is its contract. Trouble with the database is a thrown `JournalError`. */
export function makePaymentJournal(database: Database, lanes: CommitLanes): PaymentJournal {
  const openCharge = lanes.door(openCharges);
  const advanceCharge = lanes.door(advanceCharges);
  const readOne = async (statement: Statement, values: readonly unknown[]) => {
    const [row] = await database.repeatable<AttemptRow>(statement, values);
    return row === undefined ? undefined : attemptOf(row);
  };
  const readAll = async (statement: Statement, values: readonly unknown[]) =>
    (await database.repeatable<AttemptRow>(statement, values)).map(attemptOf);
  return {
    async time() {
      const [row] = await database.repeatable<TimeRow>(time, []);
      invariant(row !== undefined, 'the database told no time');
      return instant(row.epoch_ms);
    },
    openCharge: (opening) => openCharge(markedOpening(opening)),
    openRefund: (opening) => openRefund(database, opening),
    async advance<Kind extends Attempt>(
      attempt: Kind,
      next: Kind['state'],
      facts: Parameters<PaymentJournal['advance']>[2],
    ) {
      const whole: Attempt = attempt;
      const outcome =
        whole.kind === 'charge'
          ? await advanceCharge({ charge: whole, next: next as typeof whole.state, facts, mark: writeMark() })
          : await advanceRefund(database, whole, next as typeof whole.state, facts);
      return outcome === 'advanced' ? { ...attempt, state: next, version: attempt.version + 1 } : undefined;
    },
    find: (merchantId, id) => readOne(find, [merchantId, id]),
    findByNumber: (id) => readOne(findByNumber, [id]),
    listOfSale: (merchantId, saleId) => readAll(listOfSale, [merchantId, saleId]),
    async listOfSales(merchantId, saleIds) {
      const attempts = await readAll(listOfSales, [merchantId, saleIds]);
      const bySale = new Map<SaleId, Attempt[]>(saleIds.map((id) => [id, []]));
      for (const attempt of attempts) bySale.get(attempt.identity.saleId)?.push(attempt);
      return bySale;
    },
    async findIntent(merchantId, saleId) {
      const [row] = await database.repeatable<IntentRow>(findIntent, [merchantId, saleId]);
      return row?.id;
    },
    async beat(owner, aliveUntil) {
      await database.repeatable(beat, [owner, formatInstant(aliveUntil)]);
    },
    async retire(owner) {
      await database.repeatable(retire, [owner]);
    },
    takeUp(owner, now, limit) {
      const mark = writeMark();
      const lostBefore = instant(now - lostAfterMs);
      return settled(database, async (connection, inDoubt) => {
        const before = inDoubt ? await connection.query<AttemptRow>(readTaken, [owner, mark]) : [];
        if (before.length > 0) return before.map(attemptOf);
        const values = [owner, formatInstant(now), limit, mark, formatInstant(lostBefore)];
        return (await connection.query<AttemptRow>(takeUp, values)).map(attemptOf);
      });
    },
    listCustody: (merchantId, limit) => readAll(listCustody, [merchantId, limit]),
  };
}
