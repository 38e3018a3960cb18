// The auditor: holds what the store says against the sandbox's own books. It knows one law: a payment shown as paid is money
// kept exactly once, less what was refunded, and a payment shown as not paid is no money kept. It shares no code with payment.

import assert from 'node:assert/strict';
import pg from 'pg';
import type { PaymentView, SaleView } from '#server/contract/ecr.ts';
import { minorOf, type SandboxControl, type TradeRecord } from './sandbox-control.ts';
import type { Till } from './till.ts';
import { until } from './until.ts';

/** One payment at rest against the trades booked under its number. Answers them for further looks. */
export async function auditPayment(control: SandboxControl, payment: PaymentView): Promise<TradeRecord> {
  const { paymentId, status, custody } = payment;
  const record = await control.tradesOf(paymentId);
  const told = `${paymentId} is ${status}; at the sandbox: ${inWords(record)}`;
  assert.equal(custody, false, `still in custody: ${told}`);
  assert.ok(status === 'paid' || status === 'not-paid', `no final word: ${told}`);
  const kept = record.trades.reduce((sum, trade) => sum + trade.kept, 0n);
  if (status === 'not-paid') assert.equal(kept, 0n, `money kept without a sale: ${told}`);
  else {
    assert.equal(record.trades.length, 1, told);
    const [trade] = record.trades;
    assert.equal(trade?.amount, minorOf(payment.amount), told);
    assert.equal(kept, minorOf(payment.amount) - minorOf(payment.refunded), told);
  }
  return record;
}

/** All sales against the whole of the books: nothing lost, nothing doubled, nothing kept that no sale shows. */
export async function auditBooks(control: SandboxControl, sales: readonly SaleView[]): Promise<void> {
  let shown = 0n;
  for (const { saleId, payments, refunds } of sales) {
    const paid = payments.filter(({ status }) => status === 'paid');
    assert.ok(paid.length <= 1, `${saleId} is paid ${paid.length} times`);
    for (const payment of payments) await auditPayment(control, payment);
    for (const payment of paid) shown += minorOf(payment.amount);
    for (const refund of refunds) {
      assert.notEqual(refund.status, 'processing', `${refund.refundId} is not at rest`);
      if (refund.status === 'refunded') shown -= minorOf(refund.amount);
    }
  }
  const books = await control.books();
  assert.equal(books.balanced, true, 'the books of the sandbox balance');
  const kept = books.accounts.filter(({ kind }) => kind === 'merchant').reduce((sum, { balance }) => sum + balance, 0n);
  assert.equal(kept, shown, 'what the merchant has at the sandbox is what its sales show');
}

/** Waits until no sale has anything left to do; fails with the attempts that have, and their states. */
export async function untilAtRest(till: Till, databaseUrl: string, withinMs: number): Promise<readonly SaleView[]> {
  return await until(
    { withinMs, everyMs: 250 },
    async () => {
      const sales = await till.allSales();
      return sales.every(isAtRest) ? sales : undefined;
    },
    async () => `not at rest: ${(await unfinished(databaseUrl)).join('; ') || 'nothing in the journal'}`,
  );
}

function isAtRest({ payments, refunds }: SaleView): boolean {
  const ended = payments.every(({ status, custody }) => (status === 'paid' || status === 'not-paid') && !custody);
  return ended && refunds.every(({ status }) => status !== 'processing');
}

/** The attempts that the journal holds as unfinished, in words for a failure message. */
export async function unfinished(databaseUrl: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT format('%s (%s) %s, in flight %s, due %s, rounds %s, owner %s', id, kind, phase, in_flight_act, due_at, rounds,
        owner) AS words FROM payment_attempt WHERE due_at IS NOT NULL OR in_flight_act IS NOT NULL ORDER BY id LIMIT 20`,
    );
    return rows.map(({ words }) => String(words));
  } finally {
    await client.end();
  }
}

function inWords({ trades, calls }: TradeRecord): string {
  const booked = trades.map(({ state, closedBecause, kept }) => `${state} (${closedBecause ?? 'open'}), kept ${kept}`);
  const asked = calls.map(({ method, answer, fault }) => `${method} ${answer}${fault === null ? '' : ` [${fault}]`}`);
  return `${booked.join(', ') || 'no trade'}; calls: ${asked.join(', ') || 'none'}`;
}
