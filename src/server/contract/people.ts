// The words of people (/api/v1/people): who works here, signing in at a device, and a supervisor's word. Whoever is signed in is named by
// the header `x-tillway-person` on every request that wants somebody.

import { z } from 'zod';

/** The header that carries the token of whoever is signed in. */
export const personHeader = 'x-tillway-person';

/** From the least to the most. */
export const personRoles = ['cashier', 'supervisor', 'manager'] as const;
export const personLanguages = ['en', 'zh'] as const;

/** What somebody may be allowed or not; the least role of each is for the store to set. */
export const personActs = [
  'sell',
  'hold-basket',
  'check-age',
  'remove-line',
  'void-basket',
  'discount-line',
  'discount-basket',
  'return-with-receipt',
  'return-without-receipt',
  'exchange',
  'reprint-receipt',
  'open-drawer',
  'open-shift',
  'count-shift',
  'close-shift',
  'cash-in',
  'cash-out',
  'see-shift-report',
  'see-custody',
] as const;

const pinText = z
  .string()
  .regex(/^[0-9]{4,8}$/, 'must be 4 to 8 digits')
  .describe('4 to 8 digits. A secret: kept as a slow hash, shown and logged nowhere.');
const idText = z.string().min(1).max(64);

/** Text on one line that a list can show. */
export function lineText(lengthMax: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(lengthMax)
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'must be plain text without control characters');
}

export const signInBody = z.strictObject({ personId: idText, pin: pinText }).meta({ id: 'SignIn' });

export const createPersonBody = z
  .strictObject({
    name: lineText(60).describe('As colleagues know them; one name once among the active people of a store.'),
    role: z.enum(personRoles),
    language: z.enum(personLanguages).default('zh'),
    pin: pinText,
  })
  .meta({ id: 'CreatePerson' });

export const changePersonBody = z
  .strictObject({
    name: lineText(60).optional(),
    role: z.enum(personRoles).optional(),
    language: z.enum(personLanguages).optional(),
    isActive: z.boolean().optional().describe('`false` signs the person out everywhere.'),
  })
  .meta({ id: 'ChangePerson' });

export const setPinBody = z.strictObject({ pin: pinText }).meta({ id: 'SetPin' });

export const worthSchema = z.object({
  amount: z.string().describe('Decimal text in major units with all decimals of the currency.'),
  currency: z.string(),
});

export const createOverrideBody = z
  .strictObject({
    personId: idText.describe('Who allows it.'),
    pin: pinText,
    act: z.enum(personActs),
    worth: worthSchema.strict().nullable().default(null).describe('What it is worth in money, where it is.'),
    reason: lineText(200),
    subject: lineText(100).describe('What it is about, such as the id of a basket or a sale.'),
  })
  .meta({ id: 'CreateOverride' });

export const personSchema = z
  .object({
    personId: z.string(),
    name: z.string(),
    role: z.enum(personRoles),
    language: z.enum(personLanguages),
    isActive: z.boolean(),
  })
  .meta({ id: 'Person' });

export const peopleSchema = z.object({ people: z.array(personSchema).describe('By name.') }).meta({ id: 'People' });

export const signedInSchema = z
  .object({ person: personSchema, endsAt: z.iso.datetime().describe('When the session ends by itself.') })
  .meta({ id: 'SignedIn' });

export const personSessionSchema = signedInSchema
  .extend({ token: z.string().describe(`Send it as \`${personHeader}\`. It counts at this device only.`) })
  .meta({ id: 'PersonSession' });

export const overrideSchema = z
  .object({
    overrideId: z.string().describe('What a sale document or an adjustment names.'),
    by: z.string().describe('The person who allowed it.'),
    for: z.string().describe('The person who asked.'),
    act: z.enum(personActs),
    worth: worthSchema.nullable(),
    reason: z.string(),
    subject: z.string(),
    at: z.iso.datetime(),
    usableUntil: z.iso.datetime(),
    usedAt: z.iso.datetime().nullable(),
    usedFor: z.string().nullable(),
  })
  .meta({ id: 'Override' });

export const overridePageSchema = z
  .object({
    overrides: z.array(overrideSchema).describe('Newest first.'),
    next: z.string().nullable().describe('Pass as `before`.'),
  })
  .meta({ id: 'OverridePage' });

export type PersonView = z.infer<typeof personSchema>;
export type SignedInView = z.infer<typeof signedInSchema>;
export type PersonSessionView = z.infer<typeof personSessionSchema>;
export type OverrideView = z.infer<typeof overrideSchema>;
