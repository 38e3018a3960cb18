// Notices of the global API: JSON, signed like a request with our own notify path.
// @see https://docs.antom.com/ac/ams/paymentri

import type { KeyObject } from 'node:crypto';
import { failure, type Result, success } from '#foundation/result.ts';
import { type JsonObject, objectOf, parseObject, textOf } from '../json-object.ts';
import type { NoticeRefusal, VerifiedNotice } from '../openapi/notice.ts';
import { pooledSigning } from '../pooled-signing.ts';
import { declined, noticeLengthMax } from '../reply.ts';
import type { Signing } from '../signing.port.ts';
import { meaningOfPay } from './codes.ts';
import { amountOf, evidenceIn } from './outcomes.ts';
import { fromSignatureHeader, isWireTime, signContent } from './signature-header.ts';

/** What makes Alipay stop sending. */
export const globalNoticeReceipt = JSON.stringify({
  result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' },
});

export type GlobalNotice = {
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

export type GlobalNoticeOwner = {
  readonly clientId: string;
  readonly alipayPublicKey: KeyObject;
  /** Checks the signature; the thread pool's unless given. */
  readonly signing?: Signing;
};

/** Proves a notice (headers and body of the POST as they came, and our own path) and reads what it says of an attempt. */
export async function verifyGlobalNotice(
  { path, headers, body }: GlobalNotice,
  own: GlobalNoticeOwner,
): Promise<Result<VerifiedNotice, NoticeRefusal>> {
  const message = body.length > noticeLengthMax ? undefined : parseObject(body);
  const attemptNumber = textOf(message, 'paymentRequestId');
  if (message === undefined || attemptNumber === undefined) return failure('malformed');
  const [clientId, time, header] = [headers['client-id'], headers['request-time'], headers['signature']];
  const signature = typeof header === 'string' ? fromSignatureHeader(header) : undefined;
  if (typeof clientId !== 'string' || typeof time !== 'string' || !isWireTime(time) || signature === undefined) {
    return failure('bad-signature');
  }
  const { alipayPublicKey, signing = pooledSigning } = own;
  const content = signContent({ path, clientId, time, body });
  if (!(await signing.verify(content, signature, alipayPublicKey))) return failure('bad-signature');
  if (clientId !== own.clientId) return failure('not-ours');
  const noticeId = textOf(message, 'paymentId') ?? '';
  return success({ attemptNumber, noticeId, reply: replyOf(message, attemptNumber) });
}

function replyOf(message: JsonObject, number: string): VerifiedNotice['reply'] {
  if (textOf(message, 'notifyType') !== 'PAYMENT_RESULT') return null;
  const result = objectOf(message, 'result');
  const status = textOf(result, 'resultStatus');
  const code = textOf(result, 'resultCode') ?? '';
  if (status === 'S' && code === 'SUCCESS') {
    const amount = amountOf(message);
    const evidence = amount === undefined ? undefined : evidenceIn(message, number, amount);
    return evidence === undefined ? null : { outcome: 'approved', evidence };
  }
  const meaning = status === 'F' ? meaningOfPay(code) : undefined;
  return meaning === undefined || meaning === 'unclear' || meaning === 'system' ? null : declined(meaning, code);
}
