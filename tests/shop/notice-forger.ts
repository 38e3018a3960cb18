// Writes notices as Alipay does, with a key of the test's choosing: Alipay's own, to say something true or false about a trade, or
// somebody else's. Written from Alipay's pages alone, so that neither side's code signs.
// @see https://opendocs.alipay.com/open/00f7nu and https://docs.antom.com/ac/ams/paymentrn_online

import { createSign, generateKeyPairSync } from 'node:crypto';
import type { SandboxKeys } from '#sandbox/index.ts';

export type NoticeWords = {
  readonly outTradeNo: string;
  readonly tradeNo: string;
  /** Decimal text in yuan. */
  readonly amount: string;
  readonly paid: boolean;
};

export type SignedNotice = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** Keys for a sandbox whose voice the test can lend. */
export function makeKeys(): SandboxKeys {
  return {
    alipay: makePair(),
    openapi: { ...makePair(), appId: '2021000000000001' },
    global: { ...makePair(), clientId: 'SANDBOX_000000000000000001' },
  };
}

export function makePair(): SandboxKeys['alipay'] {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

function signature(text: string, privateKey: string): string {
  return createSign('RSA-SHA256').update(text, 'utf8').sign(privateKey, 'base64');
}

export function openapiNotice(words: NoticeWords, appId: string, privateKey: string): SignedNotice {
  const form: Record<string, string> = {
    app_id: appId,
    charset: 'utf-8',
    gmt_create: '2026-11-23 12:00:00',
    ...(words.paid ? { gmt_payment: '2026-11-23 12:00:01' } : {}),
    notify_id: '2026112300222120001012345678901234',
    notify_time: '2026-11-23 12:00:02',
    notify_type: 'trade_status_sync',
    out_trade_no: words.outTradeNo,
    total_amount: words.amount,
    trade_no: words.tradeNo,
    trade_status: words.paid ? 'TRADE_SUCCESS' : 'TRADE_CLOSED',
    version: '1.0',
  };
  const text = Object.keys(form)
    .sort()
    .map((name) => `${name}=${form[name]}`)
    .join('&');
  const body = new URLSearchParams({ ...form, sign: signature(text, privateKey), sign_type: 'RSA2' });
  return { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body: body.toString() };
}

export function globalNotice(words: NoticeWords, clientId: string, privateKey: string): SignedNotice {
  const code = words.paid ? 'SUCCESS' : 'PROCESS_FAIL';
  const body = JSON.stringify({
    notifyType: 'PAYMENT_RESULT',
    result: { resultCode: code, resultStatus: words.paid ? 'S' : 'F', resultMessage: code.toLowerCase() },
    paymentRequestId: words.outTradeNo,
    paymentId: words.tradeNo,
    paymentAmount: { currency: 'CNY', value: words.amount.replace('.', '').replace(/^0+(?=\d)/, '') },
    paymentTime: '2026-11-23T12:00:01+08:00',
  });
  const time = '2026-11-23T12:00:02+08:00';
  const sign = encodeURIComponent(signature(`POST /notify/alipay\n${clientId}.${time}.${body}`, privateKey));
  return {
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'client-id': clientId,
      'request-time': time,
      signature: `algorithm=RSA256,keyVersion=1,signature=${sign}`,
    },
    body,
  };
}
