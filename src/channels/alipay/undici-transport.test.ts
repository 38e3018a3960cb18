// The production transport against a server that misbehaves at each step of an exchange. The one thing that must never be wrong is
// the border between `not-sent` and `lost`: what is told as not sent may be sent again, so nothing may have arrived; and nothing
// is ever sent twice by itself, which the server counts.

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { payerCode } from './testing/alipay-side.fixture.ts';
import { closedPort, httpAnswer, type RawServer, type Reply, startRawServer } from './testing/raw-server.fixture.ts';
import type { HttpOutcome, HttpRequest, HttpTransport } from './transport.port.ts';
import { createUndiciTransport, type UndiciTransportOptions } from './undici-transport.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function transportWith(options: UndiciTransportOptions = {}): HttpTransport {
  const transport = createUndiciTransport(options);
  closing.push(() => transport.close());
  return transport;
}

async function serverWith(reply: Reply): Promise<RawServer> {
  const server = await startRawServer(reply);
  closing.push(() => server.close());
  return server;
}

const secret = `biz_content=${payerCode}`;

function requestTo(url: string, changes: Partial<HttpRequest> = {}): HttpRequest {
  return { url: `${url}?sign=secret-signature`, headers: { accept: 'application/json' }, body: secret, ...changes };
}

/** Lets the sockets have their turn. */
const turn = (): Promise<void> => pause(2);

const patient = (): AbortSignal => AbortSignal.timeout(5_000);

async function post(url: string, transport = transportWith()): Promise<HttpOutcome> {
  return await transport.post(requestTo(url), patient());
}

const lost = { kind: 'lost', cause: 'connection-lost' } as const;
const timeout = { kind: 'lost', cause: 'timeout' } as const;
const garbled = { kind: 'lost', cause: 'garbled' } as const;

function assertNotSent(outcome: HttpOutcome, detail: RegExp): void {
  assert.equal(outcome.kind, 'not-sent');
  assert.match(outcome.detail, detail);
  assert.doesNotMatch(outcome.detail, /secret|biz_content|\d{16}/);
}

describe('a request that cannot leave is not sent', () => {
  it('when nothing listens', async () => {
    const port = await closedPort();
    assertNotSent(await post(`http://127.0.0.1:${port}/`), /^ECONNREFUSED connecting to http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('when the name has no address', async () => {
    assertNotSent(
      await post('http://alipay.invalid/'),
      /^(ENOTFOUND|EAI_AGAIN) connecting to http:\/\/alipay\.invalid$/,
    );
  });

  it('when the other side does not speak TLS', async () => {
    const server = await serverWith(() => undefined);
    const outcome = await post(server.url.replace('http:', 'https:'), transportWith({ connectTimeoutMs: 500 }));
    assertNotSent(outcome, /connecting to https:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(server.requests.length, 0);
  });

  it('when the address is none', async () => {
    assertNotSent(await post('gateway.do'), /^the gateway address is not a URL$/);
  });

  it('when a header would end its line', async () => {
    const server = await serverWith((socket) => socket.end(httpAnswer('{}')));
    const headers = { 'client-id': 'T_1\r\nclient-id: T_2' };
    const outcome = await transportWith().post(requestTo(server.url, { headers }), patient());
    assertNotSent(outcome, /^UND_ERR_INVALID_ARG connecting to http:/);
    assert.equal(server.requests.length, 0);
  });

  it('when the transport is closed', async () => {
    const server = await serverWith((socket) => socket.end(httpAnswer('{}')));
    const transport = createUndiciTransport();
    await transport.close();
    assertNotSent(await post(server.url, transport), /127\.0\.0\.1/);
    assert.equal(server.requests.length, 0);
  });
});

describe('a request that may have arrived is lost', () => {
  const cases: readonly (readonly [string, Reply, HttpOutcome])[] = [
    ['when the connection closes without an answer', (socket) => socket.destroy(), lost],
    ['when it ends in good order without an answer', (socket) => socket.end(), lost],
    ['when it is reset', (socket) => socket.resetAndDestroy(), lost],
    ['when it closes in the head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-len'), lost],
    ['when it closes in the body', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"a'), lost],
    [
      'when it closes in a chunk',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"a'),
      lost,
    ],
    ['when the answer is not HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'), garbled],
    ['when its length is none', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n{}'), garbled],
  ];

  for (const [name, reply, expected] of cases) {
    it(name, async () => {
      const server = await serverWith(reply);
      assert.deepEqual(await post(server.url), expected);
      assert.equal(server.requests.length, 1, 'it was sent once');
    });
  }

  it('when nothing answers before the caller gives up', async () => {
    const server = await serverWith(() => undefined);
    const outcome = await transportWith().post(requestTo(server.url), AbortSignal.timeout(100));
    assert.deepEqual(outcome, timeout);
    assert.equal(server.requests.length, 1);
  });

  it('when nothing answers within the transport’s own time', async () => {
    const server = await serverWith(() => undefined);
    assert.deepEqual(await post(server.url, transportWith({ answerTimeoutMs: 300 })), timeout);
    assert.equal(server.requests.length, 1);
  });

  it('when the body stops half way', async () => {
    const server = await serverWith((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"a'));
    assert.deepEqual(await transportWith().post(requestTo(server.url), AbortSignal.timeout(200)), timeout);
  });

  it('when the body is larger than is read', async () => {
    const server = await serverWith((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const chunk = 'x'.repeat(65_536);
      for (let count = 0; count < 20 && socket.writable; count += 1) socket.write(`10000\r\n${chunk}\r\n`);
    });
    assert.deepEqual(await post(server.url), garbled);
  });

  it('when the caller had given up before, and then nothing leaves', async () => {
    const server = await serverWith((socket) => socket.end(httpAnswer('{}')));
    assert.deepEqual(await transportWith().post(requestTo(server.url), AbortSignal.abort()), timeout);
    assert.equal(server.connections, 0);
  });
});

describe('a connection that is used again', () => {
  it('carries request after request', async () => {
    const server = await serverWith((socket, number) => socket.write(httpAnswer(String(number))));
    const transport = transportWith({ connectionsMax: 1 });
    for (const body of ['1', '2', '3']) {
      const outcome = await post(server.url, transport);
      assert.ok(outcome.kind === 'answered');
      assert.equal(outcome.body, body);
    }
    assert.equal(server.connections, 1);
  });

  it('is lost, and sent once, when it is reset under the second request', async () => {
    const server = await serverWith((socket, number) => {
      if (number === 1) socket.write(httpAnswer('{}'));
      else socket.resetAndDestroy();
    });
    const transport = transportWith({ connectionsMax: 1 });
    assert.equal((await post(server.url, transport)).kind, 'answered');
    assert.deepEqual(await post(server.url, transport), lost);
    assert.equal(server.connections, 1, 'the second went over the first’s connection');
    assert.equal(server.requests.length, 2, 'nothing was sent again');
    assert.equal((await post(server.url, transport)).kind, 'lost');
    assert.equal(server.requests.length, 3);
  });

  it('may be dropped at any moment: no request arrives twice', async () => {
    // The server drops each connection right after its answer, while the next request may be on its way over it.
    const server = await serverWith((socket) => socket.write(httpAnswer('{}'), () => socket.destroy()));
    const transport = transportWith({ connectionsMax: 1 });
    const outcomes: HttpOutcome[] = [];
    for (let number = 0; number < 50; number += 1) {
      outcomes.push(await transport.post(requestTo(server.url, { body: `n=${number}` }), patient()));
    }
    assert.ok(outcomes.every(({ kind }) => kind === 'answered' || kind === 'lost'));
    const bodies = server.requests.map((request) => request.slice(request.indexOf('\r\n\r\n')));
    assert.equal(new Set(bodies).size, bodies.length);
  });

  it('does not carry a request whose caller gave up while it waited for the connection', async () => {
    const release: (() => void)[] = [];
    const server = await serverWith((socket) => release.push(() => socket.write(httpAnswer('{}'))));
    const transport = transportWith({ connectionsMax: 1 });
    const first = post(server.url, transport);
    while (server.requests.length < 1) await turn();
    assert.deepEqual(await transport.post(requestTo(server.url), AbortSignal.timeout(50)), timeout);
    for (const answer of release) answer();
    assert.equal((await first).kind, 'answered');
    const third = post(server.url, transport);
    while (server.requests.length < 2) await turn();
    release[1]?.();
    assert.equal((await third).kind, 'answered');
    assert.equal(server.requests.length, 2, 'the request that was given up never left');
  });
});

it('names what is wrong with a request that undici refuses, and nothing of the request', async () => {
  const outcome = await transportWith().post(requestTo('ftp://127.0.0.1/'), patient());
  assertNotSent(outcome, /127\.0\.0\.1/);
});

describe('an answer', () => {
  it('is told whole, whatever its status', async () => {
    const head = 'HTTP/1.1 502 Bad Gateway\r\nX-One: 1\r\nX-Two: a\r\nX-Two: b\r\ncontent-length: 6\r\n\r\n';
    const server = await serverWith((socket) => socket.write(`${head}支付`));
    const outcome = await post(server.url);
    assert.ok(outcome.kind === 'answered');
    assert.equal(outcome.status, 502);
    assert.equal(outcome.body, '支付');
    assert.equal(outcome.headers['x-one'], '1');
    assert.equal(outcome.headers['x-two'], 'a, b');
  });

  it('has none of the headers that came in advance', async () => {
    const advance = 'HTTP/1.1 103 Early Hints\r\nsignature: forged\r\n\r\n';
    const server = await serverWith((socket) => socket.write(`${advance}${httpAnswer('{}', 'client-id: T_1\r\n')}`));
    const outcome = await post(server.url);
    assert.ok(outcome.kind === 'answered');
    assert.equal(outcome.status, 200);
    assert.equal(outcome.headers['signature'], undefined);
    assert.equal(outcome.headers['client-id'], 'T_1');
  });

  it('is put together from pieces that cut a letter in two', async () => {
    const bytes = Buffer.from(httpAnswer('支付宝'));
    const server = await serverWith((socket) => {
      socket.setNoDelay(true);
      void turn().then(() => socket.write(bytes.subarray(-4)));
      socket.write(bytes.subarray(0, bytes.length - 4));
    });
    const outcome = await post(server.url);
    assert.ok(outcome.kind === 'answered');
    assert.equal(outcome.body, '支付宝');
  });

  it('is asked for with exactly what was given', async () => {
    const server = await serverWith((socket) => socket.write(httpAnswer('{}')));
    await post(server.url);
    const [request = ''] = server.requests;
    assert.match(request, /^POST \/gateway\.do\?sign=secret-signature HTTP\/1\.1\r\n/);
    assert.ok(request.endsWith(`\r\n\r\n${secret}`));
    assert.match(request, /\r\naccept: application\/json\r\n/);
  });
});
