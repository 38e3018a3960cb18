// Reads sale documents and held baskets that come from outside. Strict: every field is there, none is unknown, each is in its
// bounds, all money is of one currency, and a text must be in its one spelling. Every bad field is named.

import { type BusinessDate, businessDate, instant } from '#foundation/instant.ts';
import type { Currency } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { Basket } from './basket.ts';
import { basketReader, pricedReader, promotionReader, promotionsMax, readId, readInstant } from './basket-reader.ts';
import { canonicalText, type Plain } from './canonical-text.ts';
import {
  accepted,
  amount,
  byKind,
  fields,
  list,
  nullable,
  oneOf,
  Problems,
  type Reader,
  text,
  unread,
  wholeNumber,
  word,
} from './field-reader.ts';
import type { SaleDocument } from './sale-document.ts';
import { type CashRule, type PaidEvidence, type Tender, tendersMax } from './tender.ts';

/** The longest text that is looked at: a document of the most lines with all their notes fits several times. */
export const documentLengthMax = 16_000_000;

export const businessDateReader: Reader<BusinessDate> = accepted('must be a date, yyyy-mm-dd', (value) => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return undefined;
  const epochMs = Date.parse(`${value}T00:00:00Z`);
  if (Number.isNaN(epochMs)) return undefined;
  const day = businessDate(instant(epochMs), 'UTC');
  return day === value ? day : undefined;
});

const readEvidence: Reader<PaidEvidence> = fields({
  // What a channel says is taken as it is: a payment that was proven is not lost for an odd name.
  tradeNumber: text(500, 0),
  maskedAccount: nullable(text(500, 0)),
  paidAt: readInstant,
});

const number = wholeNumber(1, 1_000_000);

const readTender: Reader<Tender> = byKind({
  alipay: fields({
    kind: oneOf(['alipay']),
    number,
    amount: amount(),
    paymentIntentId: readId('intent'),
    evidence: nullable(readEvidence),
  }),
  cash: fields({
    kind: oneOf(['cash']),
    number,
    amount: amount(),
    handedOver: amount(),
    change: amount(),
    rounding: amount(null),
  }),
  'stored-value': fields({ kind: oneOf(['stored-value']), number, amount: amount(), reference: word }),
  'external-card': fields({ kind: oneOf(['external-card']), number, amount: amount(), reference: nullable(word) }),
  'exchange-credit': fields({ kind: oneOf(['exchange-credit']), number, amount: amount(), returnId: word }),
});

export const cashRuleReader: Reader<CashRule> = fields({
  unitMinor: wholeNumber(1, 1_000_000),
  rounding: oneOf(['half-up', 'down']),
});

const documentReader: Reader<SaleDocument> = fields({
  format: oneOf(['tillway-sale-1']),
  saleId: readId('sale'),
  merchantId: readId('merchant'),
  storeId: readId('store'),
  deviceId: readId('device'),
  receiptNumber: text(50),
  shiftNumber: number,
  cashierId: word,
  businessDate: businessDateReader,
  closedAt: readInstant,
  priceVersion: word,
  basket: basketReader,
  promotionAdjustments: list(promotionReader, promotionsMax),
  priced: pricedReader,
  cashRule: cashRuleReader,
  tenders: list(readTender, tendersMax),
  cashRounding: amount(null),
  change: amount(),
});

/** Reads a sale document from its canonical text, or from plain data that a JSON parser made of it. */
export function readSaleDocument(given: unknown): Result<SaleDocument, readonly string[]> {
  return readWhole(given, 'document', documentReader, (document) => document.basket.currency);
}

/** Reads a basket that was put on hold, from its canonical text or from plain data. */
export function readBasket(given: unknown): Result<Basket, readonly string[]> {
  return readWhole(given, 'basket', basketReader, (basket) => basket.currency);
}

/** Reads a whole thing with a reader; `currencyOf` says in which currency all its money must be. */
export function readWhole<Value extends Plain>(
  given: unknown,
  name: string,
  reader: Reader<Value>,
  currencyOf: (value: Value) => Currency,
): Result<Value, readonly string[]> {
  const parsed = typeof given === 'string' ? parse(given) : success(given);
  if (!parsed.ok) return failure([`${name}: ${parsed.failure}`]);
  const problems = new Problems();
  const value = reader(parsed.value, name, problems);
  if (value === unread) return failure(problems.all);
  nameForeignMoney(value, currencyOf(value), name, problems);
  if (problems.all.length > 0) return failure(problems.all);
  if (typeof given === 'string' && canonicalText(value) !== given) {
    return failure([`${name}: is not in its one spelling`]);
  }
  return success(value);
}

function parse(given: string): Result<unknown, string> {
  if (given.length > documentLengthMax) return failure('is too long');
  try {
    return success(JSON.parse(given));
  } catch {
    return failure('is not JSON');
  }
}

function nameForeignMoney(value: Plain, currency: Currency, path: string, problems: Problems): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries<Plain>(value)) {
    if (key === 'currency' && inner !== currency)
      problems.add(`${path}.currency`, `must be ${currency}, as the basket's`);
    else nameForeignMoney(inner, currency, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, problems);
  }
}
