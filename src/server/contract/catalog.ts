// The words of the catalogue's API (/api/v1/catalog): what a till is told of goods and prices, and how files of products come and go.

import { z } from 'zod';

const names = z.object({ en: z.string(), zh: z.string() }).describe('One of the two may be empty.');
const moneySchema = z
  .object({
    currency: z.string(),
    amount: z.string().describe('Decimal text with all decimals of the currency, such as "12.30".'),
  })
  .meta({ id: 'CatalogMoney' });

export const productSchema = z
  .object({
    id: z.string(),
    code: z.string().describe("The merchant's own number of it; unique."),
    names,
    pinyin: z.string().describe('How the Chinese name is read, for the search.'),
    departmentId: z.string(),
    barcodes: z.array(z.string()).describe('GTIN in one spelling: 8, 13 or 14 digits. The first is the one on labels.'),
    taxClassId: z.string(),
    unit: z.enum(['piece', 'kilogram']).describe('What a price is for.'),
    plu: z.string().nullable().describe('The number that a scale knows it by.'),
    minimumAge: z.number().int().nullable().describe('In whole years.'),
    isActive: z.boolean().describe('False: kept for old receipts, not sold.'),
    picture: z.string().nullable(),
  })
  .meta({ id: 'Product' });

const departmentSchema = z
  .object({ id: z.string(), parentId: z.string().nullable(), names, sort: z.number().int() })
  .meta({ id: 'Department' });
const taxClassSchema = z
  .object({
    id: z.string(),
    names,
    rateBps: z.number().int().describe('Hundredths of a percent: 1300 is 13 %.'),
    isIncluded: z.boolean().describe('Whether prices are with this tax.'),
  })
  .meta({ id: 'TaxClass' });
const priceListSchema = z
  .object({ id: z.string(), names, rank: z.number().int().describe('Of two equal prices the higher rank holds.') })
  .meta({ id: 'PriceList' });
export const priceSchema = z
  .object({
    listId: z.string(),
    productId: z.string(),
    storeId: z.string().nullable().describe('Null: for all stores.'),
    amount: moneySchema,
    validFrom: z.iso.datetime(),
    validTo: z.iso.datetime().nullable().describe('The first instant at which it no longer holds.'),
  })
  .meta({ id: 'Price' });

const recordSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('product'), product: productSchema }),
    z.object({ kind: z.literal('department'), department: departmentSchema }),
    z.object({ kind: z.literal('tax-class'), taxClass: taxClassSchema }),
    z.object({ kind: z.literal('price-list'), priceList: priceListSchema }),
    z.object({ kind: z.literal('price'), price: priceSchema }),
  ])
  .meta({ id: 'CatalogRecord' });
const keySchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.enum(['product', 'department', 'tax-class', 'price-list']), id: z.string() }),
    z.object({
      kind: z.literal('price'),
      price: priceSchema.pick({ listId: true, productId: true, storeId: true, validFrom: true }),
    }),
  ])
  .meta({ id: 'CatalogKey' });

const version = z.number().int().describe('Grows from change to change.');

export const catalogChangeSchema = z
  .discriminatedUnion('act', [
    z.object({ version, act: z.literal('upsert'), record: recordSchema }),
    z.object({ version, act: z.literal('delete'), key: keySchema }),
  ])
  .meta({ id: 'CatalogChange' });

export const changesCountMax = 5_000;

export const changesQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe('The version up to which the caller has heard; from 0 the whole catalogue comes.'),
  limit: z.coerce.number().int().min(1).max(changesCountMax).default(1_000),
});

export const catalogChangesSchema = z
  .object({
    changes: z
      .array(catalogChangeSchema)
      .describe('In the order of their versions; of each record only its last change is told.'),
    latest: version.describe('The newest version. Ask on, after the last change, until it is reached.'),
  })
  .meta({ id: 'CatalogChanges' });

export const foundProductSchema = z
  .object({
    product: productSchema,
    price: moneySchema
      .nullable()
      .describe('What it costs in this store now; null: it has no price and cannot be sold.'),
    stockThousandths: z
      .number()
      .int()
      .describe('What this store has of it, in thousandths of its unit; may be negative.'),
  })
  .meta({ id: 'FoundProduct' });

/** Bytes of a file of products at the most. */
export const fileBytesMax = 64 * 1024 * 1024;

const flag = z.enum(['0', '1']).default('0');

export const importQuery = z.strictObject({
  dryRun: flag.describe('1: only say what the file would do.'),
  skipWrongRows: flag.describe('1: leave out wrong rows. Otherwise a file with a wrong row is not written at all.'),
});

export const importStatuses = ['reading', 'writing', 'done', 'refused', 'cancelled', 'failed'] as const;

export const importStartedSchema = z.object({ importId: z.string() }).meta({ id: 'ImportStarted' });

export const importSchema = z
  .object({
    importId: z.string(),
    status: z
      .enum(importStatuses)
      .describe(
        '`done`: written, or read whole for a dry run. `refused`: nothing was written, because of `problems` or `conflict`.',
      ),
    dryRun: z.boolean(),
    bytesTotal: z.number().int(),
    bytesRead: z.number().int(),
    rowsRead: z.number().int(),
    counts: z
      .object({
        new: z.number().int(),
        changed: z.number().int(),
        unchanged: z.number().int(),
        wrong: z.number().int(),
      })
      .nullable()
      .describe('Rows by what they do; there once the file has been read.'),
    problemCount: z.number().int(),
    problems: z
      .array(
        z.object({
          row: z.number().int().describe("The spreadsheet's row."),
          column: z.string().nullable(),
          problem: z.string().describe('Stable: decide by this.'),
          value: z.string(),
          about: z.string().nullable().describe('The other row, or the code of the product, that stands in the way.'),
          sentence: z.object({ en: z.string(), zh: z.string() }),
        }),
      )
      .describe('The first 1,000, by row.'),
    conflict: z
      .string()
      .nullable()
      .describe('Why the catalogue no longer took what the file says: it was changed meanwhile. Import again.'),
  })
  .meta({ id: 'Import' });

export type CatalogChangesView = z.infer<typeof catalogChangesSchema>;
export type CatalogChangeView = z.infer<typeof catalogChangeSchema>;
export type ProductView = z.infer<typeof productSchema>;
export type PriceView = z.infer<typeof priceSchema>;
export type FoundProductView = z.infer<typeof foundProductSchema>;
export type ImportView = z.infer<typeof importSchema>;
