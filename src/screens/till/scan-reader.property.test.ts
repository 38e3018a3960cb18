// Whatever the rhythm of the scanner within its limits, the code that comes out is the code that went in, once, and it is never
// a part of it. Seeds are printed by fast-check on failure and can be pinned here.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { idleReader, type ReaderState, readKey } from './scan-reader.ts';
import { play, type Stroke, staysTyped } from './testing/play-keys.ts';

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

function strokesOf(text: string, gapsMs: readonly number[], end: string | null): Stroke[] {
  return [...text, ...(end === null ? [] : [end])].map((key, index) => ({
    key,
    gapMs: index === 0 ? 1_000 : (gapsMs[index % gapsMs.length] ?? 0),
  }));
}

function scansOf(strokes: readonly Stroke[]): readonly string[] {
  return play(strokes).flatMap(({ verdict }) => (verdict.kind === 'scanned' ? [verdict.text] : []));
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
        const strokes = strokesOf(prefix + code, gapsMs, end);
        assert.deepEqual(scansOf(strokes), [prefix + code]);
        assert.equal(staysTyped(strokes), '');
      },
    ),
    { seed, numRuns: 2_000 },
  );
});

it(`never leaves a digit of a stalled Bluetooth scan in the amount, and never charges another code (seed ${seed})`, () => {
  fc.assert(
    fc.property(
      alipayCode,
      fc.integer({ min: 30, max: 80 }),
      // Two stalls never stand side by side: single keys are taken for a person's.
      fc.uniqueArray(
        fc.integer({ min: 0, max: 3 }).map((half) => 2 * half + 1),
        { maxLength: 2 },
      ),
      fc.integer({ min: 101, max: 390 }),
      (code, gapMs, stalls, stallMs) => {
        const strokes = strokesOf(code, [gapMs], 'Enter').map((stroke, index) =>
          stalls.includes(index) ? { ...stroke, gapMs: stallMs } : stroke,
        );
        const scans = scansOf(strokes);
        assert.ok(scans.length === 0 || (scans.length === 1 && scans[0] === code), `read ${scans.join(' and ')}`);
        assert.equal(staysTyped(strokes), '');
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
        assert.ok(state.text.length <= 256 && state.gapsMs.length <= 127 && state.chain.length <= 24);
      }
    }),
    { seed, numRuns: 300 },
  );
});
