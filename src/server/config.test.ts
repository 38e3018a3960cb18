import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import { configFileJsonSchema } from './config/file-schema.ts';
import { type FoundFile, findConfigFile, type Reading, readConfig } from './config.ts';

let folder = '';
let ownPublicPem = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tillway-config-'));
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 });
  ownPublicPem = own.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  writeFileSync(join(folder, 'own.pem'), own.privateKey.export({ type: 'pkcs1', format: 'pem' }));
  writeFileSync(join(folder, 'own-public.pem'), ownPublicPem);
  const line = theirs.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  writeFileSync(join(folder, 'alipay.txt'), `${line}\n`);
});
after(() => rmSync(folder, { recursive: true }));

const file = (value: unknown): FoundFile => ({
  path: join(folder, 'tillway.config.json'),
  text: typeof value === 'string' ? value : JSON.stringify(value),
});

function reading(env: Record<string, string>, found: FoundFile | null = null): Reading {
  const read = readConfig(env, found, folder);
  if (!read.ok) assert.fail(read.failure.join('\n'));
  return read.value;
}

function problems(env: Record<string, string>, found: FoundFile | null = null): readonly string[] {
  const read = readConfig(env, found, folder);
  return read.ok ? [] : read.failure;
}

test('without any setting a demo store on the local sandbox is configured', () => {
  const { config } = reading({});
  assert.equal(config.home, join(folder, '.tillway'));
  assert.deepEqual(config.store, {
    port: 8080,
    name: 'Tillway Demo Store',
    currency: 'CNY',
    timeZone: 'Asia/Shanghai',
    language: 'en',
  });
  assert.equal(config.sandbox.port, 8090);
  assert.equal(config.bindHost, '127.0.0.1');
  assert.equal(config.alipay.gateway, null);
  assert.equal(config.databaseUrl, null);
  assert.equal(config.deadline.finalWordMs, 30_000);
});

test('the environment wins over the file, the file over the defaults, and each origin is known', () => {
  const found = file({ store: { port: 9001, name: 'From the file' }, home: 'state' });
  const { config, inForce } = reading({ TILLWAY_STORE_PORT: '0', TILLWAY_DEMO: '0' }, found);
  assert.equal(config.store.port, 0);
  assert.equal(config.store.name, 'From the file');
  assert.equal(config.demo, false);
  assert.equal(config.home, join(folder, 'state'));
  const origin = (name: string) => inForce.find((row) => row.name === name)?.origin;
  assert.equal(origin('store.port'), 'TILLWAY_STORE_PORT');
  assert.equal(origin('store.name'), found.path);
  assert.equal(origin('store.currency'), 'default');
});

test('all problems are told together, each with its place and its rule', () => {
  const found = file({ store: { prot: 1, currency: 'XYZ', timeZone: 'Mars/Base' }, deadline: { finalWordMs: 2000 } });
  const env = {
    TILLWAY_STORE_PRT: '1',
    TILLWAY_SANDBOX_PORT: '70000',
    TILLWAY_DEMO: 'maybe',
    DATABASE_URL: 'mysql://x',
  };
  const told = problems(env, found);
  const expected = [
    /^TILLWAY_STORE_PRT is not a setting\. Did you mean TILLWAY_STORE_PORT\?$/,
    /store\.prot is not a setting\. Did you mean port\?$/,
    /store\.currency must be an ISO 4217 code that Alipay takes, such as CNY \(it is "XYZ"\)\.$/,
    /store\.timeZone must be a time zone name such as Asia\/Shanghai \(it is "Mars\/Base"\)\.$/,
    /^TILLWAY_SANDBOX_PORT must be a whole number from 0 to 65535.+\(it is 70000\)\.$/,
    /^TILLWAY_DEMO must be true or false \(it is "maybe"\)\.$/,
    /^DATABASE_URL must look like postgresql:\/\/user:password@host:5432\/database\.$/,
    /^deadline: finalWordMs \(2000\) must leave/,
  ];
  assert.equal(told.length, expected.length, told.join('\n'));
  for (const rule of expected)
    assert.ok(
      told.some((text) => rule.test(text)),
      `${rule} in\n${told.join('\n')}`,
    );
});

test('settings that scripts may set for other parts of the house are no problem here', () => {
  assert.deepEqual(
    problems({ TILLWAY_PARTNER_PORT: '0', TILLWAY_HOST_PORT: '0', TILLWAY_DATA: '/x', CLICKHOUSE_URL: 'x' }),
    [],
  );
});

test('a gateway is read with its keys, in whatever form they come', () => {
  const alipay = {
    gatewayUrl: 'https://openapi.alipay.com/gateway.do',
    appId: '2021000000000009',
    privateKeyFile: 'own.pem',
    alipayPublicKeyFile: 'alipay.txt',
  };
  const { config, inForce } = reading({}, file({ alipay }));
  assert.match(config.alipay.gateway?.privateKey.reveal() ?? '', /^-----BEGIN PRIVATE KEY-----/);
  assert.match(config.alipay.gateway?.alipayPublicKey ?? '', /^-----BEGIN PUBLIC KEY-----/);
  assert.doesNotMatch(inspect(config, { depth: 9 }), /PRIVATE KEY/);
  assert.doesNotMatch(JSON.stringify(inForce), /PRIVATE KEY/);
});

test('half a gateway is told with all that is missing and all that is wrong', () => {
  const told = problems({ TILLWAY_ALIPAY_CHANNEL: 'alipay-global', TILLWAY_ALIPAY_PRIVATE_KEY_FILE: 'nowhere.pem' });
  assert.equal(told.length, 4, told.join('\n'));
  assert.match(told[0] ?? '', /^alipay\.gatewayUrl is missing: .+ or as TILLWAY_ALIPAY_GATEWAY_URL\.$/);
  assert.match(told[1] ?? '', /^alipay\.clientId is missing/);
  assert.match(told[2] ?? '', /^alipay\.alipayPublicKeyFile is missing/);
  assert.equal(told[3], `TILLWAY_ALIPAY_PRIVATE_KEY_FILE: ${join(folder, 'nowhere.pem')} does not exist.`);
});

test("the merchant's own public key in the place of Alipay's is recognised", () => {
  const alipay = { gatewayUrl: 'https://a.example/gateway.do', appId: '1', privateKeyFile: 'own.pem' };
  const told = problems({}, file({ alipay: { ...alipay, alipayPublicKeyFile: 'own-public.pem' } }));
  assert.deepEqual(told, [
    "alipay.alipayPublicKeyFile: holds the public half of your own key. Take Alipay's public key from the console, where " +
      'you uploaded yours.',
  ]);
});

test('a file that is not JSON is told by its place and never quoted', () => {
  const told = problems({}, file('{"databaseUrl": "postgresql://till:hunter2@db/till",}'));
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /tillway\.config\.json: is not JSON/);
  assert.doesNotMatch(told[0] ?? '', /hunter2/);
});

test("the database's password is in no problem and no listing", () => {
  const { inForce, config } = reading({ DATABASE_URL: 'postgresql://till:hunter2@db/till' });
  assert.deepEqual(
    inForce.find((row) => row.name === 'databaseUrl'),
    { name: 'databaseUrl', value: 'set', origin: 'DATABASE_URL' },
  );
  assert.equal(config.databaseUrl?.reveal(), 'postgresql://till:hunter2@db/till');
  assert.doesNotMatch(problems({ DATABASE_URL: 'mysql://till:hunter2@db' }).join(), /hunter2/);
});

test('a settings file that is named must be there; one that is not named need not', () => {
  assert.deepEqual(findConfigFile({}, folder), { ok: true, value: null });
  assert.equal(findConfigFile({ TILLWAY_CONFIG: 'nowhere.json' }, folder).ok, false);
});

test('the published schema is the one that is checked by', () => {
  const published = readFileSync(new URL('../../docs/tillway.config.schema.json', import.meta.url), 'utf8');
  assert.equal(published, configFileJsonSchema(), 'run: tillway config --schema > docs/tillway.config.schema.json');
});

test("another script's variable is mentioned and stops nothing", () => {
  const reading = readConfig({ TILLWAY_CI_RUN_NUMBER: '7' }, null, '/');
  assert.ok(reading.ok);
  assert.deepEqual(reading.value.remarks, [
    'TILLWAY_CI_RUN_NUMBER is not a setting and is ignored. See: tillway config',
  ]);
});
