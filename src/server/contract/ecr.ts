// The words of the ECR's API (/api/v1): what a till, ours or another's, sends and gets. Screens import nothing else of the server.

import { z } from 'zod';

const amountText = z
  .string()
  .describe('Decimal text in major units with all decimals of the currency, such as "12.30".');

export const createSaleBody = z
  .strictObject({
    amount: amountText.meta({ example: '12.30' }),
    currency: z.string().meta({ example: 'CNY' }).describe('ISO 4217 code.'),
    description: z
      .string()
      .trim()
      .min(1)
      .max(128)
      .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'must be plain text without control characters')
      .optional()
      .describe('What the customer sees in the wallet as the thing bought; the store name when absent.'),
  })
  .meta({ id: 'CreateSale' });

export const startPaymentBody = z
  .strictObject({
    payerCode: z
      .string()
      .min(1)
      .max(128)
      .meta({ example: '281234567890123456' })
      .describe("The code as scanned from the customer's Alipay app: 16 to 24 digits that begin with 25 to 30."),
  })
  .meta({ id: 'StartPayment' });

export const createRefundBody = z
  .strictObject({
    amount: amountText.meta({ example: '2.30' }).describe('At most what was taken and not yet given back.'),
  })
  .meta({ id: 'CreateRefund' });

export const openSessionBody = z.strictObject({ apiKey: z.string().min(1).max(256) }).meta({ id: 'OpenSession' });

export const paymentStatuses = ['processing', 'awaiting-payer', 'paid', 'not-paid'] as const;

/** Why a payment is not paid; a till turns it into a sentence in its own language. */
export const notPaidReasons = [
  'insufficient-funds',
  'code-invalid',
  'code-expired',
  'refused-by-payer',
  'payer-limit',
  'payer-account',
  'risk',
  'closed',
  'merchant-setup',
  'request-refused',
  'channel-unreachable',
  'other',
  'timed-out',
  'abandoned',
] as const;

export const paymentSchema = z
  .object({
    paymentId: z.string(),
    saleId: z.string(),
    status: z.enum(paymentStatuses).describe('`paid` and `not-paid` are final for the till.'),
    custody: z
      .boolean()
      .describe(
        'True with `not-paid` while a reversal is still being confirmed. Nobody has to do anything: it ends by itself.',
      ),
    amount: amountText,
    currency: z.string(),
    refunded: amountText.describe('What has been given back so far, refunds under way included.'),
    reason: z.enum(notPaidReasons).nullable(),
    channelCode: z.string().nullable().describe("The channel's own code, for support."),
    channel: z.string(),
    channelReference: z.string().nullable().describe("Alipay's number of the trade."),
    payerAccount: z.string().nullable().describe('Masked by Alipay.'),
    payerCode: z.string().describe('Masked.'),
    createdAt: z.iso.datetime(),
    finalWordBy: z.iso.datetime().describe('The till has `paid` or `not-paid` before this instant.'),
    paidAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Payment' });

export const refundStatuses = ['processing', 'refunded', 'declined'] as const;

export const refundSchema = z
  .object({
    refundId: z.string(),
    paymentId: z.string(),
    saleId: z.string(),
    status: z.enum(refundStatuses).describe('`processing` ends by itself.'),
    amount: amountText,
    currency: z.string(),
    reason: z
      .string()
      .nullable()
      .describe(
        'Why Alipay refused it. While `processing`, the refusal is being watched and is final after two minutes.',
      ),
    channelCode: z.string().nullable(),
    createdAt: z.iso.datetime(),
    refundedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Refund' });

export const saleStatuses = ['open', 'paying', 'paid', 'partly-refunded', 'refunded'] as const;

export const saleSchema = z
  .object({
    saleId: z.string(),
    status: z.enum(saleStatuses),
    amount: amountText,
    currency: z.string(),
    refunded: amountText,
    description: z.string(),
    createdAt: z.iso.datetime(),
    payments: z.array(paymentSchema).describe('Oldest first.'),
    refunds: z.array(refundSchema).describe('Oldest first.'),
  })
  .meta({ id: 'Sale' });

export const salePageSchema = z
  .object({
    sales: z.array(saleSchema).describe('Newest first.'),
    next: z.string().nullable().describe('Pass as `before`.'),
  })
  .meta({ id: 'SalePage' });

export const storeSchema = z
  .object({
    storeName: z.string(),
    deviceName: z.string(),
    currency: z.string(),
    timeZone: z.string(),
    finalWordMs: z.number().int().describe('Time from the scan to the final word, in milliseconds.'),
    sandboxUrl: z.string().nullable().describe('Set when the store pays at the local sandbox.'),
    custodyCount: z.number().int(),
  })
  .meta({ id: 'Store' });

export type CreateSale = z.infer<typeof createSaleBody>;
export type StartPayment = z.infer<typeof startPaymentBody>;
export type CreateRefund = z.infer<typeof createRefundBody>;
export type PaymentView = z.infer<typeof paymentSchema>;
export type RefundView = z.infer<typeof refundSchema>;
export type SaleView = z.infer<typeof saleSchema>;
export type SalePageView = z.infer<typeof salePageSchema>;
export type StoreView = z.infer<typeof storeSchema>;
