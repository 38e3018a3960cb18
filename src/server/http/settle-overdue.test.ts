// Words told in time though nobody gives them: the payment belongs to a process that says it lives and does nothing. Whoever is asked
// tells the word a second before the deadline, and a stream tells it unasked. Also what is answered while the journal stands still.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type DeviceId, makeId, parseId, type SaleId } from '#foundation/id.ts';
import { durationMs, instant, plus } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import type { Charge } from '#payment/index.ts';
import { control, getJson, listOf, openWallet, showCode } from '#sandbox/testing/sandbox.fixture.ts';
import { systemRandom } from '../ambient.ts';
import { openEventStream } from '../testing/event-stream.fixture.ts';
import { assertProblem, demo, openShop, type Shop } from '../testing/shop.fixture.ts';
import { until } from '../testing/until.ts';

let shop: Shop;
const asleep = 'process_asleep';
before(async () => {
  shop = await openShop();
  const now = await shop.journal.payments.time();
  await shop.journal.payments.beat(asleep, plus(now, durationMs(3_600_000)));
});
after(() => shop.close());

const random = systemRandom();

/** A payment that waits for its payer since `ageMs`, in the hands of the process that does nothing. */
async function leftLying(ageMs: number): Promise<Charge> {
  const now = await shop.journal.payments.time();
  const createdAt = instant(now - ageMs);
  const identity = {
    ...{ id: makeId('attempt', now, random), intentId: makeId('intent', now, random), ...demo },
    ...{
      deviceId: 'dev_demo' as DeviceId,
      saleId: saleIdOf(await shop.sell('10.00')),
      channel: 'alipay-openapi' as const,
    },
    ...{ amount: money('CNY', 1_000n), description: 'Tea', createdAt },
  };
  const dueAt = plus(createdAt, durationMs(5_000));
  const state: Charge['state'] = {
    ...{
      phase: 'awaiting-payer' as const,
      calls: 1,
      inFlight: null,
      dueAt,
      rounds: 0,
      reason: null,
      cause: null,
      channelCode: null,
      evidence: null,
      changedAt: createdAt,
    },
    ...{ finalWord: null, finalWordAt: null, abandonedAt: null },
  };
  const charge: Charge = { kind: 'charge', identity, state, version: 1, payerCodeMasked: '28************1234' };
  const idempotency = { scope: 'payment', key: identity.id, fingerprint: 'print' };
  const opened = await shop.journal.payments.openCharge({ charge, owner: asleep, idempotency });
  assert.ok(opened.ok);
  return opened.value.attempt;
}

function saleIdOf(text: string): SaleId {
  const id = parseId('sale', text);
  assert.ok(id !== undefined);
  return id;
}

type Seen = { readonly paymentId?: unknown; readonly status?: unknown };

/** Every way in which a reader may come upon a payment, but for the stream. */
const readers: Readonly<Record<string, (charge: Charge) => Promise<Seen | undefined>>> = {
  'the payment': async ({ identity }) => (await shop.call('GET', `/api/v1/payments/${identity.id}`)).json,
  'its sale': async ({ identity }) => {
    const { json } = await shop.call('GET', `/api/v1/sales/${identity.saleId}`);
    return listOf(json['payments'])[0];
  },
  'the list of sales': async ({ identity }) => {
    const { json } = await shop.call('GET', '/api/v1/sales');
    const sale = listOf(json['sales']).find((each) => each['saleId'] === identity.saleId);
    return sale === undefined ? undefined : listOf(sale['payments'])[0];
  },
};

describe('a payment that its owner left lying', () => {
  for (const [name, read] of Object.entries(readers)) {
    test(`has its word for a reader of ${name} from a second before the deadline on, and not earlier`, async () => {
      const early = await leftLying(20_000);
      assert.equal((await read(early))?.status, 'awaiting-payer');
      const due = await leftLying(29_050);
      const seen = await read(due);
      assert.deepEqual([seen?.paymentId, seen?.status], [due.identity.id, 'not-paid']);
      const written = await shop.journal.payments.find(due.identity.merchantId, due.identity.id);
      assert.ok(written?.kind === 'charge' && written.state.finalWord === 'not-paid');
    });
  }

  test('is told by the stream before the deadline, without being asked', async () => {
    const charge = await leftLying(27_500);
    const stream = await openEventStream(shop.store.url, charge.identity.id, shop.apiKey);
    await until('the word', () => stream.views.some((view) => view.status === 'not-paid'), 4_000);
    const lateMs = (await shop.journal.payments.time()) - charge.identity.createdAt;
    assert.ok(lateMs >= 29_000 && lateMs < 30_000, `the word came ${lateMs} ms after the scan`);
    stream.leave();
  });
});

describe('while the row of a payment is locked by somebody', () => {
  let other: pg.Client;
  before(async () => {
    other = new pg.Client({ connectionString: shop.databaseUrl });
    await other.connect();
  });
  after(() => other.end());

  async function waitLocked() {
    const wallet = await openWallet(shop.sandbox, '5000.00', { passwordAbove: '0.01' });
    const answer = await shop.pay(await shop.sell('10.00'), (await showCode(shop.sandbox, wallet)).code);
    const paymentId = String(answer.json['paymentId']);
    await other.query('BEGIN');
    await other.query('SELECT id FROM payment_attempt WHERE id = $1 FOR UPDATE', [paymentId]);
    return { wallet, paymentId };
  }

  test('giving it up is answered busy within the patience of a request, and done in the end', async () => {
    const { paymentId } = await waitLocked();
    const begun = performance.now();
    const answer = await shop.call('POST', `/api/v1/payments/${paymentId}/abandon`);
    assertProblem(answer, 'busy');
    assert.ok(performance.now() - begun < 3_500);
    await other.query('ROLLBACK');
    await until('it is given up', async () => {
      const { json } = await shop.call('GET', `/api/v1/payments/${paymentId}`);
      return json['reason'] === 'abandoned' && json['custody'] === false;
    });
  });

  test('a notice about it is not acknowledged, so that it comes again', async () => {
    const { wallet, paymentId } = await waitLocked();
    await control(shop.sandbox, 'POST', `wallets/${wallet}/answer`, { accept: true });
    await until('the notice is refused', async () => {
      const notices = listOf((await getJson(shop.sandbox, `notices?outTradeNo=${paymentId}`))['notices']);
      return notices.some((notice) => listOf(notice['sends'])[0]?.['outcome'] === 'not-acknowledged');
    });
    await other.query('ROLLBACK');
    await until('it is paid', async () => {
      return (await shop.call('GET', `/api/v1/payments/${paymentId}`)).json['status'] === 'paid';
    });
  });
});
