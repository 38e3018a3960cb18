// A merchant that signs by hand, for tests that look at the wire itself: raw bytes, headers, connections that break.

import { createPublicKey, sign, verify } from 'node:crypto';
import { request } from 'undici';
import type { RunningSandbox } from '../start-sandbox.ts';
import { asJson, type Json } from './sandbox.fixture.ts';

export type WireAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Whether the answer carries Alipay's signature over exactly what was sent. */
  readonly signature: 'good' | 'bad' | 'none';
};

type Sandbox = Pick<RunningSandbox, 'url' | 'credentials'>;

export function openapiParameters(
  sandbox: Sandbox,
  method: string,
  bizContent: Json,
  more: Json = {},
): URLSearchParams {
  const parameters: Record<string, string> = {
    app_id: sandbox.credentials.openapi.appId,
    method,
    charset: 'utf-8',
    sign_type: 'RSA2',
    timestamp: '2026-11-23 10:00:00',
    version: '1.0',
    biz_content: JSON.stringify(bizContent),
    ...(more as Record<string, string>),
  };
  return signParameters(parameters, sandbox.credentials.openapi.appPrivateKey);
}

export function signParameters(parameters: Readonly<Record<string, string>>, privateKey: string): URLSearchParams {
  const content = Object.keys(parameters)
    .filter((name) => parameters[name] !== '')
    .sort()
    .map((name) => `${name}=${parameters[name]}`)
    .join('&');
  const digest = parameters['sign_type'] === 'RSA' ? 'sha1' : 'sha256';
  return new URLSearchParams({
    ...parameters,
    sign: sign(digest, Buffer.from(content), privateKey).toString('base64'),
  });
}

export async function postForm(sandbox: Sandbox, form: URLSearchParams): Promise<WireAnswer> {
  const response = await request(`${sandbox.url}/gateway.do`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const text = await response.body.text();
  const match = /^\{"\w+":(\{.*\}),"sign":"([^"]+)"\}$/s.exec(text);
  return {
    status: response.statusCode,
    headers: response.headers,
    text,
    signature: judge(sandbox.credentials.openapi.alipayPublicKey, match?.[1], match?.[2]),
  };
}

/** One OpenAPI call, as the wire showed it. */
export function openapiRaw(sandbox: Sandbox, method: string, bizContent: Json, more?: Json): Promise<WireAnswer> {
  return postForm(sandbox, openapiParameters(sandbox, method, bizContent, more));
}

/** One OpenAPI call, as its node. */
export async function openapi(sandbox: Sandbox, method: string, bizContent: Json, more?: Json): Promise<Json> {
  return nodeOf((await openapiRaw(sandbox, method, bizContent, more)).text);
}

export function nodeOf(text: string): Json {
  const [node] = Object.values(asJson(JSON.parse(text)));
  return asJson(node);
}

export type GlobalManner = {
  readonly base?: string;
  /** Sent as it stands instead of the body's JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export async function globalRaw(
  sandbox: Sandbox,
  name: string,
  body: Json,
  manner: GlobalManner = {},
): Promise<WireAnswer> {
  const path = `${manner.base ?? '/ams/api'}/v1/payments/${name}`;
  const text = manner.text ?? JSON.stringify(body);
  const { clientId, privateKey, alipayPublicKey } = sandbox.credentials.global;
  const time = '2026-11-23T10:00:00+08:00';
  const signature = sign('sha256', Buffer.from(`POST ${path}\n${clientId}.${time}.${text}`), privateKey);
  const response = await request(`${sandbox.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'client-id': clientId,
      'request-time': time,
      signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature.toString('base64'))}`,
      ...manner.headers,
    },
    body: text,
  });
  const answer = await response.body.text();
  const header = response.headers['signature'];
  const encoded = typeof header === 'string' ? header.split('signature=')[1] : undefined;
  const head = `POST ${path}\n${String(response.headers['client-id'])}.${String(response.headers['response-time'])}.`;
  return {
    status: response.statusCode,
    headers: response.headers,
    text: answer,
    signature: judge(alipayPublicKey, `${head}${answer}`, encoded && decodeURIComponent(encoded)),
  };
}

export async function global(sandbox: Sandbox, name: string, body: Json, manner?: GlobalManner): Promise<Json> {
  return asJson(JSON.parse((await globalRaw(sandbox, name, body, manner)).text));
}

/** A complete pay body; `value` in minor units. */
export function paymentBody(paymentRequestId: string, code: string, value: string | number, more: Json = {}): Json {
  return {
    productCode: 'IN_STORE_PAYMENT',
    paymentRequestId,
    paymentFactor: { inStorePaymentScenario: 'PaymentCode' },
    paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: code },
    paymentAmount: { currency: 'CNY', value },
    order: { referenceOrderId: 'O1', orderDescription: 'Retail order', orderAmount: { currency: 'CNY', value } },
    ...more,
  };
}

export function codeOf(node: Json): string {
  if ('result' in node) return String(asJson(node['result'])['resultCode']);
  return String(node['sub_code'] ?? node['code']);
}

function judge(publicKey: string, content: string | undefined, base64: string | undefined): WireAnswer['signature'] {
  if (content === undefined || base64 === undefined) return 'none';
  const good = verify('sha256', Buffer.from(content), createPublicKey(publicKey), Buffer.from(base64, 'base64'));
  return good ? 'good' : 'bad';
}
