// What somebody without a key answers to a payment or a cancel that he took off the wire: "done", with everything right but the signature.

import type { HttpOutcome, HttpRequest } from '#channels/alipay/index.ts';
import type { PaymentAttemptId } from '#foundation/id.ts';
import type { AlipayCall } from '../shop/alipay-place.ts';

/** What somebody without a key signs with. */
export const forgedSignature = Buffer.alloc(256, 7).toString('base64');

/** A number as Alipay gives them, for a trade that it does not have. */
export function forgedTradeNo(id: PaymentAttemptId): string {
  return `2026112322001${id.length}0000000000000`.slice(0, 28);
}

/** The forged answer; undefined for what he does not answer. */
export function forgedAnswer(request: HttpRequest, { act, attemptId }: AlipayCall): HttpOutcome | undefined {
  if (act !== 'pay' && act !== 'cancel') return undefined;
  const clientId = request.headers['client-id'];
  return clientId === undefined
    ? { kind: 'answered', status: 200, headers: {}, body: domesticBody(request, act, attemptId) }
    : { kind: 'answered', status: 200, headers: globalHeaders(clientId), body: globalBody(request, act, attemptId) };
}

function domesticBody({ body }: HttpRequest, act: 'pay' | 'cancel', number: PaymentAttemptId): string {
  const common = { code: '10000', msg: 'Success', out_trade_no: number, trade_no: forgedTradeNo(number) };
  const business = /"total_amount":"([0-9.]+)"/.exec(new URLSearchParams(body).get('biz_content') ?? '');
  const own =
    act === 'pay'
      ? { total_amount: business?.[1] ?? '0.01', gmt_payment: '2026-11-23 12:00:01' }
      : { retry_flag: 'N', action: 'close' };
  const node = JSON.stringify({ ...common, ...own });
  return `{"alipay_trade_${act}_response":${node},"sign":"${forgedSignature}"}`;
}

function globalHeaders(clientId: string): Readonly<Record<string, string>> {
  return {
    'client-id': clientId,
    'response-time': '2026-11-23T12:00:02+08:00',
    signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(forgedSignature)}`,
  };
}

function globalBody({ body }: HttpRequest, act: 'pay' | 'cancel', number: PaymentAttemptId): string {
  const value = /"paymentAmount":\{"currency":"CNY","value":"(\d+)"\}/.exec(body)?.[1] ?? '1';
  const paid = { paymentAmount: { currency: 'CNY', value }, paymentTime: '2026-11-23T12:00:01+08:00' };
  return JSON.stringify({
    result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' },
    paymentRequestId: number,
    paymentId: forgedTradeNo(number),
    ...(act === 'pay' ? paid : {}),
  });
}
