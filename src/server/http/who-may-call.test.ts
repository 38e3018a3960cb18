// Every route that wants somebody signed in, against everybody: no key, no person, and each role. The table is held to the API's own
// description, so that no route is missing in it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { type Role, roles } from '#checkout/index.ts';
import { assertProblem, openShop, type Shop } from '../testing/shop.fixture.ts';

let shop: Shop;
const tokens = new Map<Role, string>();
before(async () => {
  shop = await openShop();
  for (const role of roles) tokens.set(role, await shop.signIn(role));
});
after(() => shop.close());

/** The least role of each route for people. */
const leastRole: Readonly<Record<string, Role>> = {
  'get /api/v1/people/me': 'cashier',
  'get /api/v1/people/all': 'manager',
  'post /api/v1/people': 'manager',
  'patch /api/v1/people/{personId}': 'manager',
  'put /api/v1/people/{personId}/pin': 'manager',
  'post /api/v1/people/overrides': 'cashier',
  'get /api/v1/people/overrides': 'manager',
  'post /api/v1/baskets/held': 'cashier',
  'get /api/v1/baskets/held': 'cashier',
  'post /api/v1/baskets/held/{heldBasketId}/claim': 'cashier',
  'delete /api/v1/baskets/held/{heldBasketId}': 'cashier',
  'get /api/v1/payments/custody': 'manager',
  // Last: it ends the sessions that the others need.
  'post /api/v1/people/sign-out': 'cashier',
};

const operation = z.looseObject({ security: z.array(z.record(z.string(), z.unknown())).optional() });
const description = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) });

test('the table has every route that wants a person, and no other', async () => {
  const { paths } = description.parse((await shop.call('GET', '/docs/openapi.json', { key: null })).json);
  const wanting = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { security = [] }]) => security.length > 0 && security.every((one) => 'personToken' in one))
      .map(([method]) => `${method} ${path}`),
  );
  // Routes of other files may want a person too: theirs to test. Those of people, baskets and custody are all here.
  const own = wanting.filter((route) => /\/(people|baskets|custody)/.test(route));
  assert.deepEqual(own.toSorted(), Object.keys(leastRole).toSorted());
});

test('each is refused without a key, without a person and to lesser roles, and open to the rest', async () => {
  for (const [route, least] of Object.entries(leastRole)) {
    const [method = '', template = ''] = route.split(' ');
    const path = template.replaceAll(/\{\w+\}/g, 'nobody');
    // Nothing that any route would take: whoever passes meets a refusal of the request itself, or an answer.
    const body = ['post', 'put', 'patch'].includes(method) ? { raw: '{"odd":1}' } : {};
    const call = (more: { key?: null; person?: string }) => shop.call(method.toUpperCase(), path, { ...body, ...more });
    assertProblem(await call({ key: null }), 'not-authenticated');
    assertProblem(await call({ key: null, person: tokens.get('manager') ?? '' }), 'not-authenticated');
    assertProblem(await call({}), 'person-not-signed-in');
    for (const role of roles) {
      const answer = await call({ person: tokens.get(role) ?? '' });
      if (roles.indexOf(role) < roles.indexOf(least)) {
        assertProblem(answer, 'role-too-low');
        assert.equal(answer.json['needs'], least, route);
      } else {
        const code = String(answer.json['code']);
        const isOpen =
          answer.status < 300 || ['invalid-request', 'person-not-found', 'held-basket-not-found'].includes(code);
        assert.ok(isOpen || code === 'idempotency-key-missing', `${route} as ${role}: ${answer.text}`);
      }
    }
  }
});

test('a device’s own routes ask for no person', async () => {
  for (const path of ['/api/v1/people', '/api/v1/store', '/api/v1/sales']) {
    assert.equal((await shop.call('GET', path)).status, 200, path);
    assertProblem(await shop.call('GET', path, { key: null }), 'not-authenticated');
  }
});
