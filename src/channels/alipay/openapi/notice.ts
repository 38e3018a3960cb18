// Notices of the domestic gateway: a form, signed without `sign` and `sign_type`, values decoded exactly once.
// @see https://opendocs.alipay.com/open/00f7nu

import type { KeyObject } from 'node:crypto';
import { parseMoney } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { Approved, Declined } from '#payment/index.ts';
import { declined } from '../reply.ts';
import { verifyText } from '../signature.ts';
import { fromBeijingText } from '../wire-time.ts';
import { signContent } from './request.ts';

export type VerifiedNotice = {
  readonly attemptNumber: string;
  readonly noticeId: string;
  /** Null: proven, but about nothing that payment waits for (a refund, a closing after payment). */
  readonly reply: Approved | Declined | null;
};

export type NoticeRefusal = 'malformed' | 'bad-signature' | 'not-ours';

/** What makes Alipay stop sending: exactly these seven letters. */
export const openapiNoticeReceipt = 'success';

export async function verifyOpenapiNotice(
  form: string,
  own: { readonly appId: string; readonly alipayPublicKey: KeyObject },
): Promise<Result<VerifiedNotice, NoticeRefusal>> {
  const params = Object.fromEntries(new URLSearchParams(form));
  const { sign, sign_type: signType, ...signed } = params;
  if (sign === undefined || params['out_trade_no'] === undefined) return failure('malformed');
  if (!(await isProven(signed, signType, sign, own.alipayPublicKey))) return failure('bad-signature');
  if (params['app_id'] !== own.appId) return failure('not-ours');
  const attemptNumber = params['out_trade_no'];
  return success({ attemptNumber, noticeId: params['notify_id'] ?? '', reply: replyOf(params) });
}

// Documents disagree on empty values, and some message types keep sign_type; a signature over any of these texts is Alipay's.
async function isProven(
  signed: Readonly<Record<string, string>>,
  signType: string | undefined,
  sign: string,
  key: KeyObject,
): Promise<boolean> {
  const keptEmpty = Object.keys(signed)
    .sort()
    .map((name) => `${name}=${signed[name]}`)
    .join('&');
  const texts = new Set([signContent(signed), keptEmpty]);
  if (signType !== undefined) texts.add(signContent({ ...signed, sign_type: signType }));
  for (const text of texts) if (await verifyText(text, sign, key)) return true;
  return false;
}

function replyOf(params: Readonly<Record<string, string>>): Approved | Declined | null {
  const status = params['trade_status'];
  const refunds = params['refund_fee'] !== undefined || params['gmt_refund'] !== undefined;
  if (status === 'TRADE_CLOSED' && !refunds && params['gmt_payment'] === undefined) return declined('closed', status);
  if ((status !== 'TRADE_SUCCESS' && status !== 'TRADE_FINISHED') || refunds) return null;
  const amount = parseMoney('CNY', params['total_amount'] ?? '');
  const channelReference = params['trade_no'];
  if (!amount.ok || channelReference === undefined) return null;
  return {
    outcome: 'approved',
    evidence: {
      channelReference,
      amount: amount.value,
      paidAt: fromBeijingText(params['gmt_payment']),
      payerAccount: params['buyer_logon_id'] ?? null,
    },
  };
}
