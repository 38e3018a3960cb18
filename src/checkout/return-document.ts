// The document of a return: made when money has been promised back, read and reckoned again by whoever gets it.

import { type Money, sameMoney } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import { readId, readInstant, readNames, readQuantity, readTaxClass } from './basket-reader.ts';
import { firstDifference } from './canonical-text.ts';
import { amount, fields, list, nullable, oneOf, type Reader, reason, text, wholeNumber, word } from './field-reader.ts';
import { acts, type Override, roles } from './permission.ts';
import { units } from './quantity.ts';
import { businessDateReader, cashRuleReader, readWhole } from './read-document.ts';
import type { RefundPart } from './refund-plan.ts';
import {
  type EarlierReturn,
  type ReturnDocument,
  type ReturnedGoods,
  type ReturnedLine,
  refundExchange,
  returnWithReceipt,
} from './return.ts';
import type { SaleDocument, SaleFacts } from './sale-document.ts';
import { sumMoney } from './sum-money.ts';
import { cashPayable, tenderKinds } from './tender.ts';
import { isReason } from './well-formed.ts';

export type ReturnTerms = Pick<ReturnDocument, 'ofSaleId' | 'reason' | 'override' | 'cashRule' | 'refunds'>;

/** The document of returned goods; refused when the refunds are not what the goods are worth. */
export function closeReturn(
  facts: SaleFacts,
  goods: ReturnedGoods,
  terms: ReturnTerms,
): Result<ReturnDocument, 'reason-missing' | 'refunds-do-not-add-up'> {
  if (!isReason(terms.reason)) return failure('reason-missing');
  const planned = sumMoney(
    goods.total.currency,
    terms.refunds.map((part) => part.amount),
  );
  if (!sameMoney(planned, goods.total)) return failure('refunds-do-not-add-up');
  return success({ ...facts, format: 'tillway-return-1', ...terms, lines: goods.lines, total: goods.total });
}

/**
 * Reckons a return again, with the sale that it refers to and what came back of it before (`null` for a return without receipt).
 * Answers the first thing that does not follow, in words, or `null`.
 */
export function checkReturn(
  document: ReturnDocument,
  sale: SaleDocument | null,
  earlier: readonly EarlierReturn[],
): string | null {
  if (document.ofSaleId !== (sale?.saleId ?? null)) return 'ofSaleId does not name the sale';
  return sale === null ? loneTrouble(document) : receiptTrouble(document, sale, earlier);
}

function receiptTrouble(
  document: ReturnDocument,
  sale: SaleDocument,
  earlier: readonly EarlierReturn[],
): string | null {
  if (document.total.currency !== sale.basket.currency) return 'total is in another currency than the sale';
  const wanted = document.lines.map(({ lineNumber, quantity }) => ({ lineNumber, quantity }));
  const goods = returnWithReceipt(sale, earlier, wanted);
  if (!goods.ok) return `lines cannot come back: ${goods.failure}`;
  const { lines, total } = goods.value;
  const difference =
    firstDifference(document.lines, lines, 'lines') ??
    firstDifference(document.total, total, 'total') ??
    firstDifference(document.cashRule, sale.cashRule, 'cashRule');
  if (difference !== null) return difference;
  const credit = creditOf(document.refunds, total);
  if (credit.minor > total.minor) return 'refunds give more than the goods are worth';
  const right = refundExchange(total, credit, sale, earlier, sale.cashRule);
  return firstDifference(document.refunds, right, 'refunds');
}

/** What of a return pays for other goods. */
function creditOf(refunds: readonly RefundPart[], total: Money): Money {
  const credits = refunds.filter((part) => part.kind === 'exchange-credit');
  return sumMoney(
    total.currency,
    credits.map((part) => part.amount),
  );
}

function loneTrouble({ lines, total, refunds, cashRule }: ReturnDocument): string | null {
  for (const [index, { net, tax, gross }] of lines.entries()) {
    if (net.minor + tax.minor !== gross.minor) return `lines[${index}].gross is not net and tax together`;
  }
  const { currency } = total;
  const worth = sumMoney(
    currency,
    lines.map((line) => line.gross),
  );
  for (const [index, part] of refunds.entries()) {
    if (part.tenderNumber !== null) return `refunds[${index}].tenderNumber refers to no sale`;
    const paid = part.kind === 'cash' ? cashPayable(part.amount, cashRule) : part.amount;
    if (part.amount.minor + part.rounding.minor !== paid.minor) return `refunds[${index}].rounding is not by the rule`;
  }
  const planned = sumMoney(
    currency,
    refunds.map((part) => part.amount),
  );
  return firstDifference(total, worth, 'total') ?? firstDifference(planned, total, 'the sum of the refunds');
}

const number = wholeNumber(1, 1_000_000);

const overrideReader: Reader<Override> = fields({
  act: oneOf(acts),
  worth: nullable(amount()),
  reason,
  askedBy: word,
  allowedBy: word,
  allowedAs: oneOf(roles),
  at: readInstant,
});

const lineReader: Reader<ReturnedLine> = fields({
  lineNumber: number,
  productId: word,
  names: readNames,
  departmentId: word,
  unit: oneOf(units),
  quantity: readQuantity,
  taxClass: readTaxClass,
  net: amount(),
  tax: amount(),
  gross: amount(),
});

const partReader: Reader<RefundPart> = fields({
  kind: oneOf(tenderKinds),
  tenderNumber: nullable(number),
  paymentIntentId: nullable(readId('intent')),
  amount: amount(1n),
  rounding: amount(null),
});

const returnReader: Reader<ReturnDocument> = fields({
  format: oneOf(['tillway-return-1']),
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
  ofSaleId: nullable(readId('sale')),
  reason,
  override: nullable(overrideReader),
  lines: list(lineReader, 999),
  total: amount(),
  cashRule: cashRuleReader,
  refunds: list(partReader, 40),
});

/** Reads a return from its canonical text, or from plain data that a JSON parser made of it. */
export function readReturnDocument(given: unknown): Result<ReturnDocument, readonly string[]> {
  return readWhole(given, 'document', returnReader, ({ total }) => total.currency);
}
