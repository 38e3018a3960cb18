// After the storm: what cashiers were told against what is true, and every request once more. A word that was given stands; a
// request that is repeated makes nothing new.

import assert from 'node:assert/strict';
import type { SaleView } from '#server/contract/ecr.ts';
import type { Rung } from './cashiers.ts';
import type { SandboxControl } from './sandbox-control.ts';
import { type Till, viewOf } from './till.ts';

/** Every sale that a cashier knows is there, paid by one attempt, and ended as the cashier was told. */
export function auditWords(sales: readonly SaleView[], rung: readonly Rung[]): void {
  const byId = new Map(sales.map((sale) => [sale.saleId, sale]));
  for (const { saleId, amount, paymentId, refund, words } of rung) {
    const sale = byId.get(saleId);
    assert.ok(sale !== undefined, `${saleId} was told of and is lost`);
    assert.equal(sale.amount, amount);
    assert.deepEqual(
      sale.payments.map((payment) => payment.paymentId),
      [paymentId],
      `${saleId} was paid with one key`,
    );
    const [payment] = sale.payments;
    for (const word of words) assert.equal(payment?.status, word, `${paymentId} was told as ${word}`);
    if (refund !== undefined) {
      assert.deepEqual(
        sale.refunds.map(({ refundId, status }) => [refundId, status]),
        [[refund.refundId, 'refunded']],
      );
    }
  }
}

/** Sends every request of every cashier once more, with its key: each answers what it made the first time. */
export async function repeatAll(till: Till, rung: readonly Rung[]): Promise<void> {
  for (const { key, amount, saleId, payerCode, paymentId, refund } of rung) {
    const sale = await till.tryOpenSale(amount, key);
    assert.deepEqual([sale.ok && sale.status, viewOf(sale).saleId], [200, saleId]);
    const payment = await till.pay(saleId, payerCode, key);
    assert.deepEqual([payment.ok && payment.status, viewOf(payment).paymentId], [200, paymentId]);
    if (refund === undefined || paymentId === undefined) continue;
    const again = await till.refund(paymentId, refund.amount, refund.key);
    assert.deepEqual([again.ok && again.status, viewOf(again).refundId], [200, refund.refundId]);
  }
}

/** No payment was sent twice, and none was both cancelled and kept. */
export async function auditCalls(control: SandboxControl, sales: readonly SaleView[]): Promise<void> {
  for (const { paymentId, status } of sales.flatMap(({ payments }) => payments)) {
    const { calls } = await control.tradesOf(paymentId);
    const count = (method: string): number => calls.filter((call) => call.method === method).length;
    assert.ok(count('pay') <= 1, `${paymentId} was sent ${count('pay')} times`);
    if (status === 'paid') assert.equal(count('cancel'), 0, `${paymentId} is paid and was cancelled`);
  }
}
