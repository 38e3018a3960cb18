// The listening server against clients that are slow or many, and its end.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, createConnection, type Socket } from 'node:net';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerNotReady, drain, makeHttpServer } from './http-server.ts';
import { refuseConnection } from './problem-reply.ts';

let server: Server;
const sockets: Socket[] = [];

async function listen(own: Parameters<typeof makeHttpServer>[0] = {}): Promise<number> {
  server = makeHttpServer(own);
  server.on('clientError', refuseConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function say(port: number, text: string): { readonly socket: Socket; readonly heard: Promise<string> } {
  const socket = createConnection(port, '127.0.0.1');
  sockets.push(socket);
  let heard = '';
  socket.setEncoding('utf8').on('data', (piece: string) => {
    heard += piece;
  });
  socket.on('error', () => {}).write(text);
  return { socket, heard: new Promise((resolve) => socket.once('close', () => resolve(heard))) };
}

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  server.closeAllConnections();
});

test('a request that trickles in is ended, before its headers and before its body', async () => {
  const port = await listen({ headersTimeout: 150, requestTimeout: 300, connectionsCheckingInterval: 50 });
  const begun = performance.now();
  for (const text of [
    'GET / HTTP/1.1\r\nHost: till\r\n',
    'POST / HTTP/1.1\r\nHost: till\r\nContent-Length: 100\r\n\r\n{',
  ]) {
    const { socket, heard } = say(port, text);
    const drip = setInterval(() => socket.write('x'), 20);
    assert.match(await heard, /^HTTP\/1\.1 408 Request Timeout\r\n.*"code":"request-too-slow"/s);
    clearInterval(drip);
  }
  assert.ok(performance.now() - begun < 5_000);
});

test('until the app stands it says that it starts', async () => {
  const port = await listen();
  const ready = answerNotReady(server);
  const { heard } = say(port, 'GET /api/v1/store HTTP/1.1\r\nHost: till\r\nConnection: close\r\n\r\n');
  assert.match(await heard, /^HTTP\/1\.1 503 .*application\/problem\+json.*retry-after: 1.*"code":"busy".*starts/s);
  ready();
  assert.equal(server.listenerCount('request'), 0);
});

test('at its end idle connections go at once, and requests that are there are answered first', async () => {
  const port = await listen();
  server.on('request', (_request, response) => void sleep(200).then(() => response.end('done')));
  const idle = say(port, '');
  const busy = say(port, 'GET / HTTP/1.1\r\nHost: till\r\n\r\n');
  await once(server, 'request');
  const begun = performance.now();
  await drain(server, 5_000);
  assert.ok(performance.now() - begun < 2_000);
  assert.equal(await idle.heard, '');
  assert.match(await busy.heard, /^HTTP\/1\.1 200 OK.*done$/s);
});

test('at its end a request that does not end is cut off', async () => {
  const port = await listen();
  server.on('request', () => {});
  const stuck = say(port, 'GET / HTTP/1.1\r\nHost: till\r\n\r\n');
  await once(server, 'request');
  await drain(server, 100);
  assert.equal(await stuck.heard, '');
});
