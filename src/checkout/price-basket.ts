// What a basket costs. One function, the same bytes on till and server. The order of the arithmetic is fixed (decision 0006):
//
//   1. line = list price × quantity, half up
//   2. what was taken off the line, in the order given: a rate half up on what is left, a fixed amount as far as there is something
//   3. promotions, which come in as data: for one line, for some, or for all; shared out by largest remainder
//   4. what was taken off the whole basket: worked out once on the sum, shared out to the lines by largest remainder
//   5. tax of each tax class on the sum of its lines, half up, shared back to its lines by largest remainder
//
// Every step conserves its sum exactly and no line falls below zero: a share never exceeds what its line still has, because an
// amount is never more than the sum that it is shared over. Lines are taken in the order of their numbers, so that equal
// remainders fall the same way wherever a basket is priced. Cash rounding belongs to the tender, not to the price.

import { add, allocate, type Currency, type Money, money, multiplyHalfUp, subtract } from '#foundation/money.ts';
import { amountOff, type Discount, wholeBps } from './adjustment.ts';
import type { Basket } from './basket.ts';
import { type LineItem, listTotal, type Names, sameTaxClass, type TaxClass } from './line-item.ts';
import { sumMoney } from './sum-money.ts';

/** What a promotion gives, worked out elsewhere: so much off these lines together, or off all. */
export type PromotionAdjustment = {
  readonly promotionId: string;
  readonly names: Names;
  /** The coupon that it needed, if it needed one. */
  readonly couponId: string | null;
  /** The lines that it is shared over in proportion to what they still cost; `null` for all. Unknown numbers get nothing. */
  readonly lineNumbers: readonly number[] | null;
  /** What it takes off, 0 or more; as far as there is something to take off. */
  readonly amount: Money;
};

export type PricingRules = { readonly promotionAdjustments: readonly PromotionAdjustment[] };

export const noPromotions: PricingRules = { promotionAdjustments: [] };

/** What one adjustment took off one line. `index` counts from 0 in the line's, the rules' or the basket's own list. */
export type PricedAdjustment = {
  readonly source: 'line' | 'promotion' | 'basket';
  readonly index: number;
  /** More than zero: an adjustment that gave a line nothing is not listed there. */
  readonly amount: Money;
};

export type PricedLine = {
  readonly lineNumber: number;
  readonly listTotal: Money;
  readonly adjustments: readonly PricedAdjustment[];
  /** Without tax. */
  readonly net: Money;
  readonly tax: Money;
  /** What is paid for the line: net and tax together. */
  readonly gross: Money;
};

export type PricedTax = { readonly taxClass: TaxClass; readonly base: Money; readonly tax: Money };

export type PricedBasket = {
  readonly currency: Currency;
  /** By line number. */
  readonly lines: readonly PricedLine[];
  /** One entry for each tax class that occurs, by id, then rate, then included before excluded. */
  readonly taxes: readonly PricedTax[];
  /** The sum of the list totals. */
  readonly subtotal: Money;
  /** All that was taken off. */
  readonly savings: Money;
  /** All tax, included or added. */
  readonly tax: Money;
  /** What is to be paid. */
  readonly total: Money;
};

// A line while it is being priced: `left` is what the steps so far have left of it.
type OpenLine = {
  readonly line: LineItem;
  readonly listTotal: Money;
  readonly adjustments: PricedAdjustment[];
  left: Money;
};

/** Prices a basket. Lines and promotions must be in the basket's currency; anything else is a broken invariant. */
export function priceBasket(basket: Basket, rules: PricingRules): PricedBasket {
  const { currency } = basket;
  const lines = basket.lines.toSorted((a, b) => a.lineNumber - b.lineNumber).map(openLine);
  for (const open of lines) {
    for (const [index, { discount }] of open.line.adjustments.entries()) {
      takeOff(open, 'line', index, amountOff(discount, open.left));
    }
  }
  for (const [index, promotion] of rules.promotionAdjustments.entries()) {
    const chosen = linesOf(lines, promotion.lineNumbers);
    shareOff(chosen, 'promotion', index, { kind: 'fixed', amount: promotion.amount }, currency);
  }
  for (const [index, { discount }] of basket.adjustments.entries()) {
    shareOff(lines, 'basket', index, discount, currency);
  }
  return totals(currency, lines, taxLines(currency, lines));
}

function openLine(line: LineItem): OpenLine {
  const total = listTotal(line);
  return { line, listTotal: total, adjustments: [], left: total };
}

function linesOf(lines: readonly OpenLine[], lineNumbers: readonly number[] | null): readonly OpenLine[] {
  if (lineNumbers === null) return lines;
  const chosen = new Set(lineNumbers);
  return lines.filter((open) => chosen.has(open.line.lineNumber));
}

function takeOff(open: OpenLine, source: PricedAdjustment['source'], index: number, amount: Money): void {
  if (amount.minor === 0n) return;
  open.left = subtract(open.left, amount);
  open.adjustments.push({ source, index, amount });
}

function shareOff(
  lines: readonly OpenLine[],
  source: PricedAdjustment['source'],
  index: number,
  discount: Discount,
  currency: Currency,
): void {
  const left = sumMoney(
    currency,
    lines.map((open) => open.left),
  );
  const off = amountOff(discount, left);
  if (off.minor === 0n) return;
  const shares = allocate(
    off,
    lines.map((open) => open.left.minor),
  );
  for (const [position, open] of lines.entries()) takeOff(open, source, index, shares[position] ?? money(currency, 0n));
}

type Taxed = { readonly taxes: readonly PricedTax[]; readonly taxOf: ReadonlyMap<OpenLine, Money> };

function taxLines(currency: Currency, lines: readonly OpenLine[]): Taxed {
  const classes: TaxClass[] = [];
  for (const { line } of lines) {
    if (!classes.some((known) => sameTaxClass(known, line.taxClass))) classes.push(line.taxClass);
  }
  const taxOf = new Map<OpenLine, Money>();
  const taxes = classes.sort(byTaxClass).map((taxClass) => {
    const members = lines.filter((open) => sameTaxClass(open.line.taxClass, taxClass));
    const sum = sumMoney(
      currency,
      members.map((open) => open.left),
    );
    const tax = taxOn(sum, taxClass);
    if (tax.minor > 0n) {
      const shares = allocate(
        tax,
        members.map((open) => open.left.minor),
      );
      for (const [position, open] of members.entries()) taxOf.set(open, shares[position] ?? money(currency, 0n));
    }
    return { taxClass, base: taxClass.isIncluded ? subtract(sum, tax) : sum, tax };
  });
  return { taxes, taxOf };
}

/** The tax in, or on, an amount. Included at 13 %: 113.00 holds 13.00; added: 100.00 gets 13.00. */
function taxOn(sum: Money, taxClass: TaxClass): Money {
  const rate = BigInt(taxClass.rateBps);
  return multiplyHalfUp(sum, rate, BigInt(wholeBps) + (taxClass.isIncluded ? rate : 0n));
}

function byTaxClass(left: TaxClass, right: TaxClass): number {
  if (left.id !== right.id) return left.id < right.id ? -1 : 1;
  if (left.rateBps !== right.rateBps) return left.rateBps - right.rateBps;
  return Number(right.isIncluded) - Number(left.isIncluded);
}

function totals(currency: Currency, lines: readonly OpenLine[], { taxes, taxOf }: Taxed): PricedBasket {
  const none = money(currency, 0n);
  const priced = lines.map((open): PricedLine => {
    const tax = taxOf.get(open) ?? none;
    const net = open.line.taxClass.isIncluded ? subtract(open.left, tax) : open.left;
    const { lineNumber } = open.line;
    return { lineNumber, listTotal: open.listTotal, adjustments: open.adjustments, net, tax, gross: add(net, tax) };
  });
  const subtotal = sumMoney(
    currency,
    priced.map((line) => line.listTotal),
  );
  const left = sumMoney(
    currency,
    lines.map((open) => open.left),
  );
  return {
    currency,
    lines: priced,
    taxes,
    subtotal,
    savings: subtract(subtotal, left),
    tax: sumMoney(
      currency,
      taxes.map((entry) => entry.tax),
    ),
    total: sumMoney(
      currency,
      priced.map((line) => line.gross),
    ),
  };
}
