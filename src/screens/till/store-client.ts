// The till's way to the store server. Answers are read by the contract's own schemas, because what stands between a till and its
// server (a hotel's login page, a proxy) also answers 200. Trouble comes in two kinds that must not be confused: `unreachable`
// (not known whether the server acted: send the same again under the same key) and `refused` (it did not act). A till that is
// not paired counts as unreachable: once somebody has paired it, the same request goes through.

import { config, type z } from 'zod';
import { formatDecimal, type Money } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import {
  type PaymentView,
  paymentSchema,
  type RefundView,
  refundSchema,
  type SalePageView,
  type SaleView,
  type StoreView,
  salePageSchema,
  saleSchema,
  storeSchema,
} from '#server/contract/ecr.ts';
import { type Problem, problemSchema } from '#server/contract/problem.ts';

// The page's content security policy forbids code made from text, which zod would otherwise try.
config({ jitless: true });

export type Trouble =
  | { readonly kind: 'unreachable'; readonly retryAfterMs: number }
  | { readonly kind: 'refused'; readonly status: number; readonly problem: Problem };

export type Answer<Value> = Promise<Result<Value, Trouble>>;

export interface StoreClient {
  store(): Answer<StoreView>;
  pair(apiKey: string): Answer<null>;
  openSale(amount: Money, key: string): Answer<SaleView>;
  sale(saleId: string): Answer<SaleView>;
  sales(before: string | null): Answer<SalePageView>;
  startPayment(saleId: string, payerCode: string, key: string): Answer<PaymentView>;
  payment(paymentId: string): Answer<PaymentView>;
  abandon(paymentId: string): Answer<PaymentView>;
  refund(paymentId: string, amount: Money, key: string): Answer<RefundView>;
  refundState(refundId: string): Answer<RefundView>;
}

/** Called whenever the server does not know this till; the page then asks for the device's key. */
export const pairing = { needed: () => {} };

const base = '/api/v1';
const timeoutMs = 8_000;
const salesPageSize = 50;

export const storeClient: StoreClient = {
  store: () => ask(storeSchema, 'GET', '/store'),
  pair: (apiKey) => send('/session', { apiKey }),
  openSale: (amount, key) =>
    ask(saleSchema, 'POST', '/sales', { amount: formatDecimal(amount), currency: amount.currency }, key),
  sale: (saleId) => ask(saleSchema, 'GET', `/sales/${saleId}`),
  sales: (before) =>
    ask(salePageSchema, 'GET', `/sales?limit=${salesPageSize}${before === null ? '' : `&before=${before}`}`),
  startPayment: (saleId, payerCode, key) => ask(paymentSchema, 'POST', `/sales/${saleId}/payments`, { payerCode }, key),
  payment: (paymentId) => ask(paymentSchema, 'GET', `/payments/${paymentId}`),
  abandon: (paymentId) => ask(paymentSchema, 'POST', `/payments/${paymentId}/abandon`, {}),
  refund: (paymentId, amount, key) =>
    ask(refundSchema, 'POST', `/payments/${paymentId}/refunds`, { amount: formatDecimal(amount) }, key),
  refundState: (refundId) => ask(refundSchema, 'GET', `/refunds/${refundId}`),
};

/** Where the server sends a payment's changes. */
export function paymentEventsUrl(paymentId: string): string {
  return `${base}/payments/${paymentId}/events`;
}

/** A payment as it came in a server-sent event, or `undefined` when it cannot be read. */
export function readPaymentEvent(text: string): PaymentView | undefined {
  const read = paymentSchema.safeParse(parseJson(text));
  return read.success ? read.data : undefined;
}

const unreachable: Trouble = { kind: 'unreachable', retryAfterMs: 0 };

async function ask<Schema extends z.ZodType>(
  schema: Schema,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  key?: string,
): Answer<z.infer<Schema>> {
  const reply = await call(method, path, body, key);
  if (!reply.ok && reply.failure.kind === 'refused' && reply.failure.status === 401) {
    pairing.needed();
    return failure(unreachable);
  }
  if (!reply.ok) return reply;
  const read = schema.safeParse(parseJson(reply.value));
  // Not our server's words: somebody else answered, so nothing is known.
  return read.success ? success(read.data) : failure(unreachable);
}

async function send(path: string, body: object): Answer<null> {
  const reply = await call('POST', path, body);
  return reply.ok ? success(null) : reply;
}

async function call(method: string, path: string, body?: object, key?: string): Answer<string> {
  try {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    return response.ok ? success(text) : failure(readTrouble(response, text));
  } catch {
    return failure(unreachable);
  }
}

// 429 and 5xx promise nothing about what was done; the same request under the same key is the way on.
function readTrouble(response: Response, text: string): Trouble {
  if (response.status === 429 || response.status >= 500) {
    const seconds = Number(response.headers.get('retry-after') ?? '0');
    return { kind: 'unreachable', retryAfterMs: Number.isFinite(seconds) ? Math.min(30, seconds) * 1000 : 0 };
  }
  const problem = problemSchema.safeParse(parseJson(text));
  if (!problem.success) return unreachable;
  return { kind: 'refused', status: response.status, problem: problem.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
