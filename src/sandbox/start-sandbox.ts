// Starts the sandbox as a server: the wire protocols, the control API and the page on one port.

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '#foundation/instant.ts';
import { type Log, silentLog } from '#foundation/log.ts';
import type { Random } from '#foundation/random.ts';
import { settableClock, systemClock } from './clock.ts';
import { serveControl, servePage } from './control/serve-control.ts';
import { noEventLog, openEventLog } from './event-log.ts';
import { serveGlobal } from './global/gateway.ts';
import { credentialsOf, loadSandboxKeys, type SandboxCredentials, type SandboxKeys } from './keys.ts';
import { serveOpenapi } from './openapi/gateway.ts';
import { systemRandom } from './random.ts';
import { createSandbox } from './sandbox.ts';
import { type SettingsPatch, settingsWith } from './settings.ts';

export type SandboxOptions = {
  /** 0 takes any free port. */
  readonly port: number;
  /** The address to listen on; loopback unless said otherwise. */
  readonly host?: string;
  /** Keeps keys and events here; without it the sandbox forgets everything when it stops. */
  readonly dataDir?: string;
  /** Uses these keys instead of the folder's. */
  readonly keys?: SandboxKeys;
  readonly settings?: SettingsPatch;
  readonly clock?: Clock;
  /** Lets `POST /control/v1/clock` move the time. */
  readonly settableClock?: boolean;
  /** Ids and codes; pass a seeded one to have the same run twice. */
  readonly random?: Random;
  readonly log?: Log;
};

export type RunningSandbox = {
  /** `http://127.0.0.1:8090`, without a path. */
  readonly url: string;
  readonly port: number;
  /** The two apps that are there from the start, for `run.json` and tests. */
  readonly credentials: SandboxCredentials;
  close(): Promise<void>;
};

const bodyBytesMax = 1_048_576;

/** Starts listening. Rejects when the port is taken, the folder cannot be used or the event file is damaged. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { dataDir, log = silentLog } = options;
  const base = options.clock ?? systemClock;
  const settable = options.settableClock === true ? settableClock(base) : undefined;
  const keys = options.keys ?? (await loadSandboxKeys(dataDir === undefined ? undefined : join(dataDir, 'keys')));
  const opened = dataDir === undefined ? { log: noEventLog, events: [] } : await openEventLog(dataDir);
  const sandbox = createSandbox({
    keys,
    settings: settingsWith(options.settings ?? {}),
    clock: settable ?? base,
    random: options.random ?? systemRandom(),
    log,
    eventLog: opened.log,
    past: opened.events,
  });
  const server = makeServer();
  server.setErrorHandler((error: Error & { readonly statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.event('sandbox.server.failed', { name: error.name });
    return reply
      .code(status)
      .type('text/plain; charset=utf-8')
      .send(status >= 500 ? 'internal error' : 'bad request');
  });
  await server.register(serveOpenapi(sandbox));
  await server.register(serveGlobal(sandbox));
  await server.register(serveControl(sandbox, settable), { prefix: '/control/v1' });
  await server.register(servePage(sandbox));
  server.get('/healthz', async () => ({ status: 'ok' }));
  try {
    await server.listen({ port: options.port, host: options.host ?? '127.0.0.1' });
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const url = `http://${reachableName(options.host ?? '127.0.0.1')}:${port}`;
  log.event('sandbox.server.started', { port, replayed: opened.events.length });
  return {
    url,
    port,
    credentials: credentialsOf(keys),
    async close() {
      await server.close();
      await sandbox.close();
    },
  };
}

function makeServer(): FastifyInstance {
  return Fastify({
    bodyLimit: bodyBytesMax,
    genReqId: () => randomUUID().replaceAll('-', ''),
    // Some clients send the whole address as the request target; the path is what counts.
    rewriteUrl: ({ url = '/' }) => (url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/]*/i, '') || '/'),
    routerOptions: { maxParamLength: 128 },
    forceCloseConnections: true,
    exposeHeadRoutes: false,
  });
}

// An address to listen on is not always one to call: 0.0.0.0 and :: mean every one.
function reachableName(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
