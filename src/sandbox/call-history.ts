// What was asked about each order and what was answered, for the person who looks for the reason. Kept in memory only: the
// event file says what happened to money, this says who asked.

import type { Instant } from '#foundation/instant.ts';
import type { Protocol } from './engine/trade.ts';
import type { FaultMethod } from './faults/rule.ts';
import { forgetOldest } from './forget-oldest.ts';

export type CallNote = {
  readonly at: Instant;
  readonly protocol: Protocol;
  readonly method: FaultMethod;
  readonly merchantId: string;
  readonly outTradeNo: string;
  /** The code that was answered, or would have been. */
  readonly answer: string;
  /** How the answer was spoiled, and by which rules. */
  readonly fault: string | undefined;
  readonly firedBy: readonly string[];
};

const ordersMax = 20_000;
const callsMax = 100;

export class CallHistory {
  readonly #byOrder = new Map<string, CallNote[]>();

  note(call: CallNote): void {
    const known = this.#byOrder.get(call.outTradeNo);
    if (known !== undefined) {
      known.push(call);
      if (known.length > callsMax) known.shift();
      return;
    }
    this.#byOrder.set(call.outTradeNo, [call]);
    forgetOldest(this.#byOrder, ordersMax);
  }

  /** Oldest first; also for an order that never became a trade. */
  of(outTradeNo: string, merchantId?: string): readonly CallNote[] {
    const calls = this.#byOrder.get(outTradeNo) ?? [];
    return merchantId === undefined ? calls : calls.filter((call) => call.merchantId === merchantId);
  }
}
