// The store's clock and Alipay's disagree.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { durationMs } from '#foundation/instant.ts';
import { control, getJson, openWallet, postJson, showCode } from '#sandbox/testing/sandbox.fixture.ts';
import { openShop, type Shop } from '../testing/shop.fixture.ts';
import { until } from '../testing/until.ts';

let shop: Shop;
before(async () => {
  const settings = { clockSkewMsMax: 15 * 60_000 };
  // The shortest deadline that the policy allows: the second test waits for it.
  shop = await openShop({ deadline: { finalWordMs: durationMs(8_000) }, sandbox: { settableClock: true, settings } });
});
after(() => shop.close());

const statusOf = async (paymentId: string) => (await shop.call('GET', `/api/v1/payments/${paymentId}`)).json['status'];
const advance = (minutes: number) => postJson(shop.sandbox, 'clock', { advanceMs: minutes * 60_000 });

test('clocks that disagree by ten minutes cost nothing: payments, refunds and notices go through', async () => {
  await advance(10);
  const { json } = await shop.pay(await shop.sell('5.00'), await shop.code());
  assert.equal(json['status'], 'paid', JSON.stringify(json));
  const path = `/api/v1/payments/${String(json['paymentId'])}/refunds`;
  const refund = await shop.call('POST', path, { idempotencyKey: 'skewed', body: { amount: '5.00' } });
  assert.equal(refund.json['status'], 'refunded');
  const wallet = await openWallet(shop.sandbox, '5000.00', { passwordAbove: '0.01' });
  const waiting = await shop.pay(await shop.sell('10.00'), (await showCode(shop.sandbox, wallet)).code);
  assert.equal(waiting.json['status'], 'awaiting-payer');
  const paymentId = String(waiting.json['paymentId']);
  await control(shop.sandbox, 'POST', `wallets/${wallet}/answer`, { accept: true });
  await until('the notice is heard', async () => (await statusOf(paymentId)) === 'paid');
});

test('by more than Alipay allows they end a payment without money, and with a word that says so', async () => {
  await advance(20);
  const saleId = await shop.sell('6.00');
  const { json } = await shop.pay(saleId, await shop.code());
  const paymentId = String(json['paymentId']);
  await until('it has its word', async () => (await statusOf(paymentId)) === 'not-paid', 9_000);
  const seen = (await shop.call('GET', `/api/v1/payments/${paymentId}`)).json;
  assert.ok(['merchant-setup', 'request-refused', 'timed-out'].includes(String(seen['reason'])), JSON.stringify(seen));
  assert.equal((await getJson(shop.sandbox, 'books'))['balanced'], true);
  const trades = (await getJson(shop.sandbox, `trades?outTradeNo=${paymentId}`))['trades'];
  assert.deepEqual(trades, []);
});
