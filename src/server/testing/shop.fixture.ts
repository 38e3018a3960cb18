// A whole shop for a test: a PostgreSQL of its own, the real sandbox, a real store server over HTTP, and a log that is kept. Close it
// when done, or the process does not end.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Role } from '#checkout/index.ts';
import { type DeviceId, type MerchantId, makeId, type StoreId } from '#foundation/id.ts';
import type { Log } from '#foundation/log.ts';
import { silentLog } from '#foundation/log.ts';
import { redact } from '#foundation/redacted.ts';
import { type Journal, openJournal, startEmbeddedPostgres } from '#journal/index.ts';
import { type ChannelName, type DeadlinePolicy, defaultPolicy } from '#payment/index.ts';
import type { RunningSandbox, SandboxOptions } from '#sandbox/index.ts';
import { openWallet, showCode, startTestSandbox } from '#sandbox/testing/sandbox.fixture.ts';
import { systemClock, systemRandom } from '../ambient.ts';
import { personHeader } from '../contract/people.ts';
import { type ProblemCode, problemSchema, problems } from '../contract/problem.ts';
import { hashApiKey } from '../http/authenticate.ts';
import { demoNames } from '../own-merchant.ts';
import { demoPeople } from '../people/demo-people.ts';
import { startStoreServer } from '../store-server.ts';
import type { StoreServer } from '../store-settings.ts';

export type Json = Readonly<Record<string, unknown>>;

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; an empty object when it is none. */
  readonly json: Json;
};

export type Call = {
  /** The device's key; the demo till's when absent, none when null. */
  readonly key?: string | null;
  readonly idempotencyKey?: string;
  readonly body?: unknown;
  /** A body as it is, in place of `body`. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The token of whoever is signed in. */
  readonly person?: string;
  readonly url?: string;
};

export type ShopOptions = {
  readonly channel?: ChannelName;
  readonly deadline?: Partial<DeadlinePolicy>;
  readonly sandbox?: Partial<SandboxOptions>;
  readonly screensFolder?: string;
};

export type DeviceOf = { readonly merchantId?: MerchantId; readonly storeId?: StoreId };
export type AddedDevice = { readonly key: string; readonly merchantId: MerchantId; readonly id: DeviceId };

/** The PINs of the demo's people. */
export const demoPins = { cashier: '4071', supervisor: '52963', manager: '81640275' } as const;

/** The demo's own merchant and store. */
export const demo: Required<DeviceOf> = { merchantId: demoNames.merchantId, storeId: demoNames.storeId };

export type Shop = {
  readonly sandbox: RunningSandbox;
  readonly store: StoreServer;
  readonly journal: Journal;
  readonly databaseUrl: string;
  /** The demo till's key. */
  readonly apiKey: string;
  /** Every event that the store servers logged, as JSON. */
  readonly lines: readonly string[];
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** A sale of the demo till; its id. */
  sell(amount: string, key?: string): Promise<string>;
  /** A payment of the sale by the code, under a key of its own unless one is given. */
  pay(saleId: string, payerCode: string, idempotencyKey?: string, key?: string): Promise<Answer>;
  /** A code of a fresh wallet that has enough and asks for no password. */
  code(): Promise<string>;
  /** Signs one of the demo's people in at the demo till, or at the device of this key; the token. */
  signIn(role: Role, key?: string): Promise<string>;
  /** A device of a store of a new merchant and store unless they are named. */
  device(of?: DeviceOf): Promise<AddedDevice>;
  /** One more store server on the same database and sandbox; without the demo when told so. */
  openStore(of?: { readonly demo: boolean }): Promise<StoreServer>;
  close(): Promise<void>;
};

export async function openShop(options: ShopOptions = {}): Promise<Shop> {
  const database = await openDatabase();
  const sandbox = await startTestSandbox(options.sandbox);
  const journal = await openJournal({ url: database.url, log: silentLog });
  const lines: string[] = [];
  const apiKey = `tw_demo_${randomBytes(32).toString('base64url')}`;
  const fingerprintKey = redact(new Uint8Array(randomBytes(32)));
  const log: Log = {
    event: (name, fields) => {
      lines.push(
        JSON.stringify({ event: name, ...fields }, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)),
      );
    },
  };
  const { channel = 'alipay-openapi', screensFolder = '' } = options;
  const openStore = (demo = true) =>
    startStoreServer({
      config: {
        demo,
        store: { port: 0, name: 'Corner shop', currency: 'CNY', timeZone: 'Asia/Shanghai', language: 'en' },
        deadline: { ...defaultPolicy, ...options.deadline },
        alipay: { channel, notifyBaseUrl: null },
      },
      ...{ log, host: '127.0.0.1', port: 0, databaseUrl: redact(database.url), fingerprintKey, screensFolder },
      gateway: gatewayOf(sandbox, channel),
      sandboxUrl: sandbox.url,
      demoApiKey: demo ? redact(apiKey) : null,
      demoPins: {
        cashier: redact(demoPins.cashier),
        supervisor: redact(demoPins.supervisor),
        manager: redact(demoPins.manager),
      },
    });
  const stores = [await openStore()];
  const [store] = stores;
  assert.ok(store !== undefined);
  const shop: Shop = {
    ...{ sandbox, store, journal, apiKey, lines, databaseUrl: database.url },
    call: (method, path, call = {}) => ask(call.url ?? store.url, apiKey, method, path, call),
    async sell(amount, key = apiKey) {
      const answer = await shop.call('POST', '/api/v1/sales', { key, body: { amount, currency: 'CNY' } });
      assert.equal(answer.status, 201, answer.text);
      return String(answer.json['saleId']);
    },
    pay: (saleId, payerCode, idempotencyKey = randomBytes(12).toString('hex'), key = apiKey) =>
      shop.call('POST', `/api/v1/sales/${saleId}/payments`, { key, idempotencyKey, body: { payerCode } }),
    code: async () =>
      (await showCode(sandbox, await openWallet(sandbox, '100000.00', { passwordAbove: '90000.00' }))).code,
    async signIn(role, key = apiKey) {
      const body = { personId: demoPeople[role].id, pin: demoPins[role] };
      const answer = await shop.call('POST', '/api/v1/people/sign-in', { key, body });
      assert.equal(answer.status, 201, answer.text);
      return String(answer.json['token']);
    },
    device: (of) => addDevice(journal, of),
    async openStore(of) {
      const another = await openStore(of?.demo);
      stores.push(another);
      return another;
    },
    async close() {
      await Promise.all(stores.map((each) => each.close()));
      await journal.close();
      await sandbox.close();
      await database.close();
    },
  };
  return shop;
}

async function addDevice(journal: Journal, of: DeviceOf = {}): Promise<AddedDevice> {
  const now = systemClock.now();
  const random = systemRandom();
  const key = `tw_${randomBytes(32).toString('base64url')}`;
  const { merchantId = makeId('merchant', now, random), storeId = makeId('store', now, random) } = of;
  const id = makeId('device', now, random);
  await journal.directory.ensureStore({
    merchant: { id: merchantId, name: 'Corner shop' },
    store: { id: storeId, name: 'Side street', currency: 'CNY', timeZone: 'Asia/Shanghai' },
    device: { id, name: 'Till of a test' },
    apiKeyHash: hashApiKey(key),
  });
  return { key, merchantId, id };
}

function gatewayOf({ url, credentials: { openapi, global } }: RunningSandbox, channel: ChannelName) {
  if (channel === 'alipay-openapi') {
    const { appId: applicationId, appPrivateKey, alipayPublicKey } = openapi;
    return { url: `${url}/gateway.do`, applicationId, privateKey: redact(appPrivateKey), alipayPublicKey };
  }
  const { clientId: applicationId, privateKey, alipayPublicKey } = global;
  return { url, applicationId, privateKey: redact(privateKey), alipayPublicKey };
}

async function ask(base: string, apiKey: string, method: string, path: string, call: Call): Promise<Answer> {
  const headers: Record<string, string> = {};
  const key = call.key === undefined ? apiKey : call.key;
  if (key !== null) headers['authorization'] = `Bearer ${key}`;
  if (call.idempotencyKey !== undefined) headers['idempotency-key'] = call.idempotencyKey;
  if (call.person !== undefined) headers[personHeader] = call.person;
  const body = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  if (body !== undefined) headers['content-type'] = 'application/json';
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: { ...headers, ...call.headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: jsonOf(text) };
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** The answer is this problem of the catalogue, whole, with a sentence that says what to do, and nothing of the inside. */
export function assertProblem(answer: Answer, code: ProblemCode, says: RegExp = /./): void {
  assert.equal(answer.json['code'], code, answer.text);
  const { status, title, remedy } = problems[code];
  assert.equal(answer.status, status);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json(;|$)/);
  const problem = problemSchema.strict().parse(answer.json);
  assert.deepEqual([problem.status, problem.title, problem.type], [status, title, `/docs#${code}`]);
  assert.match(problem.traceId ?? '', /^req_[0-9a-z]{24}$/);
  assert.ok(problem.detail.endsWith(remedy), problem.detail);
  assert.match(problem.detail, says);
  assert.doesNotMatch(
    answer.text,
    /node_modules|\.ts:|at async|SELECT|INSERT|payment_attempt|violates|FST_ERR|"stack"/,
  );
}

type Database = { readonly url: string; close(): Promise<void> };

// The server that DATABASE_URL names, when the tests were given one; else an embedded one.
async function openDatabase(): Promise<Database> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') return await openOwnDatabase(given);
  const home = await mkdtemp(join(tmpdir(), 'tillway-shop-'));
  // The user that PostgreSQL runs as must pass through, and need not see.
  await chmod(home, 0o711);
  const embedded = await startEmbeddedPostgres({ home, log: silentLog, durable: false });
  return {
    url: embedded.url,
    async close() {
      await embedded.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function openOwnDatabase(serverUrl: string): Promise<Database> {
  const name = `tillway_shop_${randomBytes(8).toString('hex')}`;
  await administer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, close: () => administer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
