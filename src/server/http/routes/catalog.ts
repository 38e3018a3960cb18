// The catalogue for tills: what changed since they last asked, and one product by its barcode. Who may call: a device, about its own
// merchant.

import { z } from 'zod';
import { parseGtin, priceAt } from '#catalog/index.ts';
import { catalogChangesSchema, changesQuery, foundProductSchema } from '../../contract/catalog.ts';
import { problemSchema } from '../../contract/problem.ts';
import { deviceOf } from '../authenticate.ts';
import { changeView, moneyView, productView } from '../catalog-views.ts';
import { gzipAnswer } from '../gzip-answer.ts';
import { ProblemError } from '../problem-reply.ts';
import type { App, StoreParts } from './store-parts.ts';

export function catalogRoutes(app: App, parts: StoreParts): void {
  changesRoute(app, parts);
  app.get('/catalog/products/:barcode', {
    config: { access: 'device', problems: ['product-not-found'] },
    schema: {
      operationId: 'findProduct',
      tags: ['Catalogue'],
      summary: 'Look at a product by its barcode, with its price and stock in this store',
      params: z.object({ barcode: z.string() }),
      response: { 200: foundProductSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId } = deviceOf(request);
      const { catalog, clock } = parts;
      const barcode = parseGtin(request.params.barcode);
      if (!barcode.ok) throw new ProblemError('product-not-found', 'This is no barcode: its digits do not fit.');
      const product = (await catalog.findByBarcodes(merchantId, [barcode.value])).get(barcode.value);
      if (product === undefined) throw new ProblemError('product-not-found');
      const prices = (await catalog.pricesOf(merchantId, [product.id])).get(product.id) ?? [];
      const price = priceAt(prices, await catalog.listPriceLists(merchantId), storeId, clock.now());
      const stock = await catalog.stockOf(merchantId, storeId, [product.id]);
      return {
        product: productView(product),
        price: price === undefined ? null : moneyView(price.amount),
        stockThousandths: stock.get(product.id) ?? 0,
      };
    },
  });
}

function changesRoute(app: App, { catalog }: StoreParts): void {
  app.get('/catalog/changes', {
    config: { access: 'device' },
    exposeHeadRoute: false,
    onSend: gzipAnswer,
    schema: {
      operationId: 'listCatalogChanges',
      tags: ['Catalogue'],
      summary: 'What changed in the catalogue after a version',
      description:
        'From version 0 it is the whole catalogue. Keep the version of the last change and ask on after it. With the ETag of the ' +
        'answer before in `If-None-Match`, an answer that is still the same comes as 304 without a body.',
      querystring: changesQuery,
      response: {
        200: catalogChangesSchema,
        304: z.null().describe('Nothing has changed since the answer with this ETag.'),
        default: problemSchema,
      },
    },
    handler: async (request, reply) => {
      const { merchantId } = deviceOf(request);
      const { after, limit } = request.query;
      // The newest version says all: under it a page of one merchant is always the same.
      const tagOf = (latest: number) => `W/"${merchantId}-${latest}"`;
      reply.header('cache-control', 'private, no-cache');
      const known = request.headers['if-none-match'];
      if (known !== undefined) {
        const { latest } = await catalog.changesSince({ merchantId, after, limit: 0 });
        if (known === tagOf(latest)) return reply.code(304).header('etag', known).send(null);
      }
      const page = await catalog.changesSince({ merchantId, after, limit });
      reply.header('etag', tagOf(page.latest));
      return { changes: page.changes.map(changeView), latest: page.latest };
    },
  });
}
