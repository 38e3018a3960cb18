// Every error of the API in one catalogue: a stable code, the HTTP status, and a sentence that says what to do next.
// The wire form is problem+json (RFC 9457).

import { z } from 'zod';

export const problems = {
  'invalid-request': {
    status: 400,
    title: 'The request is not valid',
    remedy: 'Mend what is named here and send it again.',
  },
  'malformed-json': {
    status: 400,
    title: 'The body is not JSON',
    remedy: 'Send a JSON object with Content-Type: application/json.',
  },
  'invalid-amount': {
    status: 400,
    title: 'The amount cannot be charged',
    remedy: 'Send decimal text above zero with no more decimals than the currency has, such as "12.30".',
  },
  'unknown-currency': {
    status: 400,
    title: 'The currency is not known',
    remedy: 'Send an ISO 4217 code that the store takes, such as "CNY".',
  },
  'currency-not-taken': {
    status: 422,
    title: 'The store does not take this currency',
    remedy: 'Send the amount in the currency of the store.',
  },
  'payer-code-not-alipay': {
    status: 422,
    title: 'This is not an Alipay payment code',
    remedy: 'Ask the customer to open the payment code in Alipay and scan that.',
  },
  'idempotency-key-missing': {
    status: 400,
    title: 'The Idempotency-Key header is missing',
    remedy: 'Send an Idempotency-Key of 1 to 128 visible characters, new for each new act and the same on a retry.',
  },
  'idempotency-key-invalid': {
    status: 400,
    title: 'The Idempotency-Key header is not valid',
    remedy: 'Send an Idempotency-Key of 1 to 128 visible ASCII characters, such as a UUID.',
  },
  'idempotency-key-reused': {
    status: 409,
    title: 'The Idempotency-Key was used for another request',
    remedy: 'Use a new key for a new act; a retry must repeat the body exactly.',
  },
  'not-authenticated': {
    status: 401,
    title: 'No valid API key',
    remedy: 'Send Authorization: Bearer with the key of this device.',
  },
  'not-allowed': { status: 403, title: 'This key may not do that', remedy: 'Use a key of the store that owns it.' },
  'not-found': { status: 404, title: 'There is no such thing', remedy: 'Check the address and the id.' },
  'sale-not-found': {
    status: 404,
    title: 'There is no such sale',
    remedy: 'Check the sale id; create the sale first.',
  },
  'payment-not-found': { status: 404, title: 'There is no such payment', remedy: 'Check the payment id.' },
  'refund-not-found': { status: 404, title: 'There is no such refund', remedy: 'Check the refund id.' },
  'product-not-found': {
    status: 404,
    title: 'No product has this barcode',
    remedy: 'Scan it again; if it stays, add the product to the catalogue.',
  },
  'import-not-found': {
    status: 404,
    title: 'There is no such import',
    remedy: 'Check the import id. What a server has imported is told until it stops; look at the catalogue itself.',
  },
  'import-in-progress': {
    status: 409,
    title: 'Another import is under way',
    remedy: 'Wait until it has ended, or cancel it.',
  },
  'file-too-large': {
    status: 413,
    title: 'The file is too large',
    remedy: 'Send at most 64 MiB: split the file, each part with the row of column names.',
  },
  'payment-in-progress': {
    status: 409,
    title: 'Another payment of this sale is under way',
    remedy: 'Follow the payment named in "paymentId"; start another only when it ended as not-paid with custody false.',
  },
  'sale-already-paid': {
    status: 409,
    title: 'The sale is already paid',
    remedy: 'Nothing is owed. The payment is named in "paymentId".',
  },
  'payment-not-paid': {
    status: 409,
    title: 'Only a paid payment can be refunded',
    remedy: 'Nothing was kept for this payment, so there is nothing to give back.',
  },
  'refund-exceeds': {
    status: 422,
    title: 'The refund is more than what is left',
    remedy: 'Refund at most the amount named in "refundable".',
  },
  'chain-of-another-till': {
    status: 409,
    title: 'Another device began this chain',
    remedy: 'Begin a chain of your own, under a new chain id.',
  },
  'chain-not-found': { status: 404, title: 'There is no such chain in this store', remedy: 'Check the chain id.' },
  'document-not-found': {
    status: 404,
    title: 'There is no such document in this store',
    remedy: 'Check the sale id; a till that was offline may not have sent it yet.',
  },
  'shift-not-found': {
    status: 404,
    title: 'There is no report of this shift',
    remedy: 'Check device and number; a shift has its report when it is closed and sent.',
  },
  'person-not-signed-in': {
    status: 401,
    title: 'Nobody is signed in',
    remedy: 'Sign in at this device (POST /api/v1/people/sign-in) and send the token as x-tillway-person.',
  },
  'role-too-low': {
    status: 403,
    title: 'Your role may not do that',
    remedy: 'Let somebody with the role named in "needs" do it, or allow it by an override.',
  },
  'pin-wrong': {
    status: 403,
    title: 'Person and PIN do not belong together',
    remedy: 'Check the name and type the PIN again; a manager can set a new one.',
  },
  'pin-must-wait': {
    status: 429,
    title: 'Too many wrong PINs',
    remedy: 'Try again after the seconds named in "waitSeconds"; nothing else is needed.',
  },
  'person-not-found': {
    status: 404,
    title: 'There is no such person in this store',
    remedy: 'Check the person id, or list the people of the store.',
  },
  'person-name-taken': {
    status: 409,
    title: 'Somebody else in this store has this name',
    remedy: 'Choose a name that tells the two apart in a list.',
  },
  'last-manager': {
    status: 409,
    title: 'This is the last active manager of the store',
    remedy: 'Make somebody else a manager first.',
  },
  'too-many-people': {
    status: 409,
    title: 'The store has as many people as it can have',
    remedy: 'Deactivate who has left, then add the new person.',
  },
  'override-own': {
    status: 403,
    title: 'Nobody overrules the rules for themselves',
    remedy: 'Ask somebody else who may allow it to type their PIN.',
  },
  'override-not-found': {
    status: 404,
    title: 'There is no such override for this session',
    remedy: 'Ask for the override with the session that uses it.',
  },
  'override-used': {
    status: 409,
    title: 'The override was used already',
    remedy: 'Each override counts once: ask for another.',
  },
  'override-expired': {
    status: 409,
    title: 'The override is too old',
    remedy: 'An override counts for five minutes: ask for another.',
  },
  'override-does-not-fit': {
    status: 403,
    title: 'The override was given for something else',
    remedy: 'Ask for one for this act and this amount.',
  },
  'basket-voided': {
    status: 422,
    title: 'The basket was given up',
    remedy: 'A voided basket cannot be put on hold: begin a new one.',
  },
  'basket-already-held': {
    status: 409,
    title: 'This basket is on hold already',
    remedy: 'Claim it from the list of held baskets first.',
  },
  'too-many-held': {
    status: 409,
    title: 'Too many baskets are on hold in this store',
    remedy: 'Claim or void some of them first.',
  },
  'held-basket-not-found': {
    status: 404,
    title: 'There is no such basket on hold',
    remedy: 'List the held baskets of the store and take one of them.',
  },
  'held-basket-claimed': {
    status: 409,
    title: 'Another till has claimed this basket',
    remedy: 'It is sold there: list the held baskets again.',
  },
  'held-basket-voided': {
    status: 409,
    title: 'This basket was given up',
    remedy: 'Nothing is left to claim: list the held baskets again.',
  },
  'held-basket-expired': {
    status: 410,
    title: 'This basket waited too long',
    remedy: 'Baskets are kept for seven days: ring the goods up again.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The address does not take this method',
    remedy: 'See the API reference at /docs.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body has another type than JSON',
    remedy: 'Send Content-Type: application/json.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    remedy: 'Send at most 64 KiB; to put a basket on hold, at most 8 MiB; to the till journal, at most 16 MiB.',
  },
  'headers-too-large': { status: 431, title: 'The headers are too large', remedy: 'Send at most 16 KiB of headers.' },
  'request-too-slow': {
    status: 408,
    title: 'The request did not come in time',
    remedy: 'Send the whole request within 15 seconds, with the same Idempotency-Key again.',
  },
  'too-many-followers': {
    status: 429,
    title: 'Too many event streams are open',
    remedy: 'End the streams that are no longer needed, or ask /api/v1/payments/{paymentId} instead.',
  },
  busy: {
    status: 503,
    title: 'The store server cannot write now',
    remedy: 'Send the same request with the same Idempotency-Key again in a second; nothing is lost.',
  },
  internal: {
    status: 500,
    title: 'The store server met a fault of its own',
    remedy: 'Send the same request with the same Idempotency-Key again; if it stays, tell the operator the "traceId".',
  },
} as const satisfies Record<string, { status: number; title: string; remedy: string }>;

export type ProblemCode = keyof typeof problems;

/** The problem that the wire carries for a code. `detail` says what is wrong here; what to do is added from the catalogue. */
export function makeProblem(
  code: ProblemCode,
  detail: string,
  traceId: string,
  more: Partial<Pick<Problem, 'errors' | 'paymentId' | 'refundable' | 'waitSeconds' | 'needs'>> = {},
): Problem {
  const { status, title, remedy } = problems[code];
  const sentence = detail === '' ? `${title}.` : detail;
  return { type: `/docs#${code}`, title, status, code, detail: `${sentence} ${remedy}`, traceId, ...more };
}

export const problemSchema = z
  .object({
    type: z.string().describe('An address that names the kind of problem.'),
    title: z.string(),
    status: z.number().int(),
    code: z.string().describe('Stable: decide by this, never by the text.'),
    detail: z.string().describe('What is wrong here and what to do.'),
    traceId: z.string().optional(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    paymentId: z.string().optional(),
    refundable: z.string().optional(),
    waitSeconds: z.number().int().optional().describe('With `pin-must-wait`: when a PIN may be tried again.'),
    needs: z.string().optional().describe('The least role that may do it.'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });

export type Problem = z.infer<typeof problemSchema>;
