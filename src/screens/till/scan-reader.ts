// Tells a scanner from a person at the same keyboard, and knows when a code is complete. A scanner in keyboard-wedge mode is a
// very fast typist, so rhythm, length and shape decide; the time of each key comes from the keyboard event, not from the moment
// at which the page got round to it.
//
// Pure: (state, key) → (state, verdict). The page acts on verdicts (page-scanner.ts).
//
//   burst     keys with no gap over `typingGapMs`
//   claimed   a burst that no person types; from then on its keys belong to the scan and the focused field gets none
//   complete  a terminator (Enter, Tab), a shape that cannot grow any more, or a silence after a shape that can
//
// Alipay codes have 16 to 24 digits, so 18 digits may be a whole code or the first part of a longer one. Without a terminator
// only silence can tell; how long depends on how fast this scanner has been so far in this very code.

export type Keystroke = { readonly key: string; readonly atMs: number };

export type ReaderState = {
  /** Keys of the burst so far. */
  readonly text: string;
  /** Time before each key after the first, parallel to `text` from its second key on. */
  readonly gapsMs: readonly number[];
  readonly lastMs: number;
  readonly claimed: boolean;
  /** Until then, the tail of a code that was already read (its Enter, its line feed) is swallowed. */
  readonly swallowUntilMs: number;
};

/**
 * `typing`: leave the key to the page; `first` when it begins a burst (remember what the page looks like).
 * `claimed`: the burst is a scan; take back what its keys have typed. `reading`: one more key of it. `swallowed`: its tail.
 * `scanned`: complete. `typedBefore` are keys that a person pressed right before the scan: they stay typed.
 */
export type Verdict =
  | { readonly kind: 'typing'; readonly first: boolean }
  | { readonly kind: 'claimed' | 'reading' | 'swallowed' }
  | { readonly kind: 'scanned'; readonly text: string; readonly typedBefore: string };

export type Step = { readonly state: ReaderState; readonly verdict: Verdict };

/** The slowest Bluetooth scanners leave up to 80 ms between two keys; a person over ten digits leaves more. */
const typingGapMs = 100;
/** No person strikes keys this fast several times in a row. */
const machineGapMs = 25;
const machineKeys = 4;
/** At a person's best rhythm, still nobody types this many keys with no gap over `typingGapMs`. */
const claimKeys = 6;
/** A claimed burst that is no whole code yet may stall (Bluetooth resends) this long before it is taken as ended. */
const stallMs = 500;
const silenceMsMax = 300;
const swallowMs = 180;
const textMax = 128;

const aimPrefix = /^\][A-Za-z][0-9A-Za-z]/;
const aimBeginning = /^\][A-Za-z]?[0-9A-Za-z]?$/;
const endKeys: ReadonlySet<string> = new Set(['Enter', 'Tab']);

export const idleReader: ReaderState = {
  text: '',
  gapsMs: [],
  lastMs: Number.NEGATIVE_INFINITY,
  claimed: false,
  swallowUntilMs: Number.NEGATIVE_INFINITY,
};

/** Takes one key. `key` is a printable character, or the name of a key, as in `KeyboardEvent.key`. */
export function readKey(state: ReaderState, { key, atMs }: Keystroke): Step {
  if (atMs <= state.swallowUntilMs && isTail(key)) {
    return { state: { ...state, swallowUntilMs: atMs + swallowMs }, verdict: { kind: 'swallowed' } };
  }
  const gapMs = atMs - state.lastMs;
  const goesOn = state.text !== '' && gapMs <= (state.claimed ? stallMs : typingGapMs);
  const burst = goesOn ? state : idleReader;
  if (endKeys.has(key)) return endOfBurst(burst, atMs);
  if ([...key].length !== 1) return { state: idleReader, verdict: { kind: 'typing', first: true } };

  const text = (burst.text + key).slice(-textMax);
  const gapsMs = goesOn ? [...burst.gapsMs, gapMs].slice(1 - textMax) : [];
  const claimed = burst.claimed || isMachine(text, gapsMs);
  const next: ReaderState = { text, gapsMs, lastMs: atMs, claimed, swallowUntilMs: Number.NEGATIVE_INFINITY };
  if (claimed && cannotGrow(text)) return finished(next, atMs);
  if (claimed) return { state: next, verdict: { kind: burst.claimed ? 'reading' : 'claimed' } };
  return { state: next, verdict: { kind: 'typing', first: !goesOn } };
}

/** When to call `readSilence` if no key comes before, or `undefined` when nothing waits for silence. */
export function silenceDueMs(state: ReaderState): number | undefined {
  if (!state.claimed) return undefined;
  return state.lastMs + (mayBeWhole(state.text) ? silenceMs(state.gapsMs) : stallMs);
}

/** Takes the silence: completes the claimed burst. */
export function readSilence(state: ReaderState, nowMs: number): Step {
  const dueMs = silenceDueMs(state);
  if (dueMs === undefined || nowMs < dueMs) return { state, verdict: { kind: 'typing', first: false } };
  return finished(state, nowMs);
}

// A terminator ends a scan at once. After a burst too short or too slow to be a scanner's it is the person's own Enter or Tab.
function endOfBurst(burst: ReaderState, atMs: number): Step {
  if (burst.claimed) return finished(burst, atMs);
  return { state: idleReader, verdict: { kind: 'typing', first: true } };
}

function finished(state: ReaderState, atMs: number): Step {
  const start = codeStart(state);
  return {
    state: { ...idleReader, swallowUntilMs: atMs + swallowMs },
    verdict: { kind: 'scanned', text: state.text.slice(start), typedBefore: state.text.slice(0, start) },
  };
}

function isMachine(text: string, gapsMs: readonly number[]): boolean {
  if (text.startsWith(']') && text.length >= 3 && aimBeginning.test(text)) return true;
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
  if (widestMs <= 15) return Math.min(40, Math.max(32, widestMs * 4));
  return Math.min(silenceMsMax, widestMs * 3);
}

/**
 * Where the code begins in the burst: 0, unless a person's last keys ran straight into a fast scanner's first. Taken only on
 * strong evidence: one clear pause, nothing but machine rhythm after it, and a whole Alipay code behind it.
 */
function codeStart({ text, gapsMs }: ReaderState): number {
  const pause = gapsMs.findLastIndex((gapMs) => gapMs > 12);
  if (pause < 0 || (gapsMs[pause] ?? 0) < 40) return 0;
  const rest = text.slice(pause + 1).replace(aimPrefix, '');
  return /^(?:2[5-9]|30)\d{14,22}$/.test(rest) ? pause + 1 : 0;
}

function isTail(key: string): boolean {
  return endKeys.has(key) || key === '\n' || key === '\r';
}
