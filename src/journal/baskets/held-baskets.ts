// Baskets on hold on PostgreSQL. A claim is one conditional UPDATE: of many at once one finds the row still waiting, and the others find
// whose it is.

import type {
  Claimed,
  Claiming,
  Held,
  HeldBasket,
  HeldBasketId,
  HeldBasketJournal,
  HoldRefusal,
  NotHeld,
  OverrideUseRefusal,
  PersonPlace,
  SaleIdempotency,
  Voiding,
} from '#checkout/index.ts';
import { heldBasketBounds } from '#checkout/index.ts';
import type { BasketId, DeviceId, MerchantId, PersonId, StoreId } from '#foundation/id.ts';
import { formatInstant, type Instant, instant } from '#foundation/instant.ts';
import type { Currency } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import { moneyOf } from '../attempt-rows.ts';
import type { Connection, Database, Row, Statement } from '../database.ts';
import { JournalError, sqlStateOf } from '../journal-error.ts';
import { spendOverride } from '../people/override-book.ts';

const columns = `merchant_id, id, store_id, basket_id, note, line_count, total_minor, currency, device_id, held_by, held_at,
  expires_at, state, claim_device_id, claim_key, idempotency_fingerprint`;

const expire: Statement = {
  name: 'expire-held-baskets',
  text: `UPDATE held_basket SET state = 'expired', ended_at = expires_at
WHERE merchant_id = $1 AND store_id = $2 AND state = 'held' AND expires_at <= $3`,
};
// The bound is approximate: holdings at the very same moment do not see each other.
const hold: Statement = {
  name: 'hold-basket',
  text: `INSERT INTO held_basket (merchant_id, id, store_id, basket_id, basket_text, note, line_count, total_minor, currency,
  device_id, held_by, held_at, expires_at, idempotency_scope, idempotency_key, idempotency_fingerprint)
SELECT $1, $2, $3, $4, $5, $6, $7::int, $8::bigint, $9, $10, $11, $12::timestamptz, $13::timestamptz, $14, $15, $16
WHERE (SELECT count(*) FROM held_basket WHERE store_id = $3 AND merchant_id = $1 AND state = 'held') < $17
ON CONFLICT DO NOTHING RETURNING ${columns}`,
};
const findByKey: Statement = {
  name: 'find-held-basket-by-key',
  text: `SELECT ${columns} FROM held_basket
WHERE idempotency_key = $3 AND idempotency_scope = $2 AND merchant_id = $1`,
};
const findWaiting: Statement = {
  name: 'find-waiting-basket',
  text: `SELECT id FROM held_basket WHERE basket_id = $2 AND merchant_id = $1 AND state = 'held'`,
};
const countWaiting: Statement = {
  name: 'count-waiting-baskets',
  text: `SELECT count(*)::int AS waiting FROM held_basket WHERE store_id = $2 AND merchant_id = $1 AND state = 'held'`,
};
const list: Statement = {
  name: 'list-held-baskets',
  text: `SELECT ${columns} FROM held_basket
WHERE store_id = $2 AND merchant_id = $1 AND state = 'held' AND expires_at > $3 ORDER BY id LIMIT $4`,
};
const find: Statement = {
  name: 'find-held-basket',
  text: `SELECT ${columns} FROM held_basket WHERE merchant_id = $1 AND store_id = $2 AND id = $3`,
};
const lock: Statement = {
  name: 'lock-held-basket',
  text: `SELECT ${columns} FROM held_basket WHERE merchant_id = $1 AND store_id = $2 AND id = $3 FOR UPDATE`,
};
const findText: Statement = {
  name: 'find-claimed-text',
  text: `SELECT ${columns}, basket_text FROM held_basket WHERE merchant_id = $1 AND store_id = $2 AND id = $3`,
};
const claim: Statement = {
  name: 'claim-held-basket',
  text: `UPDATE held_basket SET state = 'claimed', ended_by = $5, ended_at = $4, claim_device_id = $6, claim_key = $7
WHERE merchant_id = $1 AND store_id = $2 AND id = $3 AND state = 'held' AND expires_at > $4
RETURNING ${columns}, basket_text`,
};
const end: Statement = {
  name: 'void-held-basket',
  text: `UPDATE held_basket SET state = 'voided', ended_by = $4, ended_at = $5, void_reason = $6, override_id = $7
WHERE merchant_id = $1 AND store_id = $2 AND id = $3`,
};

interface HeldRow extends Row {
  readonly merchant_id: MerchantId;
  readonly id: HeldBasketId;
  readonly store_id: StoreId;
  readonly basket_id: BasketId;
  readonly note: string;
  readonly line_count: number;
  readonly total_minor: string;
  readonly currency: Currency;
  readonly device_id: DeviceId;
  readonly held_by: PersonId;
  readonly held_at: Date;
  readonly expires_at: Date;
  readonly state: 'held' | 'claimed' | 'voided' | 'expired';
  readonly claim_device_id: DeviceId | null;
  readonly claim_key: string | null;
  readonly idempotency_fingerprint: string;
}
interface TextRow extends HeldRow {
  readonly basket_text: string;
}

/** Implements the port; trouble with the database is a thrown `JournalError`. */
export function makeHeldBasketJournal(database: Database): HeldBasketJournal {
  return {
    hold: (held, basketText, idempotency) =>
      database.transaction((connection) => holdOn(connection, held, basketText, idempotency)),
    async listHeld({ merchantId, storeId }, at) {
      const values = [merchantId, storeId, formatInstant(at), heldBasketBounds.heldMax];
      return (await database.repeatable<HeldRow>(list, values)).map(heldOf);
    },
    async findHeld({ merchantId, storeId }, id, at) {
      const [row] = await database.repeatable<HeldRow>(find, [merchantId, storeId, id]);
      const trouble = notHeld(row, at);
      return trouble !== null || row === undefined ? failure(trouble ?? 'held-unknown') : success(heldOf(row));
    },
    claim: (place, claiming) => claimOn(database, place, claiming),
    voidHeld: (place, voiding) => database.transaction((connection) => voidOn(connection, place, voiding)),
  };
}

// Whatever stood in the way may be gone when it is looked for (claimed just then): then it is tried again.
const triesMax = 3;

async function holdOn(
  connection: Connection,
  held: HeldBasket,
  basketText: string,
  { scope, key, fingerprint }: SaleIdempotency,
): Promise<Result<Held, HoldRefusal>> {
  const { merchantId, storeId, basketId } = held;
  await connection.query(expire, [merchantId, storeId, formatInstant(held.heldAt)]);
  const values = [
    ...[merchantId, held.id, storeId, basketId, basketText, held.note, held.lineCount, held.total.minor.toString()],
    ...[held.total.currency, held.deviceId, held.heldBy, formatInstant(held.heldAt), formatInstant(held.expiresAt)],
    ...[scope, key, fingerprint, heldBasketBounds.heldMax],
  ];
  for (let tries = 0; tries < triesMax; tries += 1) {
    const [made] = await connection.query<HeldRow>(hold, values);
    if (made !== undefined) return success({ kind: 'held', held: heldOf(made) });
    const [before] = await connection.query<HeldRow>(findByKey, [merchantId, scope, key]);
    if (before !== undefined) {
      if (before.idempotency_fingerprint !== fingerprint) return failure('key-reused');
      return success({ kind: 'repeated', held: heldOf(before) });
    }
    if ((await connection.query(findWaiting, [merchantId, basketId])).length > 0) return failure('already-held');
    const [count] = await connection.query<{ waiting: number }>(countWaiting, [merchantId, storeId]);
    if ((count?.waiting ?? 0) >= heldBasketBounds.heldMax) return failure('too-many-held');
  }
  throw new JournalError('contention', 'The basket could not be put on hold: others were just taking it.');
}

async function claimOn(
  database: Database,
  { merchantId, storeId }: PersonPlace,
  { id, deviceId, personId, key, at }: Claiming,
): Promise<Result<Claimed, NotHeld | 'key-reused'>> {
  try {
    // Twice is once: when the first answer was lost, the second finds its own claim below.
    const values = [merchantId, storeId, id, formatInstant(at), personId, deviceId, key];
    const [won] = await database.repeatable<TextRow>(claim, values);
    if (won !== undefined) return success({ kind: 'claimed', held: heldOf(won), basketText: won.basket_text });
  } catch (error) {
    if (sqlStateOf(error) === '23505') return failure('key-reused');
    throw error;
  }
  const [row] = await database.repeatable<TextRow>(findText, [merchantId, storeId, id]);
  if (row?.claim_device_id === deviceId && row.claim_key === key) {
    return success({ kind: 'repeated', held: heldOf(row), basketText: row.basket_text });
  }
  return failure(notHeld(row, at) ?? 'held-claimed');
}

async function voidOn(
  connection: Connection,
  { merchantId, storeId }: PersonPlace,
  { id, personId, reason, at, override }: Voiding,
): Promise<Result<HeldBasket, NotHeld | OverrideUseRefusal>> {
  const [row] = await connection.query<HeldRow>(lock, [merchantId, storeId, id]);
  const trouble = notHeld(row, at);
  if (row === undefined || (trouble !== null && trouble !== 'held-voided')) return failure(trouble ?? 'held-unknown');
  if (trouble === 'held-voided') return success(heldOf(row));
  if (override !== null) {
    const used = await spendOverride(connection, merchantId, override.use, override.permissions);
    if (!used.ok) return used;
  }
  const values = [merchantId, storeId, id, personId, formatInstant(at), reason, override?.use.id ?? null];
  await connection.query(end, values);
  return success(heldOf(row));
}

function notHeld(row: HeldRow | undefined, at: Instant): NotHeld | null {
  if (row === undefined) return 'held-unknown';
  if (row.state === 'held') return row.expires_at.getTime() <= at ? 'held-expired' : null;
  return `held-${row.state}`;
}

function heldOf(row: HeldRow): HeldBasket {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    storeId: row.store_id,
    basketId: row.basket_id,
    note: row.note,
    lineCount: row.line_count,
    total: moneyOf(row.currency, row.total_minor),
    deviceId: row.device_id,
    heldBy: row.held_by,
    heldAt: instant(row.held_at.getTime()),
    expiresAt: instant(row.expires_at.getTime()),
  };
}
