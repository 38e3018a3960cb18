// Alipay writes time as Beijing has it (UTC+8, no summer time). This is the only place where such text meets an Instant.

import { durationMs, formatInstant, type Instant, instant, plus } from '#foundation/instant.ts';

const beijingOffset = durationMs(8 * 3_600_000);

/** `yyyy-MM-dd HH:mm:ss`, the domestic gateway's form. */
export function toBeijingText(at: Instant): string {
  return formatInstant(plus(at, beijingOffset)).slice(0, 19).replace('T', ' ');
}

/** Reads `yyyy-MM-dd HH:mm:ss` (fractions allowed); `null` when it is not such text. */
export function fromBeijingText(text: string | undefined): Instant | null {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)$/.exec(text ?? '');
  return match === null ? null : readTime(`${match[1]}T${match[2]}`, '+08:00');
}

/** ISO 8601 with Beijing's offset and without fractions, the global API's form. */
export function toOffsetText(at: Instant): string {
  return `${formatInstant(plus(at, beijingOffset)).slice(0, 19)}+08:00`;
}

/** Reads ISO 8601 with any offset, also `+0800`; `null` when it is not such text. */
export function fromOffsetText(text: string | undefined): Instant | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?:Z|([+-]\d\d):?(\d\d))$/.exec(text ?? '');
  const [, local = '', hours, minutes] = match ?? [];
  return match === null ? null : readTime(local, hours === undefined ? 'Z' : `${hours}:${minutes}`);
}

// The engine takes 30 February for 2 March, and 24:00 for the next day; Alipay writes neither.
function readTime(local: string, offset: string): Instant | null {
  const wall = Date.parse(`${local}Z`);
  const epochMs = Date.parse(`${local}${offset}`);
  if (Number.isNaN(wall) || Number.isNaN(epochMs)) return null;
  return formatInstant(instant(wall)).slice(0, 19) === local.slice(0, 19) ? instant(epochMs) : null;
}
