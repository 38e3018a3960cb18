// Opens sales, many in one commit, by the same scheme as charges: make what nothing speaks against, then say of the rest why.

import type { OpenedSale, Sale, SaleIdempotency } from '#checkout/index.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { BatchWork, Member } from './commit-lanes.ts';
import type { Connection, Row, Statement } from './database.ts';
import { JournalError } from './journal-error.ts';
import { type SaleRow, saleColumns, saleNames, saleOf, saleRow, saleTypes } from './sale-rows.ts';

export type OpenSaleAsk = { readonly sale: Sale; readonly idempotency: SaleIdempotency | null };
export type OpenSaleOutcome = Result<OpenedSale, { readonly kind: 'key-reused' }>;

const open: Statement = {
  name: 'open-sales',
  text: `
INSERT INTO sale (${saleNames}, idempotency_scope, idempotency_key, idempotency_fingerprint)
SELECT ${saleNames}, idempotency_scope, idempotency_key, idempotency_fingerprint
FROM json_to_recordset($1::json) AS a (${saleTypes}, idempotency_scope text, idempotency_key text,
  idempotency_fingerprint text)
ORDER BY merchant_id, id
ON CONFLICT DO NOTHING
RETURNING id`,
};

const explain: Statement = {
  name: 'explain-sales',
  text: `
SELECT a.place, s.idempotency_fingerprint, ${saleColumns}
FROM json_to_recordset($1::json) AS a (place int, merchant_id text, id text, idempotency_scope text, idempotency_key text)
JOIN LATERAL (
  SELECT * FROM sale k WHERE k.merchant_id = a.merchant_id AND k.idempotency_scope = a.idempotency_scope
    AND k.idempotency_key = a.idempotency_key
  UNION ALL
  SELECT * FROM sale k WHERE k.merchant_id = a.merchant_id AND k.id = a.id AND a.idempotency_key IS NULL
) s ON true`,
};

interface MadeRow extends Row {
  readonly id: Sale['id'];
}

interface FoundRow extends SaleRow {
  readonly place: number;
  readonly idempotency_fingerprint: string | null;
}

export const openSales: BatchWork<OpenSaleAsk, OpenSaleOutcome> = {
  async run(connection, members) {
    const rows = members.map(({ ask }, place) => ({ ...askRow(ask), place }));
    const made = await connection.query<MadeRow>(open, [JSON.stringify(rows)]);
    const unclaimed = new Set(made.map((row) => row.id));
    // A set that forgets: of two members with one id only one made the row.
    const fresh = members.map(({ ask }) => unclaimed.delete(ask.sale.id));
    const left = rows.filter((_, place) => fresh[place] !== true);
    const found = left.length > 0 ? await read(connection, left) : new Map<number, FoundRow>();
    return members.map((member, place) =>
      fresh[place] === true ? success({ kind: 'opened', sale: member.ask.sale }) : explained(member, found.get(place)),
    );
  },
};

async function read(connection: Connection, left: readonly object[]): Promise<ReadonlyMap<number, FoundRow>> {
  const found = await connection.query<FoundRow>(explain, [JSON.stringify(left)]);
  return new Map(found.map((row) => [row.place, row]));
}

function explained({ ask, inDoubt }: Member<OpenSaleAsk>, before: FoundRow | undefined): OpenSaleOutcome {
  // Without a key nothing but the sale's own id can have stood in the way; with one, the key must be found, or the id is
  // taken by another request: both are a caller's defect.
  if (before === undefined) throw new JournalError('contention', `The sale id ${ask.sale.id} is already taken.`);
  if (before.idempotency_fingerprint !== (ask.idempotency?.fingerprint ?? null)) return failure({ kind: 'key-reused' });
  const own = before.id === ask.sale.id;
  if (ask.idempotency === null && !(own && inDoubt))
    throw new JournalError('contention', `The sale id ${ask.sale.id} is already taken.`);
  return success({ kind: own && inDoubt ? 'opened' : 'repeated', sale: saleOf(before) });
}

function askRow({ sale, idempotency }: OpenSaleAsk) {
  return {
    ...saleRow(sale),
    idempotency_scope: idempotency?.scope ?? null,
    idempotency_key: idempotency?.key ?? null,
    idempotency_fingerprint: idempotency?.fingerprint ?? null,
  };
}
