// The store server's life: what it counts, how it stops, and how the next one goes on.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { control, openWallet, postJson, showCode } from '#sandbox/testing/sandbox.fixture.ts';
import type { StoreServer } from './store-settings.ts';
import { openEventStream } from './testing/event-stream.fixture.ts';
import { openShop, type Shop } from './testing/shop.fixture.ts';
import { until } from './testing/until.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.close());

const notYetPaid = async (url?: string) => {
  const wallet = await openWallet(shop.sandbox, '5000.00', { passwordAbove: '0.01' });
  const saleId = await shop.sell('10.00');
  const call = { idempotencyKey: saleId, body: { payerCode: (await showCode(shop.sandbox, wallet)).code } };
  const answer = await shop.call(
    'POST',
    `/api/v1/sales/${saleId}/payments`,
    url === undefined ? call : { ...call, url },
  );
  assert.equal(answer.json['status'], 'awaiting-payer', answer.text);
  return { wallet, paymentId: String(answer.json['paymentId']) };
};
const statusOf = async (paymentId: string) => (await shop.call('GET', `/api/v1/payments/${paymentId}`)).json['status'];

describe('figures', () => {
  /** A figure of /metrics; 0 when it is not there yet. */
  async function figure(name: string): Promise<number> {
    const { text, status, headers } = await shop.call('GET', '/metrics', { key: null });
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^text\/plain; version=/);
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    return Number(line?.split(' ')[1] ?? 0);
  }

  test('move with payments', async () => {
    const approved = 'tillway_payment_moves_total{kind="charge",phase="approved"}';
    const words = 'tillway_payment_word_seconds_count{word="paid"}';
    const before = [await figure(approved), await figure(words)];
    for (let count = 0; count < 3; count += 1) await shop.pay(await shop.sell('1.00'), await shop.code());
    assert.deepEqual(
      [await figure(approved), await figure(words)],
      before.map((value) => value + 3),
    );
    const { wallet, paymentId } = await notYetPaid();
    assert.equal(await figure('tillway_payments_in_hand'), 1);
    await control(shop.sandbox, 'POST', `wallets/${wallet}/answer`, { accept: true });
    await until('it is paid', async () => (await statusOf(paymentId)) === 'paid');
    assert.equal(await figure('tillway_payments_in_hand'), 0);
  });

  test('say that it lives and is ready', async () => {
    assert.deepEqual((await shop.call('GET', '/healthz', { key: null })).json, { status: 'alive' });
    assert.deepEqual((await shop.call('GET', '/readyz', { key: null })).json, { status: 'ready' });
  });
});

test('where there is no demo the demo’s key opens nothing, and a device’s own does', async () => {
  const real = await shop.openStore({ demo: false });
  const { key } = await shop.device();
  assert.equal((await shop.call('GET', '/api/v1/store', { url: real.url })).status, 401);
  assert.equal((await shop.call('GET', '/api/v1/store', { url: real.url, key })).status, 200);
});

describe('a stop', () => {
  test('answers the requests that are there, ends the streams, and the next server goes on at once', async () => {
    const stopping: StoreServer = await shop.openStore();
    const { wallet, paymentId } = await notYetPaid(stopping.url);
    const stream = await openEventStream(stopping.url, paymentId, shop.apiKey);
    await until('the stream', () => stream.views.length === 1);
    // A payment whose answer takes a second is out when the stop comes.
    const slow = '77.01';
    await postJson(shop.sandbox, 'faults', {
      match: { amount: slow },
      effect: { kind: 'delay', ms: 1_000, moment: 'before-booking' },
    });
    const saleId = await shop.sell(slow);
    const call = { url: stopping.url, idempotencyKey: 'slow', body: { payerCode: await shop.code() } };
    const paying = shop.call('POST', `/api/v1/sales/${saleId}/payments`, call);
    await until('it is under way', async () => {
      const { json } = await shop.call('GET', `/api/v1/sales/${saleId}`);
      return json['status'] === 'paying';
    });
    const begun = performance.now();
    const closed = stopping.close();
    await stream.ended;
    assert.equal(stream.views.length, 1);
    const answer = await paying;
    assert.deepEqual([answer.status, answer.json['status']], [201, 'paid'], answer.text);
    await closed;
    assert.ok(performance.now() - begun < 4_000, 'the stop waits for what is there and for nothing else');
    await assert.rejects(fetch(`${stopping.url}/healthz`));
    await control(shop.sandbox, 'POST', `wallets/${wallet}/answer`, { accept: true });
    await until('it is paid', async () => (await statusOf(paymentId)) === 'paid', 15_000);
    assert.ok(shop.lines.some((line) => line.includes('payment.custody.taken-up') && line.includes(paymentId)));
  });

  test('is done although nobody reads a stream and connections lie idle', async () => {
    const stopping = await shop.openStore();
    const { paymentId } = await notYetPaid(stopping.url);
    for (let count = 0; count < 20; count += 1) await openEventStream(stopping.url, paymentId, shop.apiKey);
    const begun = performance.now();
    await stopping.close();
    assert.ok(performance.now() - begun < 4_000);
    assert.deepEqual(
      shop.lines.filter((line) => line.includes('server.close.faulted')),
      [],
    );
    await shop.call('POST', `/api/v1/payments/${paymentId}/abandon`);
  });
});
