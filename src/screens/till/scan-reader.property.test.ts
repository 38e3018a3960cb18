// Whatever the rhythm of the scanner within its limits, the code that comes out is the code that went in, once, and it is never
// a part of it. Seeds are printed by fast-check on failure and can be pinned here.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { idleReader, type ReaderState, readKey, readSilence, silenceDueMs } from './scan-reader.ts';

const seed = 20261123;

const alipayCode = fc
  .tuple(fc.integer({ min: 25, max: 30 }), fc.stringMatching(/^\d{14,22}$/))
  .map(([prefix, rest]) => `${prefix}${rest}`);

// A wedge is steady or jittery around its own pace; Bluetooth delivers in batches.
const rhythm = fc.oneof(
  fc.record({ base: fc.integer({ min: 0, max: 10 }), jitter: fc.constant(2) }),
  fc.record({ base: fc.integer({ min: 30, max: 65 }), jitter: fc.integer({ min: 0, max: 15 }) }),
);

const terminator = fc.constantFrom('Enter', 'Tab', null);
const aimPrefix = fc.constantFrom('', ']C1', ']Q1', ']Q3');

function scan(text: string, gapsMs: readonly number[], end: string | null): readonly string[] {
  let state: ReaderState = idleReader;
  let nowMs = 5_000;
  const scans: string[] = [];
  const take = (step: ReturnType<typeof readKey>) => {
    state = step.state;
    if (step.verdict.kind === 'scanned') scans.push(step.verdict.text);
  };
  const letSilencePass = (untilMs: number) => {
    const dueMs = silenceDueMs(state);
    if (dueMs !== undefined && dueMs < untilMs) take(readSilence(state, dueMs));
  };
  [...text, ...(end === null ? [] : [end])].forEach((key, index) => {
    const gapMs = index === 0 ? 0 : (gapsMs[index % gapsMs.length] ?? 0);
    letSilencePass(nowMs + gapMs);
    nowMs += gapMs;
    take(readKey(state, { key, atMs: nowMs }));
  });
  letSilencePass(Number.POSITIVE_INFINITY);
  return scans;
}

it(`reads every code exactly once and whole, at every scanner's pace (seed ${seed})`, () => {
  fc.assert(
    fc.property(
      alipayCode,
      rhythm,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 30, maxLength: 30 }),
      terminator,
      aimPrefix,
      (code, { base, jitter }, shares, end, prefix) => {
        const gapsMs = shares.map((share) => base + share * jitter);
        assert.deepEqual(scan(prefix + code, gapsMs, end), [prefix + code]);
      },
    ),
    { seed, numRuns: 2_000 },
  );
});

it(`takes any keys at any times without failing, and keeps its memory bounded (seed ${seed})`, () => {
  const stroke = fc.record({
    key: fc.oneof(fc.string({ minLength: 1, maxLength: 1 }), fc.constantFrom('Enter', 'Tab', 'F1', 'Backspace', ']')),
    gapMs: fc.integer({ min: 0, max: 400 }),
  });
  fc.assert(
    fc.property(fc.array(stroke, { maxLength: 300 }), (strokes) => {
      let state: ReaderState = idleReader;
      let atMs = 0;
      for (const { key, gapMs } of strokes) {
        atMs += gapMs;
        state = readKey(state, { key, atMs }).state;
        assert.ok(state.text.length <= 128 && state.gapsMs.length <= 127);
      }
    }),
    { seed, numRuns: 300 },
  );
});
