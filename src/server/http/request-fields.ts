// Reads what the schemas cannot: amounts in their currency, ids of the right kind, idempotency keys. Each refusal says what
// to send instead.

import { createHmac } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type PaymentAttemptId, parseId, type SaleId } from '#foundation/id.ts';
import {
  type Currency,
  formatDecimal,
  isCurrency,
  type Money,
  minorDigits,
  money,
  parseMoney,
} from '#foundation/money.ts';
import type { Redacted } from '#foundation/redacted.ts';
import type { Idempotency } from '#payment/index.ts';
import type { Device } from './authenticate.ts';
import { ProblemError } from './problem-reply.ts';

// Alipay takes at most 100,000,000.00 in one payment (https://opendocs.alipay.com/open/02ekfp).
const wholeUnitsMax = 100_000_000n;

export function readCurrency(text: string): Currency {
  if (!isCurrency(text))
    throw new ProblemError('unknown-currency', `"${text.slice(0, 16)}" is not a currency known here.`);
  return text;
}

/** An amount above zero, no finer than its currency and no greater than Alipay takes. */
export function readAmount(text: string, currency: Currency): Money {
  const parsed = parseMoney(currency, text);
  const digits = minorDigits[currency];
  if (!parsed.ok) {
    const why =
      parsed.failure === 'too-precise'
        ? `${currency} has ${digits} decimals, the amount has more.`
        : 'The amount is not decimal text.';
    throw new ProblemError('invalid-amount', why);
  }
  if (parsed.value.minor <= 0n) throw new ProblemError('invalid-amount', 'The amount is not above zero.');
  const most = money(currency, wholeUnitsMax * 10n ** BigInt(digits));
  if (parsed.value.minor > most.minor) {
    throw new ProblemError('invalid-amount', `The most in one payment is ${formatDecimal(most)} ${currency}.`);
  }
  return parsed.value;
}

export function readSaleId(text: string): SaleId {
  const id = parseId('sale', text);
  if (id === undefined) throw new ProblemError('sale-not-found');
  return id;
}

export function readAttemptId(text: string, missing: 'payment-not-found' | 'refund-not-found'): PaymentAttemptId {
  const id = parseId('attempt', text);
  if (id === undefined) throw new ProblemError(missing);
  return id;
}

/** The header's key, or null when there is none. */
export function readIdempotencyKey(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw new ProblemError('idempotency-key-invalid');
  }
  return key;
}

/**
 * Names a request so that its repeat is known. The fingerprint is a keyed hash: it tells whether the body is the same and, as the
 * body may hold a payer code, cannot be turned back into it.
 */
export function nameRequest(
  device: Device,
  act: 'sale' | 'payment' | 'refund' | 'hold',
  key: string,
  parts: readonly string[],
  fingerprintKey: Redacted<Uint8Array>,
): Idempotency {
  const fingerprint = createHmac('sha256', fingerprintKey.reveal()).update(JSON.stringify(parts)).digest('base64url');
  return { scope: `${device.deviceId}/${act}`, key, fingerprint };
}

export function requireIdempotencyKey(request: FastifyRequest): string {
  const key = readIdempotencyKey(request);
  if (key === null) throw new ProblemError('idempotency-key-missing');
  return key;
}
