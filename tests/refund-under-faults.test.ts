// Giving money back under every fault of the grammar: the refund that a till asks for, and the one by which a late approval is
// returned when it can no longer be cancelled. Method as in payment-under-faults.test.ts: at rest, the sandbox's books decide.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { instant } from '#foundation/instant.ts';
import type { ChannelName } from '#payment/index.ts';
import type { PaymentView, RefundView } from '#server/contract/ecr.ts';
import { systemClock } from '../src/server/ambient.ts';
import { auditBooks, auditPayment, unfinished, untilAtRest } from './shop/audit.ts';
import { type CaseRule, callFaults } from './shop/fault-cases.ts';
import { channels, openShop, type Shop } from './shop/open-shop.ts';
import { minorOf } from './shop/sandbox-control.ts';
import { viewOf } from './shop/till.ts';
import { until } from './shop/until.ts';

const amount = '20.00';
const casesAtOnce = 60;
const restMs = 25_000;

const lostRefund: CaseRule = { method: 'refund', effect: { kind: 'answer-lost', booked: true } };
const queryFaults = callFaults.filter(({ booked }) => booked);

type RefundCase = { readonly name: string; readonly rules: readonly CaseRule[] };

const refundCases: readonly RefundCase[] = [
  { name: 'nothing goes wrong', rules: [] },
  ...callFaults.flatMap(({ name, effect }): readonly RefundCase[] => [
    { name: `one answer to refund is ${name}`, rules: [{ method: 'refund', effect, times: 1 }] },
    { name: `three answers to refund are ${name}`, rules: [{ method: 'refund', effect, times: 3 }] },
  ]),
  ...queryFaults.map(({ name, effect }): RefundCase => {
    return {
      name: `refund is lost, two answers about it are ${name}`,
      rules: [lostRefund, { method: 'refund-query', effect, times: 2 }],
    };
  }),
];

for (const channel of channels) {
  describe(`a refund over ${channel}`, { concurrency: casesAtOnce }, () => {
    let shop: Shop;
    before(async () => {
      shop = await openShop({ channel });
    });
    after(async () => {
      try {
        await auditBooks(shop.control, await untilAtRest(shop.till, shop.order.databaseUrl, restMs));
      } finally {
        await shop.close();
      }
    });
    for (const { name, rules } of refundCases) {
      it(`is made exactly once when ${name}`, async () => {
        const { payment, walletId } = await paySale(shop);
        await addRules(shop, walletId, rules);
        const { refundId } = viewOf(await shop.till.refund(payment.paymentId, '7.50', `r-${payment.paymentId}`));
        const refund = await refundAtRest(shop, refundId);
        assert.equal(refund.status, 'refunded');
        const after = viewOf(await shop.till.payment(payment.paymentId));
        assert.equal(after.refunded, '7.50');
        const { trades } = await auditPayment(shop.control, after);
        assert.deepEqual(
          trades[0]?.refunds.map((each) => [each.requestNo, each.amount, each.cause]),
          [[refundId, 750n, 'refund']],
        );
      });
    }
    racesOf(() => shop);
  });

  describe(`a late approval over ${channel} that cannot be cancelled`, { concurrency: refundCases.length }, () => {
    let shop: Awaited<ReturnType<typeof openBeforeMidnight>>;
    let paid = 0;
    before(async () => {
      shop = await openBeforeMidnight(channel);
    });
    after(async () => {
      try {
        await auditBooks(shop.control, await untilAtRest(shop.till, shop.order.databaseUrl, restMs));
      } finally {
        await shop.close();
      }
    });
    for (const { name, rules } of refundCases) {
      it(`is returned in full when ${name}`, async () => {
        const { paymentId, closedCounter } = await payUnheard(shop, rules);
        paid += 1;
        if (paid === refundCases.length) shop.strike();
        await until(
          { withinMs: restMs },
          async () => (paid === refundCases.length ? true : undefined),
          () => `only ${paid} of ${refundCases.length} were paid before midnight`,
        );
        await shop.control.removeFault(closedCounter);
        const { word, last } = await shop.till.follow(paymentId);
        assert.equal(word, 'not-paid');
        const { trades } = await auditPayment(shop.control, last);
        assert.deepEqual(
          trades[0]?.refunds.map((each) => [each.requestNo, each.amount, each.cause]),
          [[`${paymentId}_return`, minorOf(amount), 'refund']],
        );
      });
    }
  });
}

// Pays a sale of which the till hears nothing in time. Cancels do not get through until the rule `closedCounter` is taken away.
async function payUnheard(
  shop: Shop,
  rules: readonly CaseRule[],
): Promise<{ readonly paymentId: string; readonly closedCounter: string }> {
  const { control, till } = shop;
  const walletId = await control.openWallet();
  const unheard: CaseRule[] = [
    { method: 'pay', effect: { kind: 'answer-lost', booked: true } },
    { method: 'query', effect: { kind: 'answer-lost' }, times: 12 },
    { method: 'notify', effect: { kind: 'notice-lost', forGood: true } },
  ];
  await addRules(shop, walletId, [...unheard, ...rules]);
  const effect = { kind: 'answer-lost', booked: false };
  const closedCounter = await control.addFault({ match: { method: 'cancel', walletId }, effect });
  const { saleId } = await till.openSale(amount);
  const { paymentId } = viewOf(await till.pay(saleId, await control.showCode(walletId), saleId));
  return { paymentId, closedCounter };
}

function racesOf(shopNow: () => Shop): void {
  it('never exceeds what was taken when twelve are asked for at once', async () => {
    const shop = shopNow();
    const { payment, walletId } = await paySale(shop);
    await addRules(shop, walletId, [{ ...lostRefund, times: 3 }]);
    const keys = Array.from({ length: 12 }, (_, index) => `race-${payment.paymentId}-${index}`);
    const answers = await Promise.all(keys.map((key) => shop.till.refund(payment.paymentId, '3.00', key)));
    const made = answers.flatMap((answer) => (answer.ok ? [answer.view.refundId] : []));
    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.problem.code]));
    // 20.00 hold six times 3.00.
    assert.equal(made.length, 6);
    assert.deepEqual(new Set(refused), new Set(['refund-exceeds']));
    for (const refundId of made) assert.equal((await refundAtRest(shop, refundId)).status, 'refunded');
    await auditPayment(shop.control, viewOf(await shop.till.payment(payment.paymentId)));
    const rest = await shop.till.refund(payment.paymentId, '2.01', 'too-much');
    assert.equal(rest.ok ? '' : rest.problem.refundable, '2.00');
  });

  it('is the same refund when its request is repeated, and another body is refused', async () => {
    const shop = shopNow();
    const { payment, walletId } = await paySale(shop);
    await addRules(shop, walletId, [{ ...lostRefund, times: 2 }]);
    const key = `again-${payment.paymentId}`;
    const asked = await Promise.all([1, 2, 3, 4].map(() => shop.till.refund(payment.paymentId, '20.00', key)));
    const ids = new Set(asked.map((answer) => viewOf(answer).refundId));
    assert.equal(ids.size, 1);
    for (const refundId of ids) assert.equal((await refundAtRest(shop, refundId)).status, 'refunded');
    const other = await shop.till.refund(payment.paymentId, '19.00', key);
    assert.equal(other.ok ? '' : other.problem.code, 'idempotency-key-reused');
    await auditPayment(shop.control, viewOf(await shop.till.payment(payment.paymentId)));
  });
}

// Opens a shop whose cancel windows close when the test says so: the domestic one is closed by setting, the cross-border one closes at
// midnight in Beijing, which the sandbox's clock is an hour short of until `strike`. (It is behind and not ahead of the store's,
// because the store tells when an order expires.)
async function openBeforeMidnight(channel: ChannelName): Promise<Shop & { strike(): void }> {
  const beijing = 8 * 3_600_000;
  const day = 86_400_000;
  const midnight = Math.floor((Date.now() + beijing) / day) * day - beijing;
  let behindMs = Date.now() - (midnight - 3_600_000);
  const shop = await openShop({
    channel,
    sandbox: { times: { openapiCancelWindowMs: 0, globalCancelGraceMs: 0 } },
    clock: { ...systemClock, now: () => instant(systemClock.now() - behindMs) },
  });
  return {
    ...shop,
    strike() {
      behindMs = Date.now() - (midnight + 1_000);
    },
  };
}

async function paySale({ till, control }: Shop): Promise<{ readonly payment: PaymentView; readonly walletId: string }> {
  const walletId = await control.openWallet();
  const { saleId } = await till.openSale(amount);
  const { paymentId } = viewOf(await till.pay(saleId, await control.showCode(walletId), saleId));
  const { word, last } = await till.follow(paymentId);
  assert.equal(word, 'paid');
  return { payment: last, walletId };
}

async function addRules({ control }: Shop, walletId: string, rules: readonly CaseRule[]): Promise<void> {
  for (const { method, effect, times } of rules) {
    await control.addFault({ match: { method, walletId, ...(times === undefined ? {} : { times }) }, effect });
  }
}

async function refundAtRest({ till, order }: Shop, refundId: string): Promise<RefundView> {
  return await until(
    { withinMs: restMs, everyMs: 200 },
    async () => {
      const refund = await till.refundOf(refundId);
      return refund.status === 'processing' ? undefined : refund;
    },
    async () => `${refundId} is not at rest: ${(await unfinished(order.databaseUrl)).join('; ')}`,
  );
}
