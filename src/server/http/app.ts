// Builds the store server's HTTP app from its parts: schemas in, problems out, every route with its caller named.

import type { Server } from 'node:http';
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import fastify from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { makeId } from '#foundation/id.ts';
import type { NoticeVerifier } from '../alipay-road.ts';
import type { Metrics } from '../metrics.ts';
import { authenticateDevices, type FindDevice } from './authenticate.ts';
import { answerProblems } from './problem-reply.ts';
import { deviceRoutes } from './routes/device.ts';
import { healthRoutes } from './routes/health.ts';
import { noticeRoutes } from './routes/notices.ts';
import { type PageSettings, pageRoutes } from './routes/pages.ts';
import { paymentRoutes } from './routes/payments.ts';
import { refundRoutes } from './routes/refunds.ts';
import { saleRoutes } from './routes/sales.ts';
import type { App, StoreParts } from './routes/store-parts.ts';

export type AppParts = StoreParts & {
  readonly findDevice: FindDevice;
  readonly notices: NoticeVerifier;
  readonly metrics: Metrics;
  readonly isReady: () => Promise<boolean>;
  readonly pages: PageSettings;
  /** Already listening. */
  readonly server: Server;
};

const bodyLimit = 64 * 1024;
const requestTimeoutMs = 15_000;

const about = {
  openapi: '3.1.0',
  info: {
    title: 'Tillway ECR API',
    version: '1.0.0',
    description:
      'Connect a till: create a sale, pay it with the code that the customer shows, follow it, give back.\n\n' +
      'Amounts are decimal text in major units. Every act that moves money wants an `Idempotency-Key`: the same key with the ' +
      'same body answers what the first call made, so a retry is always safe. Errors are problem+json with a stable `code`.\n\n' +
      '`paid` and `not-paid` come before the deadline (30 s from the scan). `not-paid` with `custody: true` means that a ' +
      'reversal is still being confirmed; it ends by itself and nobody has to do anything.',
  },
  components: { securitySchemes: { deviceKey: { type: 'http', scheme: 'bearer' } } },
  security: [{ deviceKey: [] }],
  servers: [{ url: '/' }],
} as const;

export async function buildApp(parts: AppParts): Promise<App> {
  const { clock, random, metrics } = parts;
  const app = fastify({
    logger: false,
    bodyLimit,
    serverFactory: (handler) => parts.server.on('request', handler),
    genReqId: () => makeId('sale', clock.now(), random).replace('sale_', 'req_'),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  // Answers are built by views.ts in exactly the schema's shape (a test holds them to it); checking again would only cost time.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  answerProblems(app, metrics.log);
  // A client that sends its request slowly holds a connection no longer than this.
  parts.server.requestTimeout = requestTimeoutMs;
  await app.register(cookie);
  authenticateDevices(app, parts.findDevice, clock);
  await app.register(swagger, {
    openapi: { ...about, servers: [...about.servers], security: [{ deviceKey: [] }] },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(scalar, { routePrefix: '/docs', configuration: { withDefaultFonts: false, telemetry: false } });
  await app.register(
    async (api: App) => {
      saleRoutes(api, parts);
      paymentRoutes(api, parts);
      refundRoutes(api, parts);
      deviceRoutes(api, parts, parts.findDevice);
    },
    { prefix: '/api/v1' },
  );
  await app.register(async (scope) => noticeRoutes(scope, parts, parts.notices, metrics.log), { prefix: '/notify' });
  healthRoutes(app, metrics, parts.isReady);
  await app.register(async (scope) => await pageRoutes(scope, parts.pages));
  return app;
}
