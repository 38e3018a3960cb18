// One call to the store server, for the journal's sender and for the catalogue's reader, which also works in a worker. As in
// store-client.ts, `unreachable` says nothing about what the server did and `refused` that it did nothing.

import { config } from 'zod';
import { failure, type Result, success } from '#foundation/result.ts';
import { problemSchema } from '#server/contract/problem.ts';
import type { Trouble } from '../store-client.ts';

// As in store-client.ts: the page's content security policy forbids code made from text, in its workers too.
config({ jitless: true });

export type Call = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string | null;
  readonly timeoutMs: number;
};

export type Reply = {
  readonly text: string;
  /** The server's clock when it answered, in whole seconds; `null` when it did not say. Epoch milliseconds. */
  readonly serverMs: number | null;
  /** From sending to the answer's beginning. */
  readonly tookMs: number;
};

export type ServerCall = (call: Call) => Promise<Result<Reply, Trouble>>;

const base = '/api/v1';
const retryAfterMsMax = 30_000;
const unreachable: Trouble = { kind: 'unreachable', retryAfterMs: 0 };

/** By the browser's own fetch. `onUnpaired` is called when the server does not know this till. */
export function makeServerCall(fetchIt: typeof fetch, onUnpaired: () => void): ServerCall {
  return async ({ method, path, body, timeoutMs }) => {
    try {
      const begin = performance.now();
      const response = await fetchIt(base + path, {
        method,
        headers: { accept: 'application/json', ...(body === null ? {} : { 'content-type': 'application/json' }) },
        body,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const tookMs = performance.now() - begin;
      const text = await response.text();
      if (response.ok) return success({ text, serverMs: readDate(response), tookMs });
      if (response.status === 401) onUnpaired();
      return failure(readTrouble(response, text));
    } catch {
      return failure(unreachable);
    }
  };
}

function readDate(response: Response): number | null {
  const epochMs = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(epochMs) ? null : epochMs;
}

// A till that is not paired, a busy server and somebody else's error page have in common that the same call goes through later.
function readTrouble(response: Response, text: string): Trouble {
  const { status } = response;
  const seconds = Number(response.headers.get('retry-after') ?? '0');
  const retryAfterMs = Number.isFinite(seconds) ? Math.min(retryAfterMsMax, Math.max(0, seconds) * 1000) : 0;
  if (status === 401 || status === 429 || status >= 500) return { kind: 'unreachable', retryAfterMs };
  const problem = problemSchema.safeParse(parseJson(text));
  return problem.success ? { kind: 'refused', status, problem: problem.data } : unreachable;
}

/** What a text means as JSON; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
