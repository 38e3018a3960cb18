// What a till can get wrong, and what somebody hostile can try: each a clear problem, nothing lost, nothing told of the inside.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { control, getJson, listOf, openWallet, showCode } from '#sandbox/testing/sandbox.fixture.ts';
import type { ProblemCode } from '../contract/problem.ts';
import { type Answer, assertProblem, type Call, demo, openShop, type Shop } from '../testing/shop.fixture.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.close());

const unknownSale = 'sale_01kt8m5z2q4v7n0c3b6x9d1f';
const unknownPayment = 'pa_01kt8m5z2q4v7n0c3b6x9d1f';
const codeShaped = '281234567890123456';

const sale = (body: unknown, call: Call = {}) => shop.call('POST', '/api/v1/sales', { body, ...call });
const good = { amount: '12.30', currency: 'CNY' };

async function paid(amount = '12.30'): Promise<{ saleId: string; paymentId: string; code: string }> {
  const saleId = await shop.sell(amount);
  const code = await shop.code();
  const answer = await shop.pay(saleId, code);
  assert.equal(answer.json['status'], 'paid', answer.text);
  return { saleId, paymentId: String(answer.json['paymentId']), code };
}

/** What the sandbox was asked about a payment, by method. */
async function callsOf(paymentId: string, method: string): Promise<number> {
  const seen = await getJson(shop.sandbox, `trades?outTradeNo=${paymentId}`);
  return listOf(seen['calls']).filter((call) => call['method'] === method).length;
}

describe('who asks', () => {
  test('a call without a key, with a wrong key, or with a key in the wrong form is not known', async () => {
    const forms: Readonly<Record<string, string>>[] = [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: 'Bearer ' },
      { authorization: `Basic ${Buffer.from(`till:${shop.apiKey}`).toString('base64')}` },
      { authorization: `Bearer ${shop.apiKey}x` },
      { 'x-api-key': 'wrong' },
      { cookie: 'tillway_device=wrong' },
      { cookie: 'tillway_device=%E0%A4%A' },
    ];
    for (const headers of forms) {
      const answer = await shop.call('GET', '/api/v1/store', { key: null, headers });
      assertProblem(answer, 'not-authenticated', /Send Authorization: Bearer with the key of this device/);
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
    }
  });

  test('a revoked key is not known any more, and the key beside it is', async () => {
    const kept = await shop.device();
    const revoked = await shop.device({ merchantId: kept.merchantId });
    assert.equal(await shop.journal.directory.revokeDevice(revoked.merchantId, revoked.id), true);
    assertProblem(await shop.call('GET', '/api/v1/store', { key: revoked.key }), 'not-authenticated', /revoked/);
    assert.equal((await shop.call('GET', '/api/v1/store', { key: kept.key })).status, 200);
  });

  test('the same key works in the header of its own', async () => {
    const answer = await shop.call('GET', '/api/v1/store', { key: null, headers: { 'x-api-key': shop.apiKey } });
    assert.equal(answer.json['deviceName'], 'Till 1');
  });
});

describe('a sale', () => {
  const refused: readonly (readonly [what: string, body: unknown, code: ProblemCode, says: RegExp])[] = [
    ['an amount of zero', { ...good, amount: '0.00' }, 'invalid-amount', /not above zero/],
    ['a negative amount', { ...good, amount: '-1.00' }, 'invalid-amount', /not above zero/],
    [
      'an amount too large',
      { ...good, amount: '100000000.01' },
      'invalid-amount',
      /most in one payment is 100000000\.00 CNY/,
    ],
    [
      'an amount of more digits than a number has',
      { ...good, amount: '9'.repeat(18) },
      'invalid-amount',
      /most in one/,
    ],
    [
      'an amount of more digits than are read',
      { ...good, amount: '9'.repeat(40) },
      'invalid-amount',
      /not decimal text/,
    ],
    ['too many decimals', { ...good, amount: '12.305' }, 'invalid-amount', /CNY has 2 decimals/],
    [
      'decimals where the currency has none',
      { amount: '100.5', currency: 'JPY' },
      'invalid-amount',
      /JPY has 0 decimals/,
    ],
    ['words for an amount', { ...good, amount: 'twelve' }, 'invalid-amount', /not decimal text/],
    ['an exponent', { ...good, amount: '1e3' }, 'invalid-amount', /not decimal text/],
    ['full-width digits', { ...good, amount: '１２' }, 'invalid-amount', /not decimal text/],
    ['a comma for the point', { ...good, amount: '12,30' }, 'invalid-amount', /not decimal text/],
    ['a number for text', { ...good, amount: 12.3 }, 'invalid-request', /amount: .*expected string, received number/],
    ['no amount', { currency: 'CNY' }, 'invalid-request', /amount: .*expected string/],
    ['no currency', { amount: '12.30' }, 'invalid-request', /currency: .*expected string/],
    ['an unknown currency', { ...good, currency: 'XXX' }, 'unknown-currency', /"XXX" is not a currency known here/],
    ['a currency in small letters', { ...good, currency: 'cny' }, 'unknown-currency', /"cny"/],
    ['a currency named like a method', { ...good, currency: 'constructor' }, 'unknown-currency', /"constructor"/],
    ['a currency of another store', { amount: '12.30', currency: 'USD' }, 'currency-not-taken', /this store is CNY/],
    ['an unknown field', { ...good, ammount: '1.00' }, 'invalid-request', /ammount/],
    ['a description of nothing', { ...good, description: '  ' }, 'invalid-request', /description/],
    ['a description too long', { ...good, description: 'x'.repeat(129) }, 'invalid-request', /description/],
    ['a description with a NUL', { ...good, description: 'tea\u0000' }, 'invalid-request', /plain text/],
    ['a description that is no text', { ...good, description: '\ud800' }, 'invalid-request', /plain text/],
    ['a list for a body', [good], 'invalid-request', /expected object, received array/],
    ['text for a body', 'sale', 'invalid-request', /expected object, received string/],
  ];
  for (const [what, body, code, says] of refused) {
    test(`${what} is refused as ${code}`, async () => {
      assertProblem(await sale(body), code, says);
    });
  }

  test('the field that is wrong is named', async () => {
    const answer = await sale({ amount: 5, currency: null });
    assertProblem(answer, 'invalid-request');
    assert.deepEqual(
      (answer.json['errors'] as { field: string }[]).map((error) => error.field),
      ['amount', 'currency'],
    );
  });

  test('the largest amount and the smallest are taken', async () => {
    for (const amount of ['100000000.00', '0.01', '5', '5.5'])
      assert.equal((await sale({ ...good, amount })).status, 201);
  });
});

describe('a body', () => {
  test('that is not JSON is malformed', async () => {
    for (const raw of ['{', '{"amount":"1.00",}', 'amount=1', '\u0000', "{'amount':'1'}", '[[[[']) {
      assertProblem(await shop.call('POST', '/api/v1/sales', { raw }), 'malformed-json', /application\/json/);
    }
  });

  test('that is empty lacks its fields', async () => {
    assertProblem(await shop.call('POST', '/api/v1/sales', { raw: '' }), 'invalid-request', /body|request/);
  });

  test('that would change what all objects are is refused', async () => {
    for (const raw of ['{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}']) {
      assertProblem(await shop.call('POST', '/api/v1/sales', { raw }), 'malformed-json');
    }
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  test('of another type is refused, also of the types that any page may send', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/xml',
    ]) {
      const answer = await shop.call('POST', '/api/v1/sales', { raw: '{}', headers: { 'content-type': type } });
      assertProblem(answer, 'unsupported-media-type', /Content-Type: application\/json/);
    }
  });

  test('that is too large is refused, and one of the limit is read', async () => {
    const large = { ...good, description: 'x'.repeat(64 * 1024) };
    assertProblem(await sale(large), 'body-too-large', /at most 64 KiB/);
    const full = JSON.stringify(good).padEnd(64 * 1024, ' ');
    assert.equal((await shop.call('POST', '/api/v1/sales', { raw: full })).status, 201);
  });

  test('of many or deep errors is answered briefly', async () => {
    const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`field${index}`, index]));
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    for (const answer of [await sale(many), await shop.call('POST', '/api/v1/sales', { raw: deep })]) {
      assertProblem(answer, 'invalid-request');
      assert.ok(answer.text.length < 2_000, `${answer.text.length} bytes`);
    }
  });
});

describe('an idempotency key', () => {
  test('is wanted for payments and refunds', async () => {
    const { saleId, paymentId } = await paid();
    const payment = { body: { payerCode: codeShaped } };
    assertProblem(
      await shop.call('POST', `/api/v1/sales/${saleId}/payments`, payment),
      'idempotency-key-missing',
      /new for each new act and the same on a retry/,
    );
    const refund = { body: { amount: '1.00' } };
    assertProblem(await shop.call('POST', `/api/v1/payments/${paymentId}/refunds`, refund), 'idempotency-key-missing');
  });

  test('has 1 to 128 visible characters', async () => {
    for (const idempotencyKey of ['', 'a b', 'x'.repeat(129), 'clé', 'a\tb']) {
      const answer = await sale(good, { idempotencyKey });
      assertProblem(answer, 'idempotency-key-invalid', /1 to 128 visible ASCII/);
    }
    assert.equal((await sale(good, { idempotencyKey: 'x'.repeat(128) })).status, 201);
  });

  test('repeats a sale, and refuses another body', async () => {
    const first = await sale(good, { idempotencyKey: 'sale-1' });
    const again = await sale(good, { idempotencyKey: 'sale-1' });
    assert.deepEqual([first.status, again.status], [201, 200]);
    assert.deepEqual(again.json, first.json);
    for (const other of [
      { ...good, amount: '12.31' },
      { ...good, description: 'Tea' },
    ]) {
      assertProblem(await sale(other, { idempotencyKey: 'sale-1' }), 'idempotency-key-reused');
    }
  });

  test('repeats a payment without asking Alipay again, and refuses another code or sale', async () => {
    const saleId = await shop.sell('3.00');
    const code = await shop.code();
    const first = await shop.pay(saleId, code, 'payment-1');
    const again = await shop.pay(saleId, code, 'payment-1');
    assert.deepEqual([first.status, again.status], [201, 200]);
    assert.deepEqual(again.json, first.json);
    assert.equal(await callsOf(String(first.json['paymentId']), 'pay'), 1);
    assertProblem(await shop.pay(saleId, await shop.code(), 'payment-1'), 'idempotency-key-reused');
    assertProblem(await shop.pay(await shop.sell('3.00'), code, 'payment-1'), 'idempotency-key-reused');
  });

  test('repeats a refund without asking Alipay again, and refuses another amount', async () => {
    const { paymentId } = await paid();
    const refund = (amount: string) =>
      shop.call('POST', `/api/v1/payments/${paymentId}/refunds`, { idempotencyKey: 'refund-1', body: { amount } });
    const first = await refund('2.00');
    const again = await refund('2.00');
    assert.deepEqual([first.status, again.status, first.json['status']], [201, 200, 'refunded']);
    assert.deepEqual(again.json, first.json);
    assert.equal(await callsOf(paymentId, 'refund'), 1);
    assertProblem(await refund('2.01'), 'idempotency-key-reused');
  });

  test('is one act when it comes twenty times at once', async () => {
    const sales = await Promise.all(Array.from({ length: 20 }, () => sale(good, { idempotencyKey: 'sale-at-once' })));
    assert.equal(new Set(sales.map((answer) => answer.json['saleId'])).size, 1);
    assert.equal(sales.filter((answer) => answer.status === 201).length, 1);
    const saleId = String(sales[0]?.json['saleId']);
    const code = await shop.code();
    const payments = await Promise.all(Array.from({ length: 20 }, () => shop.pay(saleId, code, 'payment-at-once')));
    const ids = new Set(payments.map((answer) => String(answer.json['paymentId'])));
    assert.equal(ids.size, 1);
    assert.equal(payments.filter((answer) => answer.status === 201).length, 1);
    const [paymentId = ''] = ids;
    assert.equal(await callsOf(paymentId, 'pay'), 1);
    assert.equal((await shop.call('GET', `/api/v1/payments/${paymentId}`)).json['status'], 'paid');
  });

  test('belongs to its device', async () => {
    const { key } = await shop.device(demo);
    const own = await sale(good, { idempotencyKey: 'shared' });
    const others = await sale(good, { idempotencyKey: 'shared', key });
    assert.deepEqual([own.status, others.status], [201, 201]);
  });
});

describe('a payer code', () => {
  const wrong: readonly (readonly [what: string, payerCode: string, says: RegExp])[] = [
    ['of WeChat Pay', '134567890123456789', /This is a WeChat Pay code/],
    ['of UnionPay', '6212345678901234567', /This is a UnionPay code/],
    ['of a product', '6901234567892', /barcode of a product/],
    ['that is rubbish', 'hello', /no payment code that is known here/],
    ['that is too short', '281234', /no payment code/],
    ['that is markup', '<script>alert(1)</script>', /no payment code/],
  ];
  for (const [what, payerCode, says] of wrong) {
    test(`${what} is told apart, and Alipay is not asked`, async () => {
      const saleId = await shop.sell('1.00');
      const answer = await shop.pay(saleId, payerCode);
      assertProblem(answer, 'payer-code-not-alipay', says);
      assert.ok(!answer.text.includes(payerCode));
      assert.deepEqual((await shop.call('GET', `/api/v1/sales/${saleId}`)).json['payments'], []);
    });
  }

  test('that Alipay does not know, that has expired, or that was used ends as not paid with its reason', async () => {
    const wallet = await openWallet(shop.sandbox, '1000.00');
    const expired = await showCode(shop.sandbox, wallet, { lifeMs: 0 });
    const { code: used } = await paid();
    for (const payerCode of [codeShaped, expired.code, used]) {
      const answer = await shop.pay(await shop.sell('1.00'), payerCode);
      assert.equal(answer.status, 201, answer.text);
      assert.deepEqual([answer.json['status'], answer.json['custody']], ['not-paid', false], answer.text);
      assert.match(String(answer.json['reason']), /^code-(invalid|expired)$/);
      assert.ok(!answer.text.includes(payerCode));
    }
  });

  test('too long, of another type, or missing is not valid', async () => {
    const saleId = await shop.sell('1.00');
    for (const payerCode of ['2'.repeat(129), '', 28, undefined, null, [codeShaped]]) {
      const call = { idempotencyKey: 'k', body: { payerCode } };
      assertProblem(await shop.call('POST', `/api/v1/sales/${saleId}/payments`, call), 'invalid-request', /payerCode/);
    }
  });
});

describe('what is not there, or not the caller’s', () => {
  const missing: readonly (readonly [method: string, path: string, code: ProblemCode])[] = [
    ['GET', `/api/v1/sales/${unknownSale}`, 'sale-not-found'],
    ['GET', '/api/v1/sales/1', 'sale-not-found'],
    ['GET', `/api/v1/sales/${unknownPayment}`, 'sale-not-found'],
    ['GET', `/api/v1/payments/${unknownPayment}`, 'payment-not-found'],
    ['GET', `/api/v1/payments/${unknownPayment}/events`, 'payment-not-found'],
    ['POST', `/api/v1/payments/${unknownPayment}/abandon`, 'payment-not-found'],
    ['GET', `/api/v1/refunds/${unknownPayment}`, 'refund-not-found'],
    ['GET', "/api/v1/payments/pa_1'%20OR%20'1'='1", 'payment-not-found'],
    ['GET', `/api/v1/sales/${'x'.repeat(300)}`, 'not-found'],
    ['GET', '/api/v1/nothing', 'not-found'],
    ['GET', '/api/v2/sales', 'not-found'],
    ['GET', '/api/v1/sales/%E0%A4%A', 'invalid-request'],
    ['GET', '/api/v1/sales?limit=0', 'invalid-request'],
    ['GET', '/api/v1/sales?limit=201', 'invalid-request'],
    ['GET', '/api/v1/sales?limit=ten', 'invalid-request'],
    ['GET', '/api/v1/sales?limit=1&limit=2', 'invalid-request'],
    ['GET', '/api/v1/sales?limti=1', 'invalid-request'],
    ['GET', '/api/v1/sales?before=1', 'sale-not-found'],
  ];
  for (const [method, path, code] of missing) {
    test(`${method} ${path.slice(0, 60)} is ${code}`, async () => {
      assertProblem(await shop.call(method, path), code);
    });
  }

  test('a sale, a payment and a refund of another store or merchant are not there', async () => {
    const { saleId, paymentId } = await paid();
    const refund = await shop.call('POST', `/api/v1/payments/${paymentId}/refunds`, {
      idempotencyKey: 'isolated',
      body: { amount: '1.00' },
    });
    const others = [await shop.device(), await shop.device({ merchantId: demo.merchantId })];
    for (const { key } of others) {
      const see = (path: string) => shop.call('GET', `/api/v1${path}`, { key });
      assertProblem(await see(`/sales/${saleId}`), 'sale-not-found');
      assertProblem(await see(`/payments/${paymentId}`), 'payment-not-found');
      assertProblem(await see(`/payments/${paymentId}/events`), 'payment-not-found');
      assertProblem(await see(`/refunds/${String(refund.json['refundId'])}`), 'refund-not-found');
      assertProblem(await shop.pay(saleId, codeShaped, 'k', key), 'sale-not-found');
      const act = { key, idempotencyKey: 'k', body: { amount: '1.00' } };
      assertProblem(await shop.call('POST', `/api/v1/payments/${paymentId}/refunds`, act), 'payment-not-found');
      assertProblem(await shop.call('POST', `/api/v1/payments/${paymentId}/abandon`, { key }), 'payment-not-found');
      assert.deepEqual((await see('/sales')).json, { sales: [], next: null });
    }
  });

  test('an address asked in the wrong way says how it may be asked', async () => {
    const ways: readonly (readonly [method: string, path: string, allow: string])[] = [
      ['PUT', '/api/v1/sales', 'GET, HEAD, POST'],
      ['PATCH', `/api/v1/sales/${unknownSale}`, 'GET, HEAD'],
      ['DELETE', `/api/v1/payments/${unknownPayment}/refunds`, 'POST'],
      ['GET', '/api/v1/session', 'POST, DELETE'],
      ['OPTIONS', '/api/v1/store', 'GET, HEAD'],
      ['GET', '/notify/alipay', 'POST'],
      ['POST', '/till', 'GET, HEAD'],
    ];
    for (const [method, path, allow] of ways) {
      const answer = await shop.call(method, path);
      assertProblem(answer, 'method-not-allowed');
      assert.equal(answer.headers.get('allow'), allow, `${method} ${path}`);
    }
  });
});

describe('what cannot be done', () => {
  test('a sale that is paid is not paid again', async () => {
    const { saleId, paymentId } = await paid();
    const answer = await shop.pay(saleId, await shop.code());
    assertProblem(answer, 'sale-already-paid', /Nothing is owed/);
    assert.equal(answer.json['paymentId'], paymentId);
  });

  test('a sale whose payment is under way is not paid twice', async () => {
    const wallet = await openWallet(shop.sandbox, '5000.00', { passwordAbove: '0.01' });
    const saleId = await shop.sell('10.00');
    const first = await shop.pay(saleId, (await showCode(shop.sandbox, wallet)).code);
    assert.equal(first.json['status'], 'awaiting-payer');
    const second = await shop.pay(saleId, await shop.code());
    assertProblem(second, 'payment-in-progress', /Follow the payment named/);
    assert.equal(second.json['paymentId'], first.json['paymentId']);
    await control(shop.sandbox, 'POST', `wallets/${wallet}/answer`, { accept: true });
  });

  test('a refund gives back no more than was taken, and nothing of what was not', async () => {
    const { paymentId } = await paid('10.00');
    const refund = (amount: string, of = paymentId) =>
      shop.call('POST', `/api/v1/payments/${of}/refunds`, { idempotencyKey: `r-${amount}-${of}`, body: { amount } });
    assert.equal((await refund('4.00')).json['status'], 'refunded');
    const exceeds: Answer = await refund('6.01');
    assertProblem(exceeds, 'refund-exceeds', /At most 6\.00 is left/);
    assert.equal(exceeds.json['refundable'], '6.00');
    for (const amount of ['0.00', '-1.00', '1.001', 'all']) assertProblem(await refund(amount), 'invalid-amount');
    assert.equal((await refund('6.00')).json['status'], 'refunded');
    assertProblem(await refund('0.01'), 'refund-exceeds', /At most 0\.00 is left/);
    const declined = await shop.pay(await shop.sell('1.00'), codeShaped);
    assertProblem(await refund('1.00', String(declined.json['paymentId'])), 'payment-not-paid');
  });
});

test('after all of this the sandbox’s books are balanced and nothing of the server failed', async () => {
  assert.equal((await getJson(shop.sandbox, 'books'))['balanced'], true);
  const faults = shop.lines.filter((line) => line.includes('faulted') || line.includes('unavailable'));
  assert.deepEqual(faults, []);
});
