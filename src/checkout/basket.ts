// What a customer is buying, before it is paid. Every operation is pure: it answers a new basket or a reason code, and the old
// basket is as it was. Lines that are taken out stay on record, because that is where a till can be cheated.

import type { BasketId, DeviceId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import { type Currency, sameMoney } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { Adjustment } from './adjustment.ts';
import { type LineItem, type ProductFacts, sameTaxClass } from './line-item.ts';
import { addQuantities, fitsUnit, isMeasured, type Quantity, subtractQuantity } from './quantity.ts';
import { isFitText, isReason, textBounds } from './well-formed.ts';

/** Somebody looked at an identity card, or at a face: `false` is an answer too. */
export type AgeCheck = {
  readonly minimumAge: number;
  readonly isOldEnough: boolean;
  readonly checkedBy: string;
  readonly at: Instant;
};

export type RemovedLine = { readonly line: LineItem; readonly removedBy: string; readonly at: Instant };

export type VoidRecord = { readonly reason: string; readonly voidedBy: string; readonly at: Instant };

export type Basket = {
  readonly id: BasketId;
  readonly currency: Currency;
  readonly deviceId: DeviceId;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly customerId: string | null;
  readonly lines: readonly LineItem[];
  readonly nextLineNumber: number;
  readonly adjustments: readonly Adjustment[];
  readonly ageChecks: readonly AgeCheck[];
  readonly removedLines: readonly RemovedLine[];
  readonly note: string;
  readonly voided: VoidRecord | null;
};

export type BasketRefusal =
  | 'basket-voided'
  | 'too-many-lines'
  | 'no-such-line'
  | 'quantity-out-of-range'
  | 'quantity-not-whole'
  | 'wrong-currency'
  | 'price-out-of-range'
  | 'priced-by-label'
  /** Longer than 500 characters, or broken text. */
  | 'note-unfit'
  /** None, longer than 200 characters, or broken text. */
  | 'reason-missing'
  | 'too-many-discounts'
  | 'discount-not-positive'
  | 'more-than-the-price'
  | 'over-the-limit'
  | 'no-such-discount'
  | 'too-many-age-checks'
  | 'nothing-to-undo';

export type BasketResult = Result<Basket, BasketRefusal>;

/** The bounds of a basket; beyond them an operation is refused, and a document not read. */
export const basketBounds = {
  linesMax: 999,
  removedLinesMax: 5_000,
  adjustmentsMax: 20,
  ageChecksMax: 50,
  listPriceMinorMax: 1_000_000_000_000n,
} as const;

/** Who acts, and when: what an operation writes down beside what it does. */
export type Hand = { readonly personId: string; readonly at: Instant };

export type NewBasket = Pick<Basket, 'id' | 'currency' | 'deviceId' | 'createdAt' | 'createdBy'>;

export function emptyBasket(fresh: NewBasket): Basket {
  return {
    ...fresh,
    customerId: null,
    lines: [],
    nextLineNumber: 1,
    adjustments: [],
    ageChecks: [],
    removedLines: [],
    note: '',
    voided: null,
  };
}

/**
 * Puts a product into the basket. Whole pieces of the same product at the same price join the line that is there already, unless
 * something was taken off or noted on it; what was weighed or has a label's
 * price is always a line of its own.
 */
export function addProduct(basket: Basket, product: ProductFacts, quantity: Quantity): BasketResult {
  if (basket.voided !== null) return failure('basket-voided');
  for (const price of [product.listPrice, product.labelPrice]) {
    if (price === null) continue;
    if (price.currency !== basket.currency) return failure('wrong-currency');
    if (price.minor < 0n || price.minor > basketBounds.listPriceMinorMax) return failure('price-out-of-range');
  }
  if (!fitsUnit(quantity, product.unit)) return failure('quantity-not-whole');
  const joined = basket.lines.find((line) => joins(line, product));
  if (joined !== undefined) {
    const sum = addQuantities(joined.quantity, quantity);
    if (sum === undefined) return failure('quantity-out-of-range');
    return success(withLine(basket, { ...joined, quantity: sum }));
  }
  if (basket.lines.length >= basketBounds.linesMax) return failure('too-many-lines');
  const line: LineItem = { ...product, lineNumber: basket.nextLineNumber, quantity, adjustments: [], note: '' };
  return success({ ...basket, lines: [...basket.lines, line], nextLineNumber: basket.nextLineNumber + 1 });
}

function joins(line: LineItem, product: ProductFacts): boolean {
  return (
    line.productId === product.productId &&
    !isMeasured(line.unit) &&
    line.labelPrice === null &&
    product.labelPrice === null &&
    line.unit === product.unit &&
    line.adjustments.length === 0 &&
    line.note === '' &&
    line.priceVersion === product.priceVersion &&
    sameMoney(line.listPrice, product.listPrice) &&
    sameTaxClass(line.taxClass, product.taxClass)
  );
}

export function findLine(basket: Basket, lineNumber: number): LineItem | undefined {
  return basket.lines.find((line) => line.lineNumber === lineNumber);
}

/** The basket with one line in the place of the line of the same number. */
export function withLine(basket: Basket, changed: LineItem): Basket {
  const lines = basket.lines.map((line) => (line.lineNumber === changed.lineNumber ? changed : line));
  return { ...basket, lines };
}

/** Runs `change` on a line of a basket that is not voided. */
export function changeLine(
  basket: Basket,
  lineNumber: number,
  change: (line: LineItem) => Result<LineItem, BasketRefusal>,
): BasketResult {
  if (basket.voided !== null) return failure('basket-voided');
  const line = findLine(basket, lineNumber);
  if (line === undefined) return failure('no-such-line');
  const changed = change(line);
  return changed.ok ? success(withLine(basket, changed.value)) : changed;
}

/** Changes how much of a line is bought. Less than there was goes on record like a line taken out. */
export function changeQuantity(basket: Basket, lineNumber: number, quantity: Quantity, hand: Hand): BasketResult {
  const before = findLine(basket, lineNumber);
  const changed = changeLine(basket, lineNumber, (line) => {
    if (line.labelPrice !== null) return failure('priced-by-label');
    return fitsUnit(quantity, line.unit) ? success({ ...line, quantity }) : failure('quantity-not-whole');
  });
  const less = before === undefined ? undefined : subtractQuantity(before.quantity, quantity);
  if (!changed.ok || before === undefined || less === undefined) return changed;
  return success(recordRemoved(changed.value, [{ ...before, quantity: less }], hand));
}

/** Takes a line out; it stays on record with who did it. */
export function removeLine(basket: Basket, lineNumber: number, hand: Hand): BasketResult {
  if (basket.voided !== null) return failure('basket-voided');
  const line = findLine(basket, lineNumber);
  if (line === undefined) return failure('no-such-line');
  const lines = basket.lines.filter((kept) => kept !== line);
  return success(recordRemoved({ ...basket, lines }, [line], hand));
}

/** The basket with these lines on its record of what was taken out; the oldest give way at the bound. */
export function recordRemoved(basket: Basket, lines: readonly LineItem[], hand: Hand): Basket {
  const fresh = lines.map((line) => ({ line, removedBy: hand.personId, at: hand.at }));
  return { ...basket, removedLines: [...basket.removedLines, ...fresh].slice(-basketBounds.removedLinesMax) };
}

/** Notes something on a line, such as what is engraved; an empty note takes it away. */
export function noteLine(basket: Basket, lineNumber: number, note: string): BasketResult {
  return changeLine(basket, lineNumber, (line) => (isNote(note) ? success({ ...line, note }) : failure('note-unfit')));
}

/** Notes something on the whole basket. */
export function noteBasket(basket: Basket, note: string): BasketResult {
  if (basket.voided !== null) return failure('basket-voided');
  return isNote(note) ? success({ ...basket, note }) : failure('note-unfit');
}

function isNote(note: string): boolean {
  return isFitText(note, textBounds.noteLengthMax, 0);
}

/** Says whose basket it is; `null` when nobody's in particular. */
export function nameCustomer(basket: Basket, customerId: string | null): BasketResult {
  return basket.voided === null ? success({ ...basket, customerId }) : failure('basket-voided');
}

/** Records that somebody looked how old the customer is. The latest check for an age is the one that counts. */
export function recordAgeCheck(basket: Basket, minimumAge: number, isOldEnough: boolean, hand: Hand): BasketResult {
  if (basket.voided !== null) return failure('basket-voided');
  if (basket.ageChecks.length >= basketBounds.ageChecksMax) return failure('too-many-age-checks');
  const check = { minimumAge, isOldEnough, checkedBy: hand.personId, at: hand.at };
  return success({ ...basket, ageChecks: [...basket.ageChecks, check] });
}

/** Gives the basket up, for good and with a reason; nothing can be done to it afterwards. */
export function voidBasket(basket: Basket, reason: string, hand: Hand): BasketResult {
  if (basket.voided !== null) return failure('basket-voided');
  if (!isReason(reason)) return failure('reason-missing');
  return success({ ...basket, voided: { reason, voidedBy: hand.personId, at: hand.at } });
}
