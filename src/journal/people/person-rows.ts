// How people and their sessions lie in their tables.

import type { Person, PersonLanguage, PersonSession, Role } from '#checkout/index.ts';
import type { DeviceId, MerchantId, PersonId, StoreId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import type { Row } from '../database.ts';

export interface PersonRow extends Row {
  readonly merchant_id: MerchantId;
  readonly id: PersonId;
  readonly store_id: StoreId;
  readonly name: string;
  readonly role: Role;
  readonly language: PersonLanguage;
  readonly is_active: boolean;
  readonly pin_hash: string;
  readonly created_at: Date;
}

/** The columns of `PersonRow`, of the table `p`. */
export const personColumns =
  'p.merchant_id, p.id, p.store_id, p.name, p.role, p.language, p.is_active, p.pin_hash, p.created_at';

export function personOf(row: PersonRow): Person {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    storeId: row.store_id,
    name: row.name,
    role: row.role,
    language: row.language,
    isActive: row.is_active,
    createdAt: instant(row.created_at.getTime()),
  };
}

export interface SessionRow extends PersonRow {
  readonly token_hash: string;
  readonly device_id: DeviceId;
  readonly began_at: Date;
  readonly ends_at: Date;
}

export function sessionOf(row: SessionRow): PersonSession {
  return {
    tokenHash: row.token_hash,
    merchantId: row.merchant_id,
    deviceId: row.device_id,
    personId: row.id,
    beganAt: instant(row.began_at.getTime()),
    endsAt: instant(row.ends_at.getTime()),
  };
}
