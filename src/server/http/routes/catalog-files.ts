// Files of products: brought in as CSV, with a dry run and row by row what is wrong, and taken out again. Who may call: a device.

import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { exportProducts } from '#catalog/index.ts';
import { type ImportDesk, type ImportRun, regularPriceList } from '../../catalog/import-desk.ts';
import { fileBytesMax, importQuery, importSchema, importStartedSchema } from '../../contract/catalog.ts';
import { problemSchema } from '../../contract/problem.ts';
import { deviceOf } from '../authenticate.ts';
import { importView } from '../catalog-views.ts';
import { ProblemError } from '../problem-reply.ts';
import type { App, StoreParts } from './store-parts.ts';

const byImportId = z.object({ importId: z.string() });

/** Routes under a scope of their own: here, and nowhere else, a body may be CSV. */
export function catalogFileRoutes(app: App, parts: StoreParts, desk: ImportDesk): void {
  app.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
  beginRoute(app, desk);
  followRoutes(app, desk);
  exportRoute(app, parts);
}

function beginRoute(app: App, desk: ImportDesk): void {
  app.post('/catalog/imports', {
    config: { access: 'device', problems: ['import-in-progress', 'file-too-large'] },
    schema: {
      operationId: 'startImport',
      tags: ['Catalogue'],
      summary: 'Import a file of products',
      description:
        'CSV in UTF-8 with a row of column names, as the export writes it, 64 MiB at the most. It is answered when the file is ' +
        'here; ask the import for its progress. A file is written whole or not at all.',
      consumes: ['text/csv'],
      querystring: importQuery,
      body: z.unknown().meta({ type: 'string', description: 'The file.' }),
      response: { 202: importStartedSchema, default: problemSchema },
    },
    handler: async (request, reply) => {
      const { merchantId, currency } = deviceOf(request);
      const file: unknown = request.body;
      if (!(file instanceof Readable)) throw new ProblemError('unsupported-media-type', 'Send the file as text/csv.');
      const dryRun = request.query.dryRun === '1';
      const skipWrongRows = request.query.skipWrongRows === '1';
      const begun = await desk.begin({ merchantId, currency, dryRun, skipWrongRows }, file, fileBytesMax);
      if ('id' in begun) return reply.code(202).send({ importId: begun.id });
      if (begun.kind === 'too-large') throw new ProblemError('file-too-large');
      throw new ProblemError('import-in-progress', `The import ${begun.importId} runs.`);
    },
  });
}

function followRoutes(app: App, desk: ImportDesk): void {
  app.get('/catalog/imports/:importId', {
    config: { access: 'device', problems: ['import-not-found'] },
    schema: {
      operationId: 'findImport',
      tags: ['Catalogue'],
      summary: 'Look at an import: how far it is, and what is wrong with which row',
      params: byImportId,
      response: { 200: importSchema, default: problemSchema },
    },
    handler: async (request) => importView(findRun(desk, request, request.params.importId)),
  });

  app.delete('/catalog/imports/:importId', {
    config: { access: 'device', problems: ['import-not-found'] },
    schema: {
      operationId: 'cancelImport',
      tags: ['Catalogue'],
      summary: 'Cancel an import',
      description: 'While the file is being read nothing has been written. One that writes already is finished.',
      params: byImportId,
      response: { 200: importSchema, default: problemSchema },
    },
    handler: async (request) => {
      const run = findRun(desk, request, request.params.importId);
      desk.cancel(run);
      return importView(run);
    },
  });
}

function findRun(desk: ImportDesk, request: FastifyRequest, id: string): ImportRun {
  const run = desk.find(deviceOf(request).merchantId, id);
  if (run === undefined) throw new ProblemError('import-not-found');
  return run;
}

function exportRoute(app: App, { catalog, clock }: StoreParts): void {
  app.get('/catalog/export.csv', {
    config: { access: 'device' },
    exposeHeadRoute: false,
    schema: {
      operationId: 'exportProducts',
      tags: ['Catalogue'],
      summary: 'All products as a file that the import takes back',
      response: {
        200: {
          description: 'CSV in UTF-8 with a byte order mark.',
          content: { 'text/csv': { schema: z.unknown().meta({ type: 'string' }) } },
        },
        default: problemSchema,
      },
    },
    handler: async (request, reply) => {
      const { merchantId } = deviceOf(request);
      const now = clock.now();
      const file = exportProducts({
        ...{ journal: catalog, merchantId, priceListId: regularPriceList, now },
        onProgress: () => undefined,
      });
      reply.header('content-disposition', 'attachment; filename="products.csv"');
      return reply.type('text/csv; charset=utf-8').send(Readable.from(file));
    },
  });
}
