// Overrides on PostgreSQL. A use locks the override's row while checkout's rule decides, within the transaction of the act that it is for.

import {
  type Act,
  type OverrideBook,
  type OverrideId,
  type OverrideUse,
  type OverrideUseRefusal,
  overrideTrouble,
  type Permissions,
  type RecordedOverride,
  type Role,
} from '#checkout/index.ts';
import type { DeviceId, MerchantId, StoreId } from '#foundation/id.ts';
import { formatInstant, instant } from '#foundation/instant.ts';
import type { Currency } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import { moneyOf } from '../attempt-rows.ts';
import type { Connection, Database, Row, Statement } from '../database.ts';

const columns = `merchant_id, id, store_id, device_id, session_hash, act, worth_minor, currency, reason, subject,
  asked_by, allowed_by, allowed_as, allowed_at, used_at, used_for`;

const record: Statement = {
  name: 'record-override',
  text: `INSERT INTO person_override (merchant_id, id, store_id, device_id, session_hash, act, worth_minor, currency, reason,
  subject, asked_by, allowed_by, allowed_as, allowed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
};
const find: Statement = {
  name: 'find-override',
  text: `SELECT ${columns} FROM person_override WHERE merchant_id = $1 AND id = $2`,
};
const lock: Statement = {
  name: 'lock-override',
  text: `SELECT ${columns} FROM person_override WHERE merchant_id = $1 AND id = $2 FOR UPDATE`,
};
const markUsed: Statement = {
  name: 'use-override',
  text: 'UPDATE person_override SET used_at = $3, used_for = $4 WHERE merchant_id = $1 AND id = $2',
};
// '~' sorts after every id.
const list: Statement = {
  name: 'list-overrides',
  text: `SELECT ${columns} FROM person_override
WHERE merchant_id = $1 AND store_id = $2 AND id < coalesce($3, '~') ORDER BY id DESC LIMIT $4`,
};

interface OverrideRow extends Row {
  readonly merchant_id: MerchantId;
  readonly id: OverrideId;
  readonly store_id: StoreId;
  readonly device_id: DeviceId;
  readonly session_hash: string;
  readonly act: Act;
  readonly worth_minor: string | null;
  readonly currency: Currency | null;
  readonly reason: string;
  readonly subject: string;
  readonly asked_by: string;
  readonly allowed_by: string;
  readonly allowed_as: Role;
  readonly allowed_at: Date;
  readonly used_at: Date | null;
  readonly used_for: string | null;
}

/** Implements the port; trouble with the database is a thrown `JournalError`. */
export function makeOverrideBook(database: Database): OverrideBook {
  return {
    async record(override) {
      const { worth } = override;
      await database.repeatable(record, [
        ...[override.merchantId, override.id, override.storeId, override.deviceId, override.sessionHash, override.act],
        ...[worth?.minor.toString() ?? null, worth?.currency ?? null, override.reason, override.subject],
        ...[override.askedBy, override.allowedBy, override.allowedAs, formatInstant(override.at)],
      ]);
    },
    async find(merchantId, id) {
      const [row] = await database.repeatable<OverrideRow>(find, [merchantId, id]);
      return row === undefined ? undefined : overrideOf(row);
    },
    async list({ merchantId, storeId, before, limit }) {
      return (await database.repeatable<OverrideRow>(list, [merchantId, storeId, before, limit])).map(overrideOf);
    },
    use: (merchantId, use, permissions) =>
      database.transaction((connection) => spendOverride(connection, merchantId, use, permissions)),
  };
}

/** Uses an override up, within the transaction of the act that it is for. */
export async function spendOverride(
  connection: Connection,
  merchantId: MerchantId,
  use: OverrideUse,
  permissions: Permissions,
): Promise<Result<RecordedOverride, OverrideUseRefusal>> {
  const [row] = await connection.query<OverrideRow>(lock, [merchantId, use.id]);
  const known = row === undefined ? undefined : overrideOf(row);
  const trouble = overrideTrouble(known, use, permissions);
  if (trouble !== null) return failure(trouble);
  if (known === undefined) return failure('override-unknown');
  if (known.usedFor !== null) return success(known);
  await connection.query(markUsed, [merchantId, use.id, formatInstant(use.at), use.usedFor]);
  return success({ ...known, usedAt: use.at, usedFor: use.usedFor });
}

function overrideOf(row: OverrideRow): RecordedOverride {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    storeId: row.store_id,
    deviceId: row.device_id,
    sessionHash: row.session_hash,
    act: row.act,
    worth: row.worth_minor === null || row.currency === null ? null : moneyOf(row.currency, row.worth_minor),
    reason: row.reason,
    subject: row.subject,
    askedBy: row.asked_by,
    allowedBy: row.allowed_by,
    allowedAs: row.allowed_as,
    at: instant(row.allowed_at.getTime()),
    usedAt: row.used_at === null ? null : instant(row.used_at.getTime()),
    usedFor: row.used_for,
  };
}
