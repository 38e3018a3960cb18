// Puts an answer on the wire, or spoils it there: closed without a word, cut in the middle, made unreadable, replaced by an
// HTTP error. What concerns the signature alone is done where answers are signed.

import type { FastifyReply } from 'fastify';
import type { AnswerFault } from './faults/plan.ts';

export type WireAnswer = {
  readonly body: string;
  /** Header names in lower case: some clients compare them exactly. */
  readonly headers: Readonly<Record<string, string>>;
};

export function sendAnswer(reply: FastifyReply, answer: WireAnswer, fault: AnswerFault | undefined): FastifyReply {
  switch (fault?.kind) {
    case 'answer-lost':
      return drop(reply);
    case 'answer-cut':
      return cut(reply, answer);
    case 'http-error':
      return reply
        .code(fault.status)
        .type('text/html;charset=utf-8')
        .send(`<html><head><title>${fault.status}</title></head><body>Tengine</body></html>`);
    case 'answer-garbled':
      return reply.code(200).headers(answer.headers).send(garbled(answer.body));
    default:
      return reply.code(200).headers(answer.headers).send(answer.body);
  }
}

/** Closes the connection without an answer. */
export function drop(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.destroy();
  return reply;
}

function cut(reply: FastifyReply, { body, headers }: WireAnswer): FastifyReply {
  reply.hijack();
  const bytes = Buffer.from(body, 'utf8');
  reply.raw.writeHead(200, { ...headers, 'content-length': bytes.length });
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => reply.raw.destroy());
  return reply;
}

// The middle third is overwritten with bytes that are no UTF-8; length and headers stay as they were.
function garbled(body: string): Buffer {
  const bytes = Buffer.from(body, 'utf8');
  bytes.fill(0xfe, Math.floor(bytes.length / 3), Math.floor((bytes.length * 2) / 3));
  return bytes;
}
