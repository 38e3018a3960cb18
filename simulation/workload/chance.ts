// What people choose and how long they take, drawn from one sale's own chance. Time is whole milliseconds; weights are parts of a
// hundred, so that a table of habits can be read as shares.

import { type DurationMs, durationMs } from '#foundation/instant.ts';
import { below, type Random, seededRandom } from '#foundation/random.ts';

export const secondMs = 1_000;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;

/** One row of `table`, each as likely as its weight says. */
export function chosen<Row extends { readonly weight: number }>(random: Random, table: readonly Row[]): Row {
  let total = 0;
  for (const row of table) total += row.weight;
  let drawn = below(random, total);
  for (const row of table) {
    if (drawn < row.weight) return row;
    drawn -= row.weight;
  }
  throw new Error('Nothing to choose from');
}

/** True in `percent` of a hundred draws. */
export function isLikely(random: Random, percent: number): boolean {
  return below(random, 100) < percent;
}

/** A time from `fromMs` to `toMs`, both included. */
export function someTime(random: Random, fromMs: number, toMs: number): DurationMs {
  return durationMs(fromMs + below(random, toMs - fromMs + 1));
}

/** Draws of its own for one person: what somebody else draws meanwhile does not change them. */
export function ownDraws(random: Random): Random {
  return seededRandom(random.uint32());
}
