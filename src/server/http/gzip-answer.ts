// Packs a large answer for callers that take it packed: a whole catalogue is megabytes of text in which the same words come again
// and again. The packing is done beside the event loop, on zlib's own threads.

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const pack = promisify(gzip);
// Smaller ones fit into a few packets anyway.
const bytesMin = 4_096;

/** An `onSend` hook for a route whose answers are text. */
export async function gzipAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  reply.header('vary', 'Accept-Encoding');
  if (typeof payload !== 'string' || payload.length < bytesMin || !takesGzip(request)) return payload;
  const packed = await pack(payload);
  reply.header('content-encoding', 'gzip');
  reply.removeHeader('content-length');
  return packed;
}

function takesGzip(request: FastifyRequest): boolean {
  const codings = request.headers['accept-encoding'];
  return typeof codings === 'string' && /(^|,)\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*(,|$))[\d.]+\s*)?(,|$)/i.test(codings);
}
