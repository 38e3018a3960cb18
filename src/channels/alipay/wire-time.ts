// Alipay writes time as Beijing has it (UTC+8, no summer time). This is the only place where such text meets an Instant.

import { durationMs, formatInstant, type Instant, instant, plus } from '#foundation/instant.ts';

const beijingOffset = durationMs(8 * 3_600_000);

/** `yyyy-MM-dd HH:mm:ss`, the domestic gateway's form. */
export function toBeijingText(at: Instant): string {
  return formatInstant(plus(at, beijingOffset)).slice(0, 19).replace('T', ' ');
}

/** Reads `yyyy-MM-dd HH:mm:ss` (fractions allowed); `null` when it is not such text. */
export function fromBeijingText(text: string | undefined): Instant | null {
  if (text === undefined || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?$/.test(text)) return null;
  return parsed(`${text.replace(' ', 'T')}+08:00`);
}

/** ISO 8601 with Beijing's offset and without fractions, the global API's form. */
export function toOffsetText(at: Instant): string {
  return `${formatInstant(plus(at, beijingOffset)).slice(0, 19)}+08:00`;
}

/** Reads ISO 8601 with any offset, also `+0800`; `null` when it is not such text. */
export function fromOffsetText(text: string | undefined): Instant | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?:Z|([+-]\d\d):?(\d\d))$/.exec(text ?? '');
  if (match === null) return null;
  return parsed(`${match[1]}${match[2] === undefined ? 'Z' : `${match[2]}:${match[3]}`}`);
}

function parsed(text: string): Instant | null {
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? null : instant(epochMs);
}
