// The store server: joins the journal, the road to Alipay, payment and the HTTP app. It listens first (so that the address which
// payments carry for their notices is known) and answers 503 until everything stands.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { usualPermissions } from '#checkout/index.ts';
import { makeId } from '#foundation/id.ts';
import { durationMs } from '#foundation/instant.ts';
import { type Journal, openJournal } from '#journal/index.ts';
import { PaymentService } from '#payment/index.ts';
import { openAlipayRoad } from './alipay-road.ts';
import { systemClock, systemRandom } from './ambient.ts';
import { ensureDemoProducts } from './catalog/fill-demo.ts';
import { buildApp } from './http/app.ts';
import { hashApiKey } from './http/authenticate.ts';
import { answerNotReady, drain, makeHttpServer } from './http/http-server.ts';
import { createMetrics } from './metrics.ts';
import { demoNames } from './own-merchant.ts';
import { type DemoPins, ensureDemoPeople } from './people/demo-people.ts';
import { PinKeeper } from './people/pin-keeper.ts';
import { type DocumentParts, receiptPlace, sha256 } from './receipts/document-parts.ts';
import { DocumentKeeper } from './receipts/keep-documents.ts';
import { rememberSales } from './remember-sales.ts';
import type { StoreServer, StoreSettings } from './store-settings.ts';

const patience = durationMs(2_000);
// Longer than any request's patience, shorter than a supervisor's.
const drainMs = 5_000;

/**
 * Starts a store server. Throws a `JournalError` when the database says no, and the system's own error for a port that is taken.
 */
export async function startStoreServer(settings: StoreSettings): Promise<StoreServer> {
  const server = makeHttpServer();
  const notReady = answerNotReady(server);
  const url = await listen(server, settings.host, settings.port);
  try {
    return await open(server, notReady, url, settings);
  } catch (trouble) {
    server.close();
    server.closeAllConnections();
    throw trouble;
  }
}

async function open(server: Server, notReady: () => void, url: string, settings: StoreSettings): Promise<StoreServer> {
  const { config, fingerprintKey, sandboxUrl, screensFolder, demoApiKey } = settings;
  const random = systemRandom();
  const metrics = createMetrics(settings.log, () => payment.heldCount);
  const { log } = metrics;
  const journal = await openJournal({ url: settings.databaseUrl.reveal(), log });
  const pins = new PinKeeper(fingerprintKey);
  if (demoApiKey !== null) {
    await ensureDemo(journal, settings, demoApiKey.reveal());
    if (settings.demoPins !== undefined) await ensurePeople(journal, settings, pins, settings.demoPins);
  }
  const notifyUrl = `${config.alipay.notifyBaseUrl ?? url}/notify/alipay`;
  // Alipay holds the time of a request against its own clock: the machine's is kept to the world's time, and a database whose clock
  // is wrong must not make Alipay refuse every till at once.
  const road = openAlipayRoad(settings, notifyUrl, systemClock);
  const payment = new PaymentService({
    journal: journal.payments,
    channels: { [config.alipay.channel]: road.channel },
    clock: systemClock,
    random,
    log,
    owner: makeId('device', systemClock.now(), random).replace('dev_', 'process_'),
    policyOf: () => config.deadline,
  });
  await payment.start();
  const { tills, documents, catalog } = journal;
  const keeper = new DocumentKeeper({ tills, documents, catalog, clock: systemClock, log });
  const app = await buildApp({
    payment,
    paymentJournal: journal.payments,
    saleJournal: rememberSales(journal.sales),
    catalog: journal.catalog,
    people: { directory: journal.people, overrides: journal.overrides, permissions: usualPermissions, pins, log },
    heldBaskets: journal.heldBaskets,
    documents: documentParts(journal, keeper, sandboxUrl !== null),
    clock: payment.clock,
    random,
    channel: config.alipay.channel,
    policy: config.deadline,
    fingerprintKey,
    sandboxUrl,
    patience,
    findDevice: async (hash) => {
      const device = await journal.directory.findDeviceByKeyHash(hash);
      // Where there is no demo the demo's key opens nothing, also on a database that had one.
      return demoApiKey === null && device?.deviceId === demoNames.deviceId ? undefined : device;
    },
    notices: road.notices,
    metrics,
    isReady: () =>
      journal.ping().then(
        () => true,
        () => false,
      ),
    pages: { screensFolder, sandboxUrl, demoApiKey },
    server,
  });
  await app.ready();
  keeper.start();
  notReady();
  log.event('server.store.listening', { url, channel: config.alipay.channel });
  return {
    url,
    async close() {
      // Requests that are there are answered first; then payment gives up what it holds, so that another process takes it up at
      // once. Each step is taken whatever became of the one before.
      const drained = drain(server, drainMs);
      const steps = [
        () => app.close(),
        () => drained,
        () => keeper.stop(),
        () => payment.stop(),
        () => road.close(),
        () => journal.close(),
      ];
      for (const step of steps) {
        await step().catch((trouble: unknown) => {
          log.event('server.close.faulted', { fault: trouble instanceof Error ? trouble.name : 'unknown' });
        });
      }
    },
  };
}

function documentParts(journal: Journal, keeper: DocumentKeeper, takesTestMoney: boolean): DocumentParts {
  const { tills, documents, directory } = journal;
  return {
    ...{ tills, documents, sha256 },
    onTaken: () => keeper.kick(),
    placeOf: async (merchantId, deviceId) =>
      receiptPlace(await directory.listDevices(merchantId), deviceId, takesTestMoney),
  };
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  // A browser cannot open the address "all interfaces"; this machine's own name always works.
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${bound}`;
}

async function ensureDemo(journal: Journal, { config }: StoreSettings, apiKey: string): Promise<void> {
  const { name, currency, timeZone } = config.store;
  await journal.directory.ensureStore({
    merchant: { id: demoNames.merchantId, name },
    store: { id: demoNames.storeId, name, currency, timeZone },
    device: { id: demoNames.deviceId, name: 'Till 1' },
    apiKeyHash: hashApiKey(apiKey),
  });
  // The demo's goods are priced as in China.
  if (currency !== 'CNY') return;
  const { merchantId } = demoNames;
  await ensureDemoProducts({
    ...{ journal: journal.catalog, merchantId, random: systemRandom(), at: systemClock.now() },
  });
}

async function ensurePeople(
  journal: Journal,
  { config }: StoreSettings,
  pins: PinKeeper,
  demoPins: DemoPins,
): Promise<void> {
  const language = config.store.language === 'zh-CN' ? 'zh' : 'en';
  const of = { language, now: systemClock.now() } as const;
  await ensureDemoPeople({ directory: journal.people, pins }, demoNames, demoPins, of);
}
