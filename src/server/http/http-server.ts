// The listening server with its limits: what a client may send, how slowly, and on how many connections; and how it ends.

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { makeProblem } from '../contract/problem.ts';

// A till's request is small and comes at once. One that trickles in is ended by these, looked at every two seconds.
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  // Longer than the gaps between two customers, so that a scan does not wait for a new connection.
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
} as const;
const connectionCountMax = 8_192;
const idleSweepMs = 20;

/** A server that listens nowhere yet. */
export function makeHttpServer(own: Partial<Record<keyof typeof limits, number>> = {}): Server {
  const server = createServer({ ...limits, ...own });
  server.maxConnections = connectionCountMax;
  const sockets = new Set<Socket>();
  socketsOf.set(server, sockets);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return server;
}

// Browsers open connections in advance. Node does not count one that never asked as idle, and would wait for it.
const socketsOf = new WeakMap<Server, Set<Socket>>();

function endUnused(server: Server): void {
  for (const socket of socketsOf.get(server) ?? []) if (socket.bytesRead === 0) socket.destroy();
  server.closeIdleConnections();
}

/** Answers everything with 503 until the returned function is called: the address is known before the app stands. */
export function answerNotReady(server: Server): () => void {
  const body = JSON.stringify(makeProblem('busy', 'The store server starts.', ''));
  const answer = (_request: unknown, response: ServerResponse): void => {
    response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' });
    response.end(body);
  };
  server.on('request', answer);
  return () => server.off('request', answer);
}

/** Takes no more connections and lets the requests that are there finish; what has not by `withinMs` is cut off. */
export async function drain(server: Server, withinMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => void server.close(() => resolve()));
  const sweep = setInterval(() => endUnused(server), idleSweepMs);
  const limit = setTimeout(() => server.closeAllConnections(), withinMs);
  await ended;
  clearInterval(sweep);
  clearTimeout(limit);
}
