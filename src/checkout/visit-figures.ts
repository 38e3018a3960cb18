// What one closed visit adds to a shift: by tender, tax class, department and cashier. A return adds to the given-back side of the
// same sums, so that a report shows both and never a difference of the two alone.

import { add, type Currency, type Money, money } from '#foundation/money.ts';
import type { TaxClass } from './line-item.ts';
import type { PricedTax } from './price-basket.ts';
import { givenBackBy } from './refund-plan.ts';
import { type ReturnDocument, returnedTaxes } from './return.ts';
import type { SaleDocument } from './sale-document.ts';
import { sumMoney } from './sum-money.ts';
import { type TenderKind, takenBy } from './tender.ts';

export type TenderPart = { readonly kind: TenderKind; readonly amount: Money };
export type DepartmentPart = { readonly departmentId: string; readonly gross: Money };

export type VisitFigures = {
  readonly kind: 'sale' | 'refund';
  /** The visit's id: a visit counts once. */
  readonly visitId: string;
  readonly cashierId: string;
  readonly total: Money;
  /** What was taken off list prices; nothing for a return. */
  readonly savings: Money;
  /** What cash rounding brought in (or, below zero, cost); of a return what it cost (or brought in). */
  readonly cashRounding: Money;
  /** What came in, or went out, by each tender. */
  readonly tenders: readonly TenderPart[];
  readonly taxes: readonly PricedTax[];
  readonly departments: readonly DepartmentPart[];
};

/** The figures of a closed sale. */
export function figuresOfSale(document: SaleDocument): VisitFigures {
  const { basket, priced, tenders } = document;
  const grossOf = new Map(priced.lines.map((line) => [line.lineNumber, line.gross]));
  return {
    kind: 'sale',
    visitId: document.saleId,
    cashierId: document.cashierId,
    total: priced.total,
    savings: priced.savings,
    cashRounding: document.cashRounding,
    tenders: tenders.map((tender) => ({ kind: tender.kind, amount: takenBy(tender) })),
    taxes: priced.taxes,
    departments: basket.lines.map(({ departmentId, lineNumber }) => ({
      departmentId,
      gross: grossOf.get(lineNumber) ?? money(basket.currency, 0n),
    })),
  };
}

/** The figures of a return. */
export function figuresOfReturn(document: ReturnDocument): VisitFigures {
  const { lines, refunds, total } = document;
  return {
    kind: 'refund',
    visitId: document.saleId,
    cashierId: document.cashierId,
    total,
    savings: money(total.currency, 0n),
    cashRounding: sumMoney(
      total.currency,
      refunds.map((part) => part.rounding),
    ),
    tenders: refunds.map((part) => ({ kind: part.kind, amount: givenBackBy(part) })),
    taxes: returnedTaxes(lines),
    departments: lines.map(({ departmentId, gross }) => ({ departmentId, gross })),
  };
}

/** Sales and refunds side by side: how many and how much. */
export type Flow = { readonly count: number; readonly amount: Money };
export type Flows = { readonly taken: Flow; readonly givenBack: Flow };

export type TenderFlows = Flows & { readonly kind: TenderKind };
export type DepartmentFlows = Flows & { readonly departmentId: string };
export type CashierFlows = Flows & { readonly cashierId: string };
export type TaxFlows = {
  readonly taxClass: TaxClass;
  readonly taken: { readonly base: Money; readonly tax: Money };
  readonly givenBack: { readonly base: Money; readonly tax: Money };
};

/** The sums of any number of visits; each list is sorted by its key, so that the order of the visits does not show. */
export type Tally = {
  readonly currency: Currency;
  readonly total: Flows;
  readonly savings: Money;
  readonly cashRounding: { readonly taken: Money; readonly givenBack: Money };
  readonly tenders: readonly TenderFlows[];
  readonly taxes: readonly TaxFlows[];
  readonly departments: readonly DepartmentFlows[];
  readonly cashiers: readonly CashierFlows[];
};

export function emptyTally(currency: Currency): Tally {
  const none = money(currency, 0n);
  return {
    currency,
    total: noFlows(currency),
    savings: none,
    cashRounding: { taken: none, givenBack: none },
    tenders: [],
    taxes: [],
    departments: [],
    cashiers: [],
  };
}

function noFlows(currency: Currency): Flows {
  const none = { count: 0, amount: money(currency, 0n) };
  return { taken: none, givenBack: none };
}

/** The tally with one visit more. */
export function addVisit(tally: Tally, visit: VisitFigures): Tally {
  const side = sideOf(visit);
  const { taken, givenBack } = tally.cashRounding;
  return {
    currency: tally.currency,
    total: withFlow(tally.total, side, visit.total),
    savings: add(tally.savings, visit.savings),
    cashRounding:
      side === 'taken'
        ? { taken: add(taken, visit.cashRounding), givenBack }
        : { taken, givenBack: add(givenBack, visit.cashRounding) },
    tenders: visit.tenders.reduce((flows, { kind, amount }) => addTenderFlow(flows, kind, side, amount), tally.tenders),
    taxes: visit.taxes.reduce((flows, tax) => addTax(flows, side, tax), tally.taxes),
    departments: visit.departments.reduce((flows, { departmentId, gross }) => {
      const known = flows.find((entry) => entry.departmentId === departmentId) ?? noFlows(tally.currency);
      return placed(flows, { ...withFlow(known, side, gross), departmentId }, (entry) => entry.departmentId);
    }, tally.departments),
    cashiers: placed(
      tally.cashiers,
      {
        ...withFlow(
          tally.cashiers.find((entry) => entry.cashierId === visit.cashierId) ?? noFlows(tally.currency),
          side,
          visit.total,
        ),
        cashierId: visit.cashierId,
      },
      (entry) => entry.cashierId,
    ),
  };
}

export type Side = keyof Flows;

function sideOf({ kind }: VisitFigures): Side {
  return kind === 'sale' ? 'taken' : 'givenBack';
}

function withFlow({ taken, givenBack }: Flows, side: Side, amount: Money): Flows {
  const more = (flow: Flow): Flow => ({ count: flow.count + 1, amount: add(flow.amount, amount) });
  return side === 'taken' ? { taken: more(taken), givenBack } : { taken, givenBack: more(givenBack) };
}

/** One amount more that a tender took or gave back. */
export function addTenderFlow(
  flows: readonly TenderFlows[],
  kind: TenderKind,
  side: Side,
  amount: Money,
): readonly TenderFlows[] {
  const known = flows.find((entry) => entry.kind === kind) ?? noFlows(amount.currency);
  return placed(flows, { ...withFlow(known, side, amount), kind }, (entry) => entry.kind);
}

function addTax(flows: readonly TaxFlows[], side: Side, { taxClass, base, tax }: PricedTax): readonly TaxFlows[] {
  const none = { base: money(base.currency, 0n), tax: money(base.currency, 0n) };
  const known = flows.find((entry) => taxKey(entry) === taxKey({ taxClass }));
  const before = { taken: known?.taken ?? none, givenBack: known?.givenBack ?? none };
  const after = { base: add(before[side].base, base), tax: add(before[side].tax, tax) };
  return placed(flows, { taxClass, ...before, [side]: after }, taxKey);
}

// The rate is padded so that text sorts as numbers do.
function taxKey({ taxClass }: Pick<TaxFlows, 'taxClass'>): string {
  return `${taxClass.id}\n${taxClass.rateBps.toString().padStart(7, '0')}\n${taxClass.isIncluded ? 'included' : 'on-top'}`;
}

/** The list with `entry` in the place of the one with its key, sorted by key. */
function placed<Entry>(entries: readonly Entry[], entry: Entry, keyOf: (entry: Entry) => string): readonly Entry[] {
  const key = keyOf(entry);
  const others = entries.filter((other) => keyOf(other) !== key);
  const before = others.filter((other) => keyOf(other) < key).length;
  return others.toSpliced(before, 0, entry);
}
