// A call of a wire protocol and its answer as data, between the gateways and whatever carries them: a server's sockets
// (send-answer.ts), or nothing at all (inner-sandbox.ts). An answer is spoiled here as its fault wants it; what concerns the
// signature alone is done where answers are signed.

import type { AnswerFault } from './faults/plan.ts';

export type WireCall = {
  /** With the query, as in the request line. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it was sent. */
  readonly body: string | Uint8Array;
  /** Comes back in the answer's headers. */
  readonly traceId: string;
};

export type WireAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Names in lower case: some clients compare them exactly. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Uint8Array;
    }
  /** The connection closes without a word. */
  | { readonly kind: 'dropped' }
  /** The connection closes after `sent`, which the headers' length belies. */
  | {
      readonly kind: 'cut';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly sent: Uint8Array;
    };

export type SoundAnswer = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** The answer as it goes out: HTTP 200 unless its fault says otherwise. */
export function wireAnswer({ headers, body }: SoundAnswer, fault: AnswerFault | undefined): WireAnswer {
  switch (fault?.kind) {
    case 'answer-lost':
      return { kind: 'dropped' };
    case 'answer-cut': {
      const bytes = Buffer.from(body, 'utf8');
      const sent = bytes.subarray(0, Math.floor(bytes.length / 2));
      return { kind: 'cut', status: 200, headers: { ...headers, 'content-length': String(bytes.length) }, sent };
    }
    case 'http-error':
      return {
        kind: 'answered',
        status: fault.status,
        headers: { 'content-type': 'text/html;charset=utf-8' },
        body: `<html><head><title>${fault.status}</title></head><body>Tengine</body></html>`,
      };
    case 'answer-garbled':
      return { kind: 'answered', status: 200, headers, body: garbled(body) };
    default:
      return { kind: 'answered', status: 200, headers, body };
  }
}

// The middle third is overwritten with bytes that are no UTF-8; length and headers stay as they were.
function garbled(body: string): Buffer {
  const bytes = Buffer.from(body, 'utf8');
  bytes.fill(0xfe, Math.floor(bytes.length / 3), Math.floor((bytes.length * 2) / 3));
  return bytes;
}
