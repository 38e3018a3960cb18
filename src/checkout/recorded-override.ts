// A supervisor's word as it is kept: who allowed what, for whom, why, about which thing, and what it was used for. It counts once,
// within five minutes, for the session that asked for it.

import type { Brand } from '#foundation/brand.ts';
import { type DeviceId, type MerchantId, makeId, parseId, type StoreId } from '#foundation/id.ts';
import { durationMs, type Instant, plus } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import type { Random } from '#foundation/random.ts';
import { type Act, isPermitted, type Override, type Permissions, type Staff } from './permission.ts';

export type OverrideId = Brand<`ovr_${string}`, 'OverrideId'>;

export const overrideLifeMs = durationMs(5 * 60_000);
export const overrideBounds = { reasonLengthMax: 200, subjectLengthMax: 100 } as const;

export type RecordedOverride = Override & {
  readonly id: OverrideId;
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly deviceId: DeviceId;
  /** The session that asked, by the hash of its token. */
  readonly sessionHash: string;
  /** What it is about: a basket, a sale, a line, in the till's words. */
  readonly subject: string;
  readonly usedAt: Instant | null;
  /** The act that used it; the same act again (a repeat) is not a second use. */
  readonly usedFor: string | null;
};

/** What somebody wants to do by an override. */
export type OverrideUse = {
  readonly id: OverrideId;
  readonly sessionHash: string;
  readonly staff: Staff;
  readonly act: Act;
  readonly worth: Money | null;
  /** Names the one thing that is done, such as the id of the basket that is voided. */
  readonly usedFor: string;
  readonly at: Instant;
};

export type OverrideUseRefusal = 'override-unknown' | 'override-used' | 'override-expired' | 'override-does-not-fit';

/** Why an override does not count for this use; `null` when it does. Whose session did not ask for it is told nothing about it. */
export function overrideTrouble(
  override: RecordedOverride | undefined,
  use: OverrideUse,
  permissions: Permissions,
): OverrideUseRefusal | null {
  if (override === undefined || override.sessionHash !== use.sessionHash) return 'override-unknown';
  if (!isPermitted(use.staff, use.act, permissions, use.worth, override)) return 'override-does-not-fit';
  if (override.usedFor !== null) return override.usedFor === use.usedFor ? null : 'override-used';
  return use.at > plus(override.at, overrideLifeMs) ? 'override-expired' : null;
}

/** A fresh id, ordered by time as all are. */
export function makeOverrideId(at: Instant, random: Random): OverrideId {
  return makeId('person', at, random).replace('per_', 'ovr_') as OverrideId;
}

/** Reads an id that came from outside. */
export function parseOverrideId(text: string): OverrideId | undefined {
  const hasShape = text.startsWith('ovr_') && parseId('person', text.replace('ovr_', 'per_')) !== undefined;
  return hasShape ? (text as OverrideId) : undefined;
}
