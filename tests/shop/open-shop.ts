// A whole shop for a suite: a database of its own, a sandbox, and one store server in this process, all over real sockets.

import { randomBytes } from 'node:crypto';
import type { Clock } from '#foundation/instant.ts';
import { type Log, silentLog } from '#foundation/log.ts';
import type { ChannelName, DeadlinePolicy } from '#payment/index.ts';
import { type RunningSandbox, type SandboxKeys, type SettingsPatch, startSandbox } from '#sandbox/index.ts';
import { openTestDatabase } from '../../src/journal/with-database.ts';
import { startStoreServer } from '../../src/server/store-server.ts';
import { SandboxControl } from './sandbox-control.ts';
import { codeLifeMs, shortDeadlines } from './short-deadlines.ts';
import { type StoreOrder, settingsOf } from './store-order.ts';
import { Till } from './till.ts';

export const channels = ['alipay-openapi', 'alipay-global'] as const satisfies readonly ChannelName[];

export type GroundOptions = {
  readonly channel: ChannelName;
  readonly deadline?: DeadlinePolicy;
  readonly sandbox?: SettingsPatch;
  readonly keys?: SandboxKeys;
  /** The sandbox's clock, when it is not to be the machine's. */
  readonly clock?: Clock;
};

/** What a store server stands on: the database and the other side. */
export type Ground = {
  readonly order: StoreOrder;
  readonly sandbox: RunningSandbox;
  readonly control: SandboxControl;
  close(): Promise<void>;
};

export type Shop = Ground & { readonly storeUrl: string; readonly till: Till };

/** `databaseUrl` instead of a fresh database when the suite brings its own. */
export async function openGround(options: GroundOptions, databaseUrl?: string): Promise<Ground> {
  const database = databaseUrl === undefined ? await openTestDatabase() : undefined;
  const sandbox = await startSandbox({
    port: 0,
    settings: {
      ...options.sandbox,
      times: { codeLifeMs, ...options.sandbox?.times },
      // Gaps of minutes become gaps of fractions of a second.
      notices: { speedUp: 1_000, ...options.sandbox?.notices },
    },
    ...(options.keys === undefined ? {} : { keys: options.keys }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  return {
    order: {
      channel: options.channel,
      deadline: options.deadline ?? shortDeadlines,
      databaseUrl: databaseUrl ?? database?.url ?? '',
      sandboxUrl: sandbox.url,
      credentials: sandbox.credentials,
      apiKey: randomBytes(24).toString('base64url'),
      port: 0,
      notifyBaseUrl: null,
    },
    sandbox,
    control: new SandboxControl(sandbox.url),
    async close() {
      await sandbox.close();
      await database?.drop();
    },
  };
}

export async function openShop(options: GroundOptions, log: Log = silentLog): Promise<Shop> {
  const ground = await openGround(options);
  const store = await startStoreServer(settingsOf(ground.order, log));
  return {
    ...ground,
    storeUrl: store.url,
    till: new Till(store.url, ground.order.apiKey),
    async close() {
      await store.close();
      await ground.close();
    },
  };
}
