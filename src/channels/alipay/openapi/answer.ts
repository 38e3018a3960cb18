// An answer of the domestic gateway, proven: the exact text of its node is signed by Alipay. What the node then means is decided in
// outcomes.ts. Nothing in a v2 answer names the call that it answers, and neither the node's name nor HTTP is signed; so the
// readers accept only what this very call can answer, and what names our number.

import type { KeyObject } from 'node:crypto';
import type { Unclear } from '#payment/index.ts';
import { type JsonObject, parseObject, textOf } from '../json-object.ts';
import { unclear, unprovenCode } from '../reply.ts';
import type { Signing } from '../signing.port.ts';
import { cutAnswer } from './response-node.ts';

/** A verified node with its codes; `subCode` is empty when there is none. */
export type Answer = { readonly node: JsonObject; readonly code: string; readonly subCode: string };

const errorKey = 'error_response';
const answersOfSuccess = new Set(['10000', '10003']);

/** Proves an answer and reads its codes. */
export async function verifiedAnswer(
  text: string,
  method: string,
  alipayPublicKey: KeyObject,
  signing: Signing,
): Promise<Answer | Unclear> {
  const own = cutAnswer(text, `${method.replaceAll('.', '_')}_response`);
  const raw = own ?? cutAnswer(text, errorKey);
  const node = raw === undefined ? undefined : parseObject(raw.node);
  if (raw === undefined || node === undefined) return unclear('garbled');
  const subCode = textOf(node, 'sub_code') ?? '';
  const code = textOf(node, 'code') ?? '';
  if (!(await isSigned(raw.node, raw.sign, alipayPublicKey, signing))) {
    return unclear('bad-signature', unprovenCode(subCode === '' ? code : subCode));
  }
  // Another answer's node under the error's name would pass the signature.
  const misplaced = own === undefined && answersOfSuccess.has(code);
  return code === '' || misplaced ? unclear('garbled') : { node, code, subCode };
}

// Some gateways sign the text with its slashes escaped and send it without; Alipay's page tells to try that.
async function isSigned(node: string, sign: string | undefined, key: KeyObject, signing: Signing): Promise<boolean> {
  if (sign === undefined) return false;
  if (await signing.verify(node, sign, key)) return true;
  return node.includes('/') && (await signing.verify(node.replace(/(?<!\\)\//g, '\\/'), sign, key));
}
