// Readers of a basket and its price, for documents that come from outside and for baskets that another till put on hold.

import { type BasketId, type DeviceId, parseId } from '#foundation/id.ts';
import { type Instant, instant } from '#foundation/instant.ts';
import { type Currency, isCurrency } from '#foundation/money.ts';
import { type Adjustment, type Discount, type DiscountLimit, wholeBps } from './adjustment.ts';
import { type AgeCheck, type Basket, basketBounds as bounds, type RemovedLine, type VoidRecord } from './basket.ts';
import {
  accepted,
  amount,
  byKind,
  fields,
  flag,
  list,
  nullable,
  oneOf,
  type Reader,
  reason,
  text,
  unread,
  wholeNumber,
  word,
} from './field-reader.ts';
import type { LineItem, Names, TaxClass } from './line-item.ts';
import type { PricedAdjustment, PricedBasket, PricedLine, PricedTax, PromotionAdjustment } from './price-basket.ts';
import { isQuantity, type Quantity, units } from './quantity.ts';
import { textBounds } from './well-formed.ts';

const numberMax = 1_000_000;
export const promotionsMax = 2_000;
// The last instant that an ECMAScript Date can say.
export const readInstant: Reader<Instant> = (value, path, problems) => {
  const epochMs = wholeNumber(0, 8_640_000_000_000_000)(value, path, problems);
  return epochMs === unread ? unread : instant(epochMs);
};

/** An id of ours, by its kind. */
export function readId<Kind extends Parameters<typeof parseId>[0]>(
  kind: Kind,
): Reader<NonNullable<ReturnType<typeof parseId<Kind>>>> {
  return accepted(`must be an id of a ${kind}`, (value) =>
    typeof value === 'string' ? parseId<Kind>(kind, value) : undefined,
  );
}

export const readBasketId: Reader<BasketId> = readId('basket');
export const readDeviceId: Reader<DeviceId> = readId('device');

export const readCurrency: Reader<Currency> = accepted('must be a known currency', (value) =>
  typeof value === 'string' && isCurrency(value) ? value : undefined,
);

export const readQuantity: Reader<Quantity> = accepted('must be whole thousandths, 1 to 999999999', (value) =>
  isQuantity(value) ? value : undefined,
);

export const readNames: Reader<Names> = fields({ en: text(400, 0), zh: text(400, 0) });

export const readTaxClass: Reader<TaxClass> = fields({
  id: word,
  rateBps: wholeNumber(0, 100_000),
  isIncluded: flag,
});

const readDiscount: Reader<Discount> = byKind({
  fixed: fields({ kind: oneOf(['fixed']), amount: amount(1n) }),
  rate: fields({ kind: oneOf(['rate']), rateBps: wholeNumber(1, wholeBps) }),
});

const readLimit: Reader<DiscountLimit> = fields({
  rateBpsMax: wholeNumber(0, wholeBps),
  amountMax: nullable(amount()),
});

const readAdjustment: Reader<Adjustment> = fields({
  discount: readDiscount,
  reason,
  allowedBy: word,
  limit: readLimit,
});

const readLine: Reader<LineItem> = fields({
  lineNumber: wholeNumber(1, numberMax),
  productId: word,
  names: readNames,
  barcode: nullable(text(100)),
  departmentId: word,
  quantity: readQuantity,
  unit: oneOf(units),
  listPrice: amount(),
  labelPrice: nullable(amount()),
  priceVersion: word,
  taxClass: readTaxClass,
  minimumAge: nullable(wholeNumber(0, 150)),
  adjustments: list(readAdjustment, bounds.adjustmentsMax),
  note: text(textBounds.noteLengthMax, 0),
});

const readAgeCheck: Reader<AgeCheck> = fields({
  minimumAge: wholeNumber(0, 150),
  isOldEnough: flag,
  checkedBy: word,
  at: readInstant,
});

const readRemoved: Reader<RemovedLine> = fields({ line: readLine, removedBy: word, at: readInstant });

const readVoid: Reader<VoidRecord> = fields({ reason, voidedBy: word, at: readInstant });

export const basketReader: Reader<Basket> = fields({
  id: readBasketId,
  currency: readCurrency,
  deviceId: readDeviceId,
  createdAt: readInstant,
  createdBy: word,
  customerId: nullable(word),
  lines: list(readLine, bounds.linesMax),
  nextLineNumber: wholeNumber(1, numberMax),
  adjustments: list(readAdjustment, bounds.adjustmentsMax),
  ageChecks: list(readAgeCheck, bounds.ageChecksMax),
  removedLines: list(readRemoved, bounds.removedLinesMax),
  note: text(textBounds.noteLengthMax, 0),
  voided: nullable(readVoid),
});

export const promotionReader: Reader<PromotionAdjustment> = fields({
  promotionId: word,
  names: readNames,
  couponId: nullable(word),
  lineNumbers: nullable(list(wholeNumber(1, numberMax), bounds.linesMax)),
  amount: amount(),
});

const readPricedAdjustment: Reader<PricedAdjustment> = fields({
  source: oneOf(['line', 'promotion', 'basket']),
  index: wholeNumber(0, promotionsMax),
  amount: amount(),
});

const readPricedLine: Reader<PricedLine> = fields({
  lineNumber: wholeNumber(1, numberMax),
  listTotal: amount(),
  adjustments: list(readPricedAdjustment, promotionsMax + 2 * bounds.adjustmentsMax),
  net: amount(),
  tax: amount(),
  gross: amount(),
});

const readPricedTax: Reader<PricedTax> = fields({ taxClass: readTaxClass, base: amount(), tax: amount() });

export const pricedReader: Reader<PricedBasket> = fields({
  currency: readCurrency,
  lines: list(readPricedLine, bounds.linesMax),
  taxes: list(readPricedTax, bounds.linesMax),
  subtotal: amount(),
  savings: amount(),
  tax: amount(),
  total: amount(),
});
