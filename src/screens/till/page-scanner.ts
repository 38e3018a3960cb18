// Binds the scan reader to the page: the scan target is the whole page, whatever has focus. Keys of a scan are kept from the
// focused field, and what its first keys typed before it was known as a scan is taken back.

import { recognise } from '#checkout/index.ts';
import { idleReader, type ReaderState, readKey, readSilence, type Step, silenceDueMs } from './scan-reader.ts';

export interface ScanActs {
  /** A key that a person pressed outside any field. True when it was used. */
  typed(key: string, event: KeyboardEvent): boolean;
  /** Remembers what typing may change; the answer puts it back. */
  remember(): () => void;
  /** A scan has begun; its code is not yet complete. */
  scanBegun(): void;
  /** Keys pressed right before a scan that belong to the person. */
  retype(keys: string): void;
  scanned(text: string): void;
  /** Keys came together that may be a code or an amount with a code: nothing was charged. */
  unsure(): void;
}

/** Starts listening; the answer stops it. */
export function scanWholePage(acts: ScanActs): () => void {
  const scanner = new PageScanner(acts);
  const stop = new AbortController();
  const { signal } = stop;
  // Capture: before any field, button or dialog gets the key.
  window.addEventListener('keydown', (event) => scanner.keyDown(event), { capture: true, signal });
  window.addEventListener('paste', (event) => scanner.paste(event), { capture: true, signal });
  return () => {
    stop.abort();
    scanner.close();
  };
}

const putBacksMax = 32;

class PageScanner {
  readonly #acts: ScanActs;
  #state: ReaderState = idleReader;
  /** What puts the page back to the start of each burst of the chain, the current one last. */
  #putBacks: readonly (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(acts: ScanActs) {
    this.#acts = acts;
  }

  keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = keyOf(event);
    if (key === undefined) return;
    // A key held down repeats as fast as a scanner; a scanner does not hold keys down.
    if (event.repeat && !this.#state.claimed) {
      this.#typed(key, event);
      return;
    }
    const step = readKey(this.#state, { key, atMs: event.timeStamp, inField: isField(event.target) });
    this.#state = step.state;
    if (step.verdict.kind === 'typing') {
      if (step.verdict.begins !== null) this.#remember(step.verdict.begins);
      this.#typed(key, event);
    } else {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.#act(step);
    }
    this.#awaitSilence();
  }

  paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData('text') ?? '';
    const kind = recognise(text).kind;
    const isNoPaymentCode = kind === 'unreadable' || kind === 'product';
    if (text === '' || (isNoPaymentCode && isField(event.target))) return;
    event.preventDefault();
    this.#acts.scanned(text);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #typed(key: string, event: KeyboardEvent): void {
    if (this.#acts.typed(key, event)) event.preventDefault();
  }

  #act({ verdict }: Step): void {
    if (verdict.kind === 'claimed') {
      this.#undo(verdict.undo);
      this.#acts.scanBegun();
    } else if (verdict.kind === 'unsure') {
      this.#undo(verdict.undo);
      this.#acts.unsure();
    } else if (verdict.kind === 'scanned') {
      if (verdict.undo > 0) this.#undo(verdict.undo);
      if (verdict.typedBefore !== '') this.#acts.retype(verdict.typedBefore);
      this.#acts.scanned(verdict.text);
    }
  }

  #remember(begins: 'chain' | 'burst'): void {
    this.#putBacks = [...(begins === 'chain' ? [] : this.#putBacks), this.#rememberPage()].slice(-putBacksMax);
  }

  #undo(burstsBefore: number): void {
    this.#putBacks.at(-1 - burstsBefore)?.();
  }

  #awaitSilence(): void {
    clearTimeout(this.#timer);
    const dueMs = silenceDueMs(this.#state);
    if (dueMs === undefined) return;
    this.#timer = setTimeout(() => this.#heardNothing(dueMs), Math.max(0, dueMs - performance.now()));
  }

  #heardNothing(dueMs: number): void {
    // A timer that runs late means that the page was busy, and keys may wait behind it: let them come first.
    if (performance.now() - dueMs > 12) {
      this.#timer = setTimeout(() => this.#heardNothing(performance.now()), 4);
      return;
    }
    const step = readSilence(this.#state, Math.max(dueMs, performance.now()));
    this.#state = step.state;
    this.#act(step);
  }

  #rememberPage(): () => void {
    const putBackPage = this.#acts.remember();
    const field = document.activeElement;
    if (!(field instanceof HTMLInputElement)) return putBackPage;
    const { value } = field;
    return () => {
      putBackPage();
      setFieldValue(field, value);
    };
  }
}

/** Sets a field's value so that React hears of it, as if it had been typed. */
function setFieldValue(field: HTMLInputElement, value: string): void {
  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
  setter?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

export function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}

const modifiers: ReadonlySet<string> = new Set([
  'Shift',
  'Control',
  'Alt',
  'AltGraph',
  'Meta',
  'CapsLock',
  'NumLock',
  'Fn',
]);

/**
 * The key as a scanner meant it, or `undefined` for a bare modifier. A Chinese input method that is switched on hides
 * digits behind `Process`, and in full-width mode makes them ２８; the physical key still tells.
 */
function keyOf(event: KeyboardEvent): string | undefined {
  if (modifiers.has(event.key)) return undefined;
  if (event.key === 'Process' || event.key === 'Unidentified') {
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
    return digit ?? (event.code === 'NumpadEnter' ? 'Enter' : event.code);
  }
  return event.key.length === 1 ? event.key.normalize('NFKC') : event.key;
}
