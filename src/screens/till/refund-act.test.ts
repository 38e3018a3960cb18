import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { money } from '#foundation/money.ts';
import { failure, success } from '#foundation/result.ts';
import type { RefundView } from '#server/contract/ecr.ts';
import { giveBack, type RefundProgress, readRefundAmount, refundableOf } from './refund-act.ts';
import { FakeStore, TestClock, tenYuan, viewOf } from './testing/fake-store.ts';

const refund: RefundView = {
  refundId: 'pa_9',
  paymentId: 'pa_1',
  saleId: 'sale_1',
  status: 'processing',
  amount: '4.00',
  currency: 'CNY',
  reason: null,
  channelCode: null,
  createdAt: '2026-11-23T12:00:00.000Z',
  refundedAt: null,
};

describe('the amount of a refund', () => {
  it('is at most what was taken and not yet given back', () => {
    const left = refundableOf(viewOf({ status: 'paid', amount: '10.00', refunded: '4.00' }));
    assert.deepEqual(left, money('CNY', 600n));
    assert.equal(refundableOf(viewOf({ status: 'not-paid' })), undefined);
  });

  it('is read as money, or its fault is named', () => {
    assert.deepEqual(readRefundAmount(' 4.00 ', tenYuan), money('CNY', 400n));
    assert.equal(readRefundAmount('10.01', tenYuan), 'too-much');
    assert.equal(readRefundAmount('0.00', tenYuan), 'zero');
    assert.equal(readRefundAmount('-1', tenYuan), 'zero');
    assert.equal(readRefundAmount('1.005', tenYuan), 'too-precise');
    assert.equal(readRefundAmount('four', tenYuan), 'malformed');
    assert.equal(readRefundAmount('', tenYuan), 'malformed');
  });
});

describe('giving back', () => {
  it('keeps its key while the answer is lost, and follows the refund to its end', async () => {
    const clock = new TestClock();
    const keys: string[] = [];
    const told: RefundProgress[] = [];
    let looks = 0;
    const store = Object.assign(new FakeStore(), {
      refund: async (_paymentId: string, _amount: unknown, key: string) => {
        keys.push(key);
        return keys.length < 3 ? failure({ kind: 'unreachable' as const, retryAfterMs: 0 }) : success(refund);
      },
      refundState: async () => {
        looks += 1;
        return success({ ...refund, status: looks < 2 ? ('processing' as const) : ('refunded' as const) });
      },
    });
    const order = { paymentId: 'pa_1', amount: money('CNY', 400n), key: 'one-act' };
    const done = giveBack(
      store,
      clock,
      order,
      (progress) => told.push(progress),
      () => true,
    );
    await clock.pass(10_000);
    await done;
    assert.deepEqual(keys, ['one-act', 'one-act', 'one-act']);
    assert.deepEqual(
      told.map((progress) => (progress.kind === 'refund' ? progress.refund.status : progress.kind)),
      ['sending', 'away', 'away', 'processing', 'processing', 'refunded'],
    );
  });

  it('that the server refuses says so and is not sent again', async () => {
    const told: RefundProgress[] = [];
    const order = { paymentId: 'pa_1', amount: tenYuan, key: 'one-act' };
    await giveBack(
      new FakeStore(),
      new TestClock(),
      order,
      (progress) => told.push(progress),
      () => true,
    );
    assert.deepEqual(
      told.map((progress) => (progress.kind === 'refused' ? progress.problem.code : progress.kind)),
      ['sending', 'payment-not-paid'],
    );
  });
});
