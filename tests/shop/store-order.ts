// What a store server of the tests is started with, as plain JSON: the same for one in this process and one in its own.

import type { Log } from '#foundation/log.ts';
import { redact } from '#foundation/redacted.ts';
import type { ChannelName, DeadlinePolicy } from '#payment/index.ts';
import type { SandboxCredentials } from '#sandbox/index.ts';
import type { StoreSettings } from '../../src/server/store-settings.ts';

export type StoreOrder = {
  readonly channel: ChannelName;
  readonly deadline: DeadlinePolicy;
  readonly databaseUrl: string;
  readonly sandboxUrl: string;
  readonly credentials: SandboxCredentials;
  readonly apiKey: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Where notices go; null for the server's own address. */
  readonly notifyBaseUrl: string | null;
};

export function settingsOf(order: StoreOrder, log: Log): StoreSettings {
  const { openapi, global } = order.credentials;
  const domestic = order.channel === 'alipay-openapi';
  const currency = 'CNY' as const;
  return {
    config: {
      demo: true,
      store: { port: 0, name: 'Corner shop', currency, timeZone: 'Asia/Shanghai', language: 'en' },
      deadline: order.deadline,
      alipay: { channel: order.channel, notifyBaseUrl: order.notifyBaseUrl },
    },
    log,
    host: '127.0.0.1',
    port: order.port,
    databaseUrl: redact(order.databaseUrl),
    gateway: {
      url: domestic ? `${order.sandboxUrl}/gateway.do` : order.sandboxUrl,
      applicationId: domestic ? openapi.appId : global.clientId,
      privateKey: redact(domestic ? openapi.appPrivateKey : global.privateKey),
      alipayPublicKey: domestic ? openapi.alipayPublicKey : global.alipayPublicKey,
    },
    sandboxUrl: order.sandboxUrl,
    demoApiKey: redact(order.apiKey),
    fingerprintKey: redact(new Uint8Array(32).fill(7)),
    screensFolder: '',
  };
}
