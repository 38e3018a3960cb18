// Stock moves with the sales, so movements go by the commit lanes: the lines of many sales in one commit. A movement's key makes it
// count once, whoever sends it how often.

import {
  type StockMovement,
  type StockMovementKind,
  type StockRefusal,
  sameMovement,
  stockDirection,
} from '#catalog/index.ts';
import type { MerchantId, ProductId, StoreId } from '#foundation/id.ts';
import { formatInstant, instant } from '#foundation/instant.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import { storable } from '../attempt-rows.ts';
import type { BatchWork } from '../commit-lanes.ts';
import type { Connection, Row, Statement } from '../database.ts';
import { readPortions } from './in-portions.ts';
import type { Query } from './read-catalog.ts';

export type MoveStockAsk = { readonly merchantId: MerchantId; readonly movement: StockMovement };
export type MoveStockOutcome = Result<'moved' | 'repeated', StockRefusal>;

const columns = 'merchant_id, key, store_id, product_id, kind, thousandths, at';

// In the order of the callers, so that of two movements under one key the first is the one that is written.
const move: Statement = {
  name: 'move-stock',
  text: `
INSERT INTO stock_movement (${columns})
SELECT ${columns} FROM json_to_recordset($1::json) AS a (place int, merchant_id text, key text, store_id text, product_id text,
  kind text, thousandths bigint, at timestamptz)
WHERE EXISTS (SELECT 1 FROM product p WHERE p.merchant_id = a.merchant_id AND p.id = a.product_id)
ORDER BY merchant_id, key, place
ON CONFLICT DO NOTHING
RETURNING merchant_id, key`,
};

const explain: Statement = {
  name: 'explain-stock',
  text: `
SELECT a.place, m.store_id, m.product_id, m.kind, m.thousandths, m.at
FROM json_to_recordset($1::json) AS a (place int, merchant_id text, key text)
JOIN stock_movement m ON m.key = a.key AND m.merchant_id = a.merchant_id`,
};

interface MovedRow extends Row {
  readonly merchant_id: MerchantId;
  readonly key: string;
}

interface FoundRow extends Row {
  readonly place: number;
  readonly store_id: StoreId;
  readonly product_id: ProductId;
  readonly kind: StockMovementKind;
  readonly thousandths: string;
  readonly at: Date;
}

export const moveStock: BatchWork<MoveStockAsk, MoveStockOutcome> = {
  async run(connection, members) {
    const rows = members.map(({ ask }, place) => ({ place, ...movementRow(ask) }));
    const moved = await connection.query<MovedRow>(move, [JSON.stringify(rows)]);
    const unclaimed = new Set(moved.map(nameOf));
    // A set that forgets: of two members with one key only the first made the row.
    const isFresh = rows.map((row) => unclaimed.delete(nameOf(row)));
    const left = rows.filter((_, place) => isFresh[place] !== true);
    const found = left.length > 0 ? await readBefore(connection, left) : new Map<number, FoundRow>();
    return members.map(({ ask }, place) =>
      isFresh[place] === true ? success('moved') : explained(ask.movement, found.get(place)),
    );
  },
};

const nameOf = ({ merchant_id, key }: { readonly merchant_id: string; readonly key: string }) =>
  `${merchant_id} ${key}`;

async function readBefore(connection: Connection, left: readonly object[]): Promise<ReadonlyMap<number, FoundRow>> {
  const rows = await connection.query<FoundRow>(explain, [JSON.stringify(left)]);
  return new Map(rows.map((row) => [row.place, row]));
}

// What is not there was not written because its product does not exist. A caller whose first try was committed unseen hears
// `repeated`, which is as true.
function explained(movement: StockMovement, before: FoundRow | undefined): MoveStockOutcome {
  if (before === undefined) return failure({ kind: 'unknown-product' });
  const standing: StockMovement = {
    storeId: before.store_id,
    productId: before.product_id,
    kind: before.kind,
    thousandths: Number(before.thousandths),
    at: instant(before.at.getTime()),
    key: movement.key,
  };
  return sameMovement(standing, movement) ? success('repeated') : failure({ kind: 'key-reused' });
}

function movementRow({ merchantId, movement }: MoveStockAsk) {
  return {
    merchant_id: merchantId,
    key: storable(movement.key),
    store_id: movement.storeId,
    product_id: movement.productId,
    kind: movement.kind,
    thousandths: movement.thousandths,
    at: formatInstant(movement.at),
  };
}

// The same rule as `stockBalance`: the last count, and what is dated after it.
const signs = Object.entries(stockDirection).map(([kind, direction]) => `WHEN '${kind}' THEN ${direction ?? 0}`);
const balances: Statement = {
  name: 'stock-balances',
  text: `
SELECT k.id, coalesce(c.thousandths, 0) + m.moved AS balance
FROM unnest($3::text[]) k (id)
LEFT JOIN LATERAL (
  SELECT s.at, s.thousandths FROM stock_movement s
  WHERE s.product_id = k.id AND s.store_id = $2 AND s.merchant_id = $1 AND s.kind = 'counted'
  ORDER BY s.at DESC, s.key DESC LIMIT 1
) c ON true
CROSS JOIN LATERAL (
  SELECT coalesce(sum(s.thousandths * CASE s.kind ${signs.join(' ')} END), 0) AS moved FROM stock_movement s
  WHERE s.product_id = k.id AND s.store_id = $2 AND s.merchant_id = $1 AND s.at > coalesce(c.at, '-infinity')
) m`,
};

interface BalanceRow extends Row {
  readonly id: ProductId;
  readonly balance: string;
}

/** Balances in whole thousandths, 0 for what never moved. */
export async function readStock(query: Query, merchantId: MerchantId, storeId: StoreId, ids: readonly ProductId[]) {
  const rows = await readPortions(new Set(ids), (portion) =>
    query<BalanceRow>(balances, [merchantId, storeId, portion]),
  );
  return new Map(rows.map(({ id, balance }) => [id, Number(balance)]));
}
