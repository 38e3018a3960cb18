// For operators and their machines: alive, ready, and figures.

import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../../metrics.ts';

const hidden = { schema: { hide: true }, config: { access: 'public' } } as const;

/** `isReady` tells whether the journal answers; a server that is not ready should get no new payments. */
export function healthRoutes(app: FastifyInstance, metrics: Metrics, isReady: () => Promise<boolean>): void {
  app.get('/healthz', hidden, async () => ({ status: 'alive' }));
  // Anybody may ask, as often as they like: the database is asked once at a time.
  let asked: Promise<boolean> | undefined;
  app.get('/readyz', hidden, async (_request, reply) => {
    asked ??= isReady().finally(() => {
      asked = undefined;
    });
    const ready = await asked;
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready' });
  });
  app.get('/metrics', hidden, async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
