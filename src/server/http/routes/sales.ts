// Sales: made by amount, listed, looked at.

import { z } from 'zod';
import { type Sale, saleStanding } from '#checkout/index.ts';
import { makeId } from '#foundation/id.ts';
import { createSaleBody, salePageSchema, saleSchema } from '../../contract/ecr.ts';
import { problemSchema } from '../../contract/problem.ts';
import { deviceOf } from '../authenticate.ts';
import { ProblemError } from '../problem-reply.ts';
import { nameRequest, readAmount, readCurrency, readIdempotencyKey, readSaleId } from '../request-fields.ts';
import { withWords, withWordsIfAny } from '../settle-overdue.ts';
import { saleView } from '../views.ts';
import type { App, StoreParts } from './store-parts.ts';

const idempotencyHeader = z.object({
  'idempotency-key': z.string().optional().describe('Advised. New for each sale, the same on a retry of it.'),
});

const pageQuery = z.strictObject({
  before: z.string().optional().describe('The last sale id of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function saleRoutes(app: App, parts: StoreParts): void {
  app.post('/sales', {
    config: {
      access: 'device',
      problems: [
        ...(['invalid-amount', 'unknown-currency', 'currency-not-taken'] as const),
        ...(['idempotency-key-invalid', 'idempotency-key-reused'] as const),
      ],
    },
    schema: {
      operationId: 'createSale',
      tags: ['Sales'],
      summary: 'Create a sale by its amount',
      description: 'With an Idempotency-Key a repeat answers the first sale.',
      headers: idempotencyHeader,
      body: createSaleBody,
      response: { 201: saleSchema, 200: saleSchema, default: problemSchema },
    },
    handler: async (request, reply) => {
      const device = deviceOf(request);
      const currency = readCurrency(request.body.currency);
      const amount = readAmount(request.body.amount, currency);
      if (currency !== device.currency) {
        throw new ProblemError('currency-not-taken', `The currency of this store is ${device.currency}.`);
      }
      const now = parts.clock.now();
      const { merchantId, storeId, deviceId, storeName } = device;
      const id = makeId('sale', now, parts.random);
      const description = request.body.description ?? storeName;
      const sale: Sale = { id, merchantId, storeId, deviceId, amount, description, createdAt: now };
      const key = readIdempotencyKey(request);
      const body = [request.body.amount, currency, request.body.description ?? ''];
      const name = key === null ? null : nameRequest(device, 'sale', key, body, parts.fingerprintKey);
      const opened = await parts.saleJournal.openSale(sale, name);
      if (!opened.ok) throw new ProblemError('idempotency-key-reused');
      const repeated = opened.value.kind === 'repeated';
      const attempts = repeated
        ? await withWords(parts, await parts.paymentJournal.listOfSale(merchantId, opened.value.sale.id))
        : [];
      return reply.code(repeated ? 200 : 201).send(saleView(saleStanding(opened.value.sale, attempts), parts.policy));
    },
  });

  app.get('/sales', {
    config: { access: 'device' },
    schema: {
      operationId: 'listSales',
      tags: ['Sales'],
      summary: "List the store's sales, newest first",
      querystring: pageQuery,
      response: { 200: salePageSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId } = deviceOf(request);
      const { limit } = request.query;
      const before = request.query.before === undefined ? null : readSaleId(request.query.before);
      const sales = await parts.saleJournal.listSales({ merchantId, storeId, before, limit });
      const attempts = await parts.paymentJournal.listOfSales(
        merchantId,
        sales.map((sale) => sale.id),
      );
      const views = sales.map(async (sale) => {
        const told = await withWordsIfAny(parts, attempts.get(sale.id) ?? []);
        return saleView(saleStanding(sale, told), parts.policy);
      });
      return { sales: await Promise.all(views), next: sales.length < limit ? null : (sales.at(-1)?.id ?? null) };
    },
  });

  app.get('/sales/:saleId', {
    config: { access: 'device', problems: ['sale-not-found'] },
    schema: {
      operationId: 'findSale',
      tags: ['Sales'],
      summary: 'Look at a sale with its payments and refunds',
      params: z.object({ saleId: z.string() }),
      response: { 200: saleSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId } = deviceOf(request);
      const sale = await parts.saleJournal.findSale(merchantId, readSaleId(request.params.saleId));
      if (sale === undefined || sale.storeId !== storeId) throw new ProblemError('sale-not-found');
      const attempts = await withWords(parts, await parts.paymentJournal.listOfSale(merchantId, sale.id));
      return saleView(saleStanding(sale, attempts), parts.policy);
    },
  });
}
