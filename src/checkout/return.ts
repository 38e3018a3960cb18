// What comes back. With a receipt exactly what was paid for the goods is given back, with their share of every discount and tax:
// how much that is up to a quantity is reckoned from the line's own figures, so that several partial returns never exceed them and
// the last one gives the remainder. Without a receipt it is today's price, by permission. A return is a visit of its own, with
// positive quantities; nothing in the sale that it refers to is changed.

import type { SaleId } from '#foundation/id.ts';
import { add, type Currency, type Money, money, multiplyHalfUp, subtract } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { Basket } from './basket.ts';
import { type LineItem, type Names, sameTaxClass, type TaxClass } from './line-item.ts';
import { isPermitted, type Override, type Permissions, type Staff } from './permission.ts';
import { type PricedBasket, type PricedLine, type PricedTax, type PricingRules, priceBasket } from './price-basket.ts';
import { fitsUnit, isQuantity, type Quantity, type Unit } from './quantity.ts';
import { planRefund, type RefundPart } from './refund-plan.ts';
import type { SaleDocument, SaleFacts } from './sale-document.ts';
import { lesser, sumMoney } from './sum-money.ts';
import { type CashRule, cashPayable } from './tender.ts';
import { isReason } from './well-formed.ts';

/** A line, or a part of one, that came back. */
export type ReturnedLine = {
  /** Of the sale that it was bought in; without a receipt, of the goods on the counter. */
  readonly lineNumber: number;
  readonly productId: string;
  readonly names: Names;
  readonly departmentId: string;
  readonly unit: Unit;
  readonly quantity: Quantity;
  readonly taxClass: TaxClass;
  readonly net: Money;
  readonly tax: Money;
  /** What is given back for it. */
  readonly gross: Money;
};

/** A visit in which goods came back. `saleId` is the visit's own id. */
export type ReturnDocument = SaleFacts & {
  readonly format: 'tillway-return-1';
  /** The sale that the goods were bought in; `null` without a receipt. */
  readonly ofSaleId: SaleId | null;
  readonly reason: string;
  readonly override: Override | null;
  readonly lines: readonly ReturnedLine[];
  readonly total: Money;
  readonly cashRule: CashRule;
  readonly refunds: readonly RefundPart[];
};

export type EarlierReturn = Pick<ReturnDocument, 'lines' | 'refunds'>;
export type WantedBack = { readonly lineNumber: number; readonly quantity: Quantity };

export type ReturnRefusal =
  | 'nothing-comes-back'
  | 'no-such-line'
  | 'line-twice'
  | 'quantity-not-whole'
  | 'more-than-was-bought'
  | 'reason-missing'
  | 'not-permitted';

/** What came back and what it is worth. */
export type ReturnedGoods = { readonly lines: readonly ReturnedLine[]; readonly total: Money };

/** Goods of a closed sale that come back, after what came back before. */
export function returnWithReceipt(
  sale: SaleDocument,
  earlier: readonly EarlierReturn[],
  wanted: readonly WantedBack[],
): Result<ReturnedGoods, ReturnRefusal> {
  if (wanted.length === 0) return failure('nothing-comes-back');
  if (new Set(wanted.map(({ lineNumber }) => lineNumber)).size < wanted.length) return failure('line-twice');
  const lines: ReturnedLine[] = [];
  for (const { lineNumber, quantity } of wanted) {
    const line = sale.basket.lines.find((item) => item.lineNumber === lineNumber);
    const priced = sale.priced.lines.find((item) => item.lineNumber === lineNumber);
    if (line === undefined || priced === undefined) return failure('no-such-line');
    if (!fitsUnit(quantity, line.unit)) return failure('quantity-not-whole');
    const before = cameBack(sale.basket.currency, earlier, lineNumber);
    if (before.thousandths + quantity > line.quantity) return failure('more-than-was-bought');
    lines.push(partOf(line, priced, before, quantity));
  }
  return success(worthOf(sale.basket.currency, lines));
}

type Before = { readonly thousandths: number; readonly gross: Money; readonly tax: Money };

function cameBack(currency: Currency, earlier: readonly EarlierReturn[], lineNumber: number): Before {
  const parts = earlier.flatMap(({ lines }) => lines.filter((line) => line.lineNumber === lineNumber));
  return {
    thousandths: parts.reduce((sum, part) => sum + part.quantity, 0),
    gross: sumMoney(
      currency,
      parts.map((part) => part.gross),
    ),
    tax: sumMoney(
      currency,
      parts.map((part) => part.tax),
    ),
  };
}

// Reckoned up to the quantity that will then have come back, less what was given before. Tax follows the gross amount, not the
// quantity, so that a part's tax is never more than the part.
function partOf(line: LineItem, priced: PricedLine, before: Before, quantity: Quantity): ReturnedLine {
  const upTo = BigInt(before.thousandths + quantity);
  const grossUpTo = multiplyHalfUp(priced.gross, upTo, BigInt(line.quantity));
  const none = money(priced.gross.currency, 0n);
  const taxUpTo = priced.gross.minor === 0n ? none : multiplyHalfUp(priced.tax, grossUpTo.minor, priced.gross.minor);
  const gross = notBelow(none, subtract(grossUpTo, before.gross));
  const tax = lesser(gross, notBelow(none, subtract(taxUpTo, before.tax)));
  return { ...factsOf(line), quantity, net: subtract(gross, tax), tax, gross };
}

function notBelow(least: Money, amount: Money): Money {
  return amount.minor < least.minor ? least : amount;
}

function factsOf({ lineNumber, productId, names, departmentId, unit, taxClass }: LineItem) {
  return { lineNumber, productId, names, departmentId, unit, taxClass };
}

function worthOf(currency: Currency, lines: readonly ReturnedLine[]): ReturnedGoods {
  return {
    lines,
    total: sumMoney(
      currency,
      lines.map((line) => line.gross),
    ),
  };
}

/** What may still come back of each line of a sale, in thousandths; lines of which nothing is left are not there. */
export function stillReturnable(sale: SaleDocument, earlier: readonly EarlierReturn[]): readonly WantedBack[] {
  return sale.basket.lines.flatMap(({ lineNumber, quantity }) => {
    const rest = quantity - cameBack(sale.basket.currency, earlier, lineNumber).thousandths;
    return isQuantity(rest) ? [{ lineNumber, quantity: rest }] : [];
  });
}

/** Who takes goods back without a receipt, why, and by whose word. */
export type ReturnGrant = { readonly staff: Staff; readonly reason: string; readonly override: Override | null };

/** Goods that come back without a receipt, at the price of `basket` (today's) under `rules`. */
export function returnWithoutReceipt(
  basket: Basket,
  rules: PricingRules,
  { staff, reason, override }: ReturnGrant,
  permissions: Permissions,
): Result<ReturnedGoods, ReturnRefusal> {
  if (basket.lines.length === 0) return failure('nothing-comes-back');
  if (!isReason(reason)) return failure('reason-missing');
  const priced: PricedBasket = priceBasket(basket, rules);
  if (!isPermitted(staff, 'return-without-receipt', permissions, priced.total, override)) {
    return failure('not-permitted');
  }
  const lines = basket.lines.flatMap((line): readonly ReturnedLine[] => {
    const price = priced.lines.find(({ lineNumber }) => lineNumber === line.lineNumber);
    if (price === undefined) return [];
    const { net, tax, gross } = price;
    return [{ ...factsOf(line), quantity: line.quantity, net, tax, gross }];
  });
  return success(worthOf(basket.currency, lines));
}

/** Giving back without a receipt: in cash, rounded as the store's coins want it, or as stored value. */
export function refundWithoutReceipt(
  total: Money,
  kind: 'cash' | 'stored-value',
  rule: CashRule,
): readonly RefundPart[] {
  if (total.minor === 0n) return [];
  const paid = kind === 'cash' ? cashPayable(total, rule) : total;
  return [{ kind, tenderNumber: null, paymentIntentId: null, amount: total, rounding: subtract(paid, total) }];
}

/** What an exchange comes to: the goods' worth goes into the new sale, and what is over or missing changes hands. */
export type Exchange = {
  /** What of the returned goods' worth pays for the new ones: a tender `exchange-credit` there, a refund of that kind here. */
  readonly credit: Money;
  readonly dueFromCustomer: Money;
  readonly dueToCustomer: Money;
};

export function exchange(returned: Money, newTotal: Money): Exchange {
  const credit = lesser(returned, newTotal);
  return { credit, dueFromCustomer: subtract(newTotal, credit), dueToCustomer: subtract(returned, credit) };
}

/**
 * How an exchange's return is given back: the credit into the new sale, the rest by the plan of the old sale's tenders; without
 * a receipt in cash.
 */
export function refundExchange(
  returned: Money,
  newTotal: Money,
  sale: Pick<SaleDocument, 'tenders' | 'cashRule'> | null,
  earlier: readonly EarlierReturn[],
  rule: CashRule,
): readonly RefundPart[] {
  const { credit, dueToCustomer } = exchange(returned, newTotal);
  const rest =
    sale === null ? refundWithoutReceipt(dueToCustomer, 'cash', rule) : planRefund(sale, earlier, dueToCustomer);
  if (credit.minor === 0n) return rest;
  const none = money(credit.currency, 0n);
  return [
    { kind: 'exchange-credit', tenderNumber: null, paymentIntentId: null, amount: credit, rounding: none },
    ...rest,
  ];
}

/** The sums of returned lines by tax class, in the order in which the classes first occur. */
export function returnedTaxes(lines: readonly ReturnedLine[]): readonly PricedTax[] {
  const taxes: PricedTax[] = [];
  for (const { taxClass, net, tax } of lines) {
    const index = taxes.findIndex((entry) => sameTaxClass(entry.taxClass, taxClass));
    const known = taxes[index];
    if (known === undefined) taxes.push({ taxClass, base: net, tax });
    else taxes[index] = { taxClass, base: add(known.base, net), tax: add(known.tax, tax) };
  }
  return taxes;
}
