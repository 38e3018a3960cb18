// A scanner in keyboard-wedge mode: keys through the browser's own input, with the rhythm of the device. All keys are handed over
// without waiting for each to be dealt with, as a cable does.

import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';

export type Manner = {
  /** Between two keys: 1–10 ms by cable, 30–80 ms by Bluetooth. */
  readonly gapMs: number;
  /** What the scanner is set to send in front of a code. */
  readonly prefix: string;
  readonly end: 'Enter' | 'none';
};

export const byCable: Manner = { gapMs: 1, prefix: '', end: 'Enter' };

export class Scanner {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async connect(page: Page): Promise<Scanner> {
    return new Scanner(await page.context().newCDPSession(page));
  }

  /** Sends one code. Resolves when the page has had its last key. */
  async scan(code: string, { gapMs, prefix, end }: Manner = byCable): Promise<void> {
    const keys = [...prefix, ...code, ...(end === 'Enter' ? ['Enter'] : [])];
    const beginMs = Date.now();
    const sent: Promise<unknown>[] = [];
    for (const [index, key] of keys.entries()) {
      const dueMs = beginMs + index * gapMs;
      if (gapMs > 10) await sleep(Math.max(0, dueMs - Date.now()));
      // The time at which the device sent the key; a busy machine may hand it over a little later.
      sent.push(...this.#strike(key, dueMs));
    }
    await Promise.all(sent);
  }

  #strike(key: string, atMs: number): readonly Promise<unknown>[] {
    const about = { key, code: codeOf(key), windowsVirtualKeyCode: virtualKeyOf(key), timestamp: atMs / 1000 };
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
  return key === ']' ? 'BracketRight' : key === 'Enter' ? 'Enter' : '';
}

function virtualKeyOf(key: string): number {
  if (key === 'Enter') return 13;
  return key === ']' ? 221 : key.toUpperCase().charCodeAt(0);
}
