// The words of custody: payments that nobody waits for any more and that are still being brought to their end. There is nothing to press:
// the list says what is known, what happens next and when.

import { z } from 'zod';

/** Where a payment or refund in custody stands. */
export const custodyPhases = ['reversing', 'watching', 'returning', 'refund-unclear', 'looking-back'] as const;

/** What is done next, by itself. */
export const custodySteps = [
  'cancel',
  'ask-whether-it-arrived',
  'give-back',
  'ask-about-the-refund',
  'ask-again',
] as const;

export const custodyEntrySchema = z
  .object({
    paymentId: z.string().describe('The payment; of a refund, the payment that it gives back from.'),
    refundId: z.string().nullable(),
    saleId: z.string(),
    deviceId: z.string(),
    amount: z.string(),
    currency: z.string(),
    phase: z.enum(custodyPhases),
    phaseWords: z.string().describe('The phase as a sentence.'),
    toldTheTill: z.enum(['paid', 'not-paid']).nullable(),
    channelReference: z.string().nullable(),
    startedAt: z.iso.datetime(),
    lastChangeAt: z.iso.datetime(),
    rounds: z.number().int().describe('How often custody has tried so far.'),
    nextStep: z.enum(custodySteps),
    nextStepWords: z.string().describe('The next step as a sentence.'),
    isUnderWay: z.boolean().describe('The step has been sent and its answer is awaited.'),
    nextAt: z.iso.datetime().nullable().describe('When it is done, or given up as unanswered when it is under way.'),
  })
  .meta({ id: 'CustodyEntry' });

export const custodySchema = z
  .object({ payments: z.array(custodyEntrySchema).describe('Oldest first.') })
  .meta({ id: 'Custody' });

export type CustodyEntryView = z.infer<typeof custodyEntrySchema>;
