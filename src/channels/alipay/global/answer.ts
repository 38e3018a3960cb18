// An answer of the global API, proven: its raw body is signed by Alipay together with our client id and the path that we asked, so
// an answer to another call does not pass. What it then means is decided in outcomes.ts.

import type { KeyObject } from 'node:crypto';
import type { Unclear } from '#payment/index.ts';
import { type JsonObject, objectOf, parseObject, textOf } from '../json-object.ts';
import { unclear, unprovenCode } from '../reply.ts';
import type { Signing } from '../signing.port.ts';
import type { HttpAnswered } from '../transport.port.ts';
import { fromSignatureHeader, isWireTime, signContent } from './signature-header.ts';

/** A verified answer with its result taken apart; a missing status or code is empty. */
export type Answer = { readonly body: JsonObject; readonly status: string; readonly code: string };

/** Proves an answer and takes its result apart. */
export async function verifiedAnswer(
  { headers, body }: HttpAnswered,
  path: string,
  clientId: string,
  alipayPublicKey: KeyObject,
  signing: Signing,
): Promise<Answer | Unclear> {
  const parsed = parseObject(body);
  const result = objectOf(parsed, 'result');
  if (parsed === undefined || result === undefined) return unclear('garbled');
  const code = textOf(result, 'resultCode') ?? '';
  const signature = fromSignatureHeader(headers['signature']);
  const time = headers['response-time'];
  const named = headers['client-id'] === clientId && isWireTime(time);
  if (!named || signature === undefined) return unclear('bad-signature', unprovenCode(code));
  if (!(await signing.verify(signContent({ path, clientId, time, body }), signature, alipayPublicKey))) {
    return unclear('bad-signature', unprovenCode(code));
  }
  return { body: parsed, status: textOf(result, 'resultStatus') ?? '', code };
}
