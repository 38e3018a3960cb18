// The API against its own words: every answer has exactly the shape of the contract, and the description at /docs/openapi.json says
// what the server does.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fastify from 'fastify';
import { z } from 'zod';
import { control, openWallet, showCode } from '#sandbox/testing/sandbox.fixture.ts';
import { paymentSchema, refundSchema, salePageSchema, saleSchema, storeSchema } from '../contract/ecr.ts';
import { problemSchema, problems } from '../contract/problem.ts';
import { openShop, type Shop } from '../testing/shop.fixture.ts';
import { requireAccess } from './known-routes.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.close());

const strictPayment = paymentSchema.strict();
const strictRefund = refundSchema.strict();
const strictSale = saleSchema.extend({ payments: z.array(strictPayment), refunds: z.array(strictRefund) }).strict();
const strictPage = salePageSchema.extend({ sales: z.array(strictSale) }).strict();

const refund = (paymentId: unknown, amount: string, idempotencyKey: string) =>
  shop.call('POST', `/api/v1/payments/${String(paymentId)}/refunds`, { idempotencyKey, body: { amount } });

test('every answer about a sale, its payments and refunds has exactly the shape of the contract', async () => {
  const saleId = await shop.sell('20.00');
  const declined = strictPayment.parse((await shop.pay(saleId, '281234567890123456')).json);
  assert.deepEqual([declined.status, declined.reason, declined.paidAt], ['not-paid', 'code-invalid', null]);
  const paid = strictPayment.parse((await shop.pay(saleId, await shop.code())).json);
  assert.deepEqual([paid.status, paid.custody, paid.reason, paid.refunded], ['paid', false, null, '0.00']);
  assert.match(paid.payerCode, /^\d\d\*+\d{4}$/);
  const given = strictRefund.parse((await refund(paid.paymentId, '5.00', 'a')).json);
  assert.deepEqual([given.status, given.amount, given.paymentId], ['refunded', '5.00', paid.paymentId]);
  assert.deepEqual(strictRefund.parse((await shop.call('GET', `/api/v1/refunds/${given.refundId}`)).json), given);
  const after = strictPayment.parse((await shop.call('GET', `/api/v1/payments/${paid.paymentId}`)).json);
  assert.deepEqual(after, { ...paid, refunded: '5.00' });
  const sale = strictSale.parse((await shop.call('GET', `/api/v1/sales/${saleId}`)).json);
  assert.deepEqual([sale.status, sale.amount, sale.refunded], ['partly-refunded', '20.00', '5.00']);
  assert.deepEqual(sale.payments, [declined, after]);
  assert.deepEqual(sale.refunds, [given]);
});

test('waiting, abandoned and returned payments have it too', async () => {
  const wallet = await openWallet(shop.sandbox, '5000.00', { passwordAbove: '0.01' });
  const saleId = await shop.sell('30.00');
  const waiting = strictPayment.parse((await shop.pay(saleId, (await showCode(shop.sandbox, wallet)).code)).json);
  assert.deepEqual([waiting.status, waiting.custody, waiting.reason], ['awaiting-payer', false, null]);
  assert.equal(strictSale.parse((await shop.call('GET', `/api/v1/sales/${saleId}`)).json).status, 'paying');
  const abandon = await shop.call('POST', `/api/v1/payments/${waiting.paymentId}/abandon`, { raw: '' });
  assert.equal(abandon.status, 202, abandon.text);
  strictPayment.parse(abandon.json);
  const events = await shop.call('GET', `/api/v1/payments/${waiting.paymentId}/events`);
  const told = events.text.match(/(?<=^data: ).+$/gm)?.map((data) => strictPayment.parse(JSON.parse(data))) ?? [];
  const last = told.at(-1);
  assert.deepEqual([last?.status, last?.custody, last?.reason], ['not-paid', false, 'abandoned']);
  assert.equal((await control(shop.sandbox, 'POST', `wallets/${wallet}/answer`, { accept: true })).status, 409);
});

test('the store and the pages of sales have it, and a page leads to the next', async () => {
  storeSchema.strict().parse((await shop.call('GET', '/api/v1/store')).json);
  for (const amount of ['1.00', '2.00', '3.00']) await shop.sell(amount);
  const whole = strictPage.parse((await shop.call('GET', '/api/v1/sales')).json);
  const paged = [];
  for (let next: string | null = ''; next !== null; ) {
    const page = strictPage.parse((await shop.call('GET', `/api/v1/sales?limit=2${next && `&before=${next}`}`)).json);
    paged.push(...page.sales);
    next = page.next;
  }
  assert.deepEqual(paged, whole.sales);
});

const media = z.record(z.string(), z.looseObject({ schema: z.looseObject({}) }));
const operationSchema = z.looseObject({
  operationId: z.string(),
  tags: z.array(z.string()).length(1),
  summary: z.string(),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.enum(['path', 'query', 'header']) })).optional(),
  requestBody: z.looseObject({ required: z.literal(true), content: media }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string().min(1), content: media.optional() })),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
});
const documentSchema = z.looseObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({
    schemas: z.record(z.string(), z.looseObject({})),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.enum(['http', 'apiKey']) })),
  }),
  security: z.array(z.record(z.string(), z.array(z.string()))).min(1),
});

const expected: Readonly<Record<string, readonly [operationId: string, success: readonly string[]]>> = {
  'post /api/v1/sales': ['createSale', ['200', '201']],
  'get /api/v1/sales': ['listSales', ['200']],
  'get /api/v1/sales/{saleId}': ['findSale', ['200']],
  'post /api/v1/sales/{saleId}/payments': ['startPayment', ['200', '201']],
  'get /api/v1/payments/{paymentId}': ['findPayment', ['200']],
  'get /api/v1/payments/{paymentId}/events': ['followPayment', ['200', '204']],
  'post /api/v1/payments/{paymentId}/abandon': ['abandonPayment', ['202']],
  'post /api/v1/payments/{paymentId}/refunds': ['createRefund', ['200', '201']],
  'get /api/v1/refunds/{refundId}': ['findRefund', ['200']],
  'get /api/v1/payments/custody': ['listCustody', ['200']],
  'get /api/v1/catalog/changes': ['listCatalogChanges', ['200']],
  'get /api/v1/catalog/products/{barcode}': ['findProduct', ['200']],
  'post /api/v1/catalog/imports': ['startImport', ['202']],
  'get /api/v1/catalog/imports/{importId}': ['findImport', ['200']],
  'delete /api/v1/catalog/imports/{importId}': ['cancelImport', ['200']],
  'get /api/v1/catalog/export.csv': ['exportProducts', ['200']],
  'get /api/v1/store': ['showStore', ['200']],
  'post /api/v1/session': ['openSession', ['204']],
  'delete /api/v1/session': ['closeSession', ['204']],
  'post /api/v1/till/journal': ['sendTillEntries', ['200']],
  'get /api/v1/till/journal': ['showTillChains', ['200']],
  'get /api/v1/till/journal/{chainId}/entries': ['listTillEntries', ['200']],
  'get /api/v1/till/forks': ['listTillForks', ['200']],
  'get /api/v1/till/questions': ['listTillQuestions', ['200']],
  'get /api/v1/documents': ['listDocuments', ['200']],
  'get /api/v1/documents/{saleId}': ['findDocument', ['200']],
  'get /api/v1/documents/{saleId}/returns': ['listReturnsOfSale', ['200']],
  'post /api/v1/documents/{saleId}/reprints': ['reprintReceipt', ['201']],
  'get /api/v1/shifts': ['listShiftReports', ['200']],
  'get /api/v1/shifts/{deviceId}/{shiftNumber}': ['findShiftReport', ['200']],
  'get /api/v1/days/{businessDate}': ['showDayReport', ['200']],
  'post /api/v1/people/sign-in': ['signIn', ['201']],
  'post /api/v1/people/sign-out': ['signOut', ['204']],
  'get /api/v1/people/me': ['showMe', ['200']],
  'get /api/v1/people': ['listPeople', ['200']],
  'get /api/v1/people/all': ['listAllPeople', ['200']],
  'post /api/v1/people': ['createPerson', ['201']],
  'patch /api/v1/people/{personId}': ['changePerson', ['200']],
  'put /api/v1/people/{personId}/pin': ['setPin', ['204']],
  'post /api/v1/people/overrides': ['createOverride', ['201']],
  'get /api/v1/people/overrides': ['listOverrides', ['200']],
  'post /api/v1/baskets/held': ['holdBasket', ['200', '201']],
  'get /api/v1/baskets/held': ['listHeldBaskets', ['200']],
  'post /api/v1/baskets/held/{heldBasketId}/claim': ['claimHeldBasket', ['200']],
  'delete /api/v1/baskets/held/{heldBasketId}': ['voidHeldBasket', ['204']],
};

const describedApi = async () =>
  documentSchema.parse((await shop.call('GET', '/docs/openapi.json', { key: null })).json);

test('the description is OpenAPI 3.1 and has every route of the API, and nothing else', async () => {
  const { paths, components, security } = await describedApi();
  const found: Record<string, readonly [string, readonly string[]]> = {};
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const success = Object.keys(operation.responses).filter((status) => status.startsWith('2'));
      found[`${method} ${path}`] = [operation.operationId, success];
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const named = operation.parameters?.filter((parameter) => parameter.in === 'path').map(({ name }) => name) ?? [];
      assert.deepEqual(named, inPath, path);
      const isPublic = path === '/api/v1/session';
      // Who wants a person says so beside each way of showing the device; who-may-call.test.ts asks them all.
      const withPerson = operation.security?.every((one) => 'personToken' in one) === true && !isPublic;
      assert.ok(withPerson || (isPublic ? operation.security?.length === 0 : operation.security === undefined));
    }
  }
  assert.deepEqual(found, expected);
  const schemes = Object.keys(components.securitySchemes);
  assert.deepEqual(schemes, ['deviceKey', 'deviceKeyHeader', 'deviceCookie', 'personToken']);
  assert.deepEqual(
    security.flatMap((one) => Object.keys(one)),
    schemes.slice(0, 3),
  );
});

test('every reference in the description leads somewhere', async () => {
  const { components } = await describedApi();
  const text = (await shop.call('GET', '/docs/openapi.json')).text;
  const references = [...text.matchAll(/"\$ref": *"([^"]+)"/g)].map(([, reference]) => reference ?? '');
  assert.ok(references.length > 30);
  for (const reference of references) {
    const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1];
    assert.ok(name !== undefined && name in components.schemas, reference);
  }
});

test('every operation says what it refuses with, as problems with an example each', async () => {
  const { paths } = await describedApi();
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { responses, requestBody }] of Object.entries(operations)) {
      const codes: string[] = [];
      for (const [status, { content }] of Object.entries(responses)) {
        if (/^[23]/.test(status)) continue;
        const problem = content?.['application/problem+json'];
        assert.deepEqual(problem?.schema, { $ref: '#/components/schemas/Problem' }, `${method} ${path} ${status}`);
        for (const [code, { value }] of Object.entries(
          z.record(z.string(), z.looseObject({})).parse(problem?.['examples'] ?? {}),
        )) {
          const example = problemSchema.strict().parse(value);
          assert.deepEqual([example.code, `${example.status}`], [code, status]);
          assert.ok(code in problems);
          codes.push(code);
        }
      }
      assert.ok(codes.includes('busy') && codes.includes('internal') && codes.includes('invalid-request'));
      assert.equal(codes.includes('not-authenticated'), !(path.endsWith('session') && method === 'delete'));
      assert.equal(codes.includes('body-too-large'), requestBody !== undefined, `${method} ${path}`);
    }
  }
});

test('bodies have examples that the API takes, and keys are wanted where they are', async () => {
  const { paths } = await describedApi();
  const keys = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { parameters = [] }]) =>
      parameters
        .filter(({ name }) => name === 'Idempotency-Key')
        .map(({ required }) => [`${method} ${path}`, required]),
    ),
  );
  assert.deepEqual(Object.fromEntries(keys), {
    'post /api/v1/sales': false,
    'post /api/v1/sales/{saleId}/payments': true,
    'post /api/v1/payments/{paymentId}/refunds': true,
    'post /api/v1/baskets/held': true,
    'post /api/v1/baskets/held/{heldBasketId}/claim': true,
  });
  const { schemas } = (await describedApi()).components;
  const exampleOf = (name: string) => {
    const properties = z
      .record(z.string(), z.looseObject({ example: z.string().optional() }))
      .parse(schemas[name]?.['properties']);
    return Object.fromEntries(
      Object.entries(properties).flatMap(([key, { example }]) => (example === undefined ? [] : [[key, example]])),
    );
  };
  const sale = await shop.call('POST', '/api/v1/sales', { body: exampleOf('CreateSaleInput') });
  assert.equal(sale.status, 201, sale.text);
  const path = `/api/v1/sales/${String(sale.json['saleId'])}/payments`;
  const payment = await shop.call('POST', path, { idempotencyKey: 'example', body: exampleOf('StartPaymentInput') });
  assert.deepEqual([payment.status, payment.json['reason']], [201, 'code-invalid']);
});

test('the reference page is there, with a policy of its own', async () => {
  const page = await shop.call('GET', '/docs/', { key: null });
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-security-policy') ?? '', /connect-src 'self'.*frame-ancestors 'none'/);
});

test('a route that does not say who may call it keeps the server from starting', async () => {
  const app = fastify();
  requireAccess(app);
  app.get('/open', { config: { access: 'public' } }, async () => 'open');
  app.post('/forgotten', async () => 'forgotten');
  await assert.rejects(
    async () => await app.ready(),
    /do not say who may call them \(config\.access\): POST \/forgotten$/,
  );
  await app.close();
});
