// Somebody on the network who has seen our numbers and has no key: he sends the store notices that say "paid". They must change nothing.

import { durationMs } from '#foundation/instant.ts';
import { formatDecimal } from '#foundation/money.ts';
import type { Attempt } from '#payment/index.ts';
import type { Ground } from '../shop/ground.ts';
import type { Witness, Witnessed } from '../shop/happening.ts';
import type { SimulatedNotice } from '../shop/store-server.ts';
import { forgedSignature, forgedTradeNo } from './forged-answer.ts';
import { handOver, type NoticeParts } from './notice-link.ts';

export type ForgerParts = NoticeParts & { readonly ownId: string; readonly protocol: 'openapi' | 'global' };

/** Hears of every charge that begins, and forges a notice about some a moment later, whatever came of it. */
export class Forger implements Witness {
  #parts: ForgerParts | null = null;
  #ground: Ground | null = null;

  begin(ground: Ground, parts: ForgerParts): void {
    this.#ground = ground;
    this.#parts = parts;
  }

  hear({ happening }: Witnessed): void {
    if (this.#parts === null || this.#ground === null || happening.type !== 'written') return;
    const { attempt } = happening;
    if (attempt.kind === 'charge' && attempt.version === 1) this.#consider(this.#ground, this.#parts, attempt);
  }

  #consider(ground: Ground, parts: ForgerParts, attempt: Attempt): void {
    const name = ground.names.attempt(attempt.identity.id);
    if (ground.fates.of(`notice of ${name}`, { forged: ground.weather.forgery }) === null) return;
    const draw = ground.fates.draw(`moment of the forgery of ${name}`);
    ground.time.after(durationMs(100 + draw * draw * 120_000), () => {
      const { sale, what } = { sale: ground.names.saleOfAttempt(attempt.identity.id), what: `notice of ${name}` };
      ground.tell({ type: 'message', sale, from: 'a forger', to: 'the store', what, fate: 'forged' });
      const words = parts.protocol === 'openapi' ? openapiNotice : globalNotice;
      void handOver(parts, words(attempt, parts.ownId)).catch(() => undefined);
    });
  }
}

function openapiNotice({ identity }: Attempt, appId: string): SimulatedNotice {
  const form = new URLSearchParams({
    app_id: appId,
    notify_id: '2026112300222120001012345678901234',
    notify_time: '2026-11-23 12:00:02',
    notify_type: 'trade_status_sync',
    out_trade_no: identity.id,
    total_amount: formatDecimal(identity.amount),
    trade_no: forgedTradeNo(identity.id),
    trade_status: 'TRADE_SUCCESS',
    gmt_payment: '2026-11-23 12:00:01',
    sign_type: 'RSA2',
    sign: forgedSignature,
  });
  return {
    path: '/notify/alipay',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: form.toString(),
  };
}

function globalNotice({ identity }: Attempt, clientId: string): SimulatedNotice {
  const body = JSON.stringify({
    notifyType: 'PAYMENT_RESULT',
    result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' },
    paymentRequestId: identity.id,
    paymentId: forgedTradeNo(identity.id),
    paymentAmount: { currency: identity.amount.currency, value: identity.amount.minor.toString() },
    paymentTime: '2026-11-23T12:00:01+08:00',
  });
  return {
    path: '/notify/alipay',
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'client-id': clientId,
      'request-time': '2026-11-23T12:00:02+08:00',
      signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(forgedSignature)}`,
    },
    body,
  };
}
