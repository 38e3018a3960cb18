// A notice tells the merchant what became of an order. It is fixed when the thing happens and signed anew at each send.

import type { Instant } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import type { Protocol } from '../engine/trade.ts';

export type NoticeContent =
  /** A signed form (OpenAPI). */
  | { readonly form: Readonly<Record<string, string>> }
  /** A JSON body whose signature travels in a header (global). */
  | { readonly json: string };

export type Notice = {
  /** Constant over all sends of one notice. */
  readonly noticeId: string;
  readonly protocol: Protocol;
  readonly merchantId: string;
  readonly tradeNo: string;
  readonly outTradeNo: string;
  readonly walletId: string | undefined;
  readonly amount: Money;
  readonly about: 'payment' | 'refund' | 'closing';
  readonly url: string;
  readonly queuedAt: Instant;
  readonly content: NoticeContent;
};

export type NoticeSend = {
  readonly at: Instant;
  readonly outcome: 'acknowledged' | 'not-acknowledged' | 'unreachable' | 'lost';
  /** What the merchant answered, shortened; or why nothing came. */
  readonly detail: string;
};

export type NoticeEvent =
  | { readonly type: 'notice-queued'; readonly notice: Notice }
  | {
      readonly type: 'notice-sent';
      readonly noticeId: string;
      readonly send: NoticeSend;
      /** When it is tried again; absent when it is done with. */
      readonly nextAt?: Instant;
    };

export const noticeEventTypes = ['notice-queued', 'notice-sent'] as const satisfies readonly NoticeEvent['type'][];

export type NoticeRecord = {
  readonly notice: Notice;
  readonly sends: readonly NoticeSend[];
  readonly status: 'waiting' | 'delivered' | 'given-up';
  readonly nextAt: Instant | undefined;
};
