// What a store server is started with. The supervisor, `tillway store` and tests make it; store-server.ts takes it.

import type { Log } from '#foundation/log.ts';
import type { Redacted } from '#foundation/redacted.ts';
import type { ChannelName } from '#payment/index.ts';
import type { AlipayGateway, Config } from './config.ts';
import type { DemoPins } from './people/demo-people.ts';

/** The part of the configuration that the store server works by. Nothing here is secret. */
export type StoreConfig = Pick<Config, 'demo' | 'store' | 'deadline'> & {
  readonly alipay: { readonly channel: ChannelName; readonly notifyBaseUrl: string | null };
};

export type StoreSettings = {
  readonly config: StoreConfig;
  readonly log: Log;
  readonly host: string;
  /** 0 = any free port. After a crash the process is started again on the port that it had. */
  readonly port: number;
  readonly databaseUrl: Redacted<string>;
  /** Where Alipay is: the configured gateway, or the local sandbox in its place. */
  readonly gateway: AlipayGateway;
  /** Base address of the local sandbox when it stands in for Alipay; the wallet page needs it. */
  readonly sandboxUrl: string | null;
  /** Key of the demo device, made once per home; null when the settings say no demo. */
  readonly demoApiKey: Redacted<string> | null;
  /** PINs of the demo's people, made once per home; without them a demo has nobody who could sign in. */
  readonly demoPins?: DemoPins;
  /** 32 random bytes, made once per home, for the keyed hash of idempotent requests and, by a key derived from it, of PINs. */
  readonly fingerprintKey: Redacted<Uint8Array>;
  /** Folder of the built pages. */
  readonly screensFolder: string;
};

export type StoreServer = {
  /** Where it listens, in a form that a browser of this machine can open. */
  readonly url: string;
  close(): Promise<void>;
};

export function storeConfig(config: Config): StoreConfig {
  const { demo, store, deadline, alipay } = config;
  return { demo, store, deadline, alipay: { channel: alipay.channel, notifyBaseUrl: alipay.notifyBaseUrl } };
}
