// A till's shift, from its float to its count. The machine is a table; each event answers the next shift or why it may not be. What
// the drawer should hold is reckoned from the events and never entered, and whoever counts does so before seeing it. A closed
// shift's report is printed and stays as it is: what a payment in custody comes to later belongs to the day on which it comes
// (day-report.ts).

import type { DeviceId, PaymentIntentId, StoreId } from '#foundation/id.ts';
import type { BusinessDate, Instant } from '#foundation/instant.ts';
import { add, type Currency, type Money, money, subtract } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import { sumMoney } from './sum-money.ts';
import { addVisit, emptyTally, type Flow, type Tally, type VisitFigures } from './visit-figures.ts';
import { isReason } from './well-formed.ts';

/** So many pieces of one coin or note. */
export type Denomination = { readonly unitMinor: number; readonly pieces: number };

/** A payment that had no verified end when the shift was closed. */
export type OpenPayment = { readonly paymentIntentId: PaymentIntentId; readonly amount: Money };

export type ShiftEvent =
  | {
      readonly kind: 'cash-in' | 'cash-out';
      readonly at: Instant;
      readonly by: string;
      readonly amount: Money;
      readonly reason: string;
    }
  | { readonly kind: 'visit'; readonly at: Instant; readonly by: string; readonly figures: VisitFigures }
  | { readonly kind: 'count'; readonly at: Instant; readonly by: string; readonly pieces: readonly Denomination[] }
  /** Selling goes on after all; the count is forgotten. */
  | { readonly kind: 'resume'; readonly at: Instant; readonly by: string }
  | {
      readonly kind: 'close';
      readonly at: Instant;
      readonly by: string;
      readonly openPayments: readonly OpenPayment[];
    };

/** What may happen in each state, and where it leads. A state is final when nothing may happen in it. */
export const shiftTable = {
  open: { 'cash-in': 'open', 'cash-out': 'open', visit: 'open', count: 'counted' },
  counted: { count: 'counted', resume: 'open', close: 'closed' },
  closed: {},
} as const satisfies Record<string, Partial<Record<ShiftEvent['kind'], 'open' | 'counted' | 'closed'>>>;

export type ShiftState = keyof typeof shiftTable;

export type ShiftOpening = {
  readonly storeId: StoreId;
  readonly deviceId: DeviceId;
  /** Counts the till's shifts from 1; its Z report has the same number. */
  readonly number: number;
  readonly businessDate: BusinessDate;
  readonly openedAt: Instant;
  readonly openedBy: string;
  /** The change that is in the drawer at the beginning, 0 or more. */
  readonly float: Money;
};

export type Shift = ShiftOpening & {
  readonly state: ShiftState;
  readonly cashIn: Flow;
  readonly cashOut: Flow;
  readonly tally: Tally;
  /** The visits that are in the tally. */
  readonly visitIds: readonly string[];
  readonly count: { readonly by: string; readonly at: Instant; readonly pieces: readonly Denomination[] } | null;
  /** The Z report, made once, when the shift is closed. */
  readonly report: ShiftReport | null;
};

export type ShiftReport = ShiftOpening & {
  readonly format: 'tillway-shift-1';
  /** X: how it stands; Z: how it ended. */
  readonly kind: 'X' | 'Z';
  readonly at: Instant;
  readonly by: string;
  readonly tally: Tally;
  readonly cashIn: Flow;
  readonly cashOut: Flow;
  /** What the drawer should hold. */
  readonly expectedCash: Money;
  /** What was found in it, and found less what should be; `null` before the count. */
  readonly counted: {
    readonly by: string;
    readonly pieces: readonly Denomination[];
    readonly amount: Money;
    readonly difference: Money;
  } | null;
  readonly openPayments: readonly OpenPayment[];
};

export type ShiftRefusal =
  | 'not-in-this-state'
  | 'wrong-currency'
  | 'amount-not-positive'
  | 'reason-missing'
  | 'count-malformed'
  | 'visit-counted-already';

export function openShift(opening: ShiftOpening): Result<Shift, ShiftRefusal> {
  if (opening.float.minor < 0n) return failure('amount-not-positive');
  const none: Flow = { count: 0, amount: money(opening.float.currency, 0n) };
  return success({
    ...opening,
    state: 'open',
    cashIn: none,
    cashOut: none,
    tally: emptyTally(opening.float.currency),
    visitIds: [],
    count: null,
    report: null,
  });
}

/** The shift after an event, or why the event may not be. */
export function applyToShift(shift: Shift, event: ShiftEvent): Result<Shift, ShiftRefusal> {
  const next = nextState(shift.state, event.kind);
  if (next === undefined) return failure('not-in-this-state');
  switch (event.kind) {
    case 'cash-in':
    case 'cash-out':
      return moveCash(shift, event.kind, event.amount, event.reason);
    case 'visit':
      return countVisit(shift, event.figures);
    case 'count': {
      if (!isCount(event.pieces)) return failure('count-malformed');
      return success({ ...shift, state: next, count: { by: event.by, at: event.at, pieces: event.pieces } });
    }
    case 'resume':
      return success({ ...shift, state: next, count: null });
    default: {
      const report = reportOn(shift, 'Z', event.at, event.by, event.openPayments);
      return success({ ...shift, state: next, report });
    }
  }
}

function nextState(state: ShiftState, kind: ShiftEvent['kind']): ShiftState | undefined {
  const row: Partial<Record<ShiftEvent['kind'], ShiftState>> = shiftTable[state];
  return row[kind];
}

function moveCash(
  shift: Shift,
  kind: 'cash-in' | 'cash-out',
  amount: Money,
  reason: string,
): Result<Shift, ShiftRefusal> {
  if (amount.currency !== currencyOf(shift)) return failure('wrong-currency');
  if (amount.minor <= 0n) return failure('amount-not-positive');
  if (!isReason(reason)) return failure('reason-missing');
  const more = (flow: Flow): Flow => ({ count: flow.count + 1, amount: add(flow.amount, amount) });
  return success(
    kind === 'cash-in' ? { ...shift, cashIn: more(shift.cashIn) } : { ...shift, cashOut: more(shift.cashOut) },
  );
}

function countVisit(shift: Shift, figures: VisitFigures): Result<Shift, ShiftRefusal> {
  if (figures.total.currency !== currencyOf(shift)) return failure('wrong-currency');
  if (shift.visitIds.includes(figures.visitId)) return failure('visit-counted-already');
  return success({
    ...shift,
    tally: addVisit(shift.tally, figures),
    visitIds: [...shift.visitIds, figures.visitId],
  });
}

const piecesMax = 1_000_000;

function isCount(pieces: readonly Denomination[]): boolean {
  const isEach = pieces.every(
    (entry) =>
      Number.isSafeInteger(entry.unitMinor) &&
      entry.unitMinor > 0 &&
      Number.isInteger(entry.pieces) &&
      entry.pieces >= 0 &&
      entry.pieces <= piecesMax,
  );
  return isEach && new Set(pieces.map((entry) => entry.unitMinor)).size === pieces.length;
}

/** What a count comes to. */
export function countedAmount(currency: Currency, pieces: readonly Denomination[]): Money {
  return sumMoney(
    currency,
    pieces.map((entry) => money(currency, BigInt(entry.unitMinor) * BigInt(entry.pieces))),
  );
}

function currencyOf(shift: Shift): Currency {
  return shift.float.currency;
}

/** What the drawer should hold: the float, what was put in and taken out, and what cash tenders brought and gave back. */
export function drawerShouldHold(shift: Pick<Shift, 'float' | 'cashIn' | 'cashOut' | 'tally'>): Money {
  const cash = shift.tally.tenders.find((entry) => entry.kind === 'cash');
  const moved = subtract(add(shift.float, shift.cashIn.amount), shift.cashOut.amount);
  return cash === undefined ? moved : subtract(add(moved, cash.taken.amount), cash.givenBack.amount);
}

/** How a shift stands. A closed shift's own report is its Z report, which does not change any more. */
export function xReport(shift: Shift, at: Instant, by: string): ShiftReport {
  return reportOn(shift, 'X', at, by, []);
}

function reportOn(
  shift: Shift,
  kind: ShiftReport['kind'],
  at: Instant,
  by: string,
  openPayments: readonly OpenPayment[],
): ShiftReport {
  const { storeId, deviceId, number, businessDate, openedAt, openedBy, float, tally, cashIn, cashOut, count } = shift;
  const expected = drawerShouldHold(shift);
  const amount = count === null ? null : countedAmount(currencyOf(shift), count.pieces);
  const counted =
    count === null || amount === null
      ? null
      : { by: count.by, pieces: count.pieces, amount, difference: subtract(amount, expected) };
  return {
    format: 'tillway-shift-1',
    kind,
    at,
    by,
    ...{ storeId, deviceId, number, businessDate, openedAt, openedBy, float },
    ...{ tally, cashIn, cashOut, expectedCash: expected, counted, openPayments },
  };
}
