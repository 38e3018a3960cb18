// How a till of the simulation talks to the store's servers: the words of the ECR API without its HTTP. The server side answers them with
// the real checkout and payment code (store-desk.ts); the way between goes through the simulated network.

import type { PaymentAttemptId, SaleId } from '#foundation/id.ts';

/** A key makes a repeat of the same request harmless; the same key with other contents is refused. */
export type TillRequest =
  | { readonly kind: 'open-sale'; readonly key: string; readonly amountMinor: bigint }
  | { readonly kind: 'pay'; readonly key: string; readonly saleId: SaleId; readonly payerCode: string }
  | { readonly kind: 'look-at-payment'; readonly paymentId: PaymentAttemptId }
  | { readonly kind: 'look-at-sale'; readonly saleId: SaleId }
  | { readonly kind: 'abandon'; readonly paymentId: PaymentAttemptId }
  | {
      readonly kind: 'refund';
      readonly key: string;
      readonly paymentId: PaymentAttemptId;
      readonly amountMinor: bigint;
    };

export type PaymentTold = {
  readonly paymentId: PaymentAttemptId;
  readonly status: 'processing' | 'awaiting-payer' | 'paid' | 'not-paid';
  /** With `not-paid`: a reversal is still being confirmed. */
  readonly custody: boolean;
  readonly amountMinor: bigint;
  /** Given back or about to be: refunds that were not declined. */
  readonly refundedMinor: bigint;
};

export type RefundTold = {
  readonly refundId: PaymentAttemptId;
  readonly status: 'processing' | 'refunded' | 'declined';
  readonly amountMinor: bigint;
};

export type SaleTold = {
  readonly saleId: SaleId;
  readonly status: 'open' | 'paying' | 'paid' | 'partly-refunded' | 'refunded';
  readonly payments: readonly PaymentTold[];
  readonly refunds: readonly RefundTold[];
};

/** Why a server refused; the ECR API's problem codes. `busy`: nothing could be written now, ask again. */
export type Problem =
  | 'idempotency-key-reused'
  | 'payer-code-not-alipay'
  | 'sale-not-found'
  | 'payment-not-found'
  | 'payment-in-progress'
  | 'sale-already-paid'
  | 'payment-not-refundable'
  | 'refund-exceeds-payment'
  | 'busy';

export type TillReply =
  | { readonly kind: 'sale'; readonly sale: SaleTold }
  | { readonly kind: 'payment'; readonly payment: PaymentTold }
  | { readonly kind: 'refund'; readonly refund: RefundTold }
  | { readonly kind: 'refused'; readonly problem: Problem; readonly paymentId: PaymentAttemptId | null }
  /** The request or its answer was lost, or no server was there; whether it was carried out is not known. */
  | { readonly kind: 'no-answer' };

/** One till's line to the store. Requests may be under way side by side; answers come in any order. */
export interface StoreLine {
  /** Resolves with the answer, or with `no-answer` after the till's own timeout (4 s). Never rejects. */
  ask(request: TillRequest): Promise<TillReply>;
}
