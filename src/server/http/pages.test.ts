// The pages and how a browser becomes a device: by itself in a demo on this machine, by a key everywhere else, and never by the wish of
// somebody else's page.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertProblem, openShop, type Shop } from '../testing/shop.fixture.ts';

let shop: Shop;
let folder = '';
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tillway-screens-'));
  for (const page of ['till', 'wallet', 'assets']) mkdirSync(join(folder, page));
  for (const page of ['till', 'wallet']) {
    writeFileSync(join(folder, page, 'index.html'), `<!doctype html><html><head></head><body>${page}</body></html>`);
  }
  writeFileSync(join(folder, 'assets', 'till-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'assets', '.hidden'), 'hidden');
  writeFileSync(join(folder, 'secret.txt'), 'a secret');
  shop = await openShop({ screensFolder: folder });
});
after(async () => {
  await shop.close();
  rmSync(folder, { recursive: true });
});

type Page = {
  readonly status: number;
  readonly cookie: string | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
};

/** Asks as a browser that was told `host` is here; fetch would not let the name be chosen. */
async function open(path: string, host: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
  const { port } = new URL(shop.store.url);
  return await new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path, headers: { host, ...headers } }, (answer) => {
      answer.resume();
      const [cookie] = answer.headers['set-cookie'] ?? [];
      resolve({ status: answer.statusCode ?? 0, cookie, headers: answer.headers });
    });
    asked.once('error', reject).end();
  });
}

const origin = () => new URL(shop.store.url);
const pairOf = (cookie: string | undefined) => cookie?.split(';')[0] ?? '';

describe('a page', () => {
  test('opened on this machine pairs the browser with the demo till, out of reach of scripts and of other sites', async () => {
    for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '[::1]']) {
      const { status, cookie } = await open('/till', `${host}:${origin().port}`);
      assert.equal(status, 200, host);
      assert.equal(pairOf(cookie), `tillway_device=${shop.apiKey}`, host);
      for (const mark of ['HttpOnly', 'SameSite=Strict', 'Path=/']) assert.ok(cookie?.split('; ').includes(mark), mark);
    }
  });

  test('opened under a foreign name gets no cookie, also when the name leads here or begins like an address', async () => {
    const foreign = [
      'shop.example',
      '127.0.0.1.shop.example',
      '127.shop.example',
      'localhost.shop.example',
      'xlocalhost',
      '10.0.0.1',
      '127.0.0.1@shop.example',
    ];
    for (const host of foreign) assert.equal((await open('/till', host)).cookie, undefined, host);
  });

  test('that a proxy passes on gets no cookie: who asked the proxy may be far away', async () => {
    const passedOn = [{ 'x-forwarded-for': '203.0.113.5' }, { forwarded: 'for=203.0.113.5' }, { via: '1.1 proxy' }];
    for (const headers of [...passedOn, { 'x-real-ip': '127.0.0.1' }]) {
      assert.equal((await open('/till', 'localhost', headers)).cookie, undefined, JSON.stringify(headers));
    }
  });

  test('carries a policy: scripts of its own only, calls to the store and the sandbox only, in nobody’s frame', async () => {
    for (const path of ['/till', '/till/', '/wallet']) {
      const { headers } = await open(path, 'localhost');
      const policy = String(headers['content-security-policy']).split('; ');
      assert.ok(policy.includes("script-src 'self' 'wasm-unsafe-eval'"));
      assert.ok(policy.includes(`connect-src 'self' ${shop.sandbox.url}`));
      assert.ok(policy.includes("frame-ancestors 'none'"));
      assert.ok(policy.includes("default-src 'self'") && policy.includes("base-uri 'none'"));
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.match(String(headers['content-type']), /^text\/html/);
    }
    assert.equal((await open('/', 'localhost')).headers['location'], '/till');
  });

  test('has its assets for good, and nothing else of the folder', async () => {
    const asset = await open('/assets/till-1a2b.js', 'localhost');
    assert.deepEqual([asset.status, asset.headers['cache-control']], [200, 'public, max-age=31536000, immutable']);
    const outside = [
      '/assets/../secret.txt',
      '/assets/%2e%2e/secret.txt',
      '/assets/..%2fsecret.txt',
      '/assets/%252e%252e%252fsecret.txt',
      '/assets/..%5csecret.txt',
      '/assets//etc/passwd',
      '/assets/.hidden',
      '/assets/missing.js',
      '/assets/',
      '/secret.txt',
      '/till/index.html',
    ];
    for (const path of outside) assert.equal((await open(path, 'localhost')).status, 404, path);
  });
});

describe('a browser', () => {
  const send = (method: string, path: string, headers: Readonly<Record<string, string>>, body?: unknown) =>
    shop.call(method, path, { key: null, headers, ...(body === undefined ? {} : { body }) });
  const sale = { amount: '1.00', currency: 'CNY' };

  test('that is paired acts as the till', async () => {
    const cookie = pairOf((await open('/till', 'localhost')).cookie);
    for (const headers of [{ cookie }, { cookie, origin: origin().origin }]) {
      assert.equal((await send('POST', '/api/v1/sales', headers, sale)).status, 201);
    }
  });

  test('acts for no other site’s page', async () => {
    const cookie = pairOf((await open('/till', 'localhost')).cookie);
    const foreign = ['https://shop.example', 'http://127.0.0.1:1', 'http://localhost', 'null', 'nonsense'];
    for (const from of foreign) {
      const answer = await send('POST', '/api/v1/sales', { cookie, origin: from }, sale);
      assertProblem(answer, 'not-allowed', /belongs to another site/);
    }
    const readable = (await send('GET', '/api/v1/store', { cookie, origin: 'https://shop.example' })).headers;
    assert.equal(readable.get('access-control-allow-origin'), null);
  });

  test('is paired by a key that is known, and by no other', async () => {
    const { key } = await shop.device();
    const paired = await send('POST', '/api/v1/session', {}, { apiKey: key });
    assert.deepEqual([paired.status, paired.text], [204, '']);
    const cookie = paired.headers.get('set-cookie') ?? '';
    assert.match(cookie, /; HttpOnly; SameSite=Strict$/);
    assert.equal((await send('GET', '/api/v1/store', { cookie: pairOf(cookie) })).json['deviceName'], 'Till of a test');
    const wrong = await send('POST', '/api/v1/session', {}, { apiKey: 'wrong' });
    assertProblem(wrong, 'not-authenticated');
    assert.equal(wrong.headers.get('set-cookie'), null);
    for (const body of [{}, { apiKey: '' }, { apiKey: 'x'.repeat(257) }, { apiKey: key, more: 1 }]) {
      assertProblem(await send('POST', '/api/v1/session', {}, body), 'invalid-request');
    }
  });

  test('is unpaired when asked', async () => {
    const { status, headers } = await send('DELETE', '/api/v1/session', {});
    assert.equal(status, 204);
    assert.match(headers.get('set-cookie') ?? '', /^tillway_device=; .*Expires=Thu, 01 Jan 1970/);
  });
});

test('a Host that nobody could have, and what is no HTTP at all, are refused without a fault', async () => {
  const say = (text: string) =>
    new Promise<string>((resolve, reject) => {
      let heard = '';
      const socket = createConnection(Number(origin().port), '127.0.0.1', () => socket.end(text));
      socket.setEncoding('utf8').on('data', (piece) => {
        heard += piece;
      });
      socket.once('error', reject).once('close', () => resolve(heard));
    });
  assert.match(
    await say('GET /till HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n'),
    /^HTTP\/1\.1 200 OK(?!.*set-cookie)/is,
  );
  assert.match(await say('SESAME OPEN\r\n\r\n'), /^HTTP\/1\.1 400 Bad Request\r\n.*"code":"invalid-request"/s);
  assert.match(
    await say(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
    /^HTTP\/1\.1 431 .*"code":"headers-too-large"/s,
  );
  const smuggled =
    'POST /api/v1/sales HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /till HTTP/1.1\r\n\r\n';
  const answered = await say(smuggled);
  assert.match(answered, /^HTTP\/1\.1 400 /);
  assert.equal(answered.match(/HTTP\/1\.1 /g)?.length, 1);
  assert.deepEqual(
    shop.lines.filter((line) => line.includes('faulted')),
    [],
  );
});
