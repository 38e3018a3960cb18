// Carries a call from Fastify to a gateway, and the answer back onto the wire, broken off where it says so.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WireAnswer, WireCall } from './wire.ts';

export function wireCallOf({ id, url, headers, body }: FastifyRequest): WireCall {
  const sent = typeof body === 'string' || body instanceof Uint8Array ? body : '';
  return { path: url, headers, body: sent, traceId: String(id) };
}

export function sendAnswer(reply: FastifyReply, answer: WireAnswer): FastifyReply {
  switch (answer.kind) {
    case 'answered':
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    case 'dropped':
      reply.hijack();
      reply.raw.destroy();
      return reply;
    case 'cut':
      reply.hijack();
      reply.raw.writeHead(answer.status, answer.headers);
      reply.raw.write(answer.sent, () => reply.raw.destroy());
      return reply;
  }
}
