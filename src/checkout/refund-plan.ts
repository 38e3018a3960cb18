// By which tenders money goes back. What Alipay took goes back to Alipay first, up to what it took; then cash, and the rest in turn.
// A plan is data: whoever carries it out starts a refund for each part.

import type { PaymentIntentId } from '#foundation/id.ts';
import { add, type Money, money, subtract } from '#foundation/money.ts';
import { invariant } from '#foundation/result.ts';
import { lesser, sumMoney } from './sum-money.ts';
import { type CashRule, cashPayable, type Tender, type TenderKind } from './tender.ts';

/** One part of what is given back. */
export type RefundPart = {
  /** How it is given back; `exchange-credit`: as a part of the price of other goods. */
  readonly kind: TenderKind;
  /** The tender of the sale that it undoes; `null` for what refers to none. */
  readonly tenderNumber: number | null;
  /** Whose charge is refunded, for Alipay; `null` for all else. */
  readonly paymentIntentId: PaymentIntentId | null;
  /** Which part of the goods' worth this settles. */
  readonly amount: Money;
  /** What cash rounding adds to it or (below zero) takes from it; what changes hands is both together. */
  readonly rounding: Money;
};

/** What changes hands. */
export function givenBackBy(part: RefundPart): Money {
  return add(part.amount, part.rounding);
}

/** In which order tenders are given back. */
export const refundOrder = [
  'alipay',
  'cash',
  'stored-value',
  'external-card',
  'exchange-credit',
] as const satisfies readonly TenderKind[];

/**
 * The parts that give `worth` back, after what was given back before. Cash is rounded on all that one tender gives back, so that
 * several returns together pay what one would have paid, and never more than the drawer got. What an exchange paid is given back
 * in cash. More than is left of the tenders is a broken invariant: the worth of goods is checked before.
 */
export function planRefund(
  sale: { readonly tenders: readonly Tender[]; readonly cashRule: CashRule },
  earlier: readonly { readonly refunds: readonly RefundPart[] }[],
  worth: Money,
): readonly RefundPart[] {
  const before = earlier.flatMap(({ refunds }) => refunds);
  const inOrder = sale.tenders.toSorted(
    (a, b) => refundOrder.indexOf(a.kind) - refundOrder.indexOf(b.kind) || a.number - b.number,
  );
  const parts: RefundPart[] = [];
  let left = worth;
  for (const tender of inOrder) {
    const given = before.filter((part) => part.tenderNumber === tender.number);
    const part = partOfTender(tender, sale.cashRule, given, left);
    if (part === null) continue;
    parts.push(part);
    left = subtract(left, part.amount);
  }
  invariant(left.minor === 0n, `a refund of ${worth.minor} is ${left.minor} more than the tenders have left`);
  return parts;
}

function partOfTender(tender: Tender, rule: CashRule, given: readonly RefundPart[], left: Money): RefundPart | null {
  const { currency } = tender.amount;
  const settled = sumMoney(
    currency,
    given.map((part) => part.amount),
  );
  const amount = lesser(left, subtract(tender.amount, settled));
  if (amount.minor <= 0n) return null;
  const kind = tender.kind === 'exchange-credit' ? 'cash' : tender.kind;
  const paymentIntentId = tender.kind === 'alipay' ? tender.paymentIntentId : null;
  if (kind !== 'cash') {
    return { kind, tenderNumber: tender.number, paymentIntentId, amount, rounding: money(currency, 0n) };
  }
  const paid = subtract(cashPayable(add(settled, amount), rule), sumMoney(currency, given.map(givenBackBy)));
  return { kind, tenderNumber: tender.number, paymentIntentId, amount, rounding: subtract(paid, amount) };
}
