// UTC instants inside; a store's day is its own type; elapsed time has its own clock, which no one can set back.
// Local-time text of a wire protocol becomes an Instant in its adapter and nowhere else.

import type { Brand } from './brand.ts';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Brand<number, 'Instant'>;
/** A span of time in milliseconds, never negative. */
export type DurationMs = Brand<number, 'DurationMs'>;
/** A store's day, `yyyy-mm-dd` in the store's time zone. */
export type BusinessDate = Brand<string, 'BusinessDate'>;

/** Time, as a parameter: production passes the machine's clock, simulation a virtual one. */
export interface Clock {
  now(): Instant;
  /** Milliseconds from an arbitrary start that never run backwards; only differences mean anything. */
  monotonicMs(): number;
  /** Calls `act` once, after `wait`; returns a function that calls it off. */
  after(wait: DurationMs, act: () => void): () => void;
}

export function instant(epochMs: number): Instant {
  return epochMs as Instant;
}

export function durationMs(ms: number): DurationMs {
  return Math.max(0, ms) as DurationMs;
}

export function plus(start: Instant, wait: DurationMs): Instant {
  return (start + wait) as Instant;
}

/** Time from `start` to `end`, or 0 when `end` is not later. */
export function between(start: Instant, end: Instant): DurationMs {
  return durationMs(end - start);
}

/** The store's day at an instant. */
export function businessDate(at: Instant, timeZone: string): BusinessDate {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at) as BusinessDate;
}

/** ISO 8601 in UTC, for JSON. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString();
}
