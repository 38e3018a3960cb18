// The words of the till's journal and of what follows from it: chains and entries in, documents, shifts and days out. A document rides
// in its canonical form, money as minor units, so that whoever gets it can reckon it again; beside it stands what a list shows.

import { z } from 'zod';

const amountText = z
  .string()
  .describe('Decimal text in major units with all decimals of the currency, such as "12.30".');
const hashText = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');
const entryNumber = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const chainIdText = z.string().min(1).max(100);

/** How many entries one message may hold. */
export const entriesMax = 1_000;

export const tillEntrySchema = z
  .strictObject({
    chainId: chainIdText,
    number: entryNumber.describe('From 1, without gaps.'),
    previousHash: hashText.describe(
      'Of the entry before; of the first, the SHA-256 of "tillway till journal " and the chain id.',
    ),
    at: z.number().int().min(0).describe("The till's clock, in milliseconds since 1970."),
    kind: z
      .string()
      .describe(
        '`storage-started`, `shift-opened`, `sale`, `return`, `cash-movement`, `cash-counted`, `shift-report`, `basket-voided`, ' +
          '`drawer-opened` or `note`.',
      ),
    body: z.string().describe('The canonical text of what happened.'),
    hash: hashText.describe('SHA-256 of the canonical text of all of the above.'),
  })
  .meta({ id: 'TillEntry' });

export const sendEntriesBody = z
  .strictObject({
    chainId: chainIdText.describe("Made by the till when its storage was new. Stays the device's that sent it first."),
    entries: z.array(tillEntrySchema).max(entriesMax),
  })
  .meta({ id: 'SendEntries' });

export const standings = ['good', 'awaiting', 'questioned', 'repeated'] as const;
const standing = z
  .enum(standings)
  .describe(
    '`awaiting` answers itself: a payment or refund is under way, or a sale is not here yet. `questioned` does not agree with what ' +
      'the server reckons. `repeated`: another entry says the same and counts.',
  );
const question = z.string().nullable().describe('The first thing that is not as it should be, in words.');

const headSchema = z.object({ chainId: z.string(), lastNumber: z.number().int(), lastHash: z.string() });

export const tillReceiptSchema = z
  .object({
    head: headSchema.describe('Up to where the server has the chain.'),
    entries: z
      .array(
        z.object({
          number: z.number().int(),
          outcome: z.enum(['accepted', 'repeated']).describe('`repeated`: it was there; nothing was done twice.'),
          standing,
          question,
        }),
      )
      .describe('What was sent and is in the chain, by number.'),
    trouble: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('gap'), from: z.number().int(), to: z.number().int() }),
        z.object({ kind: z.literal('fork'), number: z.number().int() }),
        z.object({ kind: z.literal('broken'), number: z.number().int() }),
      ])
      .nullable()
      .describe(
        '`gap`: send these first. `fork`: another entry has this number, both are kept; begin a new chain. `broken`: this ' +
          "entry's hash is not its own.",
      ),
  })
  .meta({ id: 'TillReceipt' });

export const tillChainsSchema = z
  .object({
    chains: z
      .array(headSchema.extend({ startedAt: z.iso.datetime(), lastAt: z.iso.datetime().nullable() }))
      .describe('The newest first.'),
    lastShiftNumber: z.number().int().describe('Of the last shift that this device has told of; 0 when of none.'),
  })
  .meta({ id: 'TillChains' });

const keptEntry = z.object({ entry: tillEntrySchema, standing, question, receivedAt: z.iso.datetime() });

export const tillEntriesSchema = z
  .object({ entries: z.array(keptEntry), next: z.number().int().nullable().describe('Pass as `after`.') })
  .meta({ id: 'TillEntries' });

export const tillForksSchema = z
  .object({
    forks: z
      .array(
        z.object({
          deviceId: z.string(),
          kept: tillEntrySchema.nullable().describe('The one in the chain; null when it has not come so far.'),
          other: tillEntrySchema,
          receivedAt: z.iso.datetime(),
        }),
      )
      .describe('The newest first.'),
  })
  .meta({ id: 'TillForks' });

export const tillQuestionsSchema = z
  .object({ questions: z.array(keptEntry.extend({ deviceId: z.string() })).describe('The newest first.') })
  .meta({ id: 'TillQuestions' });

export const documentSchema = z
  .object({
    saleId: z.string(),
    kind: z.enum(['sale', 'return']),
    ofSaleId: z.string().nullable().describe('The sale that a return refers to.'),
    storeId: z.string(),
    deviceId: z.string(),
    receiptNumber: z.string(),
    receiptKey: z.string().describe('Opens the public page /r/{receiptKey}.'),
    shiftNumber: z.number().int(),
    cashierId: z.string(),
    businessDate: z.string(),
    closedAt: z.iso.datetime(),
    currency: z.string(),
    total: amountText,
    standing,
    question,
    chainId: z.string(),
    entryNumber: z.number().int(),
    entryHash: z.string(),
    receivedAt: z.iso.datetime(),
    reprintCount: z.number().int(),
    document: z.record(z.string(), z.unknown()).describe('In its canonical form, as the till wrote it.'),
  })
  .meta({ id: 'Document' });

export const documentsSchema = z
  .object({
    documents: z.array(documentSchema).describe('Newest first.'),
    next: z.string().nullable().describe('Pass as `before`.'),
  })
  .meta({ id: 'DocumentPage' });

export const returnsSchema = z
  .object({ returns: z.array(documentSchema).describe('In the order in which they came.') })
  .meta({ id: 'ReturnsOfSale' });

export const reprintSchema = z
  .object({
    reprintNumber: z.number().int().describe('Which reprint this is, from 1: it belongs on the slip.'),
    at: z.iso.datetime(),
    document: documentSchema,
  })
  .meta({ id: 'Reprint' });

export const shiftReportSchema = z
  .object({
    deviceId: z.string(),
    shiftNumber: z.number().int(),
    businessDate: z.string(),
    closedAt: z.iso.datetime(),
    closedBy: z.string(),
    standing,
    question,
    report: z.record(z.string(), z.unknown()).describe('The Z report in its canonical form, as it was written.'),
  })
  .meta({ id: 'ShiftReport' });

export const shiftReportsSchema = z
  .object({ shifts: z.array(shiftReportSchema).describe('By device and number.') })
  .meta({ id: 'ShiftReports' });

const flow = z.object({ count: z.number().int(), amount: amountText });

export const dayReportSchema = z
  .object({
    businessDate: z.string(),
    currency: z.string(),
    shifts: z.array(z.object({ deviceId: z.string(), shiftNumber: z.number().int() })),
    tenders: z.array(z.object({ kind: z.string(), taken: flow, givenBack: flow })),
    corrections: z
      .array(
        z.object({
          kind: z.enum(['taken', 'given-back']),
          paymentIntentId: z.string(),
          amount: amountText,
          at: z.iso.datetime(),
          deviceId: z.string(),
          shiftNumber: z.number().int(),
        }),
      )
      .describe(
        'Ends of payments that were open when their shift was closed; they count on the day on which they came.',
      ),
  })
  .meta({ id: 'DayReport' });

export type TillReceiptView = z.infer<typeof tillReceiptSchema>;
export type TillChainsView = z.infer<typeof tillChainsSchema>;
export type TillEntriesView = z.infer<typeof tillEntriesSchema>;
export type DocumentView = z.infer<typeof documentSchema>;
export type ReprintView = z.infer<typeof reprintSchema>;
export type ShiftReportView = z.infer<typeof shiftReportSchema>;
export type DayReportView = z.infer<typeof dayReportSchema>;
