// Builds the store server's HTTP app from its parts: schemas in, problems out, every route with its caller named.

import type { Server } from 'node:http';
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import fastify, { type FastifyInstance } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { makeId } from '#foundation/id.ts';
import type { NoticeVerifier } from '../alipay-road.ts';
import { ImportDesk } from '../catalog/import-desk.ts';
import type { Metrics } from '../metrics.ts';
import { receiptPageRoute } from '../receipts/receipt-page-route.ts';
import { authenticateDevices, type FindDevice, rememberDevices } from './authenticate.ts';
import { authenticatePeople } from './authenticate-person.ts';
import { PaymentFollowers } from './follow-payment.ts';
import { openToAll, requireAccess } from './known-routes.ts';
import { describeApi } from './openapi.ts';
import { answerProblems, explain, refuseConnection, sendProblem } from './problem-reply.ts';
import { basketRoutes } from './routes/baskets.ts';
import { catalogRoutes } from './routes/catalog.ts';
import { catalogFileRoutes } from './routes/catalog-files.ts';
import { custodyRoutes } from './routes/custody.ts';
import { deviceRoutes } from './routes/device.ts';
import { documentRoutes } from './routes/documents.ts';
import { healthRoutes } from './routes/health.ts';
import { noticeRoutes } from './routes/notices.ts';
import { type PageSettings, pageRoutes } from './routes/pages.ts';
import { paymentRoutes } from './routes/payments.ts';
import { peopleRoutes } from './routes/people.ts';
import { refundRoutes } from './routes/refunds.ts';
import { saleRoutes } from './routes/sales.ts';
import type { App, StoreParts } from './routes/store-parts.ts';
import { tillRoutes } from './routes/till.ts';

export type AppParts = StoreParts & {
  readonly findDevice: FindDevice;
  readonly notices: NoticeVerifier;
  readonly metrics: Metrics;
  readonly isReady: () => Promise<boolean>;
  readonly pages: PageSettings;
  /** Already listening, with the limits of http-server.ts. */
  readonly server: Server;
};

const bodyLimit = 64 * 1024;

/** Builds the app. It is ready when every route has said who may call it. */
export async function buildApp(parts: AppParts): Promise<App> {
  const { clock, random, metrics, server } = parts;
  const app = fastify({
    logger: false,
    bodyLimit,
    serverFactory: (handler) => server.on('request', handler),
    genReqId: () => makeId('sale', clock.now(), random).replace('sale_', 'req_'),
    // An address that cannot be read has no route, and so no error handler of one.
    frameworkErrors: (error, request, reply) => void sendProblem(reply, explain(error, request, metrics.log)),
    clientErrorHandler: refuseConnection,
    // What came in time is answered; http-server.ts ends the connections.
    return503OnClosing: false,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  // Answers are built by views.ts in exactly the schema's shape (a test holds them to it); checking again would only cost time.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  answerProblems(app, metrics.log);
  requireAccess(app);
  readJson(app);
  app.addHook('onRequest', async (_request, reply) => {
    // While the server stops, a connection that is kept alive would only keep it from ending.
    if (!server.listening) reply.header('connection', 'close');
  });
  await app.register(cookie);
  const identify = rememberDevices(parts.findDevice, clock);
  authenticateDevices(app, identify);
  authenticatePeople(app, { ...parts.people, clock });
  await app.register(swagger, describeApi());
  await app.register(async (scope) => await docRoutes(scope));
  const followers = new PaymentFollowers(parts.payment, clock);
  app.addHook('preClose', async () => followers.close());
  const imports = new ImportDesk({ journal: parts.catalog, clock, random, log: metrics.log });
  app.addHook('onClose', () => imports.close());
  await app.register(
    async (api: App) => {
      saleRoutes(api, parts);
      paymentRoutes(api, parts, followers);
      refundRoutes(api, parts);
      deviceRoutes(api, parts, identify);
      catalogRoutes(api, parts);
      await api.register(async (files: App) => catalogFileRoutes(files, parts, imports));
      peopleRoutes(api, parts);
      basketRoutes(api, parts);
      custodyRoutes(api, parts);
      tillRoutes(api, parts.documents);
      documentRoutes(api, { ...parts.documents, clock });
    },
    { prefix: '/api/v1' },
  );
  await app.register(async (scope) => noticeRoutes(scope, parts, parts.notices, metrics.log), { prefix: '/notify' });
  healthRoutes(app, metrics, parts.isReady);
  receiptPageRoute(app, parts.documents);
  await app.register(async (scope) => await pageRoutes(scope, parts.pages));
  return app;
}

// JSON and nothing else: a form or plain text can be sent by any page without asking. An empty body is no body, also when a client
// names a type for it.
function readJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) =>
    body === '' ? done(null, undefined) : void parse(request, body, done),
  );
}

// The reference page runs scripts of its own within itself; it talks to this server only.
const docsPolicy = "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

async function docRoutes(scope: FastifyInstance): Promise<void> {
  openToAll(scope);
  scope.addHook('onSend', async (_request, reply) => void reply.header('content-security-policy', docsPolicy));
  await scope.register(scalar, { routePrefix: '/docs', configuration: { withDefaultFonts: false, telemetry: false } });
}
