// Holds what the store says against the sandbox's own books: one payment, all sales, or (after a storm) everything that anybody says.
// It knows one law: a payment shown as paid is money kept exactly once, less what was refunded, and a payment shown as not paid is no
// money kept. It shares no code with payment.

import assert from 'node:assert/strict';
import pg from 'pg';
import type { PaymentView, SaleView } from '#server/contract/ecr.ts';
import { countFaults, findFaults, inWords, isRowAtRest } from './auditor.ts';
import { type Evidence, gatherEvidence, readJournal, type Witnesses } from './evidence.ts';
import { repeatAll } from './repeat-all.ts';
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

/** No payment was sent twice, and none was both cancelled and kept. */
export async function auditCalls(control: SandboxControl, sales: readonly SaleView[]): Promise<void> {
  for (const { paymentId, status } of sales.flatMap(({ payments }) => payments)) {
    const { calls } = await control.tradesOf(paymentId);
    const count = (method: string): number => calls.filter((call) => call.method === method).length;
    assert.ok(count('pay') <= 1, `${paymentId} was sent ${count('pay')} times`);
    if (status === 'paid') assert.equal(count('cancel'), 0, `${paymentId} is paid and was cancelled`);
  }
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

/** What a run ends with: how much was done, and how much of it was wrong. */
export type Audited = {
  readonly sales: number;
  readonly payments: number;
  readonly paid: number;
  readonly notPaid: number;
  readonly refunds: number;
  readonly faults: ReturnType<typeof countFaults>;
};

/**
 * Everything that anybody says of a shop, held against everything else, once it is at rest; then every request of every cashier once
 * more, and all of it again. `tell` gets the counts before any fault is thrown. Fails with every fault by name.
 */
export async function auditShop(
  witnesses: Witnesses,
  { restMs, tell }: { readonly restMs: number; readonly tell: (audited: Audited) => void },
): Promise<Audited> {
  await untilJournalAtRest(witnesses.databaseUrl, restMs);
  const before = await gatherEvidence(witnesses);
  const audited = audit(before, tell);
  await repeatAll(witnesses.till, witnesses.book.rung);
  await untilJournalAtRest(witnesses.databaseUrl, restMs);
  const after = await gatherEvidence(witnesses);
  assert.deepEqual(
    [after.sales.length, after.rows.length],
    [before.sales.length, before.rows.length],
    'repeats made nothing new',
  );
  audit(after, () => undefined);
  return audited;
}

const faultsShownMax = 30;

function audit(evidence: Evidence, tell: (audited: Audited) => void): Audited {
  const faults = findFaults(evidence);
  const payments = evidence.sales.flatMap((sale) => sale.payments);
  const audited: Audited = {
    sales: evidence.sales.length,
    payments: payments.length,
    paid: payments.filter(({ status }) => status === 'paid').length,
    notPaid: payments.filter(({ status }) => status === 'not-paid').length,
    refunds: evidence.sales.flatMap((sale) => sale.refunds).length,
    faults: countFaults(faults),
  };
  tell(audited);
  const words = faults.map(({ kind, what }) => `${kind}: ${what}`);
  assert.equal(words.length, 0, `${words.length} faults:\n${words.slice(0, faultsShownMax).join('\n')}`);
  return audited;
}

/** Waits until the journal holds no attempt with anything left to do; fails with those that it holds. */
async function untilJournalAtRest(databaseUrl: string, withinMs: number): Promise<void> {
  const restless = async () => (await readJournal(databaseUrl)).rows.filter((row) => !isRowAtRest(row));
  await until(
    { withinMs, everyMs: 400 },
    async () => ((await restless()).length === 0 ? true : undefined),
    async () => {
      const words = (await restless()).map(({ id, kind, phase, inFlight, owner }) => {
        return `${id} (${kind}) ${phase}, in flight ${inFlight}, held by ${owner}`;
      });
      return `orphaned, not at rest: ${words.slice(0, faultsShownMax).join('; ') || 'nothing any more'}`;
    },
  );
}
