// Fills a receipt from a closed sale or return: what paper, screen and public page say of a document. The figures are the document's
// own; nothing is reckoned here but sums of them and signs.

import { type Money, money, multiplyHalfUp, subtract } from '#foundation/money.ts';
import type { VisitContent } from '../documents/entry-body.ts';
import type { Names, TaxClass } from '../line-item.ts';
import type { PricedLine, PricedTax } from '../price-basket.ts';
import type { Unit } from '../quantity.ts';
import { givenBackBy, type RefundPart } from '../refund-plan.ts';
import { type ReturnDocument, type ReturnedLine, returnedTaxes } from '../return.ts';
import type { SaleDocument } from '../sale-document.ts';
import { sumMoney } from '../sum-money.ts';
import type { Tender } from '../tender.ts';
import type {
  InBothLanguages,
  ReceiptAdjustment,
  ReceiptInput,
  ReceiptLine,
  ReceiptTax,
  ReceiptTender,
} from './receipt-input.ts';

/** What a document does not know of itself. */
export type ReceiptCircumstances = Pick<
  ReceiptInput,
  'language' | 'store' | 'till' | 'cashier' | 'originalReceiptNumber' | 'link' | 'reprint'
> & {
  /** What Alipay gives back is not confirmed yet. */
  readonly isRefundOnItsWay: boolean;
};

const unitNames: Readonly<Record<Unit, InBothLanguages | null>> = {
  piece: null,
  kilogram: { en: 'kg', zh: '公斤' },
  litre: { en: 'L', zh: '升' },
  metre: { en: 'm', zh: '米' },
};
const taxName = { en: 'Tax', zh: '税' };

/** The receipt of a visit. */
export function receiptOfVisit(content: VisitContent, circumstances: ReceiptCircumstances): ReceiptInput {
  return content.kind === 'sale'
    ? receiptOfSale(content.body.document, circumstances)
    : receiptOfReturn(content.body.document, circumstances);
}

function receiptOfSale(document: SaleDocument, circumstances: ReceiptCircumstances): ReceiptInput {
  const { basket, priced, change, cashRounding, tenders } = document;
  const { currency } = priced;
  const marks = marksOf(priced.taxes);
  const lines = priced.lines.flatMap((line): readonly ReceiptLine[] => {
    const item = basket.lines.find(({ lineNumber }) => lineNumber === line.lineNumber);
    if (item === undefined) return [];
    return [
      {
        name: nameOf(item.names),
        quantityThousandths: item.quantity,
        unit: unitNames[item.unit],
        listPrice: item.listPrice,
        listTotal: line.listTotal,
        adjustments: adjustmentsOfLine(document, line),
        taxMark: marks(item.taxClass),
        note: item.note === '' ? null : item.note,
      },
    ];
  });
  const offLines = lines.flatMap(({ adjustments }) => adjustments.map(({ amount }) => amount));
  return {
    ...circumstancesOf(document, circumstances),
    kind: tenders.some(({ kind }) => kind === 'exchange-credit') ? 'exchange' : 'sale',
    lines,
    subtotal: sumMoney(currency, [priced.subtotal, ...offLines]),
    basketAdjustments: adjustmentsOfBasket(document),
    taxes: taxesOf(priced.taxes, marks),
    total: priced.total,
    cashRounding: cashRounding.minor === 0n ? null : cashRounding,
    tenders: tenders.map(tenderOf),
    change: change.minor === 0n ? null : change,
    savings: priced.savings,
    note: basket.note === '' ? null : basket.note,
  };
}

function circumstancesOf(
  { receiptNumber, closedAt }: SaleDocument | ReturnDocument,
  circumstances: ReceiptCircumstances,
) {
  const { language, store, till, cashier, originalReceiptNumber, link, reprint } = circumstances;
  return { language, store, till, cashier, originalReceiptNumber, link, reprint, receiptNumber, at: closedAt };
}

function nameOf({ en, zh }: Names): InBothLanguages {
  return { en: en === '' ? zh : en, zh: zh === '' ? en : zh };
}

// What was taken off the line itself and what promotions took off it; the basket's own discounts stand below the lines.
function adjustmentsOfLine(
  { basket, promotionAdjustments }: SaleDocument,
  line: PricedLine,
): ReceiptLine['adjustments'] {
  const item = basket.lines.find(({ lineNumber }) => lineNumber === line.lineNumber);
  return line.adjustments.flatMap(({ source, index, amount }): readonly ReceiptAdjustment[] => {
    if (source === 'basket') return [];
    const promotion = source === 'promotion' ? promotionAdjustments[index] : undefined;
    const reason = item?.adjustments[index]?.reason ?? '';
    return [
      { label: promotion === undefined ? { en: reason, zh: reason } : nameOf(promotion.names), amount: minus(amount) },
    ];
  });
}

function adjustmentsOfBasket({ basket, priced }: SaleDocument): readonly ReceiptAdjustment[] {
  const shares = priced.lines.flatMap(({ adjustments }) => adjustments.filter(({ source }) => source === 'basket'));
  return basket.adjustments.flatMap(({ reason }, index) => {
    const own = shares.filter((share) => share.index === index).map(({ amount }) => amount);
    const amount = minus(sumMoney(priced.currency, own));
    return amount.minor === 0n ? [] : [{ label: { en: reason, zh: reason }, amount }];
  });
}

/** A letter for each tax class, in the order of the table; none after Z. */
function marksOf(taxes: readonly PricedTax[]): (taxClass: TaxClass) => string | null {
  const keyOf = ({ id, rateBps, isIncluded }: TaxClass) => `${id} ${rateBps} ${isIncluded}`;
  const keys = taxes.map(({ taxClass }) => keyOf(taxClass));
  return (taxClass) => {
    const place = keys.indexOf(keyOf(taxClass));
    return place === -1 || place > 25 ? null : String.fromCharCode(65 + place);
  };
}

function taxesOf(taxes: readonly PricedTax[], marks: ReturnType<typeof marksOf>): readonly ReceiptTax[] {
  return taxes.map(({ taxClass, base, tax }) => {
    const { rateBps, isIncluded } = taxClass;
    return { mark: marks(taxClass), name: taxName, rateBps, isIncluded, base, tax };
  });
}

function tenderOf(tender: Tender): ReceiptTender {
  const { amount } = tender;
  switch (tender.kind) {
    case 'alipay':
      return { kind: 'alipay', amount, evidence: tender.evidence, isOnItsWay: false };
    case 'cash':
      return { kind: 'cash', amount: tender.handedOver };
    case 'stored-value':
      return { kind: 'stored-value', amount, cardEnding: tender.reference.slice(-4), balanceAfter: null };
    case 'external-card':
      return { kind: 'external-card', amount, reference: tender.reference };
    default:
      return { kind: 'exchange-credit', amount };
  }
}

function receiptOfReturn(document: ReturnDocument, circumstances: ReceiptCircumstances): ReceiptInput {
  const { total, refunds, lines } = document;
  const { currency } = total;
  const taxes = returnedTaxes(lines);
  const marks = marksOf(taxes);
  const rounding = minus(
    sumMoney(
      currency,
      refunds.map((part) => part.rounding),
    ),
  );
  return {
    ...circumstancesOf(document, circumstances),
    kind: 'refund',
    lines: lines.map((line) => returnedLine(line, marks)),
    subtotal: minus(sumMoney(currency, lines.map(worthOf))),
    basketAdjustments: [],
    taxes: taxesOf(taxes, marks).map((tax) => ({ ...tax, base: minus(tax.base), tax: minus(tax.tax) })),
    total: minus(total),
    cashRounding: rounding.minor === 0n ? null : rounding,
    tenders: refunds.map((part) => refundOf(part, circumstances.isRefundOnItsWay)),
    change: null,
    savings: null,
    note: null,
  };
}

/** What a line shows: with the tax that its price has in it, without the tax that is added below. */
function worthOf({ taxClass, gross, net }: ReturnedLine): Money {
  return taxClass.isIncluded ? gross : net;
}

function returnedLine(line: ReturnedLine, marks: ReturnType<typeof marksOf>): ReceiptLine {
  const worth = worthOf(line);
  return {
    name: nameOf(line.names),
    quantityThousandths: -line.quantity,
    unit: unitNames[line.unit],
    // What was paid for one of them: the discounts are in it.
    listPrice: multiplyHalfUp(worth, 1_000n, BigInt(line.quantity)),
    listTotal: minus(worth),
    adjustments: [],
    taxMark: marks(line.taxClass),
    note: null,
  };
}

function refundOf(part: RefundPart, isOnItsWay: boolean): ReceiptTender {
  const amount = minus(givenBackBy(part));
  switch (part.kind) {
    case 'alipay':
      return { kind: 'alipay', amount, evidence: null, isOnItsWay };
    case 'stored-value':
      return { kind: 'stored-value', amount, cardEnding: '', balanceAfter: null };
    case 'external-card':
      return { kind: 'external-card', amount, reference: null };
    case 'cash':
    case 'exchange-credit':
      return { kind: part.kind, amount };
  }
}

function minus(amount: Money): Money {
  return subtract(money(amount.currency, 0n), amount);
}
