// How often a PIN may be tried. A PIN of four digits is found in a few thousand tries, so tries are what must be scarce: after five
// wrong ones each further try has to wait, longer each time. Counted for the person (whose PIN is sought) and for the device (from
// which many people's are). A try counts as wrong before it is looked at, so that fifty at once are fifty.

import { between, type DurationMs, durationMs, type Instant, plus } from '#foundation/instant.ts';
import { failure, type Result, success } from '#foundation/result.ts';

/** What is known of one person's or one device's wrong tries. */
export type PinGuard = { readonly wrongTries: number; readonly triedAt: Instant };

/** Whose tries are counted; `forgetMs` is how long it takes until one of them is forgotten. */
export const pinGuardKinds = {
  person: { forgetMs: durationMs(30 * 60_000) },
  // A till is shared, and many hands mistype: it forgets sooner, and nobody's right PIN clears it of what others tried.
  device: { forgetMs: durationMs(60_000) },
} as const;
export type PinGuardKind = keyof typeof pinGuardKinds;

const freeTries = 5;
const firstWaitMs = 5_000;
const waitMaxMs = 15 * 60_000;

/** The wait after so many wrong tries: none up to four, then 5 s, 10 s, 20 s … 15 min. */
export function pinWait(wrongTries: number): DurationMs {
  if (wrongTries < freeTries) return durationMs(0);
  return durationMs(Math.min(firstWaitMs * 2 ** Math.min(wrongTries - freeTries, 20), waitMaxMs));
}

/** Counts one more try, as if it were wrong; or says how long to wait, and then nothing is counted. */
export function countTry(kind: PinGuardKind, guard: PinGuard | null, at: Instant): Result<PinGuard, DurationMs> {
  if (guard === null) return success({ wrongTries: 1, triedAt: at });
  const waitMs = between(at, plus(guard.triedAt, pinWait(guard.wrongTries)));
  if (waitMs > 0) return failure(waitMs);
  const forgotten = Math.floor(between(guard.triedAt, at) / pinGuardKinds[kind].forgetMs);
  return success({ wrongTries: Math.max(0, guard.wrongTries - forgotten) + 1, triedAt: at });
}

/** A try that turned out right: the person starts afresh, the device has this one try taken back. `null`: nothing left to keep. */
export function forgiveTry(kind: PinGuardKind, guard: PinGuard): PinGuard | null {
  if (kind === 'person' || guard.wrongTries <= 1) return null;
  return { ...guard, wrongTries: guard.wrongTries - 1 };
}
