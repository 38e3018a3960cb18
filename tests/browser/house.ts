// The real house for a browser: one sandbox, and store servers with the built pages, each on a database of its own. A journey that
// stops its store server or shortens its deadline takes a store for itself; all others share one, with wallets of their own.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeId } from '#foundation/id.ts';
import { durationMs } from '#foundation/instant.ts';
import { silentLog } from '#foundation/log.ts';
import { openJournal } from '#journal/index.ts';
import { type DeadlinePolicy, makePolicy } from '#payment/index.ts';
import { type RunningSandbox, type SettingsPatch, startSandbox } from '#sandbox/index.ts';
import { openTestDatabase, type TestDatabase } from '../../src/journal/with-database.ts';
import { systemClock, systemRandom } from '../../src/server/ambient.ts';
import { hashApiKey } from '../../src/server/http/authenticate.ts';
import { startStoreServer } from '../../src/server/store-server.ts';
import type { StoreServer, StoreSettings } from '../../src/server/store-settings.ts';
import { SandboxControl } from '../shop/sandbox-control.ts';
import { settingsOf } from '../shop/store-order.ts';
import { showCode, topUp } from './wallet-phone.ts';

const screensFolder = fileURLToPath(new URL('../../dist/screens', import.meta.url));

/** A real store's half minute, but asking sooner: for journeys in which a person answers. */
export const unhurried = policy({ firstInquiryMs: 1_000, lostInquiryMs: 300, inquiryIntervalMs: 1_000 });

/** Six seconds from scan to final word: for journeys in which nobody answers. */
export const hurried = policy({
  finalWordMs: 6_000,
  authorizeTimeoutMs: 2_000,
  inquiryTimeoutMs: 700,
  reversalTimeoutMs: 700,
  firstInquiryMs: 500,
  lostInquiryMs: 200,
  inquiryIntervalMs: 500,
  marginMs: 500,
  watchIntervalMs: 1_000,
  refusalWatchMs: 8_000,
  custodyWaitMs: 500,
  custodyWaitMaxMs: 1_000,
});

function policy(own: { readonly [Name in keyof DeadlinePolicy]?: number }): DeadlinePolicy {
  const made = makePolicy(Object.fromEntries(Object.entries(own).map(([name, value]) => [name, durationMs(value)])));
  if (!made.ok) throw new Error(made.failure.join('; '));
  return made.value;
}

export class House {
  readonly sandbox: RunningSandbox;
  readonly control: SandboxControl;
  readonly #stores: Store[] = [];

  private constructor(sandbox: RunningSandbox) {
    this.sandbox = sandbox;
    this.control = new SandboxControl(sandbox.url);
  }

  static async open(sandbox: SettingsPatch = {}): Promise<House> {
    if (!existsSync(join(screensFolder, 'till/index.html'))) {
      throw new Error('The pages are not built (dist/screens): run "npm test", or "node tools/prepare.mjs test" once.');
    }
    return new House(await startSandbox({ port: 0, settings: sandbox }));
  }

  /** A fresh code of so many digits, for journeys without a wallet page. */
  async showCode(walletId: string, digits?: number): Promise<string> {
    return await showCode(this.sandbox.url, walletId, digits);
  }

  async topUp(walletId: string, amount: string): Promise<void> {
    await topUp(this.sandbox.url, walletId, amount);
  }

  /** A store server that takes its payments at this house's sandbox. */
  async openStore(deadline: DeadlinePolicy): Promise<Store> {
    const database = await openTestDatabase();
    const order = {
      channel: 'alipay-openapi',
      deadline,
      databaseUrl: database.url,
      sandboxUrl: this.sandbox.url,
      credentials: this.sandbox.credentials,
      apiKey: randomBytes(24).toString('base64url'),
      port: 0,
      notifyBaseUrl: null,
    } as const;
    const store = new Store(database, { ...settingsOf(order, silentLog), screensFolder });
    this.#stores.push(store);
    await store.start();
    return store;
  }

  async close(): Promise<void> {
    // One after the other: the last database to be dropped takes its PostgreSQL with it.
    for (const store of this.#stores) await store.close();
    await this.sandbox.close();
  }
}

export class Store {
  readonly #database: TestDatabase;
  #settings: StoreSettings;
  #server: StoreServer | undefined;
  #url = '';

  constructor(database: TestDatabase, settings: StoreSettings) {
    this.#database = database;
    this.#settings = settings;
  }

  get url(): string {
    return this.#url;
  }

  get deadlineMs(): number {
    return this.#settings.config.deadline.finalWordMs;
  }

  /** Starts, and after a stop starts again on the same port. */
  async start(): Promise<void> {
    this.#server = await startStoreServer(this.#settings);
    this.#url = this.#server.url;
    this.#settings = { ...this.#settings, port: Number(new URL(this.#url).port) };
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  /** Becomes a store outside of the demo: no browser is paired by opening a page. Answers the key of a device that was added. */
  async leaveDemo(): Promise<string> {
    await this.stop();
    const { store } = this.#settings.config;
    const deviceKey = `tw_${randomBytes(32).toString('base64url')}`;
    const id = <Kind extends 'merchant' | 'store' | 'device'>(kind: Kind) =>
      makeId(kind, systemClock.now(), systemRandom());
    const journal = await openJournal({ url: this.#database.url, log: silentLog });
    await journal.directory.ensureStore({
      merchant: { id: id('merchant'), name: store.name },
      store: { id: id('store'), name: store.name, currency: store.currency, timeZone: store.timeZone },
      device: { id: id('device'), name: 'Till 1' },
      apiKeyHash: hashApiKey(deviceKey),
    });
    await journal.close();
    this.#settings = { ...this.#settings, demoApiKey: null };
    await this.start();
    return deviceKey;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.#database.drop();
  }
}
