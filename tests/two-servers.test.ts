// Two store servers on one database. What both are asked at once is done once; what one leaves behind when it is killed, put to
// sleep or stopped, the other ends; and while both live neither does the other's work. Counted at the sandbox, call by call.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditBooks, auditCalls, auditPayment, auditShop, untilAtRest } from './shop/audit.ts';
import { Cashiers } from './shop/cashiers.ts';
import { KillableStore } from './shop/killable-store.ts';
import { type Ground, openGround } from './shop/open-shop.ts';
import { takeOverDeadlines } from './shop/short-deadlines.ts';
import { Till, viewOf } from './shop/till.ts';
import { letItStorm, seed } from './shop/weather.ts';

const amount = '12.30';
const restMs = 30_000;
const walkAway = { kind: 'buyer-asked', answer: 'never' };

type Pair = {
  readonly ground: Ground;
  readonly stores: readonly [KillableStore, KillableStore];
  close(): Promise<void>;
};

async function openPair(options: Partial<Parameters<typeof openGround>[0]> = {}): Promise<Pair> {
  const ground = await openGround({ channel: 'alipay-openapi', ...options });
  const stores = await Promise.all([KillableStore.start(ground.order), KillableStore.start(ground.order)]);
  return {
    ground,
    stores,
    async close() {
      for (const store of stores) await store.kill();
      await ground.close();
    },
  };
}

function tillsOf({ ground, stores }: Pair): readonly [Till, Till] {
  const [left, right] = stores;
  return [new Till(left.url, ground.order.apiKey), new Till(right.url, ground.order.apiKey)];
}

describe('two store servers on one database', () => {
  let pair: Pair;
  before(async () => {
    pair = await openPair();
  });
  after(async () => {
    try {
      const [till] = tillsOf(pair);
      const sales = await untilAtRest(till, pair.ground.order.databaseUrl, restMs);
      await auditBooks(pair.ground.control, sales);
      await auditCalls(pair.ground.control, sales);
    } finally {
      await pair.close();
    }
  });

  it('approve one of two payments of the same sale that come at once with different keys, fifty times', async () => {
    const { control } = pair.ground;
    const tills = tillsOf(pair);
    const wallets = await Promise.all([control.openWallet(), control.openWallet()]);
    for (let race = 0; race < 50; race += 1) {
      const { saleId } = await tills[race % 2 === 0 ? 0 : 1].openSale(amount);
      const codes = await Promise.all(wallets.map((wallet) => control.showCode(wallet)));
      const answers = await Promise.all(
        tills.map((till, index) => till.pay(saleId, codes[index] ?? '', `${saleId}-${index}`)),
      );
      const made = answers.flatMap((answer) => (answer.ok ? [answer.view] : []));
      const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.problem]));
      assert.deepEqual([made.length, refused.length], [1, 1]);
      assert.ok(['payment-in-progress', 'sale-already-paid'].includes(refused[0]?.code ?? ''), refused[0]?.code);
      assert.equal(refused[0]?.paymentId, made[0]?.paymentId);
      const { last } = await tills[0].follow(made[0]?.paymentId ?? '');
      assert.equal(last.status, 'paid');
      await auditPayment(control, last);
    }
  });

  it('make one payment of one request that reaches both at once with the same key', async () => {
    const { control } = pair.ground;
    const tills = tillsOf(pair);
    const walletId = await control.openWallet();
    for (let race = 0; race < 30; race += 1) {
      const { saleId } = await tills[0].openSale(amount);
      const code = await control.showCode(walletId);
      const answers = await Promise.all(tills.map((till) => till.pay(saleId, code, saleId)));
      const statuses = new Set(answers.map((answer) => (answer.ok ? answer.status : answer.problem.status)));
      assert.deepEqual(statuses, new Set([200, 201]));
      const ids = new Set(answers.map((answer) => viewOf(answer).paymentId));
      assert.equal(ids.size, 1);
      const { payments } = await tills[1].sale(saleId);
      assert.equal(payments.length, 1);
    }
  });

  it('make one sale and one refund of requests that reach both at once with the same key', async () => {
    const { control } = pair.ground;
    const tills = tillsOf(pair);
    const walletId = await control.openWallet();
    for (let race = 0; race < 10; race += 1) {
      const opened = await Promise.all(tills.map((till) => till.openSale(amount, `both-${race}`)));
      const [first, second] = opened.map(({ saleId }) => saleId);
      assert.equal(first, second);
      const saleId = first ?? '';
      const { paymentId } = viewOf(await tills[0].pay(saleId, await control.showCode(walletId), saleId));
      await tills[0].follow(paymentId);
      const refunds = await Promise.all(tills.map((till) => till.refund(paymentId, '12.00', `r-${saleId}`)));
      assert.equal(new Set(refunds.map((refund) => viewOf(refund).refundId)).size, 1);
    }
  });

  it('together refund no more than was taken', async () => {
    const { control } = pair.ground;
    const tills = tillsOf(pair);
    const walletId = await control.openWallet();
    const { saleId } = await tills[0].openSale('10.00');
    const { paymentId } = viewOf(await tills[0].pay(saleId, await control.showCode(walletId), saleId));
    await tills[0].follow(paymentId);
    const keys = Array.from({ length: 20 }, (_, index) => `${saleId}-r${index}`);
    const answers = await Promise.all(
      keys.map((key, index) => tills[index % 2 === 0 ? 0 : 1].refund(paymentId, '3.00', key)),
    );
    assert.equal(answers.filter((answer) => answer.ok).length, 3);
  });

  it('never both drive a payment that waits: its calls are those of one', async () => {
    const { control } = pair.ground;
    const tills = tillsOf(pair);
    const waiting = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const walletId = await control.openWallet();
        await control.addFault({ match: { method: 'pay', walletId }, effect: walkAway });
        const till = tills[index % 2 === 0 ? 0 : 1];
        const { saleId } = await till.openSale(amount);
        return viewOf(await till.pay(saleId, await control.showCode(walletId), saleId)).paymentId;
      }),
    );
    // Followed at the server that does not drive it: what one writes the other sees.
    const ends = await Promise.all(waiting.map((paymentId, index) => tills[index % 2 === 0 ? 1 : 0].follow(paymentId)));
    for (const { word, last } of ends) {
      assert.equal(word, 'not-paid');
      const { calls } = await auditPayment(control, last);
      const count = (method: string): number => calls.filter((call) => call.method === method).length;
      assert.deepEqual([count('pay'), count('cancel')], [1, 1]);
      // One round every 400 ms from the first look at 400 ms to the last at 3,000 ms.
      assert.ok(count('query') <= 9, `${last.paymentId} was asked about ${count('query')} times`);
    }
  });
});

describe('of two store servers', { concurrency: 3 }, () => {
  it(`one is killed under load and the other ends everything, seed ${seed}`, async () => {
    await loseOne(async ([left]) => {
      await left.kill();
    });
  });

  it(`one sleeps until it is taken for dead, wakes, and does nothing twice, seed ${seed}`, async () => {
    await loseOne(async ([left]) => {
      left.freeze();
      await sleep(8_000);
      left.wake();
    });
  });

  it('one is killed while buyers decide, and their payments are paid through the other', async () => {
    const words = await handOver(async (store) => await store.kill(), 7_500);
    assert.deepEqual(new Set(words), new Set(['paid']));
  });

  it('one stops in order while buyers decide, and the other goes on at once', async () => {
    const words = await handOver(async (store) => await store.stop(), 3_000);
    assert.deepEqual(new Set(words), new Set(['paid']));
  });
});

// Cashiers work at both in bad weather; one is lost; in the end everything is at rest, and true.
async function loseOne(lose: (stores: Pair['stores']) => Promise<void>): Promise<void> {
  const pair = await openPair({ sandbox: { times: { codeLifeMs: 8_000 } } });
  const { control, order } = pair.ground;
  try {
    await letItStorm(control, seed);
    const tills = tillsOf(pair);
    const cashiers = new Cashiers({ control, till: (draw) => tills[draw(2) === 0 ? 0 : 1] }, 10, seed);
    await sleep(2_000);
    await lose(pair.stores);
    await sleep(2_000);
    await cashiers.close();
    await control.clearFaults();
    const witnesses = { control, till: tills[1], databaseUrl: order.databaseUrl, book: cashiers.book };
    const { sales } = await auditShop(witnesses, { restMs, tell: () => undefined });
    assert.ok(sales > 10, 'the shop sold something');
  } finally {
    await pair.close();
  }
}

// Eight buyers are asked at the first server; it goes; they confirm `confirmMs` after the scan. The words that the second tells.
async function handOver(leave: (store: KillableStore) => Promise<void>, confirmMs: number): Promise<readonly string[]> {
  const pair = await openPair({ deadline: takeOverDeadlines });
  const { control, order } = pair.ground;
  try {
    const [first, second] = tillsOf(pair);
    const waiting = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const walletId = await control.openWallet();
        const effect = { kind: 'buyer-asked', answer: 'confirm', afterMs: confirmMs };
        await control.addFault({ match: { method: 'pay', walletId }, effect });
        const { saleId } = await first.openSale(amount);
        return viewOf(await first.pay(saleId, await control.showCode(walletId), saleId)).paymentId;
      }),
    );
    await sleep(500);
    await leave(pair.stores[0]);
    const ends = await Promise.all(waiting.map((paymentId) => second.follow(paymentId)));
    for (const { wordAtMs, last } of ends) {
      assert.ok(wordAtMs <= Date.parse(last.finalWordBy), `${last.paymentId} had its word too late`);
      await auditPayment(control, last);
    }
    const sales = await untilAtRest(second, order.databaseUrl, restMs);
    await auditBooks(control, sales);
    await auditCalls(control, sales);
    return ends.map(({ word }) => word);
  } finally {
    await pair.close();
  }
}
