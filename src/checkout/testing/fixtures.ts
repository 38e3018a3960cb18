// One maker for each thing that checkout's tests need, so that a test names only what matters to it; and random baskets, which come
// through the operations that the till uses, so that they are baskets that can be.

import assert from 'node:assert/strict';
import { makeId } from '#foundation/id.ts';
import { businessDate, instant } from '#foundation/instant.ts';
import { type Money, money } from '#foundation/money.ts';
import { below, type Random, seededRandom } from '#foundation/random.ts';
import { type Discount, noLimit } from '../adjustment.ts';
import { addProduct, type Basket, type BasketResult, emptyBasket, type Hand } from '../basket.ts';
import { discountBasket, discountLine } from '../discount-basket.ts';
import type { ProductFacts, TaxClass } from '../line-item.ts';
import { noPromotions, type PricingRules, type PromotionAdjustment, priceBasket } from '../price-basket.ts';
import { pieces, type Quantity, quantity } from '../quantity.ts';
import { planRefund } from '../refund-plan.ts';
import { type EarlierReturn, type ReturnDocument, returnWithReceipt, stillReturnable } from '../return.ts';
import { closeReturn } from '../return-document.ts';
import { closeSale, type SaleDocument, type SaleFacts } from '../sale-document.ts';
import {
  addTender,
  type CashRule,
  cashPayable,
  type Offer,
  payTender,
  remainingDue,
  startTendering,
  type Tendering,
} from '../tender.ts';

export const noon = instant(Date.UTC(2026, 10, 24, 4, 0, 0));
export const lin: Hand = { personId: 'lin', at: noon };
export const grant = { reason: 'goodwill', allowedBy: 'wang', limit: noLimit };
export const cny = (minor: bigint | number) => money('CNY', BigInt(minor));

export const vat13: TaxClass = { id: 'standard', rateBps: 1_300, isIncluded: true };
export const vat9: TaxClass = { id: 'reduced', rateBps: 900, isIncluded: true };
export const added8: TaxClass = { id: 'added', rateBps: 825, isIncluded: false };
export const untaxed: TaxClass = { id: 'none', rateBps: 0, isIncluded: true };
const taxClasses = [vat13, vat9, added8, untaxed];

export function product(change: Partial<ProductFacts> = {}): ProductFacts {
  return {
    productId: 'tea',
    names: { en: 'Green tea', zh: '绿茶' },
    barcode: '6901234567892',
    departmentId: 'drinks',
    unit: 'piece',
    listPrice: cny(350),
    labelPrice: null,
    priceVersion: '7',
    taxClass: vat13,
    minimumAge: null,
    ...change,
  };
}

export function freshBasket(change: Partial<Parameters<typeof emptyBasket>[0]> = {}): Basket {
  const random = seededRandom(1);
  return emptyBasket({
    id: makeId('basket', noon, random),
    currency: 'CNY',
    deviceId: makeId('device', noon, random),
    createdAt: noon,
    createdBy: 'lin',
    ...change,
  });
}

/** The basket of an operation that must have succeeded. */
export function done(result: BasketResult): Basket {
  assert.ok(result.ok, `refused: ${result.ok ? '' : result.failure}`);
  return result.value;
}

/** A basket of these products, each with its quantity. */
export function basketOf(...lines: readonly (readonly [Partial<ProductFacts>, Quantity])[]): Basket {
  return lines.reduce((basket, [facts, much]) => done(addProduct(basket, product(facts), much)), freshBasket());
}

/** A basket of one piece for each price in minor units, all under one tax class. */
export function basketAt(taxClass: TaxClass, ...minor: readonly number[]): Basket {
  const facts = minor.map((price, index) => ({ productId: `p${index}`, listPrice: cny(price), taxClass }));
  return basketOf(...facts.map((fact) => [fact, pieces(1)] as const));
}

export function randomTaxClass(random: Random): TaxClass {
  return taxClasses[below(random, taxClasses.length)] ?? vat13;
}

function randomPrice(random: Random): bigint {
  const highest = [3, 100, 5_000, 10_000_000][below(random, 4)] ?? 100;
  return BigInt(below(random, highest));
}

function randomDiscount(random: Random): Discount {
  if (below(random, 2) === 0) return { kind: 'rate', rateBps: 1 + below(random, 10_000) };
  return { kind: 'fixed', amount: cny(1n + randomPrice(random)) };
}

/** The basket after an operation, or as it was when the operation was refused. */
function tried(basket: Basket, result: BasketResult): Basket {
  return result.ok ? result.value : basket;
}

/** A basket of up to `linesMax` lines with discounts, as a day at the till would make it. */
export function randomBasket(random: Random, linesMax = 12): Basket {
  let basket = freshBasket();
  for (let count = 1 + below(random, linesMax); count > 0; count -= 1) {
    const isWeighed = below(random, 4) === 0;
    const facts = product({
      productId: `p${below(random, 1_000)}`,
      departmentId: `d${below(random, 3)}`,
      unit: isWeighed ? 'kilogram' : 'piece',
      listPrice: cny(randomPrice(random)),
      taxClass: randomTaxClass(random),
    });
    const hasLabel = isWeighed && below(random, 3) === 0;
    const labelled = hasLabel ? { ...facts, labelPrice: cny(randomPrice(random)) } : facts;
    const much = isWeighed ? quantity(1 + below(random, 5_000)) : pieces(1 + below(random, 5));
    basket = tried(basket, addProduct(basket, labelled, much));
    if (below(random, 3) !== 0) continue;
    const last = basket.lines.at(-1)?.lineNumber ?? 0;
    basket = tried(basket, discountLine(basket, last, randomDiscount(random), grant));
  }
  for (let count = below(random, 3); count > 0; count -= 1) {
    basket = tried(basket, discountBasket(basket, randomDiscount(random), grant));
  }
  return basket;
}

/** Promotions for some, one or all lines of a basket; now and then for a line that is not there. */
export function randomRules(random: Random, basket: Basket): PricingRules {
  const promotionAdjustments = Array.from({ length: below(random, 4) }, (_, index): PromotionAdjustment => {
    const some = basket.lines.map((line) => line.lineNumber).filter(() => below(random, 2) === 0);
    return {
      promotionId: `promo${index}`,
      names: { en: 'Offer', zh: '优惠' },
      couponId: below(random, 2) === 0 ? null : `coupon${index}`,
      lineNumbers: [null, some, [1 + below(random, 20)]][below(random, 3)] ?? null,
      amount: cny(randomPrice(random)),
    };
  });
  return { promotionAdjustments };
}

const ids = seededRandom(7);
export const intentId = (number: number) => makeId('intent', noon, seededRandom(number));

export const saleFacts: SaleFacts = {
  saleId: makeId('sale', noon, ids),
  merchantId: makeId('merchant', noon, ids),
  storeId: makeId('store', noon, ids),
  deviceId: makeId('device', noon, ids),
  receiptNumber: '1-000042',
  shiftNumber: 3,
  cashierId: 'lin',
  businessDate: businessDate(noon, 'Asia/Shanghai'),
  closedAt: noon,
  priceVersion: '7',
};

export const evidence = { tradeNumber: '2026112422001', maskedAccount: '138****6789', paidAt: noon };
export const fiveFen: CashRule = { unitMinor: 5, rounding: 'half-up' };

/** What is tendered for `total` by these offers, each of which must be taken; Alipay's are paid. */
export function tendered(total: Money, cashRule: CashRule, ...offers: readonly Offer[]): Tendering {
  return offers.reduce(
    (before, offer) => {
      const after = addTender(before, offer);
      assert.ok(after.ok, `refused: ${after.ok ? '' : after.failure}`);
      if (offer.kind !== 'alipay') return after.value;
      const paid = payTender(after.value, offer.paymentIntentId, evidence);
      assert.ok(paid.ok);
      return paid.value;
    },
    startTendering(total, cashRule),
  );
}

/** A closed sale of a basket, paid by these offers and the rest in cash. */
export function closedSale(
  basket: Basket,
  offers: readonly Offer[] = [],
  facts: Partial<SaleFacts> = {},
): SaleDocument {
  return closedUnder(noPromotions, basket, offers, facts);
}

export function closedUnder(
  rules: PricingRules,
  basket: Basket,
  offers: readonly Offer[],
  facts: Partial<SaleFacts> = {},
): SaleDocument {
  const { total } = priceBasket(basket, rules);
  const part = tendered(total, fiveFen, ...offers);
  const due = remainingDue(part);
  const whole = due.minor === 0n ? part : tendered(total, fiveFen, ...offers, inCash(due));
  const closed = closeSale({ ...saleFacts, ...facts }, basket, rules, whole);
  assert.ok(closed.ok, `not closed: ${closed.ok ? '' : closed.failure}`);
  return closed.value;
}

function inCash(due: Money): Offer {
  return { kind: 'cash', handedOver: cashPayable(due, fiveFen) };
}

/** A random basket that can be paid, its rules, and the closed sale, split over random tenders. */
export function randomSale(random: Random, facts: Partial<SaleFacts> = {}): SaleDocument {
  for (;;) {
    const basket = randomBasket(random, 6);
    const rules = randomRules(random, basket);
    const { total } = priceBasket(basket, rules);
    if (total.minor === 0n && below(random, 10) > 0) continue;
    const offers: Offer[] = [];
    let left: bigint = total.minor;
    for (let count = below(random, 4); count > 0 && left > 0n; count -= 1) {
      const part = 1n + BigInt(below(random, Number(left)));
      left -= part;
      offers.push(randomOffer(random, part, offers.length));
    }
    return closedUnder(rules, basket, offers, facts);
  }
}

function randomOffer(random: Random, minor: bigint, index: number): Offer {
  const drawn = below(random, 3);
  if (drawn === 0) return { kind: 'alipay', amount: cny(minor), paymentIntentId: intentId(index) };
  if (drawn === 1) return { kind: 'stored-value', amount: cny(minor), reference: `hold${index}` };
  return { kind: 'external-card', amount: cny(minor), reference: null };
}

/** The return of all that is left of a sale, given back by plan. */
export function everythingBack(
  sale: SaleDocument,
  earlier: readonly EarlierReturn[],
  facts: Partial<SaleFacts> = {},
): ReturnDocument {
  const goods = returnWithReceipt(sale, earlier, stillReturnable(sale, earlier));
  assert.ok(goods.ok, `not taken back: ${goods.ok ? '' : goods.failure}`);
  const refunds = planRefund(sale, earlier, goods.value.total);
  const terms = { ofSaleId: sale.saleId, reason: 'unwanted', override: null, cashRule: sale.cashRule, refunds };
  const closed = closeReturn({ ...saleFacts, ...facts }, goods.value, terms);
  assert.ok(closed.ok);
  return closed.value;
}
