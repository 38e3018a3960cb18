// Following a payment: what comes, in which order, when it ends, and what it costs the server. The first half is against a whole shop;
// the second drives the streams with a payment and a clock made by hand, so that races can be made on purpose.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { control, openWallet, showCode } from '#sandbox/testing/sandbox.fixture.ts';
import { openEventStream } from '../testing/event-stream.fixture.ts';
import { openShop, type Shop } from '../testing/shop.fixture.ts';
import { until } from '../testing/until.ts';

const statuses = (views: readonly { readonly status: string }[]) => views.map((view) => view.status);

describe('in a shop', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.close());

  /** A payment that waits for its payer. */
  async function waiting(): Promise<{ paymentId: string; wallet: string }> {
    const wallet = await openWallet(shop.sandbox, '5000.00', { passwordAbove: '0.01' });
    const answer = await shop.pay(await shop.sell('10.00'), (await showCode(shop.sandbox, wallet)).code);
    assert.equal(answer.json['status'], 'awaiting-payer', answer.text);
    return { paymentId: String(answer.json['paymentId']), wallet };
  }
  const follow = (paymentId: string, lastEventId?: string, url = shop.store.url) =>
    openEventStream(url, paymentId, shop.apiKey, lastEventId);
  const confirm = (wallet: string) => control(shop.sandbox, 'POST', `wallets/${wallet}/answer`, { accept: true });

  test('it is told at once, then every change, and the stream ends with the last word', async () => {
    const { paymentId, wallet } = await waiting();
    const stream = await follow(paymentId);
    assert.equal(stream.headers['content-type'], 'text/event-stream; charset=utf-8');
    assert.equal(stream.headers['cache-control'], 'no-store');
    await until('the first event', () => stream.views.length === 1);
    await confirm(wallet);
    await stream.ended;
    assert.deepEqual(statuses(stream.views), ['awaiting-payer', 'paid']);
    assert.equal(new Set(stream.ids).size, 2);
  });

  test('a payment that has ended is told once; asked again with its last id there is nothing more to come', async () => {
    const { json } = await shop.pay(await shop.sell('1.00'), await shop.code());
    const stream = await follow(String(json['paymentId']));
    await stream.ended;
    assert.deepEqual(stream.views, [json]);
    const again = await follow(String(json['paymentId']), stream.ids[0]);
    await again.ended;
    assert.deepEqual([again.status, again.text()], [204, '']);
  });

  test('a stream that broke goes on where the payment stands', async () => {
    const { paymentId, wallet } = await waiting();
    const first = await follow(paymentId);
    await until('the first event', () => first.views.length === 1);
    first.leave();
    const second = await follow(paymentId, first.ids[0]);
    await until('the second stream', () => second.views.length === 1);
    await confirm(wallet);
    await second.ended;
    assert.deepEqual(statuses(second.views), ['awaiting-payer', 'paid']);
  });

  test('two hundred followers at once all see the same, and the one beyond a device’s own is refused', async () => {
    const { paymentId, wallet } = await waiting();
    const streams = await Promise.all(Array.from({ length: 200 }, () => follow(paymentId)));
    await until('a first event each', () => streams.every((stream) => stream.views.length === 1));
    const more = await Promise.all(Array.from({ length: 57 }, () => follow(paymentId)));
    const refused = more.filter((stream) => stream.status === 429);
    assert.equal(refused.length, 1);
    await refused[0]?.ended;
    assert.match(refused[0]?.text() ?? '', /"code":"too-many-followers".*256 event streams open/);
    for (const stream of more) stream.leave();
    await confirm(wallet);
    await Promise.all(streams.map((stream) => stream.ended));
    for (const stream of streams) assert.deepEqual(statuses(stream.views), ['awaiting-payer', 'paid']);
    const later = await follow((await waiting()).paymentId);
    assert.equal(later.status, 200);
    later.leave();
  });

  test('a payment that another server finishes is seen by the followers of this one', async () => {
    const other = await shop.openStore();
    const { paymentId } = await waiting();
    const stream = await follow(paymentId, undefined, other.url);
    await until('the first event', () => stream.views.length === 1);
    const answer = await shop.call('POST', `/api/v1/payments/${paymentId}/abandon`);
    assert.equal(answer.status, 202, answer.text);
    await stream.ended;
    const last = stream.views.at(-1);
    assert.deepEqual([last?.status, last?.reason, last?.custody], ['not-paid', 'abandoned', false]);
  });
});
