// The auditor: reads what everybody says (evidence.ts) and names every fault, by kind. Pure, and without a line of payment's code, so
// that it can be shown to bite: auditor.test.ts feeds it doubled, lost and orphaned money and sees each named.

import type { PaymentView, SaleView } from '#server/contract/ecr.ts';
import type { RefundAsked, Rung } from './cash-book.ts';
import type { Evidence, JournalRow } from './evidence.ts';
import { minorOf, type TradeRecord } from './sandbox-control.ts';

export const faultKinds = [
  /** Told or shown, and not there: a sale, a payment, a refund, or the money itself. */
  'lost',
  /** Money taken, or something made, more than once. */
  'doubled',
  /** Money or duties that nobody ends: kept without a sale, unknown to the journal, not at rest. */
  'orphaned',
  /** More given back than was taken. */
  'over-refunded',
  /** A cashier was told what is not true. */
  'untrue-word',
  /** The sums of one side do not agree with those of the other, or with themselves. */
  'unbalanced',
  /** Both sides know it, and differ in amount or state. */
  'disagreeing',
] as const;

export type FaultKind = (typeof faultKinds)[number];
export type AuditFault = { readonly kind: FaultKind; readonly what: string };

const walletHistoryMax = 50;

/** Every fault that the evidence shows; none when the money is right. */
export function findFaults(evidence: Evidence): readonly AuditFault[] {
  return [
    ...faultsOfRows(evidence),
    ...evidence.sales.flatMap((sale) => faultsOfSale(sale, evidence)),
    ...faultsOfFacts(evidence),
    ...faultsOfWallets(evidence),
    ...faultsOfBooks(evidence),
    ...faultsOfWords(evidence),
  ];
}

/** How many of each kind, for the line that a run ends with. */
export function countFaults(faults: readonly AuditFault[]): Readonly<Record<FaultKind, number>> {
  const count = (kind: FaultKind): number => faults.filter((fault) => fault.kind === kind).length;
  return {
    lost: count('lost'),
    doubled: count('doubled'),
    orphaned: count('orphaned'),
    'over-refunded': count('over-refunded'),
    'untrue-word': count('untrue-word'),
    unbalanced: count('unbalanced'),
    disagreeing: count('disagreeing'),
  };
}

function fault(kind: FaultKind, what: string): AuditFault {
  return { kind, what };
}

const restingPhases = {
  charge: { approved: 'paid', declined: 'not-paid', reversed: 'not-paid', returned: 'not-paid' },
  refund: { refunded: 'refunded', declined: 'declined' },
} as const satisfies Record<JournalRow['kind'], Readonly<Record<string, string>>>;

/** Whether nothing is left to do. A closed attempt may still be looked at, hours later, and is at rest all the same. */
export function isRowAtRest({ kind, phase, inFlight }: JournalRow): boolean {
  return phase in restingPhases[kind] && (inFlight === null || phase === 'reversed');
}

// The journal's rows against what the API shows of them: each once, and the same.
function faultsOfRows({ rows, sales }: Evidence): readonly AuditFault[] {
  const shown = new Map<string, string>();
  for (const { payments, refunds } of sales) {
    for (const { paymentId, status } of payments) shown.set(paymentId, status);
    for (const { refundId, status } of refunds) shown.set(refundId, status);
  }
  const known = new Set(rows.map(({ id }) => id));
  const invented = [...shown.keys()].filter((id) => !known.has(id));
  return [
    ...invented.map((id) => fault('lost', `${id} is shown and not in the journal`)),
    ...rows.flatMap((row): readonly AuditFault[] => {
      const words = `${row.id} (${row.kind} of ${row.saleId}) is ${row.phase}`;
      if (!isRowAtRest(row)) {
        return [fault('orphaned', `${words}, in flight ${row.inFlight}, held by ${row.owner ?? 'nobody'}`)];
      }
      const status = shown.get(row.id);
      if (status === undefined) return [fault('lost', `${words} and is shown nowhere`)];
      const expected = new Map<string, string>(Object.entries(restingPhases[row.kind])).get(row.phase);
      return status === expected ? [] : [fault('disagreeing', `${words} and is shown as ${status}`)];
    }),
  ];
}

function faultsOfSale(sale: SaleView, { records }: Evidence): readonly AuditFault[] {
  const { saleId, payments, status } = sale;
  const faults: AuditFault[] = [];
  let kept = 0n;
  for (const payment of payments) {
    const record = records.get(payment.paymentId) ?? { trades: [], calls: [] };
    kept += keptOf(record);
    faults.push(...faultsOfPayment(payment, record), ...faultsOfRefunds(sale, payment, record));
  }
  const paidCount = payments.filter((payment) => payment.status === 'paid').length;
  if (paidCount > 1) faults.push(fault('doubled', `${saleId} is paid ${paidCount} times`));
  if (kept > minorOf(sale.amount)) faults.push(fault('doubled', `${saleId} of ${sale.amount} kept ${kept}`));
  if (status === 'paying') faults.push(fault('orphaned', `${saleId} is still being paid`));
  if (status === 'open' && kept !== 0n) faults.push(fault('orphaned', `${saleId} is open and money is kept: ${kept}`));
  return faults;
}

function faultsOfPayment(payment: PaymentView, record: TradeRecord): readonly AuditFault[] {
  const { paymentId, status, custody } = payment;
  const { trades, calls } = record;
  const told = `${paymentId} is ${status}; at the sandbox: ${inWords(record)}`;
  const faults: AuditFault[] = [];
  const add = (kind: FaultKind, what: string): void => void faults.push(fault(kind, `${what}: ${told}`));
  const count = (method: string): number => calls.filter((call) => call.method === method).length;
  const kept = keptOf(record);
  if (custody) add('orphaned', 'still in custody');
  if (trades.length > 1) add('doubled', 'booked more than once');
  if (count('pay') > 1) add('doubled', `sent ${count('pay')} times`);
  for (const { state, amount } of trades) {
    if (state === 'waiting' || state === 'unscanned') add('orphaned', 'the payer may still pay');
    if (amount !== minorOf(payment.amount)) add('disagreeing', `booked as ${amount}`);
  }
  if (status === 'paid') {
    const owed = minorOf(payment.amount) - minorOf(payment.refunded);
    if (kept < owed) add('lost', `only ${kept} of ${owed} is there`);
    if (kept > owed) add('disagreeing', `${kept} is kept and ${owed} is shown`);
    if (count('cancel') > 0) add('disagreeing', 'paid, and was cancelled');
  } else if (status !== 'not-paid') add('orphaned', 'no final word');
  else if (kept !== 0n) add('orphaned', `money is kept without a sale, ${kept}`);
  return faults;
}

// Refunds of one payment: shown, booked, and asked, each the same and once.
function faultsOfRefunds(sale: SaleView, payment: PaymentView, { trades }: TradeRecord): readonly AuditFault[] {
  const faults: AuditFault[] = [];
  const { paymentId } = payment;
  const shown = sale.refunds.filter((refund) => refund.paymentId === paymentId);
  const booked = trades.flatMap((trade) => trade.refunds).filter(({ cause }) => cause === 'refund');
  const taken = minorOf(payment.amount);
  const sumShown = shown
    .filter(({ status }) => status !== 'declined')
    .reduce((sum, { amount }) => sum + minorOf(amount), 0n);
  const sumBooked = booked.reduce((sum, { amount }) => sum + amount, 0n);
  if (sumShown > taken)
    faults.push(fault('over-refunded', `${paymentId} took ${taken} and shows ${sumShown} given back`));
  if (sumBooked > taken) faults.push(fault('over-refunded', `${paymentId} took ${taken} and ${sumBooked} went back`));
  if (payment.status === 'paid' && sumShown !== minorOf(payment.refunded)) {
    faults.push(fault('disagreeing', `${paymentId} shows ${payment.refunded} given back, its refunds ${sumShown}`));
  }
  for (const { refundId, status, amount } of shown) {
    const lines = booked.filter(({ requestNo }) => requestNo === refundId);
    const words = `${refundId} of ${paymentId} is ${status}`;
    if (status === 'processing') faults.push(fault('orphaned', `${words}, not at rest`));
    if (status === 'refunded' && lines.length === 0) faults.push(fault('lost', `${words} and not booked`));
    if (status === 'declined' && lines.length > 0) faults.push(fault('disagreeing', `${words} and is booked`));
    if (lines.length > 1) faults.push(fault('doubled', `${words} and booked ${lines.length} times`));
    if (lines.some((line) => line.amount !== minorOf(amount))) {
      faults.push(fault('disagreeing', `${words} with ${amount} and booked with another amount`));
    }
  }
  // A payment that came too late to cancel is given back under a number made from its own.
  const own = new Set([...shown.map(({ refundId }) => refundId), `${paymentId}_return`]);
  for (const { requestNo, amount } of booked) {
    if (!own.has(requestNo))
      faults.push(fault('orphaned', `${paymentId}: ${amount} went back as ${requestNo}, unknown here`));
  }
  return faults;
}

// The outbox tells the rest of the house of money once.
function faultsOfFacts({ rows, facts }: Evidence): readonly AuditFault[] {
  const counts = new Map<string, number>();
  for (const { type, attemptId } of facts) {
    const name = `${type} ${attemptId}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const due = rows
    .filter(({ phase }) => phase === 'approved' || phase === 'refunded')
    .map(({ id, kind, phase }) => `payment.${kind}.${phase} ${id}`);
  const isDue = new Set(due);
  return [
    ...due.filter((name) => !counts.has(name)).map((name) => fault('lost', `no fact ${name} was told`)),
    ...[...counts].flatMap(([name, count]) => {
      if (!isDue.has(name)) return [fault('untrue-word', `the fact ${name} was told and is not so`)];
      return count > 1 ? [fault('doubled', `the fact ${name} was told ${count} times`)] : [];
    }),
  ];
}

// The payers' side: a customer is short of exactly what the shop keeps, and every trade is one that the journal knows.
function faultsOfWallets({ wallets, rows, records }: Evidence): readonly AuditFault[] {
  const known = new Set(rows.filter(({ kind }) => kind === 'charge').map(({ id }) => id));
  return wallets.flatMap(({ walletId, opened, balance, outTradeNos }) => {
    const faults = outTradeNos
      .filter((number) => !known.has(number))
      .map((number) => fault('orphaned', `${walletId} was asked to pay ${number}, which the journal does not know`));
    if (outTradeNos.length >= walletHistoryMax)
      faults.push(fault('unbalanced', `${walletId} has too many trades to see`));
    const kept = outTradeNos.reduce((sum, number) => sum + keptOf(records.get(number)), 0n);
    if (opened - balance !== kept) {
      faults.push(fault('unbalanced', `${walletId} is short of ${opened - balance}, and ${kept} of it is kept`));
    }
    return faults;
  });
}

function faultsOfBooks({ books, sales, records }: Evidence): readonly AuditFault[] {
  const faults: AuditFault[] = [];
  if (!books.balanced) faults.push(fault('unbalanced', 'the books of the sandbox do not balance'));
  const merchant = books.accounts
    .filter(({ kind }) => kind === 'merchant')
    .reduce((sum, { balance }) => sum + balance, 0n);
  const shown = sales
    .flatMap(({ payments }) => payments)
    .filter(({ status }) => status === 'paid')
    .reduce((sum, { amount, refunded }) => sum + minorOf(amount) - minorOf(refunded), 0n);
  const kept = [...records.values()].reduce((sum, record) => sum + keptOf(record), 0n);
  if (merchant !== shown) faults.push(fault('unbalanced', `the merchant has ${merchant}, its sales show ${shown}`));
  if (merchant !== kept) faults.push(fault('unbalanced', `the merchant has ${merchant}, its trades keep ${kept}`));
  return faults;
}

// What cashiers were told, and what they asked for: nothing that was told is missing or untrue, nothing is there that nobody asked.
function faultsOfWords({ sales, rung }: Evidence): readonly AuditFault[] {
  const byId = new Map(sales.map((sale) => [sale.saleId, sale]));
  const faults = rung.flatMap((each) => faultsOfRung(each, byId));
  const told = new Set(rung.flatMap(({ saleIds }) => [...saleIds]));
  const untold = sales.filter(({ saleId }) => !told.has(saleId)).map(({ saleId }) => saleId);
  const unanswered = rung.filter(({ saleIds }) => saleIds.size === 0).length;
  if (untold.length <= unanswered) return faults;
  return [...faults, fault('doubled', `sales that nobody rang up: ${untold.slice(0, 5).join(', ')}`)];
}

function faultsOfRung(each: Rung, byId: ReadonlyMap<string, SaleView>): readonly AuditFault[] {
  const [saleId] = each.saleIds;
  if (each.saleIds.size > 1) return [fault('doubled', `${each.key} made the sales ${[...each.saleIds].join(', ')}`)];
  if (saleId === undefined) return [];
  const sale = byId.get(saleId);
  if (sale === undefined) return [fault('lost', `${saleId} was told of and is not there`)];
  const faults: AuditFault[] = [];
  if (sale.amount !== each.amount)
    faults.push(fault('disagreeing', `${saleId} of ${each.amount} became ${sale.amount}`));
  if (sale.payments.length > each.scans.length) {
    faults.push(fault('doubled', `${saleId} has ${sale.payments.length} payments of ${each.scans.length} scans`));
  }
  for (const { key, paymentIds, words } of each.scans) {
    if (paymentIds.size > 1) faults.push(fault('doubled', `${key} made the payments ${[...paymentIds].join(', ')}`));
    for (const paymentId of paymentIds) {
      const payment = sale.payments.find((candidate) => candidate.paymentId === paymentId);
      if (payment === undefined) faults.push(fault('lost', `${paymentId} was told of and is not in ${saleId}`));
      for (const word of words) {
        if (payment !== undefined && payment.status !== word) {
          faults.push(fault('untrue-word', `${paymentId} was told as ${word} and is ${payment.status}`));
        }
      }
    }
  }
  if (sale.refunds.length > each.refunds.length) {
    faults.push(fault('doubled', `${saleId} has ${sale.refunds.length} refunds of ${each.refunds.length} asked for`));
  }
  return [...faults, ...each.refunds.flatMap((asked) => faultsOfAsked(asked, sale))];
}

function faultsOfAsked(asked: RefundAsked, sale: SaleView): readonly AuditFault[] {
  const { key, amount, refundIds, exceeds, paymentId } = asked;
  if (refundIds.size > 1) return [fault('doubled', `${key} made the refunds ${[...refundIds].join(', ')}`)];
  const faults = [...refundIds].flatMap((refundId) => {
    const refund = sale.refunds.find((candidate) => candidate.refundId === refundId);
    if (refund === undefined) return [fault('lost', `${refundId} was told of and is not in ${sale.saleId}`)];
    const asAsked = refund.amount === amount && refund.paymentId === paymentId && refund.status === 'refunded';
    return asAsked
      ? []
      : [fault('disagreeing', `${refundId} was asked for ${amount} and is ${refund.status}, ${refund.amount}`)];
  });
  const payment = sale.payments.find((candidate) => candidate.paymentId === paymentId);
  if (!exceeds || payment === undefined) return faults;
  const left = minorOf(payment.amount) - minorOf(payment.refunded);
  const isTrue = refundIds.size === 0 && minorOf(amount) > left;
  return isTrue ? faults : [...faults, fault('untrue-word', `${key} of ${amount} was refused, and ${left} is left`)];
}

function keptOf(record: TradeRecord | undefined): bigint {
  return (record?.trades ?? []).reduce((sum, trade) => sum + trade.kept, 0n);
}

/** A trade record for a failure message: what is booked, and what was asked in which order. */
export function inWords({ trades, calls }: TradeRecord): string {
  const booked = trades.map(({ state, closedBecause, kept }) => `${state} (${closedBecause ?? 'open'}), kept ${kept}`);
  const asked = calls.map(
    ({ method, answer, fault: spoilt }) => `${method} ${answer}${spoilt === null ? '' : ` [${spoilt}]`}`,
  );
  return `${booked.join(', ') || 'no trade'}; calls: ${asked.join(', ') || 'none'}`;
}
