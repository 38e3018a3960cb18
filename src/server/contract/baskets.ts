// The words of baskets on hold (/api/v1/baskets): put on hold at one till, claimed at the same or another.

import { z } from 'zod';
import { lineText } from './people.ts';

export const holdBasketBody = z
  .strictObject({
    basketText: z
      .string()
      .min(2)
      .max(2_000_000)
      .describe('The basket in its canonical text. Whoever claims it gets the same bytes.'),
    note: z.string().trim().max(200).default('').describe('How it is found again, such as "blue coat".'),
  })
  .meta({ id: 'HoldBasket' });

export const heldBasketSchema = z
  .object({
    heldBasketId: z.string(),
    basketId: z.string(),
    note: z.string(),
    lineCount: z.number().int(),
    total: z.string().describe('What it came to when it was put on hold, promotions aside.'),
    currency: z.string(),
    heldBy: z.string(),
    heldByName: z.string(),
    deviceId: z.string(),
    heldAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'HeldBasket' });

export const heldBasketsSchema = z
  .object({ baskets: z.array(heldBasketSchema).describe('Oldest first.') })
  .meta({ id: 'HeldBaskets' });

export const claimedBasketSchema = heldBasketSchema
  .extend({ basketText: z.string().describe('The basket, byte for byte as it was put on hold.') })
  .meta({ id: 'ClaimedBasket' });

export const voidBasketQuery = z.strictObject({
  reason: lineText(200).describe('Why the basket is given up.'),
  overrideId: z.string().optional().describe("Wanted where the basket is worth more than one's role may void."),
});

export type HeldBasketView = z.infer<typeof heldBasketSchema>;
