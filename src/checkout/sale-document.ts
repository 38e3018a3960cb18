// A sale of our own till as a document: what was bought at which price, what it cost, how it was paid, by whom, when and where. The
// till makes it, and whoever gets it prices it again with the same code: `checkDocument` names the first place where the two
// differ. What only others know (was this Alipay payment approved, may this person allow that) is not asked here.

import type { DeviceId, MerchantId, SaleId, StoreId } from '#foundation/id.ts';
import type { BusinessDate, Instant } from '#foundation/instant.ts';
import { type Money, sameMoney } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { Basket } from './basket.ts';
import { firstDifference } from './canonical-text.ts';
import { type NotReady, notReadyToPay } from './discount-basket.ts';
import { type PricedBasket, type PricingRules, type PromotionAdjustment, priceBasket } from './price-basket.ts';
import { fitsUnit } from './quantity.ts';
import {
  type CashRule,
  cashRoundingOf,
  changeOf,
  isOpenPayment,
  isSettled,
  remainingDue,
  type Tender,
  type Tendering,
  tenderFault,
} from './tender.ts';

/** Who, when and where. */
export type SaleFacts = {
  readonly saleId: SaleId;
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly deviceId: DeviceId;
  /** As the receipt prints it. */
  readonly receiptNumber: string;
  /** The till's shift, from 1. */
  readonly shiftNumber: number;
  readonly cashierId: string;
  readonly businessDate: BusinessDate;
  readonly closedAt: Instant;
  /** Which state of the price list the till had when the sale was closed. */
  readonly priceVersion: string;
};

export type SaleDocument = SaleFacts & {
  readonly format: 'tillway-sale-1';
  readonly basket: Basket;
  readonly promotionAdjustments: readonly PromotionAdjustment[];
  readonly priced: PricedBasket;
  readonly cashRule: CashRule;
  readonly tenders: readonly Tender[];
  /** What rounding added to the cash, or below zero took from it; beside the total, not in it. */
  readonly cashRounding: Money;
  readonly change: Money;
};

export type NotClosed = NotReady | 'wrong-total' | 'not-settled';

/** Closes a sale: the document of a basket that is paid in full, or why it cannot be closed. */
export function closeSale(
  facts: SaleFacts,
  basket: Basket,
  rules: PricingRules,
  tendering: Tendering,
): Result<SaleDocument, NotClosed> {
  const trouble = notReadyToPay(basket);
  if (trouble !== null) return failure(trouble);
  const priced = priceBasket(basket, rules);
  if (!sameMoney(priced.total, tendering.total)) return failure('wrong-total');
  if (!isSettled(tendering)) return failure('not-settled');
  return success({
    ...facts,
    format: 'tillway-sale-1',
    basket,
    promotionAdjustments: rules.promotionAdjustments,
    priced,
    cashRule: tendering.cashRule,
    tenders: tendering.tenders,
    cashRounding: cashRoundingOf(tendering),
    change: changeOf(tendering),
  });
}

/**
 * Reckons a document again. `null` when everything in it follows from what was bought and tendered; otherwise the first thing that
 * does not, in words. Never throws for a document that `readSaleDocument` answered.
 */
export function checkDocument(document: SaleDocument): string | null {
  return basketTrouble(document.basket) ?? priceTrouble(document) ?? tenderTrouble(document);
}

function basketTrouble(basket: Basket): string | null {
  const notReady = notReadyToPay(basket);
  if (notReady !== null) return `basket is not ready to be paid: ${notReady}`;
  const seen = new Set<number>();
  for (const [index, line] of basket.lines.entries()) {
    const where = `basket.lines[${index}]`;
    if (seen.has(line.lineNumber)) return `${where}.lineNumber ${line.lineNumber} is there twice`;
    seen.add(line.lineNumber);
    if (line.lineNumber >= basket.nextLineNumber) return `${where}.lineNumber was never given`;
    if (!fitsUnit(line.quantity, line.unit)) return `${where}.quantity is not whole pieces`;
  }
  return null;
}

function priceTrouble(document: SaleDocument): string | null {
  const { basket, promotionAdjustments, priced } = document;
  return firstDifference(priced, priceBasket(basket, { promotionAdjustments }), 'priced');
}

function tenderTrouble(document: SaleDocument): string | null {
  const { tenders, priced, cashRule } = document;
  const paid = { total: priced.total, tenders };
  const intents = new Set<string>();
  let last = 0;
  for (const [index, tender] of tenders.entries()) {
    const where = `tenders[${index}]`;
    if (tender.number <= last) return `${where}.number does not follow the one before`;
    last = tender.number;
    const fault = tenderFault(tender, cashRule);
    if (fault !== null) return `${where} cannot be: ${fault}`;
    if (isOpenPayment(tender)) return `${where} is not paid yet`;
    if (tender.kind !== 'alipay') continue;
    if (intents.has(tender.paymentIntentId)) return `${where}.paymentIntentId is there twice`;
    intents.add(tender.paymentIntentId);
  }
  const left = remainingDue(paid).minor;
  if (left !== 0n) return `tenders do not cover the total: ${left} minor units are left`;
  return (
    firstDifference(document.cashRounding, cashRoundingOf(paid), 'cashRounding') ??
    firstDifference(document.change, changeOf(paid), 'change')
  );
}
