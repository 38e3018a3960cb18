// How a till's chain and its entries lie in their tables.

import type { EntryKind, EntryStanding, KeptEntry, Till, TillChain, TillEntry } from '#checkout/index.ts';
import type { DeviceId, MerchantId, StoreId } from '#foundation/id.ts';
import { type Instant, instant } from '#foundation/instant.ts';
import type { Row } from '../database.ts';

export interface ChainRow extends Row {
  readonly chain_id: string;
  readonly store_id: StoreId;
  readonly device_id: DeviceId;
  readonly last_number: string;
  readonly last_hash: string;
  readonly started_at: Date;
  readonly last_at: Date | null;
}

export const chainColumns = 'c.chain_id, c.store_id, c.device_id, c.last_number, c.last_hash, c.started_at, c.last_at';

export function chainOf(row: ChainRow): TillChain {
  return {
    chainId: row.chain_id,
    storeId: row.store_id,
    deviceId: row.device_id,
    lastNumber: Number(row.last_number),
    lastHash: row.last_hash,
    startedAt: toInstant(row.started_at),
    lastAt: row.last_at === null ? null : toInstant(row.last_at),
  };
}

/** An entry's own columns, in the chain or kept apart from it. */
export interface BareEntryRow extends Row {
  readonly chain_id: string;
  readonly number: string;
  readonly previous_hash: string;
  readonly at_ms: string;
  readonly kind: EntryKind;
  readonly body: string;
  readonly hash: string;
}

export interface EntryRow extends BareEntryRow {
  readonly merchant_id: MerchantId;
  readonly store_id: StoreId;
  readonly device_id: DeviceId;
  readonly received_at: Date;
  readonly standing: EntryStanding;
  readonly question: string | null;
}

/** The columns of `EntryRow`, of the table `e`. */
export const entryColumns = `e.merchant_id, e.chain_id, e.number, e.store_id, e.device_id, e.previous_hash, e.at_ms, e.kind, e.body,
  e.hash, e.received_at, e.standing, e.question`;

export function entryOf(row: BareEntryRow): TillEntry {
  return {
    chainId: row.chain_id,
    number: Number(row.number),
    previousHash: row.previous_hash,
    at: instant(Number(row.at_ms)),
    kind: row.kind,
    body: row.body,
    hash: row.hash,
  };
}

export function keptOf(row: EntryRow): KeptEntry {
  return {
    entry: entryOf(row),
    standing: row.standing,
    question: row.question,
    receivedAt: toInstant(row.received_at),
  };
}

export function tillOf({ merchant_id, store_id, device_id }: EntryRow): Till {
  return { merchantId: merchant_id, storeId: store_id, deviceId: device_id };
}

/** The values of an entry that its table is given, in the order of the statements that insert one. */
export function entryValues({ merchantId, storeId, deviceId }: Till, entry: TillEntry): readonly unknown[] {
  const { chainId, number, hash, previousHash, at, kind, body } = entry;
  return [merchantId, chainId, number, hash, storeId, deviceId, previousHash, at, kind, body];
}

export function toInstant(at: Date): Instant {
  return instant(at.getTime());
}
