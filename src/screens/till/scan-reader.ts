// Tells a scanner from a person at the same keyboard, and knows when a code is complete. A scanner in keyboard-wedge mode is a
// very fast typist, so rhythm, length and shape decide; the time of each key comes from the keyboard event, not from the moment
// at which the page got round to it.
//
// Pure: (state, key) → (state, verdict). The page acts on verdicts (page-scanner.ts).
//
//   burst     keys with no gap over `typingGapMs`
//   chain     the keys typed right before the burst, with no gap over `looseGapMs`: a person's amount, or the beginning of a
//             scan that stalled before it was known as one
//   claimed   a burst that no person types; from then on its keys belong to the scan and the focused field gets none
//   complete  a terminator (Enter, Tab), a shape that cannot grow any more, or a silence after a shape that can
//
// Alipay codes have 16 to 24 digits, so 18 digits may be a whole code or the first part of a longer one. Without a terminator
// only silence can tell; how long depends on how fast this scanner has been so far in this very code.

import { recognise } from '#checkout/index.ts';

export type Keystroke = {
  readonly key: string;
  readonly atMs: number;
  /** True when a text field has the focus: there a person may well type a whole code. */
  readonly inField?: boolean;
};

export type ReaderState = {
  /** Keys of the burst so far. */
  readonly text: string;
  /** The bursts before this one that may belong to it, oldest first. */
  readonly chain: readonly string[];
  /** Time before each key of the burst after its first. */
  readonly gapsMs: readonly number[];
  readonly lastMs: number;
  readonly claimed: boolean;
  /** Claimed for its length though it came slowly. */
  readonly slow: boolean;
  /** Until then the tail of a code that was already read is swallowed: its Enter, and digits that came after a hiccup. */
  readonly swallowUntilMs: number;
};

/**
 * `typing`: leave the key to the page; `begins` says that a chain or a burst starts with it (remember what the page looks like).
 * `claimed`: the burst is a scan; take back what its keys have typed, and what the `undo` bursts before it have typed.
 * `reading`: one more key of it. `swallowed`: its tail.
 * `scanned`: complete. `typedBefore` are keys that a person pressed right before the scan: they stay typed. The `undo` bursts
 * before it were a part of it.
 * `unsure`: the burst before the scan may be a part of the code or of the amount; charging either would be a guess.
 */
export type Verdict =
  | { readonly kind: 'typing'; readonly begins: 'chain' | 'burst' | null }
  | { readonly kind: 'claimed' | 'unsure'; readonly undo: number }
  | { readonly kind: 'reading' | 'swallowed' }
  | { readonly kind: 'scanned'; readonly text: string; readonly typedBefore: string; readonly undo: number };

export type Step = { readonly state: ReaderState; readonly verdict: Verdict };

/** The slowest Bluetooth scanners leave up to 80 ms between two keys; a person over ten digits leaves more. */
const typingGapMs = 100;
/** A scanner's connection stalls up to this long; keys further apart have nothing to do with each other. */
const looseGapMs = 400;
/** No person strikes keys this fast several times in a row. */
const machineGapMs = 25;
const machineKeys = 4;
/** At a person's best rhythm, still nobody types this many keys with no gap over `typingGapMs`. */
const claimKeys = 6;
/** No amount has so many digits, so that outside a field they can only be a code, however slowly they come. */
const chainDigits = 12;
/**
 * A claimed burst that is no whole code yet may stall this long before it is taken as ended: long for Bluetooth, which sends
 * again; short for a wire, so that two labels scanned one after the other never become one code.
 */
const stallMs = 500;
const wiredStallMs = 250;
const wiredGapMs = 15;
const slowStallMs = 1_200;
const silenceMsMax = 300;
const swallowMs = 300;
const textMax = 128;
const chainMax = 24;

const aimPrefix = /^\][A-Za-z][0-9A-Za-z]/;
const endKeys: ReadonlySet<string> = new Set(['Enter', 'Tab', '\n', '\r']);

export const idleReader: ReaderState = {
  text: '',
  chain: [],
  gapsMs: [],
  lastMs: Number.NEGATIVE_INFINITY,
  claimed: false,
  slow: false,
  swallowUntilMs: Number.NEGATIVE_INFINITY,
};

/** Takes one key. `key` is a printable character, or the name of a key, as in `KeyboardEvent.key`. */
export function readKey(state: ReaderState, { key, atMs, inField = false }: Keystroke): Step {
  const isEnd = endKeys.has(key);
  const isPrintable = [...key].length === 1 && !isEnd;
  if (atMs <= state.swallowUntilMs && (isEnd || isPrintable)) {
    return { state: { ...state, swallowUntilMs: atMs + swallowMs }, verdict: { kind: 'swallowed' } };
  }
  const burst = carryOn(state, atMs);
  if (isEnd && burst.claimed) return finished(burst, atMs);
  if (!isPrintable) return { state: idleReader, verdict: { kind: 'typing', begins: 'chain' } };

  const gapsMs = burst.text === '' ? [] : [...burst.gapsMs, atMs - state.lastMs].slice(1 - textMax);
  const grown: ReaderState = { ...burst, text: (burst.text + key).slice(-textMax), gapsMs, lastMs: atMs };
  const next = burst.claimed ? grown : claim(grown, inField);
  // A burst of which no key was typed is not on the page's list.
  const undo = next.slow ? grown.chain.length - (burst.text === '' ? 1 : 0) : 0;
  if (next.claimed && cannotGrow(next.text)) return finished(next, atMs);
  if (burst.claimed) return { state: next, verdict: { kind: 'reading' } };
  if (next.claimed) return { state: next, verdict: { kind: 'claimed', undo } };
  const begins = burst.text !== '' ? null : burst.chain.length === 0 ? 'chain' : 'burst';
  return { state: next, verdict: { kind: 'typing', begins } };
}

/** When to call `readSilence` if no key comes before, or `undefined` when nothing waits for silence. */
export function silenceDueMs(state: ReaderState): number | undefined {
  if (!state.claimed) return undefined;
  const isOpen = state.slow || !mayBeWhole(state.text);
  return state.lastMs + (isOpen ? stallLimitMs(state) : silenceMs(state.gapsMs));
}

/** Takes the silence: completes the claimed burst. */
export function readSilence(state: ReaderState, nowMs: number): Step {
  const dueMs = silenceDueMs(state);
  if (dueMs === undefined || nowMs < dueMs) return { state, verdict: { kind: 'typing', begins: null } };
  return finished(state, nowMs);
}

function stallLimitMs({ slow, gapsMs }: ReaderState): number {
  if (slow) return slowStallMs;
  return Math.max(0, ...gapsMs) <= wiredGapMs ? wiredStallMs : stallMs;
}

// The burst goes on, or becomes the end of a chain, or lies too far back to matter.
function carryOn(state: ReaderState, atMs: number): ReaderState {
  const gapMs = atMs - state.lastMs;
  if (state.claimed) return gapMs <= stallLimitMs(state) ? state : idleReader;
  if (gapMs <= typingGapMs) return state;
  if (gapMs > looseGapMs) return idleReader;
  return { ...idleReader, chain: [...state.chain, state.text].slice(-chainMax) };
}

function claim(state: ReaderState, inField: boolean): ReaderState {
  if (isMachine(state.text, state.gapsMs)) return { ...state, claimed: true };
  const whole = state.chain.join('') + state.text;
  const isLong = !inField && whole.length >= chainDigits && /^\d+$/.test(whole.replace(aimPrefix, ''));
  return isLong ? { ...state, text: whole, chain: [], claimed: true, slow: true } : state;
}

function finished(state: ReaderState, atMs: number): Step {
  const done: ReaderState = { ...idleReader, swallowUntilMs: atMs + swallowMs };
  const start = codeStart(state);
  const text = state.text.slice(start);
  const typedBefore = state.text.slice(0, start);
  const scanned = (found: string, undo: number): Step => ({
    state: done,
    verdict: { kind: 'scanned', text: found, typedBefore, undo },
  });
  if (state.chain.length === 0 || start > 0) return scanned(text, 0);
  const { kind } = recognise(text);
  const joins = possibleJoins(state.chain, text);
  const undo = Math.max(0, ...joins);
  if (joins.length > 1 || (joins.length === 1 && kind !== 'unreadable')) {
    return { state: done, verdict: { kind: 'unsure', undo } };
  }
  if (undo > 0) return scanned(state.chain.slice(-undo).join('') + text, undo);
  const isRest = kind === 'unreadable' && /^\d+$/.test(state.chain.join(''));
  return scanned(text, isRest ? state.chain.length : 0);
}

/**
 * How many of the bursts before it make the text an Alipay code: every number that does. Several single keys in a row are a
 * person's, such as the end of 12.28 keyed right before the scan, and are never a part of it.
 */
function possibleJoins(chain: readonly string[], text: string): readonly number[] {
  const counts = chain.map((_, index) => index + 1);
  return counts.filter((count) => {
    const bursts = chain.slice(-count);
    const isPersons = count > 1 && bursts.every((burst) => burst.length === 1);
    return !isPersons && recognise(bursts.join('') + text).kind === 'alipay';
  });
}

function isMachine(text: string, gapsMs: readonly number[]): boolean {
  if (text.length >= 3 && aimPrefix.test(text)) return true;
  if (text.length >= claimKeys) return true;
  const latest = gapsMs.slice(1 - machineKeys);
  return latest.length === machineKeys - 1 && latest.every((gapMs) => gapMs <= machineGapMs);
}

/** Shapes that are complete by themselves: the longest Alipay code, and the face-pay code. */
function cannotGrow(text: string): boolean {
  const body = text.replace(aimPrefix, '');
  return /^(?:2[5-9]|30)\d{22}$/.test(body) || /^fp.{33}$/i.test(body);
}

/** Shapes that may be complete and may still grow. A number that begins like an Alipay code is given the time to become one. */
function mayBeWhole(text: string): boolean {
  const body = text.replace(aimPrefix, '');
  return /^(?:2[5-9]|30)/.test(body) ? /^\d{16,}$/.test(body) : /^\d{8,}$/.test(body);
}

/**
 * The silence that means "done": four times the scanner's widest gap so far, at least 32 ms; at most 40 ms while it is a fast
 * one, because the cashier feels this wait, and up to 300 ms for a slow one, where half a code would be worse.
 */
function silenceMs(gapsMs: readonly number[]): number {
  const widestMs = Math.max(0, ...gapsMs);
  if (widestMs <= wiredGapMs) return Math.min(40, Math.max(32, widestMs * 4));
  return Math.min(silenceMsMax, widestMs * 3);
}

/**
 * Where the code begins in the burst: 0, unless a person's last keys ran straight into a fast scanner's first. Taken only on
 * strong evidence: one clear pause, nothing but machine rhythm after it, and a whole Alipay code behind it.
 */
function codeStart({ text, gapsMs }: ReaderState): number {
  const pause = gapsMs.findLastIndex((gapMs) => gapMs > 12);
  if (pause < 0 || (gapsMs[pause] ?? 0) < 40) return 0;
  return recognise(text.slice(pause + 1)).kind === 'alipay' ? pause + 1 : 0;
}
