// Notices of the global API: JSON, signed like a request with our own notify path.
// @see https://docs.antom.com/ac/ams/paymentri

import type { KeyObject } from 'node:crypto';
import { failure, type Result, success } from '#foundation/result.ts';
import { objectOf, parseObject, textOf } from '../json-object.ts';
import type { NoticeRefusal, VerifiedNotice } from '../openapi/notice.ts';
import { declined } from '../reply.ts';
import { verifyText } from '../signature.ts';
import { amountOf, evidenceIn } from './channel.ts';
import { meaningOfPay } from './codes.ts';
import { fromSignatureHeader, signContent } from './signature-header.ts';

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

export async function verifyGlobalNotice(
  { path, headers, body }: GlobalNotice,
  own: { readonly clientId: string; readonly alipayPublicKey: KeyObject },
): Promise<Result<VerifiedNotice, NoticeRefusal>> {
  const message = parseObject(body);
  const attemptNumber = textOf(message, 'paymentRequestId');
  const [clientId, time, header] = [headers['client-id'], headers['request-time'], headers['signature']];
  if (message === undefined || attemptNumber === undefined) return failure('malformed');
  if (typeof clientId !== 'string' || typeof time !== 'string' || typeof header !== 'string')
    return failure('bad-signature');
  const signature = fromSignatureHeader(header);
  const content = signContent({ path, clientId, time, body });
  if (signature === undefined || !(await verifyText(content, signature, own.alipayPublicKey))) {
    return failure('bad-signature');
  }
  if (clientId !== own.clientId) return failure('not-ours');
  const noticeId = textOf(message, 'paymentId') ?? '';
  return success({ attemptNumber, noticeId, reply: replyOf(message, attemptNumber) });
}

function replyOf(message: NonNullable<ReturnType<typeof parseObject>>, number: string): VerifiedNotice['reply'] {
  if (textOf(message, 'notifyType') !== 'PAYMENT_RESULT') return null;
  const result = objectOf(message, 'result');
  const code = textOf(result, 'resultCode') ?? '';
  if (textOf(result, 'resultStatus') === 'S') {
    const amount = amountOf(message);
    const evidence = amount === undefined ? undefined : evidenceIn(message, number, amount);
    return evidence === undefined ? null : { outcome: 'approved', evidence };
  }
  const meaning = textOf(result, 'resultStatus') === 'F' ? meaningOfPay(code) : undefined;
  return meaning === undefined || meaning === 'unclear' || meaning === 'system' ? null : declined(meaning, code);
}
