// The production transport: undici's connection pools with keep-alive. Whether a request left is read from undici's own
// moment of writing it (`onRequestStart`), not guessed from an error's name: an error before that moment is `not-sent`,
// anything after it is `lost`. So a reused connection that the other side has just dropped is `lost`. Pipelining stays at
// one, because undici would send the later requests of a broken pipeline again.

import { Agent, type Dispatcher } from 'undici';
import type { HttpOutcome, HttpRequest, HttpTransport } from './transport.port.ts';

/** An answer of these protocols has a few kilobytes; a larger body is refused while it is read. */
const bodyBytesMax = 1024 * 1024;

export type UndiciTransportOptions = {
  /** Connections to one host at most; further requests wait for a free one. */
  readonly connectionsMax?: number;
  readonly connectTimeoutMs?: number;
  /** Ends a wait whose caller gave no sooner signal. */
  readonly answerTimeoutMs?: number;
};

/** A transport over real sockets. `close` ends its idle connections and waits for the answers that are still out. */
export function createUndiciTransport(
  options: UndiciTransportOptions = {},
): HttpTransport & { close(): Promise<void> } {
  const answerTimeoutMs = options.answerTimeoutMs ?? 60_000;
  const agent = new Agent({
    connections: options.connectionsMax ?? 256,
    pipelining: 1,
    connect: { timeout: options.connectTimeoutMs ?? 3_000 },
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
    maxResponseSize: bodyBytesMax,
  });
  return {
    post: (request, signal) => post(agent, request, signal),
    close: () => agent.close(),
  };
}

function post(agent: Agent, request: HttpRequest, signal: AbortSignal): Promise<HttpOutcome> {
  if (signal.aborted) return Promise.resolve({ kind: 'lost', cause: 'timeout' });
  const address = URL.parse(request.url);
  if (address === null) return Promise.resolve({ kind: 'not-sent', detail: 'the gateway address is not a URL' });
  const { origin, pathname, search } = address;
  return new Promise((resolve) => {
    const exchange = new Exchange(origin, signal, resolve);
    const path = `${pathname}${search}`;
    try {
      agent.dispatch({ origin, path, method: 'POST', headers: request.headers, body: request.body }, exchange);
    } catch {
      // undici refuses a request that it cannot write (a header with a line break) before anything leaves.
      exchange.settle({ kind: 'not-sent', detail: `request refused before sending to ${origin}` });
    }
  });
}

/** One request's life in undici's words. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #origin: string;
  readonly #signal: AbortSignal;
  readonly #resolve: (outcome: HttpOutcome) => void;
  readonly #onAbort: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #started = false;
  #settled = false;
  #status = 0;
  #headers: Record<string, string> = {};
  #chunks: Buffer[] = [];

  constructor(origin: string, signal: AbortSignal, resolve: (outcome: HttpOutcome) => void) {
    this.#origin = origin;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#onAbort = () => this.#abort();
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  settle(outcome: HttpOutcome): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#resolve(outcome);
  }

  // A request that still waits for a connection is settled here and, should its turn come, called off before it is written.
  #abort(): void {
    this.settle({ kind: 'lost', cause: 'timeout' });
    this.#controller?.abort(new Error('no longer awaited'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled) {
      controller.abort(new Error('no longer awaited'));
      return;
    }
    this.#controller = controller;
    this.#started = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = statusCode;
    // A 1xx comes before the answer; what it says is not the answer's.
    this.#headers = {};
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.#headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.settle({ kind: 'answered', status: this.#status, headers: this.#headers, body: body.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#started) this.settle({ kind: 'not-sent', detail: `${errorCode(error)} connecting to ${this.#origin}` });
    else this.settle({ kind: 'lost', cause: lostCause(error) });
  }
}

const unreadable = new Set(['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'UND_ERR_HEADERS_OVERFLOW']);

function lostCause(error: Error): 'timeout' | 'connection-lost' | 'garbled' {
  const code = errorCode(error);
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return 'timeout';
  return error.name === 'HTTPParserError' || unreadable.has(code) ? 'garbled' : 'connection-lost';
}

// Only the code: messages and addresses may repeat parts of the request.
function errorCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
