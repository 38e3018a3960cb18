// A TCP server that speaks exactly what a test tells it to, HTTP or not, and counts every request that reached it whole.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

export type Reply = (socket: Socket, requestNumber: number) => void;

export interface RawServer {
  readonly url: string;
  /** The requests that arrived, head and body, in their order. */
  readonly requests: readonly string[];
  readonly connections: number;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1 and calls `reply` for each whole request (by its content-length). */
export async function startRawServer(reply: Reply): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let read = '';
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.setEncoding('latin1').on('data', (piece: string) => {
      read += piece;
      for (let length = wholeLength(read); length !== undefined; length = wholeLength(read)) {
        requests.push(read.slice(0, length));
        read = read.slice(length);
        reply(socket, requests.length);
      }
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/gateway.do`,
    requests,
    get connections() {
      return connections;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A port of 127.0.0.1 on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  const closed = once(server, 'close');
  server.close();
  await closed;
  return port;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

function wholeLength(read: string): number | undefined {
  const head = read.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const body = Number(/content-length: *(\d+)/i.exec(read.slice(0, head))?.[1] ?? 0);
  const length = head + 4 + body;
  return read.length < length ? undefined : length;
}

/** A plain HTTP answer that keeps the connection. */
export function httpAnswer(body: string, head = ''): string {
  return `HTTP/1.1 200 OK\r\n${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
