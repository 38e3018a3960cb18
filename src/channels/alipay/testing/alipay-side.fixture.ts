// Alipay's side of the wire for tests: signs answers and notices with the throw-away keys of fixtures/, by node:crypto alone, so
// that no line of the code under test helps to make what it must judge. One number, amount and time; a test names the rest.

import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { makeId, type PaymentAttemptId } from '#foundation/id.ts';
import { type Clock, instant } from '#foundation/instant.ts';
import { type Currency, money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { redact } from '#foundation/redacted.ts';
import type { Result } from '#foundation/result.ts';
import type { AuthorizeRequest, Channel, ChargeReference, RefundRequest } from '#payment/index.ts';
import { createGlobalChannel, type GlobalSettings } from '../global/channel.ts';
import { asObject, type JsonObject, objectOf, parseObject, textOf } from '../json-object.ts';
import { createOpenapiChannel, type OpenapiSettings } from '../openapi/channel.ts';
import type { HttpAnswered, HttpOutcome, HttpRequest, HttpTransport } from '../transport.port.ts';

const vectorFile = new URL('../../../../fixtures/alipay-signing-vectors.json', import.meta.url);
const vectors = parseObject(readFileSync(vectorFile, 'utf8'));

/** The vectors of one kind, published and derived. */
export function vectorsOf(kind: string): readonly JsonObject[] {
  const all = ['published', 'derived'].flatMap((part) => {
    const entries: unknown = vectors?.[part];
    return Array.isArray(entries) ? entries.map((entry) => asObject(entry) ?? {}) : [];
  });
  const found = all.filter((vector) => vector['kind'] === kind);
  assert.notEqual(found.length, 0, `there are vectors of kind ${kind}`);
  return found;
}

export function mustText(object: JsonObject | undefined, name: string): string {
  const text = textOf(object, name);
  assert.ok(text !== undefined, `${name} is a text`);
  return text;
}

export function vectorKey(name: string): { readonly publicKey: KeyObject; readonly privateKey: KeyObject | undefined } {
  const entry = objectOf(objectOf(vectors, 'keys'), name);
  const privatePem = textOf(entry, 'private_key_pem');
  return {
    publicKey: createPublicKey(mustText(entry, 'public_key_pem')),
    privateKey: privatePem === undefined ? undefined : createPrivateKey(privatePem),
  };
}

function pairOf(name: string): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  const { publicKey, privateKey } = vectorKey(name);
  assert.ok(privateKey !== undefined);
  return { publicKey, privateKey };
}

export const merchantKeys = pairOf('throwaway-merchant-2048');
export const alipayKeys = pairOf('throwaway-alipay-2048');

export const now = instant(Date.parse('2026-11-23T10:00:00+08:00'));
export const attemptId = makeId('attempt', now, seededRandom(1));
export const otherAttemptId = makeId('attempt', now, seededRandom(2));
export const payerCode = '28763443825664394';
export const tradeNo = '2026112322001455611400000001';
export const never = new AbortController().signal;

export const clock: Clock = {
  now: () => now,
  monotonicMs: () => 0,
  after: () => () => undefined,
};

export function payRequest(changes: Partial<AuthorizeRequest> = {}): AuthorizeRequest {
  return {
    attemptId,
    amount: money('CNY', 8_888n),
    payerCode: redact(payerCode),
    description: 'Groceries',
    merchantId: makeId('merchant', now, seededRandom(3)),
    storeId: makeId('store', now, seededRandom(4)),
    deviceId: makeId('device', now, seededRandom(5)),
    at: now,
    ...changes,
  };
}

export function chargeOf(
  minor = 8_888n,
  currency: Currency = 'CNY',
  id: PaymentAttemptId = attemptId,
): ChargeReference {
  return { attemptId: id, amount: money(currency, minor), channelReference: tradeNo };
}

export const refundId = `${attemptId}_r1`;

export function refundRequest(minor = 1_000n, currency: Currency = 'CNY'): RefundRequest {
  return { charge: chargeOf(8_888n, currency), refundId, amount: money(currency, minor) };
}

/** RSA2 of Alipay's side, or of another's. */
export function signed(content: string, key: KeyObject = alipayKeys.privateKey): string {
  return sign('RSA-SHA256', Buffer.from(content), key).toString('base64');
}

export function answered(body: string, headers: Readonly<Record<string, string>> = {}, status = 200): HttpAnswered {
  return { kind: 'answered', status, headers, body };
}

/** An answer of the domestic gateway: the node first, `sign` last, as Alipay writes it. */
export function openapiText(method: string, node: object, key?: KeyObject): string {
  const text = JSON.stringify(node);
  return `{"${method.replaceAll('.', '_')}_response":${text},"sign":"${signed(text, key)}"}`;
}

export const clientId = 'T_000000000000000001';

export type GlobalSide = {
  readonly path: string;
  readonly clientId?: string;
  readonly time?: string;
  readonly key?: KeyObject;
};

/** An answer of the global API with its headers. */
export function globalAnswer(body: object, side: GlobalSide): HttpAnswered {
  const text = JSON.stringify(body);
  const { path, key } = side;
  const [client, time] = [side.clientId ?? clientId, side.time ?? '2026-11-23T10:00:01.000+08:00'];
  const signature = encodeURIComponent(signed(`POST ${path}\n${client}.${time}.${text}`, key));
  const header = `algorithm=RSA256,keyVersion=1,signature=${signature}`;
  return answered(text, { 'client-id': client, 'response-time': time, signature: header });
}

export type Recorded = HttpTransport & { readonly sent: readonly HttpRequest[] };

/** A transport that answers every request in the same way and keeps what was sent. */
export function transportOf(outcome: HttpOutcome | ((request: HttpRequest) => HttpOutcome)): Recorded {
  const sent: HttpRequest[] = [];
  return {
    sent,
    post(request) {
      sent.push(request);
      return Promise.resolve(typeof outcome === 'function' ? outcome(request) : outcome);
    },
  };
}

const keysOfChannel = { privateKey: merchantKeys.privateKey, alipayPublicKey: alipayKeys.publicKey };

export function openapiChannel(transport: HttpTransport, changes: Partial<OpenapiSettings> = {}): Channel {
  const gatewayUrl = 'https://gateway.test/gateway.do';
  const settings = { gatewayUrl, appId: '2021000000000001', notifyUrl: 'https://shop.test/notify', ...keysOfChannel };
  return createOpenapiChannel({ ...settings, ...changes }, { transport, clock });
}

export function globalChannel(transport: HttpTransport, changes: Partial<GlobalSettings> = {}): Channel {
  const merchant = { name: 'Corner shop', categoryCode: '5411' };
  const settings = { gatewayUrl: 'https://global.test', clientId, notifyUrl: 'https://shop.test/notify', merchant };
  return createGlobalChannel({ ...settings, ...keysOfChannel, ...changes }, { transport, clock });
}

/** The reply itself; a request that did not leave fails the test. */
export function replied<Value>(result: Result<Value, unknown>): Value {
  assert.ok(result.ok, 'the request was sent');
  return result.value;
}
