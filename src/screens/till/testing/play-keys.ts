// Plays keys to the scan reader as a keyboard does, and lets each silence come true when it is due before the next key, as the
// page's timer does.

import {
  idleReader,
  type ReaderState,
  readKey,
  readSilence,
  type Step,
  silenceDueMs,
  type Verdict,
} from '../scan-reader.ts';

export type Stroke = { readonly key: string; readonly gapMs: number; readonly inField?: boolean };
export type Seen = { readonly atMs: number; readonly key: string; readonly verdict: Verdict };

const startMs = 1_000;

/** What the reader said to each key and to each silence, and when. */
export function play(strokes: readonly Stroke[]): readonly Seen[] {
  let state: ReaderState = idleReader;
  let nowMs = startMs;
  const seen: Seen[] = [];
  const take = (step: Step, atMs: number, key: string) => {
    state = step.state;
    seen.push({ atMs, key, verdict: step.verdict });
  };
  const letSilencePass = (untilMs: number) => {
    const dueMs = silenceDueMs(state);
    if (dueMs !== undefined && dueMs < untilMs) take(readSilence(state, dueMs), dueMs, '');
  };
  for (const { key, gapMs, inField = false } of strokes) {
    letSilencePass(nowMs + gapMs);
    nowMs += gapMs;
    take(readKey(state, { key, atMs: nowMs, inField }), nowMs, key);
  }
  letSilencePass(Number.POSITIVE_INFINITY);
  return seen;
}

/** What stands typed on the page in the end: typed keys stay until a verdict takes them back. */
export function staysTyped(strokes: readonly Stroke[]): string {
  let typed = '';
  let starts: string[] = [];
  const undo = (burstsBefore: number) => {
    typed = starts.at(-1 - burstsBefore) ?? typed;
  };
  for (const { key, verdict } of play(strokes)) {
    if (verdict.kind === 'typing') {
      if (verdict.begins !== null) starts = [...(verdict.begins === 'chain' ? [] : starts), typed];
      if (key.length === 1) typed += key;
    } else if (verdict.kind === 'claimed' || verdict.kind === 'unsure') undo(verdict.undo);
    else if (verdict.kind === 'scanned') {
      if (verdict.undo > 0) undo(verdict.undo);
      typed += verdict.typedBefore;
    }
  }
  return typed;
}
