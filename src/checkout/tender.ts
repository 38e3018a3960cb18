// How a sale is paid, in any number of parts. Each tender covers an amount of what is due; together they never cover more. Only cash
// may be handed over in excess, and only cash is rounded: where small coins are missing, the part that closes the sale in cash is
// brought to what coins can pay, and what that adds or takes is its own amount beside the tender.
//
// An Alipay tender stands for a payment intent. It covers its amount from the moment it is added, so that nothing else can be taken
// for the same money, and it counts as paid only by the channel's evidence: nothing here decides whether Alipay's money moved.

import type { PaymentIntentId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import { add, type Money, money, roundToMultiple, subtract } from '#foundation/money.ts';
import { failure, type Result, success, unreachable } from '#foundation/result.ts';
import { sumMoney } from './sum-money.ts';
import { isFitText, textBounds } from './well-formed.ts';

/** `exchange-credit`: the worth of goods that came back in the same visit. */
export const tenderKinds = ['alipay', 'cash', 'stored-value', 'external-card', 'exchange-credit'] as const;
export type TenderKind = (typeof tenderKinds)[number];

/** What the channel proved, as far as a receipt shows it. */
export type PaidEvidence = {
  /** The channel's own number of the payment. */
  readonly tradeNumber: string;
  /** As the channel masks it; `null` when it says nothing. */
  readonly maskedAccount: string | null;
  readonly paidAt: Instant;
};

/** `number` counts from 1 within the sale and is never given twice; `amount` is what the tender covers of the total. */
type Numbered = { readonly number: number; readonly amount: Money };

export type AlipayTender = Numbered & {
  readonly kind: 'alipay';
  readonly paymentIntentId: PaymentIntentId;
  /** `null` while the payment is open. */
  readonly evidence: PaidEvidence | null;
};
export type CashTender = Numbered & {
  readonly kind: 'cash';
  readonly handedOver: Money;
  readonly change: Money;
  /** What rounding adds to (or, below zero, takes from) `amount`; the drawer keeps `amount + rounding`. */
  readonly rounding: Money;
};
export type StoredValueTender = Numbered & {
  readonly kind: 'stored-value';
  /** The reservation that holds the value; never the number of the card. */
  readonly reference: string;
};
export type ExternalCardTender = Numbered & {
  readonly kind: 'external-card';
  /** What the terminal's slip says, if anybody typed it; never a card number. */
  readonly reference: string | null;
};
export type ExchangeCreditTender = Numbered & { readonly kind: 'exchange-credit'; readonly returnId: string };

export type Tender = AlipayTender | CashTender | StoredValueTender | ExternalCardTender | ExchangeCreditTender;

/** The smallest amount that coins can pay, in minor units, and how the rest is rounded. 1 rounds nothing. */
export type CashRule = { readonly unitMinor: number; readonly rounding: 'half-up' | 'down' };

export const everyCoin: CashRule = { unitMinor: 1, rounding: 'half-up' };

/** What is to be paid, and what has been tendered. */
export type Tendering = {
  readonly total: Money;
  readonly cashRule: CashRule;
  readonly tenders: readonly Tender[];
  readonly nextNumber: number;
};

/** What somebody wants to pay with. Cash says what was handed over; all else what it shall cover. */
export type Offer =
  | { readonly kind: 'alipay'; readonly amount: Money; readonly paymentIntentId: PaymentIntentId }
  | { readonly kind: 'cash'; readonly handedOver: Money }
  | { readonly kind: 'stored-value'; readonly amount: Money; readonly reference: string }
  | { readonly kind: 'external-card'; readonly amount: Money; readonly reference: string | null }
  | { readonly kind: 'exchange-credit'; readonly amount: Money; readonly returnId: string };

export type TenderRefusal =
  | 'nothing-due'
  | 'wrong-currency'
  | 'amount-not-positive'
  | 'more-than-due'
  | 'not-in-coins'
  | 'intent-used-twice'
  /** None where one is needed, longer than 100 characters, or broken text. */
  | 'reference-unfit'
  | 'too-many-tenders'
  | 'no-such-tender'
  | 'payment-open'
  | 'paid-by-channel';

export const tendersMax = 20;

export function startTendering(total: Money, cashRule: CashRule): Tendering {
  return { total, cashRule, tenders: [], nextNumber: 1 };
}

/** What no tender covers yet. */
export function remainingDue({ total, tenders }: Pick<Tendering, 'total' | 'tenders'>): Money {
  const covered = tenders.map((tender) => tender.amount);
  return subtract(total, sumMoney(total.currency, covered));
}

/** Whether a sale may close: everything is covered, and whatever a channel had to prove is proven. */
export function isSettled(tendering: Pick<Tendering, 'total' | 'tenders'>): boolean {
  return remainingDue(tendering).minor === 0n && !tendering.tenders.some(isOpenPayment);
}

export function isOpenPayment(tender: Tender): boolean {
  return tender.kind === 'alipay' && tender.evidence === null;
}

/** What is to be paid when an amount is settled in cash. */
export function cashPayable(due: Money, rule: CashRule): Money {
  return roundToMultiple(due, BigInt(rule.unitMinor), rule.rounding);
}

/** All that rounding added or took. */
export function cashRoundingOf({ total, tenders }: Pick<Tendering, 'total' | 'tenders'>): Money {
  return sumMoney(
    total.currency,
    tenders.map((tender) => (tender.kind === 'cash' ? tender.rounding : money(total.currency, 0n))),
  );
}

/** All the change that is given. */
export function changeOf({ total, tenders }: Pick<Tendering, 'total' | 'tenders'>): Money {
  return sumMoney(
    total.currency,
    tenders.map((tender) => (tender.kind === 'cash' ? tender.change : money(total.currency, 0n))),
  );
}

/** What a tender brought in: for cash what stays in the drawer, for all else what it covers. */
export function takenBy(tender: Tender): Money {
  return tender.kind === 'cash' ? add(tender.amount, tender.rounding) : tender.amount;
}

/** Adds a tender, or says why not. */
export function addTender(tendering: Tendering, offer: Offer): Result<Tendering, TenderRefusal> {
  const trouble = offerTrouble(tendering, offer);
  if (trouble !== null) return failure(trouble);
  const tender = coverDue(remainingDue(tendering), tendering.cashRule, tendering.nextNumber, offer);
  return success({
    ...tendering,
    tenders: [...tendering.tenders, tender],
    nextNumber: tendering.nextNumber + 1,
  });
}

/** Why an offer cannot be taken, or `null`. */
export function offerTrouble(tendering: Tendering, offer: Offer): TenderRefusal | null {
  const { cashRule, tenders, total } = tendering;
  const due = remainingDue(tendering);
  const offered = offer.kind === 'cash' ? offer.handedOver : offer.amount;
  if (due.minor <= 0n) return 'nothing-due';
  if (offered.currency !== total.currency) return 'wrong-currency';
  if (tenders.length >= tendersMax) return 'too-many-tenders';
  if (offer.kind === 'cash') return cashTrouble(offer.handedOver, due, cashRule);
  if (offered.minor <= 0n) return 'amount-not-positive';
  if (offered.minor > due.minor) return 'more-than-due';
  if (!isReferenceFit(offer)) return 'reference-unfit';
  const isUsed =
    offer.kind === 'alipay' &&
    tenders.some((tender) => tender.kind === 'alipay' && tender.paymentIntentId === offer.paymentIntentId);
  return isUsed ? 'intent-used-twice' : null;
}

function isReferenceFit(offer: Offer): boolean {
  if (offer.kind !== 'stored-value' && offer.kind !== 'external-card') return true;
  return offer.reference === null || isFitText(offer.reference, textBounds.wordLengthMax);
}

// Nothing handed over settles what rounds to nothing, and only that.
function cashTrouble(handedOver: Money, due: Money, rule: CashRule): TenderRefusal | null {
  const payable = cashPayable(due, rule);
  if (handedOver.minor < 0n || (handedOver.minor === 0n && payable.minor > 0n)) return 'amount-not-positive';
  return handedOver.minor % BigInt(rule.unitMinor) === 0n ? null : 'not-in-coins';
}

/** The tender that an offer without trouble makes of what is due. */
function coverDue(due: Money, rule: CashRule, number: number, offer: Offer): Tender {
  switch (offer.kind) {
    case 'alipay':
      return { ...offer, number, evidence: null };
    case 'cash':
      return coverInCash(due, rule, number, offer.handedOver);
    case 'stored-value':
    case 'external-card':
    case 'exchange-credit':
      return { ...offer, number };
    default:
      return unreachable(offer);
  }
}

function coverInCash(due: Money, rule: CashRule, number: number, handedOver: Money): CashTender {
  const none = money(due.currency, 0n);
  const payable = cashPayable(due, rule);
  if (handedOver.minor < payable.minor) {
    return { kind: 'cash', number, amount: handedOver, handedOver, change: none, rounding: none };
  }
  const change = subtract(handedOver, payable);
  return { kind: 'cash', number, amount: due, handedOver, change, rounding: subtract(payable, due) };
}

/** Writes down that the channel proved a payment. */
export function payTender(
  tendering: Tendering,
  paymentIntentId: PaymentIntentId,
  evidence: PaidEvidence,
): Result<Tendering, TenderRefusal> {
  const found = tendering.tenders.find((tender) => isFor(tender, paymentIntentId));
  if (found === undefined) return failure('no-such-tender');
  if (!isOpenPayment(found)) return failure('paid-by-channel');
  const tenders = tendering.tenders.map((tender) =>
    tender.kind === 'alipay' && tender === found ? { ...tender, evidence } : tender,
  );
  return success({ ...tendering, tenders });
}

/** Writes down the payment's final word *not paid*: its amount is due again. */
export function dropTender(tendering: Tendering, paymentIntentId: PaymentIntentId): Result<Tendering, TenderRefusal> {
  const found = tendering.tenders.find((tender) => isFor(tender, paymentIntentId));
  if (found === undefined) return failure('no-such-tender');
  return isOpenPayment(found) ? success(without(tendering, found)) : failure('paid-by-channel');
}

function isFor(tender: Tender, paymentIntentId: PaymentIntentId): boolean {
  return tender.kind === 'alipay' && tender.paymentIntentId === paymentIntentId;
}

/** Takes a tender back before the sale is closed. An open payment ends by itself, and a paid one by a refund. */
export function takeBackTender(tendering: Tendering, number: number): Result<Tendering, TenderRefusal> {
  const found = tendering.tenders.find((tender) => tender.number === number);
  if (found === undefined) return failure('no-such-tender');
  if (found.kind === 'alipay') return failure(isOpenPayment(found) ? 'payment-open' : 'paid-by-channel');
  return success(without(tendering, found));
}

// Cash that was rounded and changed stays as it is, whatever else goes: the change is in the customer's hand.
function without(tendering: Tendering, gone: Tender): Tendering {
  return { ...tendering, tenders: tendering.tenders.filter((tender) => tender !== gone) };
}

export type TenderFault =
  | 'amount-not-positive'
  | 'cash-not-rounded-by-rule'
  | 'cash-does-not-add-up'
  | 'change-below-zero'
  | 'not-in-coins';

/** What is wrong with a tender that came from outside, looked at alone, or `null`. `addTender` never makes one with a fault. */
export function tenderFault(tender: Tender, rule: CashRule): TenderFault | null {
  const { amount } = tender;
  if (amount.minor <= 0n) return 'amount-not-positive';
  if (tender.kind !== 'cash') return null;
  const { handedOver, change, rounding } = tender;
  if (rounding.minor !== subtract(cashPayable(amount, rule), amount).minor) return 'cash-not-rounded-by-rule';
  if (handedOver.minor !== add(add(amount, rounding), change).minor) return 'cash-does-not-add-up';
  if (change.minor < 0n) return 'change-below-zero';
  return handedOver.minor % BigInt(rule.unitMinor) === 0n ? null : 'not-in-coins';
}
