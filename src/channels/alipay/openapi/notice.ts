// Notices of the domestic gateway: a form, signed without `sign` and `sign_type`, values decoded exactly once. Empty values count
// as absent for what they say, though some are signed.
// @see https://opendocs.alipay.com/open/00f7nu

import type { KeyObject } from 'node:crypto';
import { type Currency, parseMoney } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { Approved, Declined } from '#payment/index.ts';
import { type JsonObject, textOf } from '../json-object.ts';
import { pooledSigning } from '../pooled-signing.ts';
import { declined, noticeLengthMax } from '../reply.ts';
import type { Signing } from '../signing.port.ts';
import { fromBeijingText } from '../wire-time.ts';
import { signContent } from './request.ts';

export type VerifiedNotice = {
  readonly attemptNumber: string;
  /** The same on every repeat of one notice; empty when the notice has none. */
  readonly noticeId: string;
  /** Null: proven, but about nothing that payment waits for (a refund, a closing after payment). */
  readonly reply: Approved | Declined | null;
};

export type NoticeRefusal = 'malformed' | 'bad-signature' | 'not-ours';

export type OpenapiNoticeOwner = {
  readonly appId: string;
  readonly alipayPublicKey: KeyObject;
  /** The currency of the contract, as in `OpenapiSettings`: a notice's amounts come without one. CNY when absent. */
  readonly currency?: Currency;
  /** Checks the signature; the thread pool's unless given. */
  readonly signing?: Signing;
};

/** What makes Alipay stop sending: exactly these seven letters. */
export const openapiNoticeReceipt = 'success';

/** Proves a notice (the body of the POST as it came) and reads what it says of an attempt. */
export async function verifyOpenapiNotice(
  form: string,
  own: OpenapiNoticeOwner,
): Promise<Result<VerifiedNotice, NoticeRefusal>> {
  const params = form.length > noticeLengthMax ? undefined : readForm(form);
  const attemptNumber = textOf(params, 'out_trade_no');
  const sign = textOf(params, 'sign');
  if (params === undefined || sign === undefined || attemptNumber === undefined) return failure('malformed');
  if (!(await isProven(params, sign, own))) return failure('bad-signature');
  if (params['app_id'] !== own.appId) return failure('not-ours');
  return success({
    attemptNumber,
    noticeId: textOf(params, 'notify_id') ?? '',
    reply: replyOf(params, own.currency ?? 'CNY'),
  });
}

type Params = Readonly<Record<string, string>>;

// A name that stands twice has two meanings, and only one of them would be signed.
function readForm(form: string): Params | undefined {
  const entries = [...new URLSearchParams(form)];
  const params = Object.fromEntries(entries);
  return Object.keys(params).length === entries.length ? params : undefined;
}

// Documents disagree on empty values, and some message types keep sign_type; a signature over any of these texts is Alipay's.
async function isProven(params: Params, sign: string, own: OpenapiNoticeOwner): Promise<boolean> {
  const { alipayPublicKey, signing = pooledSigning } = own;
  const { sign: _sign, sign_type: _signType, ...signed } = params;
  const usual = signContent(signed);
  if (await signing.verify(usual, sign, alipayPublicKey)) return true;
  const keptEmpty = Object.keys(signed)
    .sort()
    .map((name) => `${name}=${signed[name]}`)
    .join('&');
  const others = new Set([keptEmpty, signContent(params)]);
  others.delete(usual);
  for (const text of others) {
    if (await signing.verify(text, sign, alipayPublicKey)) return true;
  }
  return false;
}

function replyOf(params: JsonObject, currency: Currency): Approved | Declined | null {
  const status = textOf(params, 'trade_status');
  const returned = parseMoney(currency, textOf(params, 'refund_fee') ?? '0');
  const refunds = textOf(params, 'gmt_refund') !== undefined || !returned.ok || returned.value.minor !== 0n;
  if (refunds) return null;
  if (status === 'TRADE_CLOSED') return textOf(params, 'gmt_payment') === undefined ? declined('closed', status) : null;
  if (status !== 'TRADE_SUCCESS' && status !== 'TRADE_FINISHED') return null;
  const amount = parseMoney(currency, textOf(params, 'total_amount') ?? '');
  const told = textOf(params, 'trans_currency') ?? currency;
  const channelReference = textOf(params, 'trade_no');
  if (!amount.ok || told !== currency || channelReference === undefined) return null;
  return {
    outcome: 'approved',
    evidence: {
      channelReference,
      amount: amount.value,
      paidAt: fromBeijingText(textOf(params, 'gmt_payment')),
      payerAccount: textOf(params, 'buyer_logon_id') ?? null,
    },
  };
}
