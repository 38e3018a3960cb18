// After the storm: every request once more, with its key. A request that is repeated makes nothing new, and answers what it made.

import assert from 'node:assert/strict';
import type { RefundAsked, Rung, Scan } from './cash-book.ts';
import { mapInLanes } from './lanes.ts';
import { type Till, viewOf } from './till.ts';

/** Sends every request that a cashier had an answer to once more: each answers what it made the first time. */
export async function repeatAll(till: Till, rung: readonly Rung[]): Promise<void> {
  await mapInLanes(rung, async ({ key, amount, saleIds, scans, refunds }) => {
    const [saleId] = saleIds;
    if (saleId === undefined) return;
    const sale = await till.tryOpenSale(amount, key);
    assert.deepEqual([sale.ok && sale.status, viewOf(sale).saleId], [200, saleId]);
    for (const scan of scans) await repeatScan(till, saleId, scan);
    for (const refund of refunds) await repeatRefund(till, refund);
  });
}

async function repeatScan(till: Till, saleId: string, { key, payerCode, paymentIds }: Scan): Promise<void> {
  const [paymentId] = paymentIds;
  // Nobody heard what became of it: it may never have been asked, and asking now would be the first time.
  if (paymentId === undefined) return;
  const payment = await till.pay(saleId, payerCode, key);
  assert.deepEqual([payment.ok && payment.status, viewOf(payment).paymentId], [200, paymentId]);
}

async function repeatRefund(till: Till, { key, paymentId, amount, refundIds, exceeds }: RefundAsked): Promise<void> {
  const [refundId] = refundIds;
  const answer = await till.refund(paymentId, amount, key);
  if (exceeds) assert.equal(answer.ok ? '' : answer.problem.code, 'refund-exceeds');
  else assert.deepEqual([answer.ok && answer.status, viewOf(answer).refundId], [200, refundId]);
}
