// Sends the same request until it is answered: for what is named by an idempotency key, or only looks.

import type { Result } from '#foundation/result.ts';
import type { Trouble } from './store-client.ts';

/** Time and chance, as parameters, so that tests need not wait. */
export interface Ambient {
  /** Epoch milliseconds of the till's own clock. */
  nowMs(): number;
  /** Calls `act` once after `waitMs`; the answer calls it off. */
  after(waitMs: number, act: () => void): () => void;
  makeKey(): string;
}

export type Refused = Extract<Trouble, { kind: 'refused' }>;
export type Sent<Value> = Result<Value, Refused | { readonly kind: 'gave-up' }>;

const firstWaitMs = 300;
const waitMsMax = 3_000;

/** How long to wait after the `tries`-th silence: 300 ms, doubling, at most 3 s; or as long as the server asks. */
export function waitAfter(tries: number, retryAfterMs: number): number {
  return Math.max(Math.min(waitMsMax, firstWaitMs * 2 ** Math.min(tries - 1, 10)), retryAfterMs);
}

/**
 * Repeats `send` while the server cannot be reached. `goesOn` is asked before every repeat; when it says no the outcome is
 * `gave-up`, which says nothing about what the server did.
 */
export async function sendUntilAnswered<Value>(
  ambient: Ambient,
  send: () => Promise<Result<Value, Trouble>>,
  goesOn: () => boolean,
  onSilence: () => void,
): Promise<Sent<Value>> {
  for (let tries = 1; ; tries += 1) {
    const answer = await send();
    if (answer.ok) return answer;
    if (answer.failure.kind === 'refused') return { ok: false, failure: answer.failure };
    onSilence();
    const waitMs = waitAfter(tries, answer.failure.retryAfterMs);
    await new Promise<void>((resolve) => ambient.after(waitMs, resolve));
    if (!goesOn()) return { ok: false, failure: { kind: 'gave-up' } };
  }
}
