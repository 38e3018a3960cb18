// A store small enough to be right at a glance: it holds sales, payments and refunds in maps and answers as its mood says. It stands
// in for the whole shop where a habit is looked at alone.

import { makeId, type PaymentAttemptId, parseId, type SaleId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { seededRandom } from '#foundation/random.ts';
import { invariant } from '#foundation/result.ts';
import type { PaymentTold, Problem, RefundTold, SaleTold, TillReply, TillRequest } from '../../shop/store-line.ts';

/** `asks`: the payer is asked to confirm, and the payment waits for it. */
export type Mood = 'paid' | 'not-paid' | 'asks' | 'silent' | 'silent-after-opening';

type Made = { readonly body: string; readonly id: SaleId | PaymentAttemptId };
type Write<Told> = { -readonly [Field in keyof Told]: Told[Field] };
type Payment = Write<PaymentTold> & { readonly saleId: SaleId };
type Refund = Write<RefundTold> & { readonly paymentId: PaymentAttemptId; looksUntilDone: number };

export class ToyStore {
  mood: Mood;
  /** How many looks a refund stays in processing. */
  refundLooks = 0;
  /** Called when a payment waits for its payer. */
  onWaiting: (payerCode: string, paymentId: PaymentAttemptId) => void = () => {};
  readonly #random = seededRandom(1);
  readonly #made = new Map<string, Made>();
  readonly #sales = new Map<SaleId, bigint>();
  readonly #payments = new Map<PaymentAttemptId, Payment>();
  readonly #refunds: Refund[] = [];

  constructor(mood: Mood) {
    this.mood = mood;
  }

  /** Carries a request out; undefined when nothing is ever answered. */
  answer(request: TillRequest): TillReply | undefined {
    if (this.mood === 'silent') return undefined;
    if (this.mood === 'silent-after-opening' && request.kind !== 'open-sale') return undefined;
    switch (request.kind) {
      case 'open-sale':
        return this.#open(request);
      case 'pay':
        return this.#pay(request);
      case 'look-at-payment':
        return { kind: 'payment', payment: this.#told(request.paymentId) };
      case 'look-at-sale':
        return { kind: 'sale', sale: this.#saleTold(request.saleId) };
      case 'abandon':
        this.end(request.paymentId, 'not-paid');
        return { kind: 'payment', payment: this.#told(request.paymentId) };
      case 'refund':
        return this.#refund(request);
    }
  }

  /** Ends a payment, unless it has ended. */
  end(paymentId: PaymentAttemptId, status: 'paid' | 'not-paid'): boolean {
    const payment = this.#payments.get(paymentId);
    if (payment?.status !== 'awaiting-payer') return false;
    payment.status = status;
    return true;
  }

  #open({ key, amountMinor }: Extract<TillRequest, { kind: 'open-sale' }>): TillReply {
    const made = this.#once(key, `${amountMinor}`, () => {
      const id = makeId('sale', instant(0), this.#random);
      this.#sales.set(id, amountMinor);
      return id;
    });
    if (made === 'reused') return refused('idempotency-key-reused');
    return { kind: 'sale', sale: this.#saleTold(saleNumbered(made)) };
  }

  #pay({ key, saleId, payerCode }: Extract<TillRequest, { kind: 'pay' }>): TillReply {
    if (!payerCode.startsWith('2')) return refused('payer-code-not-alipay');
    const isRepeat = this.#made.has(key);
    const standing = this.#paymentsOf(saleId).find(({ status }) => status !== 'not-paid');
    if (!isRepeat && standing !== undefined) {
      const problem = standing.status === 'paid' ? 'sale-already-paid' : 'payment-in-progress';
      return refused(problem, standing.paymentId);
    }
    const made = this.#once(key, `${saleId} ${payerCode}`, () => this.#begin(saleId, payerCode));
    if (made === 'reused') return refused('idempotency-key-reused');
    return { kind: 'payment', payment: this.#told(made) };
  }

  #begin(saleId: SaleId, payerCode: string): PaymentAttemptId {
    const paymentId = makeId('attempt', instant(0), this.#random);
    const status = this.mood === 'paid' || this.mood === 'not-paid' ? this.mood : 'awaiting-payer';
    const amountMinor = this.#sales.get(saleId) ?? 0n;
    this.#payments.set(paymentId, { paymentId, saleId, status, custody: false, amountMinor, refundedMinor: 0n });
    if (status === 'awaiting-payer') this.onWaiting(payerCode, paymentId);
    return paymentId;
  }

  #refund({ key, paymentId, amountMinor }: Extract<TillRequest, { kind: 'refund' }>): TillReply {
    const payment = this.#told(paymentId);
    if (payment.status !== 'paid') return refused('payment-not-refundable');
    if (!this.#made.has(key) && payment.refundedMinor + amountMinor > payment.amountMinor) {
      return refused('refund-exceeds-payment');
    }
    const made = this.#once(key, `${paymentId} ${amountMinor}`, () => {
      const refundId = makeId('attempt', instant(0), this.#random);
      const status = this.refundLooks === 0 ? 'refunded' : 'processing';
      this.#refunds.push({ refundId, paymentId, status, amountMinor, looksUntilDone: this.refundLooks });
      return refundId;
    });
    if (made === 'reused') return refused('idempotency-key-reused');
    const refund = this.#refunds.find(({ refundId }) => refundId === made);
    invariant(refund !== undefined, 'the refund was made');
    return { kind: 'refund', refund };
  }

  #once(key: string, body: string, make: () => SaleId | PaymentAttemptId): SaleId | PaymentAttemptId | 'reused' {
    const made = this.#made.get(key) ?? { body, id: make() };
    this.#made.set(key, made);
    return made.body === body ? made.id : 'reused';
  }

  #told(id: SaleId | PaymentAttemptId): PaymentTold {
    const payment = [...this.#payments.values()].find(({ paymentId }) => paymentId === id);
    invariant(payment !== undefined, 'a till asks about payments that it was told of');
    const refundedMinor = this.#refunds
      .filter(({ paymentId }) => paymentId === id)
      .reduce((sum, refund) => sum + refund.amountMinor, 0n);
    return { ...payment, refundedMinor };
  }

  #paymentsOf(saleId: SaleId): readonly Payment[] {
    return [...this.#payments.values()].filter((payment) => payment.saleId === saleId);
  }

  #saleTold(saleId: SaleId): SaleTold {
    for (const refund of this.#refunds) {
      if (refund.looksUntilDone > 0) refund.looksUntilDone -= 1;
      if (refund.looksUntilDone === 0) refund.status = 'refunded';
    }
    const payments = this.#paymentsOf(saleId).map(({ paymentId }) => this.#told(paymentId));
    const status = payments.some((payment) => payment.status === 'paid') ? 'paid' : 'open';
    return { saleId, status, payments, refunds: this.#refunds.map((refund) => ({ ...refund })) };
  }
}

function saleNumbered(id: SaleId | PaymentAttemptId): SaleId {
  const saleId = parseId('sale', id);
  invariant(saleId !== undefined, 'a key of an opening made a sale');
  return saleId;
}

function refused(problem: Problem, paymentId: PaymentAttemptId | null = null): TillReply {
  return { kind: 'refused', problem, paymentId };
}
