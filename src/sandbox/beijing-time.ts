// Alipay speaks Beijing time, which has been UTC+8 without summer time since 1991: plain arithmetic, no time-zone data.

import { type Instant, instant } from '#foundation/instant.ts';

const aheadMs = 8 * 3_600_000;
const dayMs = 86_400_000;

/** `2026-11-23 10:00:00`, as OpenAPI v2 writes times. */
export function beijingText(at: Instant): string {
  return new Date(at + aheadMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** `20261123`, the head of every trade number. */
export function beijingDay(at: Instant): string {
  return new Date(at + aheadMs).toISOString().slice(0, 10).replaceAll('-', '');
}

/** `2026-11-23T10:00:00+08:00`, as the global API writes times. */
export function beijingIso(at: Instant): string {
  return `${new Date(at + aheadMs).toISOString().slice(0, 19)}+08:00`;
}

/** The next midnight in Beijing, strictly after `at`. */
export function nextBeijingMidnight(at: Instant): Instant {
  return instant((Math.floor((at + aheadMs) / dayMs) + 1) * dayMs - aheadMs);
}

/** Reads `yyyy-MM-dd HH:mm[:ss]` as Beijing time; `undefined` when it is not one or names no real moment. */
export function parseBeijing(text: string): Instant | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})(:\d{2})?$/.exec(text);
  if (match === null) return undefined;
  const whole = `${match[1]}T${match[2]}${match[3] ?? ':00'}`;
  const epochMs = Date.parse(`${whole}+08:00`);
  if (Number.isNaN(epochMs)) return undefined;
  // Date.parse turns 30 February into 2 March; the round trip does not.
  return new Date(epochMs + aheadMs).toISOString().startsWith(whole) ? instant(epochMs) : undefined;
}

/** Reads an ISO 8601 date and time with its offset; `undefined` when it is not one. */
export function parseIso(text: string): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/.test(text)) return undefined;
  const epochMs = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(epochMs) ? undefined : instant(epochMs);
}
