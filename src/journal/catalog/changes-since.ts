// What changed after a version. Each record's table is walked by its own index and the walks are merged, in one statement: what
// it sees is one moment, so no change can slip between two of them.

import type { ChangePage, ChangesSince } from '#catalog/index.ts';
import type { Database, Row, Statement } from '../database.ts';
import {
  changeOf,
  departmentJson,
  priceJson,
  priceListJson,
  productJson,
  type StoredChange,
  taxClassJson,
} from './catalog-rows.ts';

const walks = [
  ['product', 'product p', 'p', productJson],
  ['department', 'department d', 'd', departmentJson],
  ['tax-class', 'tax_class t', 't', taxClassJson],
  ['price-list', 'price_list l', 'l', priceListJson],
  ['price', 'price a', 'a', priceJson],
  ['deletion', 'catalog_deletion g', 'g', 'g.key'],
] as const satisfies readonly (readonly [kind: StoredChange['kind'], table: string, alias: string, record: string])[];

const walk = ([kind, table, alias, record]: (typeof walks)[number]) =>
  `(SELECT ${alias}.version, json_build_object('version', ${alias}.version, 'kind', '${kind}', 'record', ${record}) AS change
  FROM ${table} WHERE ${alias}.merchant_id = $1 AND ${alias}.version > $2 ORDER BY ${alias}.version LIMIT $3)`;

const read: Statement = {
  name: 'catalog-changes',
  text: `
SELECT coalesce((SELECT version FROM catalog_version WHERE merchant_id = $1), 0) AS latest,
  (SELECT coalesce(json_agg(page.change ORDER BY page.version), '[]'::json) FROM (
    SELECT version, change FROM (${walks.map(walk).join('\nUNION ALL\n')}) every ORDER BY version LIMIT $3
  ) page) AS changes`,
};

interface ChangesRow extends Row {
  readonly latest: string;
  readonly changes: readonly StoredChange[];
}

/** `limit` changes at the most, in the order of their versions. */
export async function readChanges(database: Database, { merchantId, after, limit }: ChangePage): Promise<ChangesSince> {
  const [row] = await database.repeatable<ChangesRow>(read, [merchantId, after, limit]);
  return { changes: (row?.changes ?? []).map(changeOf), latest: Number(row?.latest ?? 0) };
}
