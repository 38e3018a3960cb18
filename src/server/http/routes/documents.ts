// Closed sales and returns, shifts and days, as tills wrote them. A device sees its own store's.

import { z } from 'zod';
import { canonicalText, type KeptDocument, type KeptReport, type Plain, readDayReport } from '#checkout/index.ts';
import { parseId } from '#foundation/id.ts';
import { type BusinessDate, businessDate, type Clock, formatInstant, instant } from '#foundation/instant.ts';
import { formatDecimal } from '#foundation/money.ts';
import { problemSchema } from '../../contract/problem.ts';
import {
  type DocumentView,
  dayReportSchema,
  documentSchema,
  documentsSchema,
  reprintSchema,
  returnsSchema,
  type ShiftReportView,
  shiftReportSchema,
  shiftReportsSchema,
} from '../../contract/till.ts';
import type { DocumentParts } from '../../receipts/document-parts.ts';
import { type Device, deviceOf } from '../authenticate.ts';
import { ProblemError } from '../problem-reply.ts';
import type { App } from './store-parts.ts';

type Parts = DocumentParts & { readonly clock: Pick<Clock, 'now'> };

const dateText = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, 'must be a date, yyyy-mm-dd')
  .meta({ example: '2026-11-24' });
const saleParams = z.object({ saleId: z.string() });

export function documentRoutes(app: App, parts: Parts): void {
  findingRoutes(app, parts);
  listingRoutes(app, parts);
  reprintRoute(app, parts);
  shiftRoutes(app, parts);
}

function findingRoutes(app: App, { documents }: Parts): void {
  app.get('/documents/:saleId', {
    config: { access: 'device', problems: ['document-not-found'] },
    schema: {
      operationId: 'findDocument',
      tags: ['Documents'],
      summary: 'A closed sale or return, as the till wrote it',
      params: saleParams,
      response: { 200: documentSchema, default: problemSchema },
    },
    handler: async (request) => documentView(await findOwn({ documents }, deviceOf(request), request.params.saleId)),
  });

  app.get('/documents/:saleId/returns', {
    config: { access: 'device', problems: ['document-not-found'] },
    schema: {
      operationId: 'listReturnsOfSale',
      tags: ['Documents'],
      summary: 'What came back of a sale',
      description: 'A return is reckoned after the ones before it: ask before taking goods back.',
      params: saleParams,
      response: { 200: returnsSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, content } = await findOwn({ documents }, deviceOf(request), request.params.saleId);
      const returns = await documents.returnsOf(merchantId, content.body.document.saleId);
      return { returns: returns.map(documentView) };
    },
  });
}

async function findOwn(
  { documents }: Pick<Parts, 'documents'>,
  { merchantId, storeId }: Device,
  text: string,
): Promise<KeptDocument> {
  const saleId = parseId('sale', text);
  const kept = saleId === undefined ? undefined : await documents.find(merchantId, saleId);
  if (kept === undefined || kept.storeId !== storeId) throw new ProblemError('document-not-found');
  return kept;
}

const listQuery = z.strictObject({
  businessDate: dateText
    .optional()
    .describe("A day of the store's; today when neither this nor a receipt number is given."),
  receiptNumber: z.string().min(1).max(50).optional().describe('As it is printed.'),
  before: z.string().optional().describe('The last sale id of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

function listingRoutes(app: App, { documents, clock }: Parts): void {
  app.get('/documents', {
    config: { access: 'device' },
    schema: {
      operationId: 'listDocuments',
      tags: ['Documents'],
      summary: "The store's closed sales and returns of a day, or those with a receipt number",
      querystring: listQuery,
      response: { 200: documentsSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId, timeZone } = deviceOf(request);
      const { receiptNumber, limit } = request.query;
      if (receiptNumber !== undefined) {
        const found = await documents.findByReceiptNumber(merchantId, storeId, receiptNumber);
        return { documents: found.map(documentView), next: null };
      }
      const before = request.query.before === undefined ? null : (parseId('sale', request.query.before) ?? null);
      if (before === null && request.query.before !== undefined) {
        throw new ProblemError('invalid-request', 'before: must be a sale id.');
      }
      const day =
        request.query.businessDate === undefined
          ? businessDate(clock.now(), timeZone)
          : readDate(request.query.businessDate);
      const found = await documents.listOfDay({ merchantId, storeId, businessDate: day, before, limit });
      const last = found.at(-1)?.content.body.document.saleId ?? null;
      return { documents: found.map(documentView), next: found.length < limit ? null : last };
    },
  });
}

/** The date as a store's day; one that no calendar has is refused. */
function readDate(text: string): BusinessDate {
  const epochMs = Date.parse(`${text}T00:00:00Z`);
  const day = Number.isNaN(epochMs) ? undefined : businessDate(instant(epochMs), 'UTC');
  if (day !== text) throw new ProblemError('invalid-request', `"${text}" is not a date.`);
  return day;
}

function reprintRoute(app: App, { documents, clock }: Parts): void {
  app.post('/documents/:saleId/reprints', {
    config: { access: 'device', problems: ['document-not-found'] },
    schema: {
      operationId: 'reprintReceipt',
      tags: ['Documents'],
      summary: 'Count a reprint, and get what it prints',
      description: 'The slip must say which reprint it is. Each call counts: a number that is skipped does no harm.',
      params: saleParams,
      response: { 201: reprintSchema, default: problemSchema },
    },
    handler: async (request, reply) => {
      const kept = await findOwn({ documents }, deviceOf(request), request.params.saleId);
      const number = await documents.countReprint(kept.merchantId, kept.content.body.document.saleId);
      if (number === undefined) throw new ProblemError('document-not-found');
      const document = documentView({ ...kept, reprintCount: number });
      return reply.code(201).send({ reprintNumber: number, at: formatInstant(clock.now()), document });
    },
  });
}

function shiftRoutes(app: App, { documents }: Parts): void {
  app.get('/shifts', {
    config: { access: 'device' },
    schema: {
      operationId: 'listShiftReports',
      tags: ['Shifts'],
      summary: "The Z reports of a day, of all the store's tills",
      querystring: z.strictObject({ businessDate: dateText }),
      response: { 200: shiftReportsSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId } = deviceOf(request);
      const reports = await documents.reportsOfDay(merchantId, storeId, readDate(request.query.businessDate));
      return { shifts: reports.map(reportView) };
    },
  });

  app.get('/shifts/:deviceId/:shiftNumber', {
    config: { access: 'device', problems: ['shift-not-found'] },
    schema: {
      operationId: 'findShiftReport',
      tags: ['Shifts'],
      summary: 'A Z report, as it was written',
      params: z.object({ deviceId: z.string(), shiftNumber: z.coerce.number().int().min(1).max(1_000_000) }),
      response: { 200: shiftReportSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId } = deviceOf(request);
      const deviceId = parseId('device', request.params.deviceId);
      const kept =
        deviceId === undefined
          ? undefined
          : await documents.findReport(merchantId, deviceId, request.params.shiftNumber);
      if (kept === undefined || kept.report.storeId !== storeId) throw new ProblemError('shift-not-found');
      return reportView(kept);
    },
  });

  app.get('/days/:businessDate', {
    config: { access: 'device' },
    schema: {
      operationId: 'showDayReport',
      tags: ['Shifts'],
      summary: "A store's day: its Z reports and the late results that came on it",
      params: z.object({ businessDate: dateText }),
      response: { 200: dayReportSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId, currency, timeZone } = deviceOf(request);
      const day = { merchantId, storeId, currency, timeZone, businessDate: readDate(request.params.businessDate) };
      return dayView(await readDayReport(documents, day));
    },
  });
}

function documentView({ content, entry, ...kept }: KeptDocument): DocumentView {
  const { document, receiptKey } = content.body;
  const total = 'priced' in document ? document.priced.total : document.total;
  return {
    saleId: document.saleId,
    kind: content.kind,
    ofSaleId: 'ofSaleId' in document ? document.ofSaleId : null,
    storeId: kept.storeId,
    deviceId: kept.deviceId,
    receiptNumber: document.receiptNumber,
    receiptKey,
    shiftNumber: document.shiftNumber,
    cashierId: document.cashierId,
    businessDate: document.businessDate,
    closedAt: formatInstant(document.closedAt),
    currency: total.currency,
    total: formatDecimal(total),
    standing: kept.standing,
    question: kept.question,
    chainId: entry.chainId,
    entryNumber: entry.number,
    entryHash: entry.hash,
    receivedAt: formatInstant(kept.receivedAt),
    reprintCount: kept.reprintCount,
    document: plainOf(document),
  };
}

function reportView({ report, standing, question }: KeptReport): ShiftReportView {
  const { deviceId, number: shiftNumber, businessDate: day, at, by } = report;
  const head = { deviceId, shiftNumber, businessDate: day, closedAt: formatInstant(at), closedBy: by };
  return { ...head, standing, question, report: plainOf(report) };
}

/** A document as JSON: amounts leave as text, which `canonicalText` alone knows how to spell. */
function plainOf(document: Plain): Record<string, unknown> {
  const plain: unknown = JSON.parse(canonicalText(document));
  return { ...(typeof plain === 'object' ? plain : null) };
}

function dayView({
  businessDate: day,
  currency,
  shifts,
  tenders,
  corrections,
}: Awaited<ReturnType<typeof readDayReport>>) {
  const flow = ({ count, amount }: (typeof tenders)[number]['taken']) => ({ count, amount: formatDecimal(amount) });
  return {
    businessDate: day,
    currency,
    shifts: shifts.map(({ deviceId, number }) => ({ deviceId, shiftNumber: number })),
    tenders: tenders.map(({ kind, taken, givenBack }) => ({ kind, taken: flow(taken), givenBack: flow(givenBack) })),
    corrections: corrections.map(({ kind, paymentIntentId, amount, at, deviceId, shiftNumber }) => ({
      kind: kind === 'taken' ? ('taken' as const) : ('given-back' as const),
      ...{ paymentIntentId, amount: formatDecimal(amount), at: formatInstant(at), deviceId, shiftNumber },
    })),
  };
}
