// Custody as a manager sees it: a payment whose cancel Alipay does not confirm, told with what happens next and when, until it ends by
// itself.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { durationMs } from '#foundation/instant.ts';
import { control, openWallet, postJson, showCode } from '#sandbox/testing/sandbox.fixture.ts';
import { custodyEntrySchema, custodySchema } from '../contract/custody.ts';
import { demo, openShop, type Shop } from '../testing/shop.fixture.ts';
import { until } from '../testing/until.ts';

let shop: Shop;
before(async () => {
  shop = await openShop({ deadline: { custodyWaitMs: durationMs(1_000), finalWordMs: durationMs(9_000) } });
});
after(() => shop.close());

test('a payment that is being undone is listed with its next step, for its own store, and goes by itself', async () => {
  const manager = await shop.signIn('manager');
  const list = async (call: { key?: string; person: string } = { person: manager }) =>
    custodySchema.parse((await shop.call('GET', '/api/v1/payments/custody', call)).json).payments;
  assert.deepEqual(await list(), []);
  await postJson(shop.sandbox, 'faults', { effect: { kind: 'system-error' }, match: { method: 'cancel' } });
  const wallet = await openWallet(shop.sandbox, '500.00', { passwordAbove: '0.01' });
  const saleId = await shop.sell('42.00');
  const { json } = await shop.pay(saleId, (await showCode(shop.sandbox, wallet)).code);
  const paymentId = String(json['paymentId']);
  await shop.call('POST', `/api/v1/payments/${paymentId}/abandon`);
  await until('the till has its word', async () => (await list()).length === 1);
  const [entry] = await list();
  const shown = custodyEntrySchema.strict().parse(entry);
  assert.deepEqual(
    [shown.paymentId, shown.saleId, shown.refundId, shown.amount, shown.currency, shown.toldTheTill],
    [paymentId, saleId, null, '42.00', 'CNY', 'not-paid'],
  );
  assert.deepEqual([shown.phase, shown.nextStep], ['reversing', 'cancel']);
  assert.match(shown.phaseWords, /not yet confirmed/);
  const waits = Date.parse(shown.nextAt ?? '') - Date.parse(shown.lastChangeAt);
  assert.ok(waits > 0 && waits < 60_000, `${waits} ms`);
  await control(shop.sandbox, 'DELETE', 'faults');
  await until('custody has ended it', async () => (await list()).length === 0);
  const { merchantId } = demo;
  const elsewhere = await shop.device({ merchantId });
  assert.equal(
    (await shop.call('GET', '/api/v1/payments/custody', { key: elsewhere.key, person: manager })).status,
    401,
  );
});
