// `keys check` against the sandbox: the right keys, and each of the three wrong in turn.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { silentLog } from '#foundation/log.ts';
import { openSandbox } from '../start/open-sandbox.ts';
import { runCommandLine } from './main.ts';

let folder = '';
let sandbox: Awaited<ReturnType<typeof openSandbox>>;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tillway-keys-'));
  sandbox = await openSandbox({ host: '127.0.0.1', port: 0, home: folder }, '2026-01-01T00:00:00.000Z', silentLog);
  const { openapi, global } = sandbox.credentials;
  const stranger = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const files = {
    'openapi.pem': openapi.appPrivateKey,
    'global.pem': global.privateKey,
    'alipay.pem': openapi.alipayPublicKey,
    'other-private.pem': stranger.privateKey,
    'other-public.pem': stranger.publicKey,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
after(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

async function check(change: Readonly<Record<string, string>> = {}) {
  const lines: string[] = [];
  const tell = (line: string) => void lines.push(line);
  const env = {
    TILLWAY_ALIPAY_GATEWAY_URL: `${sandbox.url}/gateway.do`,
    TILLWAY_ALIPAY_APP_ID: sandbox.credentials.openapi.appId,
    TILLWAY_ALIPAY_PRIVATE_KEY_FILE: 'openapi.pem',
    TILLWAY_ALIPAY_PUBLIC_KEY_FILE: 'alipay.pem',
    ...change,
  };
  const code = await runCommandLine(['keys', 'check'], { out: tell, note: tell, env, folder });
  return { code, text: lines.join('\n') };
}

test('the right keys of the OpenAPI fit', async () => {
  const { code, text } = await check();
  assert.match(text, /^The keys fit: /);
  assert.equal(code, 0);
});

test('the right keys of the global API fit', async () => {
  const { code, text } = await check({
    TILLWAY_ALIPAY_CHANNEL: 'alipay-global',
    TILLWAY_ALIPAY_GATEWAY_URL: sandbox.url,
    TILLWAY_ALIPAY_APP_ID: '',
    TILLWAY_ALIPAY_CLIENT_ID: sandbox.credentials.global.clientId,
    TILLWAY_ALIPAY_PRIVATE_KEY_FILE: 'global.pem',
  });
  assert.match(text, /^The keys fit: /);
  assert.equal(code, 0);
});

test('a private key that was never uploaded is named', async () => {
  const { code, text } = await check({ TILLWAY_ALIPAY_PRIVATE_KEY_FILE: 'other-private.pem' });
  assert.match(text, /^Our own key is wrong: /);
  assert.equal(code, 1);
});

test("a key that is not Alipay's is named", async () => {
  const { code, text } = await check({ TILLWAY_ALIPAY_PUBLIC_KEY_FILE: 'other-public.pem' });
  assert.match(text, /^Alipay's key is wrong: /);
  assert.equal(code, 1);
});

test('an app that Alipay does not know is named', async () => {
  const { code, text } = await check({ TILLWAY_ALIPAY_APP_ID: '2021999999999999' });
  assert.match(text, /^The app is not known: /);
  assert.equal(code, 1);
});

test('a gateway that is not there is named', async () => {
  const { code, text } = await check({ TILLWAY_ALIPAY_GATEWAY_URL: 'http://127.0.0.1:1/gateway.do' });
  assert.match(text, /^http:\/\/127\.0\.0\.1:1\/gateway\.do cannot be reached: nothing was sent\./);
  assert.equal(code, 1);
});
