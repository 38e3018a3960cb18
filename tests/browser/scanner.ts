// A scanner in keyboard-wedge mode: keys through the browser's own input, with the rhythm of the device. All keys are handed over
// without waiting for each to be dealt with, as a cable does.

import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';

export type Manner = {
  /** Between two keys: 2–10 ms by cable, 30–80 ms by Bluetooth; 1 is as fast as the browser takes them. */
  readonly gapMs: number;
  /** What the scanner is set to send in front of a code. */
  readonly prefix: string;
  readonly end: 'Enter' | 'none';
};

/** By cable, as most are set up. */
export const ordinary: Manner = { gapMs: 1, prefix: '', end: 'Enter' };

const restMs = 500;

export class Scanner {
  readonly #session: CDPSession;
  #restedAt = 0;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async connect(page: Page): Promise<Scanner> {
    return new Scanner(await page.context().newCDPSession(page));
  }

  /** Sends one code. Resolves when the page has had its last key. */
  async scan(code: string, { gapMs, prefix, end }: Manner = ordinary): Promise<void> {
    await sleep(Math.max(0, this.#restedAt - performance.now()));
    const keys = [...prefix, ...code, ...(end === 'Enter' ? ['Enter'] : [])];
    const beginMs = Date.now();
    const sent: Promise<unknown>[] = [];
    for (const [index, key] of keys.entries()) {
      const strokeMs = beginMs + index * gapMs;
      const isSlow = gapMs > 10;
      if (gapMs > 2) await sleep(Math.max(0, strokeMs - Date.now()));
      // A key carries the time of its stroke, so that a busy machine, which hands it over late, does not change the rhythm.
      sent.push(...this.#strike(key, isSlow ? { timestamp: strokeMs / 1000 } : {}));
    }
    await Promise.all(sent);
    this.rest();
  }

  /** The keyboard was used: nobody scans within the next half second, and a till may count on that. */
  rest(): void {
    this.#restedAt = performance.now() + restMs;
  }

  #strike(key: string, time: { readonly timestamp?: number }): readonly Promise<unknown>[] {
    const about = { key, code: codeOf(key), windowsVirtualKeyCode: virtualKeyOf(key), ...time };
    const text = key === 'Enter' ? '\r' : key;
    return [
      this.#session.send('Input.dispatchKeyEvent', { type: 'keyDown', text, unmodifiedText: text, ...about }),
      this.#session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...about }),
    ];
  }
}

function codeOf(key: string): string {
  if (/^\d$/.test(key)) return `Digit${key}`;
  if (/^[a-z]$/i.test(key)) return `Key${key.toUpperCase()}`;
  return { ']': 'BracketRight', '.': 'Period', '-': 'Minus', Enter: 'Enter' }[key] ?? '';
}

function virtualKeyOf(key: string): number {
  return { ']': 221, '.': 190, '-': 189, Enter: 13 }[key] ?? key.toUpperCase().charCodeAt(0);
}
