// What analysis learns of closed sales, returns and shifts: one fact each, told once, when the document is good. Amounts are whole
// minor units as decimal text. A fact's data is flat, so lines and tenders ride in it as canonical text.

import type { Fact } from '#payment/index.ts';
import { canonicalText } from '../canonical-text.ts';
import { givenBackBy } from '../refund-plan.ts';
import type { ReturnDocument } from '../return.ts';
import type { SaleDocument, SaleFacts } from '../sale-document.ts';
import type { ShiftReport } from '../shift.ts';
import { takenBy } from '../tender.ts';
import type { EntryContent } from './entry-body.ts';
import type { EntryStanding, Judgement } from './judge-entry.ts';

export type EntryName = { readonly chainId: string; readonly number: number };

/**
 * What a judgement tells. `before` is the entry's standing until now, `null` when it is new: a fact is told when the standing
 * becomes what it tells, and so once.
 */
export function factsOfEntry(
  { chainId, number }: EntryName,
  content: EntryContent | null,
  before: EntryStanding | null,
  { standing }: Judgement,
): readonly Fact[] {
  if (standing === before) return [];
  if (standing === 'good') return content === null ? [] : factsOfContent(content);
  const isNews = before === null && standing !== 'repeated';
  return isNews ? [{ type: 'till.questioned', data: { chainId, number, kind: content?.kind ?? null, standing } }] : [];
}

function factsOfContent(content: EntryContent): readonly Fact[] {
  if (content.kind === 'sale') return [{ type: 'sale.closed', data: soldData(content.body.document) }];
  if (content.kind === 'return') return [{ type: 'sale.returned', data: returnedData(content.body.document) }];
  if (content.kind === 'shift-report') return [{ type: 'shift.closed', data: shiftData(content.body) }];
  return [];
}

function whoAndWhen(document: SaleFacts): Fact['data'] {
  const { saleId, storeId, deviceId, receiptNumber, shiftNumber, cashierId, businessDate, closedAt } = document;
  return { saleId, storeId, deviceId, receiptNumber, shiftNumber, cashierId, businessDate, closedAt };
}

function soldData(document: SaleDocument): Fact['data'] {
  const { basket, priced, tenders, cashRounding, priceVersion } = document;
  const pricedOf = new Map(priced.lines.map((line) => [line.lineNumber, line]));
  const lines = basket.lines.map((line) => {
    const price = pricedOf.get(line.lineNumber);
    return {
      lineNumber: line.lineNumber,
      productId: line.productId,
      departmentId: line.departmentId,
      unit: line.unit,
      quantity: line.quantity,
      taxClassId: line.taxClass.id,
      listMinor: price?.listTotal.minor ?? 0n,
      netMinor: price?.net.minor ?? 0n,
      taxMinor: price?.tax.minor ?? 0n,
      grossMinor: price?.gross.minor ?? 0n,
    };
  });
  const paid = tenders.map((tender) => ({
    kind: tender.kind,
    takenMinor: takenBy(tender).minor,
    intentId: tender.kind === 'alipay' ? tender.paymentIntentId : null,
  }));
  return {
    ...whoAndWhen(document),
    priceVersion,
    customerId: basket.customerId,
    currency: priced.currency,
    totalMinor: `${priced.total.minor}`,
    taxMinor: `${priced.tax.minor}`,
    savingsMinor: `${priced.savings.minor}`,
    cashRoundingMinor: `${cashRounding.minor}`,
    lines: canonicalText(lines),
    tenders: canonicalText(paid),
  };
}

function returnedData(document: ReturnDocument): Fact['data'] {
  const lines = document.lines.map(({ lineNumber, productId, departmentId, unit, quantity, taxClass, ...line }) => ({
    ...{ lineNumber, productId, departmentId, unit, quantity, taxClassId: taxClass.id },
    ...{ netMinor: line.net.minor, taxMinor: line.tax.minor, grossMinor: line.gross.minor },
  }));
  const tenders = document.refunds.map((part) => ({
    kind: part.kind,
    givenBackMinor: givenBackBy(part).minor,
    intentId: part.paymentIntentId,
  }));
  return {
    ...whoAndWhen(document),
    ofSaleId: document.ofSaleId,
    reason: document.reason,
    currency: document.total.currency,
    totalMinor: `${document.total.minor}`,
    lines: canonicalText(lines),
    tenders: canonicalText(tenders),
  };
}

function shiftData({ storeId, deviceId, number, businessDate, at, expectedCash, counted, tally }: ShiftReport) {
  return {
    ...{ storeId, deviceId, shiftNumber: number, businessDate, at, currency: tally.currency },
    saleCount: tally.total.taken.count,
    takenMinor: `${tally.total.taken.amount.minor}`,
    returnCount: tally.total.givenBack.count,
    givenBackMinor: `${tally.total.givenBack.amount.minor}`,
    expectedCashMinor: `${expectedCash.minor}`,
    differenceMinor: counted === null ? null : `${counted.difference.minor}`,
  };
}
