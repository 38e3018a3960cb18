// Alipay in a world: the real sandbox, on the world's time, reached by the simulated network. What it does wrong itself it does by its own
// fault grammar, one rule for one call; payers show their codes here and are asked here.

import type { HttpRequest } from '#channels/alipay/index.ts';
import { durationMs, instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import {
  type FaultOrder,
  type InnerSandbox,
  openInnerSandbox,
  type SandboxEvent,
  type SandboxKeys,
  type Signer,
} from '#sandbox/index.ts';
import type { AlipayFate } from '../faults/weather.ts';
import { deliverNotice, type NoticeParts } from '../network/notice-link.ts';
import type { AlipayCall, AlipayPlace, PlaceAnswer } from './alipay-place.ts';
import type { Ground } from './ground.ts';
import type { PayerSide } from './stage.ts';

type Effect = Exclude<FaultOrder['effect'], string>;

/** Where the roads post to; the rest of the address is the gateway's. */
export const gatewayOrigin = 'https://alipay.test';

/** What differs between Alipay's contracts, or is unconfirmed; a world has one of each. */
export type AlipayManner = {
  /** Whether a cancel of an order that never came stops it when it comes. */
  readonly cancelBlocksLaterPay: boolean;
  /** `no-cancel`: what is paid can soon only be refunded. `no-refund`: after half an hour nothing is refunded any more. */
  readonly windows: 'official' | 'no-cancel' | 'no-refund';
  /** Notices only ever help. In a world where none ever arrives everything must end all the same. */
  readonly sendsNotices: boolean;
};

const windows = {
  official: {},
  'no-cancel': { openapiCancelWindowMs: 5_000, globalCancelGraceMs: 0 },
  'no-refund': { refundWindowMs: 1_800_000 },
} as const;

export type AlipayParts = {
  readonly keys: SandboxKeys;
  readonly signer: Signer;
  readonly manner: AlipayManner;
};

export class SimulatedAlipay implements AlipayPlace {
  readonly sandbox: InnerSandbox;
  readonly payers: PayerSide;
  readonly #ground: Ground;
  readonly #asked = new Map<string, () => void>();
  readonly #waiting = new Set<string>();

  constructor(ground: Ground, { keys, signer, manner }: AlipayParts, shop: NoticeParts) {
    this.#ground = ground;
    const { time } = ground;
    this.sandbox = openInnerSandbox({
      keys,
      clock: {
        now: () => instant(Math.floor(time.now)),
        monotonicMs: () => time.now - ground.start,
        after: (wait, act) => time.after(wait, act),
      },
      random: ground.random('Alipay'),
      signer,
      settings: {
        magicAmounts: false,
        cancelBlocksLaterPay: manner.cancelBlocksLaterPay,
        times: windows[manner.windows],
      },
      noticeSender: {
        post: async ({ url, headers, body }) => {
          if (!manner.sendsNotices) throw new Error('no notice ever leaves');
          const path = new URL(url).pathname;
          return await deliverNotice(shop, { path, headers, body });
        },
      },
      onEvent: (event) => this.#hear(event),
    });
    this.payers = this.#payerSide();
  }

  async arrive(request: HttpRequest, call: AlipayCall, fate: AlipayFate | null): Promise<PlaceAnswer> {
    if (fate !== null) this.#misbehave(call, fate);
    const path = request.url.slice(gatewayOrigin.length);
    const answer = await this.sandbox.post({ path, headers: request.headers, body: request.body });
    return answer.kind === 'answered' ? answer : { kind: 'broken' };
  }

  // The rule is for this call: it is met before anything else happens in the world.
  #misbehave({ act, number }: AlipayCall, fate: AlipayFate): void {
    this.sandbox.clearFaults();
    const draw = this.#ground.fates.draw(`how of ${fate} ${number}`);
    const effect = effectOf(fate, draw);
    if (effect === null || (effect.kind === 'buyer-asked' && act !== 'pay')) return;
    if (effect.kind === 'cancel-retry' && act !== 'cancel') return;
    this.sandbox.addFault({ match: { method: act, times: 1 }, effect });
  }

  #hear(event: SandboxEvent): void {
    const { names } = this.#ground;
    const id = 'trade' in event ? names.attemptIn(event.trade.outTradeNo) : null;
    const sale = id === null ? null : names.saleOfAttempt(id);
    this.#ground.tell({ type: 'booked', sale, event });
    if (event.type === 'trade-opened' && event.trade.state === 'waiting') this.#waiting.add(event.trade.tradeNo);
    else if (event.type === 'trade-paid' || event.type === 'trade-closed') this.#waiting.delete(event.tradeNo);
    if (event.type === 'trade-opened' && event.trade.walletId !== undefined) {
      void this.#ask(event.trade.tradeNo, event.trade.walletId);
    }
  }

  // A trade that is paid at once was waiting for less than a moment: nobody is asked then.
  async #ask(tradeNo: string, walletId: string): Promise<void> {
    await Promise.resolve();
    const ask = this.#asked.get(walletId);
    if (ask !== undefined && this.#waiting.has(tradeNo)) this.#ground.time.after(durationMs(300), ask);
  }

  #payerSide(): PayerSide {
    return {
      openWallet: (balanceMinor) => this.sandbox.openWallet(money('CNY', balanceMinor)).walletId,
      showCode: (walletId) => this.sandbox.showCode(walletId).code,
      onAsked: (walletId, listener) => void this.#asked.set(walletId, listener),
      answer: (walletId, accept) => this.sandbox.answer(walletId, accept).outcome !== 'refused',
    };
  }
}

function effectOf(fate: AlipayFate, draw: number): Effect | null {
  switch (fate) {
    case 'held':
      return { kind: 'delay', ms: Math.floor(5_000 + draw * draw * 400_000), moment: 'before-booking' };
    case 'unclear-booked':
      return { kind: 'unknown', booked: true };
    case 'unclear-unbooked':
      return { kind: 'unknown', booked: false };
    case 'error-booked':
      return { kind: 'http-error', status: 502, booked: true };
    case 'badly-signed':
      return { kind: draw < 0.5 ? 'answer-wrongly-signed' : 'answer-unsigned' };
    case 'asks-payer':
      return { kind: 'buyer-asked', answer: 'never', afterMs: 0 };
    case 'asks-retry':
      return { kind: 'cancel-retry', booked: draw < 0.5 };
  }
}
