// The store server of the bench, as it runs in a shop. It also notes how long each call to Alipay took, from the HTTP client's
// own events, so that what we add can be told from what Alipay takes.

import diagnostics from 'node:diagnostics_channel';
import { silentLog } from '#foundation/log.ts';
import { redact } from '#foundation/redacted.ts';
import { defaultPolicy } from '#payment/index.ts';
import { startStoreServer } from '../../src/server/store-server.ts';
import { runChild } from './child.ts';

const alipayMs: Record<string, number> = {};
const begun = new WeakMap<object, { readonly number: string; readonly at: number }>();

function numberOf(request: object): string | undefined {
  const body: unknown = Reflect.get(request, 'body');
  const text = typeof body === 'string' || body instanceof Uint8Array ? decodeURIComponent(body.toString()) : '';
  return /"out_trade_no":"(\w+)"/.exec(text)?.[1];
}

function note(): void {
  diagnostics.subscribe('undici:request:create', (message) => {
    const { request } = message as { request: object };
    const number = numberOf(request);
    if (number !== undefined) begun.set(request, { number, at: performance.now() });
  });
  diagnostics.subscribe('undici:request:trailers', (message) => {
    const { request } = message as { request: object };
    const start = begun.get(request);
    if (start !== undefined) alipayMs[start.number] = performance.now() - start.at;
  });
}

runChild(
  async (order) => {
    if (order['note'] === 'yes') note();
    const server = await startStoreServer({
      config: {
        demo: true,
        store: { port: 0, name: 'Bench', currency: 'CNY', timeZone: 'Asia/Shanghai', language: 'en' },
        deadline: defaultPolicy,
        alipay: { channel: 'alipay-openapi', notifyBaseUrl: null },
      },
      log: silentLog,
      host: '127.0.0.1',
      port: 0,
      databaseUrl: redact(order['databaseUrl'] ?? ''),
      gateway: {
        url: `${order['sandboxUrl']}/gateway.do`,
        applicationId: order['appId'] ?? '',
        privateKey: redact(order['appPrivateKey'] ?? ''),
        alipayPublicKey: order['alipayPublicKey'] ?? '',
      },
      sandboxUrl: order['sandboxUrl'] ?? null,
      demoApiKey: redact(order['apiKey'] ?? ''),
      fingerprintKey: redact(new Uint8Array(32)),
      screensFolder: '',
    });
    return { url: server.url };
  },
  (what) => (what === 'alipay-ms' ? alipayMs : null),
);
