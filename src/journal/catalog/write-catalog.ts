// One write of the catalogue, all or nothing, in a transaction of its own: lock the merchant's version row, read what the edits touch,
// judge them, number what really changes, write it in portions. Whoever else writes this merchant's catalogue waits at that row;
// sales do not.

import {
  type CatalogEdit,
  type CatalogRefusal,
  type CatalogWrite,
  type Cost,
  editRefusal,
  keyOfEdit,
  keyOfRecord,
  keyText,
  sameRecord,
  type WrittenCatalog,
} from '#catalog/index.ts';
import type { MerchantId } from '#foundation/id.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { Connection, Database, Row, Statement } from '../database.ts';
import { ConnectionLost, isPassing } from '../journal-error.ts';
import { readWritten, type Written } from './read-written.ts';
import { type NumberedEdit, storeChanges } from './store-changes.ts';

export type WriteOutcome = Result<{ readonly version: number }, CatalogRefusal>;

// Waiting for another writer ends after the lock's time (database.ts) and begins anew: an import of a hundred thousand products
// holds the row for longer than that.
const triesMax = 10;
// A table that has just been filled is planned for as if it were empty until PostgreSQL has counted it.
const countAgainFrom = 10_000;

const lockVersion: Statement = {
  name: 'lock-catalog-version',
  text: `INSERT INTO catalog_version (merchant_id, version) VALUES ($1, 0)
ON CONFLICT (merchant_id) DO UPDATE SET version = catalog_version.version RETURNING version`,
};
const setVersion: Statement = {
  name: 'set-catalog-version',
  text: 'UPDATE catalog_version SET version = $2 WHERE merchant_id = $1',
};
const countTables: Statement = {
  name: 'count-catalog',
  text: 'ANALYZE product, product_barcode, price, product_cost',
};

interface VersionRow extends Row {
  readonly version: string;
}

type Done = { readonly outcome: WriteOutcome; readonly changeCount: number };

/**
 * Writes edits and costs as the port says. A write whose connection broke is done again: what was committed unseen then
 * changes nothing. Throws a `JournalError` when the database does not get to it.
 */
export async function writeCatalog(
  database: Database,
  merchantId: MerchantId,
  write: CatalogWrite,
): Promise<WriteOutcome> {
  const { outcome, changeCount } = await untilDone(() =>
    database.transaction((connection) => writeOnce(connection, merchantId, write)),
  );
  if (changeCount >= countAgainFrom) await database.query(countTables, []).catch(() => undefined);
  return outcome;
}

async function untilDone(run: () => Promise<Done>): Promise<Done> {
  let hasLostOne = false;
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      const isLost = error instanceof ConnectionLost;
      if ((isLost && hasLostOne) || (!isLost && !isPassing(error)) || tries >= triesMax) throw error;
      hasLostOne ||= isLost;
    }
  }
}

async function writeOnce(connection: Connection, merchantId: MerchantId, write: CatalogWrite): Promise<Done> {
  const [row] = await connection.query<VersionRow>(lockVersion, [merchantId]);
  const version = Number(row?.version ?? 0);
  const { edits, costs } = write;
  const written = await readWritten(
    (statement, values) => connection.query(statement, values),
    merchantId,
    edits,
    costs,
  );
  const refusal = editRefusal(written.judged, edits) ?? costRefusal(written.judged, edits, costs);
  if (refusal !== undefined) return { outcome: failure(refusal), changeCount: 0 };
  const changes = numberChanges(edits, written, version);
  await storeChanges(connection, merchantId, changes, costs);
  const last = changes.at(-1)?.version ?? version;
  if (last !== version) await connection.query(setVersion, [merchantId, last]);
  return { outcome: success({ version: last }), changeCount: changes.length + costs.length };
}

/** The edits that change something, numbered in their order; a product's prices go just before it. */
function numberChanges(edits: readonly CatalogEdit[], { records }: Written, version: number): readonly NumberedEdit[] {
  const pricesOf = new Map<string, CatalogEdit[]>();
  for (const record of records.values()) {
    if (record.kind !== 'price') continue;
    const { productId } = record.price;
    const deletion: CatalogEdit = { act: 'delete', key: keyOfRecord(record) };
    pricesOf.set(productId, [...(pricesOf.get(productId) ?? []), deletion]);
  }
  const changes: NumberedEdit[] = [];
  const gone = new Set<string>();
  const number = (edit: CatalogEdit) => {
    const name = keyText(keyOfEdit(edit));
    const before = records.get(name);
    const isSame =
      edit.act === 'upsert' ? before !== undefined && sameRecord(before, edit.record) : before === undefined;
    if (isSame || gone.has(name)) return;
    if (edit.act === 'delete') gone.add(name);
    changes.push({ edit, name, before, version: version + changes.length + 1 });
  };
  for (const edit of lastOfEach(edits)) {
    if (edit.act === 'delete' && edit.key.kind === 'product') pricesOf.get(edit.key.id)?.forEach(number);
    number(edit);
  }
  return changes;
}

// Of several edits of one record the last stays, in its own place.
function lastOfEach(edits: readonly CatalogEdit[]): Iterable<CatalogEdit> {
  const last = new Map<string, CatalogEdit>();
  for (const edit of edits) {
    const name = keyText(keyOfEdit(edit));
    last.delete(name);
    last.set(name, edit);
  }
  return last.values();
}

function costRefusal(
  judged: WrittenCatalog,
  edits: readonly CatalogEdit[],
  costs: readonly Cost[],
): CatalogRefusal | undefined {
  const acts = new Map<string, CatalogEdit['act']>();
  for (const edit of edits) {
    const key = keyOfEdit(edit);
    if (key.kind === 'product') acts.set(key.id, edit.act);
  }
  const stands = (cost: Cost) => {
    const act = acts.get(cost.productId);
    return act === undefined ? judged.hasProduct(cost.productId) : act === 'upsert';
  };
  const at = costs.findIndex((cost) => !stands(cost));
  return at === -1 ? undefined : { kind: 'cost-of-unknown-product', at };
}
