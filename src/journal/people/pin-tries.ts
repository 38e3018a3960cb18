// Counts tries at PINs. Both rows, the person's and the device's, are locked while the pure rule (checkout's pin-guard) decides, in the
// order of their subjects, so that two tries never wait for each other in a ring.

import { countTry, forgiveTry, type PinGuard, type PinGuardKind, type PinTry } from '#checkout/index.ts';
import type { MerchantId } from '#foundation/id.ts';
import { type DurationMs, durationMs, formatInstant, type Instant, instant } from '#foundation/instant.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { Connection, Row, Statement } from '../database.ts';

// A fresh row stands for "never tried": it is made first, because only a row that is there can be locked.
const make: Statement = {
  name: 'make-pin-guards',
  text: `INSERT INTO pin_guard (merchant_id, subject, wrong_tries, tried_at)
SELECT $1, unnest($2::text[]), 0, 'epoch' ORDER BY 2 ON CONFLICT DO NOTHING`,
};
const lock: Statement = {
  name: 'lock-pin-guards',
  text: `SELECT subject, wrong_tries, tried_at FROM pin_guard WHERE merchant_id = $1 AND subject = ANY($2::text[])
ORDER BY subject FOR UPDATE`,
};
const write: Statement = {
  name: 'write-pin-guard',
  text: 'UPDATE pin_guard SET wrong_tries = $3, tried_at = $4 WHERE merchant_id = $1 AND subject = $2',
};
const forget: Statement = {
  name: 'forget-pin-guard',
  text: 'DELETE FROM pin_guard WHERE merchant_id = $1 AND subject = $2',
};

interface GuardRow extends Row {
  readonly subject: string;
  readonly wrong_tries: number;
  readonly tried_at: Date;
}

type KnownGuard = { readonly subject: string; readonly kind: PinGuardKind; readonly guard: PinGuard | null };

/** Counts one try for both, or for neither and tells the longer wait. Within a transaction. */
export async function countPinTry(
  connection: Connection,
  tried: PinTry,
  at: Instant,
): Promise<Result<null, DurationMs>> {
  const subjects = [tried.personId, tried.deviceId];
  await connection.query(make, [tried.merchantId, subjects]);
  const guards = await lockGuards(connection, tried.merchantId, subjects);
  const counted = guards.map(({ subject, kind, guard }) => ({ subject, outcome: countTry(kind, guard, at) }));
  const waits = counted.flatMap(({ outcome }) => (outcome.ok ? [] : [outcome.failure]));
  if (waits.length > 0) return failure(durationMs(Math.max(...waits)));
  for (const { subject, outcome } of counted) {
    if (outcome.ok) await writeGuard(connection, tried.merchantId, subject, outcome.value);
  }
  return success(null);
}

/** Takes a try back that turned out right. Within a transaction. */
export async function forgivePinTry(connection: Connection, tried: PinTry): Promise<void> {
  for (const known of await lockGuards(connection, tried.merchantId, [tried.personId, tried.deviceId])) {
    const left = known.guard === null ? null : forgiveTry(known.kind, known.guard);
    await writeGuard(connection, tried.merchantId, known.subject, left);
  }
}

/** Forgets every wrong try at somebody's PIN: they have another now. */
export async function forgetPinTries(connection: Connection, merchantId: MerchantId, subject: string): Promise<void> {
  await writeGuard(connection, merchantId, subject, null);
}

async function lockGuards(
  connection: Connection,
  merchantId: MerchantId,
  subjects: readonly string[],
): Promise<readonly KnownGuard[]> {
  const rows = await connection.query<GuardRow>(lock, [merchantId, subjects]);
  return rows.map((row) => ({
    subject: row.subject,
    kind: row.subject.startsWith('per_') ? 'person' : 'device',
    guard: row.wrong_tries === 0 ? null : { wrongTries: row.wrong_tries, triedAt: instant(row.tried_at.getTime()) },
  }));
}

async function writeGuard(
  connection: Connection,
  merchantId: MerchantId,
  subject: string,
  guard: PinGuard | null,
): Promise<void> {
  if (guard === null) await connection.query(forget, [merchantId, subject]);
  else await connection.query(write, [merchantId, subject, guard.wrongTries, formatInstant(guard.triedAt)]);
}
