// Opens charges, many in one commit. The fast statement makes what nothing speaks against; what it leaves out is looked at
// once more, in a fresh snapshot, to say why. At most one charge an intent that pays or may still pay is held by a unique index,
// so it holds whatever else writes at the same moment. One in custody is looked for here: an index would also keep an ended
// charge from going back there when its approval comes late.

import { failure, type Result, success } from '#foundation/result.ts';
import type { Charge, OpenCharge, OpenChargeRefusal, Opened } from '#payment/index.ts';
import {
  type AttemptRow,
  attemptColumns,
  chargeOf,
  identityNames,
  identityRow,
  identityTypes,
  stateNames,
  stateRow,
  stateTypes,
} from './attempt-rows.ts';
import type { BatchWork, Member } from './commit-lanes.ts';
import type { Connection, Row, Statement } from './database.ts';
import { JournalError } from './journal-error.ts';
import { writeMark } from './write-mark.ts';

export type OpenChargeOutcome = Result<Opened<Charge>, OpenChargeRefusal>;

// Rows go in by sale, so that two batches that meet at the same sales wait for each other in one order and never in a ring.
const open: Statement = {
  name: 'open-charges',
  text: `
WITH asked AS MATERIALIZED (
  SELECT a.*,
    (SELECT i.id FROM payment_intent i WHERE i.merchant_id = a.merchant_id AND i.sale_id = a.sale_id) AS known_intent
  FROM json_to_recordset($1::json) AS a (${identityTypes}, ${stateTypes}, version int, owner text, write_mark text,
    payer_code_masked text, idempotency_scope text, idempotency_key text, idempotency_fingerprint text)
  WHERE (SELECT s.id FROM sale s WHERE s.merchant_id = a.merchant_id AND s.id = a.sale_id) IS NOT NULL
    AND (SELECT p.id FROM payment_attempt p WHERE p.merchant_id = a.merchant_id
      AND p.idempotency_scope = a.idempotency_scope AND p.idempotency_key = a.idempotency_key) IS NULL
  ORDER BY a.merchant_id, a.sale_id, a.id
), made AS (
  INSERT INTO payment_intent (merchant_id, id, sale_id, created_at)
  SELECT merchant_id, intent_id, sale_id, created_at FROM asked WHERE known_intent IS NULL
  ON CONFLICT DO NOTHING
  RETURNING merchant_id, id, sale_id
)
INSERT INTO payment_attempt (${identityNames}, ${stateNames}, kind, version, owner, write_mark, payer_code_masked,
  idempotency_scope, idempotency_key, idempotency_fingerprint)
SELECT a.merchant_id, a.id, a.store_id, a.device_id, a.sale_id, coalesce(a.known_intent, m.id), a.channel, a.amount_minor,
  a.currency, a.description, a.created_at, ${stateNames}, 'charge', a.version, a.owner, a.write_mark, a.payer_code_masked,
  a.idempotency_scope, a.idempotency_key, a.idempotency_fingerprint
FROM asked a LEFT JOIN made m ON m.merchant_id = a.merchant_id AND m.sale_id = a.sale_id
WHERE coalesce(a.known_intent, m.id) IS NOT NULL
  AND (SELECT p.id FROM payment_attempt p WHERE p.merchant_id = a.merchant_id AND p.sale_id = a.sale_id
    AND p.kind = 'charge' AND p.phase IN ('reversing', 'watching', 'returning') LIMIT 1) IS NULL
ORDER BY a.merchant_id, a.sale_id, a.id
ON CONFLICT DO NOTHING
RETURNING id, intent_id, write_mark`,
};

// For each that was not made: what its key made before, whether its sale is there, and what stands in its way.
const explain: Statement = {
  name: 'explain-charges',
  text: `
SELECT a.write_mark AS asked, true AS sale_known, 'key' AS found, p.idempotency_fingerprint, p.write_mark, ${attemptColumns}
FROM json_to_recordset($1::json) AS a (merchant_id text, sale_id text, write_mark text, idempotency_scope text,
  idempotency_key text)
JOIN payment_attempt p ON p.merchant_id = a.merchant_id AND p.idempotency_scope = a.idempotency_scope
  AND p.idempotency_key = a.idempotency_key
UNION ALL
SELECT a.write_mark, s.id IS NOT NULL, 'standing', p.idempotency_fingerprint, p.write_mark, ${attemptColumns}
FROM json_to_recordset($1::json) AS a (merchant_id text, sale_id text, write_mark text)
LEFT JOIN sale s ON s.merchant_id = a.merchant_id AND s.id = a.sale_id
LEFT JOIN payment_attempt p ON p.merchant_id = a.merchant_id AND p.sale_id = a.sale_id
  AND p.kind = 'charge' AND p.phase NOT IN ('declined', 'reversed', 'returned')`,
};

interface MadeRow extends Row {
  readonly id: Charge['identity']['id'];
  readonly intent_id: Charge['identity']['intentId'];
  readonly write_mark: string;
}

interface FoundRow extends AttemptRow {
  readonly asked: string;
  readonly sale_known: boolean;
  readonly found: 'key' | 'standing';
  readonly idempotency_fingerprint: string;
  readonly write_mark: string;
}

type Ask = OpenCharge & { readonly mark: string };

/** The ask of a caller, marked so that its row is known again. */
export function markedOpening(opening: OpenCharge): Ask {
  return { ...opening, mark: writeMark() };
}

// Each round loses only to writers that came to an end in between; more than a few in a row means that something is wrong.
const roundsMax = 10;

export const openCharges: BatchWork<Ask, OpenChargeOutcome> = {
  async run(connection, members) {
    const outcomes = new Map<string, OpenChargeOutcome>();
    let left: readonly Member<Ask>[] = members;
    for (let round = 0; left.length > 0; round += 1) {
      if (round === roundsMax) throw new JournalError('contention', 'The charge could not be settled against others.');
      const made = await connection.query<MadeRow>(open, [JSON.stringify(left.map(({ ask }) => openingRow(ask)))]);
      const intents = new Map(made.map((row) => [row.write_mark, row.intent_id]));
      for (const { ask } of left) {
        const intentId = intents.get(ask.mark);
        if (intentId !== undefined) outcomes.set(ask.mark, opened(ask.charge, intentId));
      }
      left = left.filter(({ ask }) => !outcomes.has(ask.mark));
      if (left.length > 0) await explainAll(connection, left, outcomes);
      left = left.filter(({ ask }) => !outcomes.has(ask.mark));
    }
    return members.flatMap(({ ask }) => outcomes.get(ask.mark) ?? []);
  },
};

async function explainAll(
  connection: Connection,
  left: readonly Member<Ask>[],
  outcomes: Map<string, OpenChargeOutcome>,
): Promise<void> {
  const found = await connection.query<FoundRow>(explain, [JSON.stringify(left.map(({ ask }) => openingRow(ask)))]);
  for (const member of left) {
    const rows = found.filter((row) => row.asked === member.ask.mark);
    const outcome = explained(member, rows);
    if (outcome !== undefined) outcomes.set(member.ask.mark, outcome);
  }
}

// `undefined` when nothing speaks against it any more: another opening stood in the way and is gone, so try again.
function explained({ ask, inDoubt }: Member<Ask>, rows: readonly FoundRow[]): OpenChargeOutcome | undefined {
  const before = rows.find((row) => row.found === 'key');
  if (before !== undefined) {
    if (before.kind !== 'charge' || before.idempotency_fingerprint !== ask.idempotency.fingerprint)
      return failure({ kind: 'key-reused' });
    // An earlier try of this very call made it, and the connection broke before the answer came. The mark says so, unless
    // another process has already moved the attempt on.
    const sameId = before.id === ask.charge.identity.id;
    const own = inDoubt && sameId && (before.write_mark === ask.mark || before.version > ask.charge.version);
    return success({ kind: own ? 'opened' : 'repeated', attempt: chargeOf(before) });
  }
  // Beside one in custody there may be the one that paid: that is the more to be told.
  const standing = rows.find((row) => row.phase === 'approved') ?? rows.find((row) => row.found === 'standing');
  if (standing?.sale_known === false) return failure({ kind: 'sale-unknown' });
  if (standing === undefined || standing.id === null) return undefined;
  return failure({ kind: 'attempt-stands', attempt: chargeOf(standing) });
}

function opened(charge: Charge, intentId: Charge['identity']['intentId']): OpenChargeOutcome {
  return success({ kind: 'opened', attempt: { ...charge, identity: { ...charge.identity, intentId } } });
}

function openingRow({ charge, owner, idempotency, mark }: Ask) {
  return {
    ...identityRow(charge.identity),
    ...stateRow(charge.state),
    version: charge.version,
    owner,
    write_mark: mark,
    payer_code_masked: charge.payerCodeMasked,
    idempotency_scope: idempotency.scope,
    idempotency_key: idempotency.key,
    idempotency_fingerprint: idempotency.fingerprint,
  };
}
