// Where Alipay is, as seen from the network: what a request to it becomes. The real sandbox stands behind it (world.ts).

import type { HttpRequest } from '#channels/alipay/index.ts';
import type { PaymentAttemptId } from '#foundation/id.ts';
import type { AlipayFate } from '../faults/weather.ts';

export type PlaceAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** The connection ends without a whole answer. */
  | { readonly kind: 'broken' };

export interface AlipayPlace {
  /** Carries out one request that has arrived; `fate` is what Alipay itself does wrong with it. */
  arrive(request: HttpRequest, call: AlipayCall, fate: AlipayFate | null): Promise<PlaceAnswer>;
}

export const alipayActs = ['pay', 'query', 'cancel', 'refund', 'refund-query'] as const;

/** What a request asks for, by our number at Alipay, and whose number it is: a return's is made from its charge's. */
export type AlipayCall = {
  readonly act: (typeof alipayActs)[number];
  readonly number: string;
  readonly attemptId: PaymentAttemptId;
};
