// Who may sell: merchants, their stores, and the devices that hold an API key. The server asks by the key's hash on every
// request; the key itself is never stored.

import type { DeviceId, MerchantId, StoreId } from '#foundation/id.ts';
import { type Instant, instant } from '#foundation/instant.ts';
import type { Currency } from '#foundation/money.ts';
import type { Database, Row, Statement } from './database.ts';

export type StoreEntry = {
  readonly merchant: { readonly id: MerchantId; readonly name: string };
  readonly store: {
    readonly id: StoreId;
    readonly name: string;
    readonly currency: Currency;
    /** IANA name, such as `Asia/Shanghai`. */
    readonly timeZone: string;
  };
  readonly device: { readonly id: DeviceId; readonly name: string };
  /** SHA-256 of the device's API key, 64 hex digits. */
  readonly apiKeyHash: string;
};

/** What a request's API key tells about who asks. */
export type KnownDevice = {
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly deviceId: DeviceId;
  readonly name: string;
  readonly storeName: string;
  readonly currency: Currency;
  readonly timeZone: string;
};

export type ListedDevice = KnownDevice & { readonly revokedAt: Instant | null };

export interface Directory {
  /** Makes merchant, store and device, or brings their names, settings and key up to date. Lifts no revocation. */
  ensureStore(entry: StoreEntry): Promise<void>;
  /** The device whose key has this hash; `undefined` when there is none or it was revoked. */
  findDeviceByKeyHash(hash: string): Promise<KnownDevice | undefined>;
  /** All devices of a merchant, revoked ones too, by id. */
  listDevices(merchantId: MerchantId): Promise<readonly ListedDevice[]>;
  /** Ends a device's right to ask, at once and for good. `false` when it is unknown or was revoked before. */
  revokeDevice(merchantId: MerchantId, id: DeviceId): Promise<boolean>;
}

const ensure: Statement = {
  name: 'ensure-store',
  text: `
WITH m AS (
  INSERT INTO merchant (merchant_id, name) VALUES ($1, $2)
  ON CONFLICT (merchant_id) DO UPDATE SET name = excluded.name RETURNING merchant_id
), s AS (
  INSERT INTO store (merchant_id, id, name, currency, time_zone) SELECT merchant_id, $3, $4, $5, $6 FROM m
  ON CONFLICT (merchant_id, id) DO UPDATE
  SET name = excluded.name, currency = excluded.currency, time_zone = excluded.time_zone
  RETURNING merchant_id, id
)
INSERT INTO device (merchant_id, id, store_id, name, api_key_hash) SELECT merchant_id, $7, id, $8, $9 FROM s
ON CONFLICT (merchant_id, id) DO UPDATE
SET store_id = excluded.store_id, name = excluded.name, api_key_hash = excluded.api_key_hash`,
};

const columns = `d.merchant_id, d.store_id, d.id, d.name, d.revoked_at, s.name AS store_name, s.currency, s.time_zone
FROM device d JOIN store s ON s.merchant_id = d.merchant_id AND s.id = d.store_id`;

const findByKey: Statement = {
  name: 'find-device-by-key',
  text: `SELECT ${columns} WHERE d.api_key_hash = $1 AND d.revoked_at IS NULL`,
};
const list: Statement = { name: 'list-devices', text: `SELECT ${columns} WHERE d.merchant_id = $1 ORDER BY d.id` };
const revoke: Statement = {
  name: 'revoke-device',
  text: `UPDATE device SET revoked_at = now() WHERE merchant_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id`,
};

interface DeviceRow extends Row {
  readonly merchant_id: MerchantId;
  readonly store_id: StoreId;
  readonly id: DeviceId;
  readonly name: string;
  readonly revoked_at: Date | null;
  readonly store_name: string;
  readonly currency: Currency;
  readonly time_zone: string;
}

export function makeDirectory(database: Database): Directory {
  return {
    async ensureStore({ merchant, store, device, apiKeyHash }) {
      await database.repeatable(ensure, [
        ...[merchant.id, merchant.name, store.id, store.name, store.currency, store.timeZone],
        ...[device.id, device.name, apiKeyHash],
      ]);
    },
    async findDeviceByKeyHash(hash) {
      const [row] = await database.repeatable<DeviceRow>(findByKey, [hash]);
      return row === undefined ? undefined : deviceOf(row);
    },
    async listDevices(merchantId) {
      const rows = await database.repeatable<DeviceRow>(list, [merchantId]);
      return rows.map((row) => ({
        ...deviceOf(row),
        revokedAt: row.revoked_at === null ? null : instant(row.revoked_at.getTime()),
      }));
    },
    async revokeDevice(merchantId, id) {
      return (await database.query(revoke, [merchantId, id])).length === 1;
    },
  };
}

function deviceOf(row: DeviceRow): KnownDevice {
  return {
    merchantId: row.merchant_id,
    storeId: row.store_id,
    deviceId: row.id,
    name: row.name,
    storeName: row.store_name,
    currency: row.currency,
    timeZone: row.time_zone,
  };
}
