// A till as its program runs it, whoever stands at it: it repeats what was not answered, looks at a payment once a second until it has
// the final word, and says so when it stops without one. Every wait has an end.

import type { PaymentAttemptId } from '#foundation/id.ts';
import { type DurationMs, durationMs, plus } from '#foundation/instant.ts';
import type { SaleNumber } from '../shop/happening.ts';
import type { Stage } from '../shop/stage.ts';
import type { PaymentTold, StoreLine, TillReply, TillRequest } from '../shop/store-line.ts';
import { minuteMs, secondMs } from './chance.ts';
import { checkWords } from './reply-words.ts';

export type Answered = Exclude<TillReply, { readonly kind: 'no-answer' }>;

/** The newest that any till of the visit was told of each payment. */
export type PaymentsHeard = Map<PaymentAttemptId, PaymentTold>;

const pause = durationMs(secondMs);
/** How long a till repeats a request that is not answered. */
export const answerPatience = durationMs(3 * minuteMs);
/** How long a till follows a payment that gets no word. */
export const wordPatience = durationMs(5 * minuteMs);

/** Whether the store said something that stands; after `busy` the till asks again, as after silence. */
export function isAnswer(reply: TillReply): reply is Answered {
  return reply.kind !== 'no-answer' && !(reply.kind === 'refused' && reply.problem === 'busy');
}

export function hasWord(payment: PaymentTold | undefined): boolean {
  return payment !== undefined && (payment.status === 'paid' || payment.status === 'not-paid');
}

export class Till {
  readonly number: number;
  readonly #stage: Stage;
  readonly #sale: SaleNumber;
  readonly #line: StoreLine;
  readonly #heard: PaymentsHeard;
  #keys = 0;

  constructor(stage: Stage, sale: SaleNumber, number: number, heard: PaymentsHeard) {
    this.number = number;
    this.#stage = stage;
    this.#sale = sale;
    this.#line = stage.line(sale, number);
    this.#heard = heard;
  }

  /** A new idempotency key. It names the till, for a key is known within one device only. */
  newKey(act: 'open' | 'pay' | 'refund'): string {
    this.#keys += 1;
    return `s${this.#sale}-t${this.number}-${act}-${this.#keys}`;
  }

  /** Asks once. Throws when the answer is none that the API knows. */
  async ask(request: TillRequest): Promise<TillReply> {
    const reply = await this.#line.ask(request);
    checkWords(request, reply);
    if (reply.kind === 'payment') this.#hear(reply.payment);
    if (reply.kind === 'sale') for (const payment of reply.sale.payments) this.#hear(payment);
    return reply;
  }

  /** Asks the same again, a second after each silence or `busy`, until it is answered; null when the patience ends first. */
  async askUntilAnswered(request: TillRequest, patience: DurationMs = answerPatience): Promise<Answered | null> {
    const until = plus(this.#stage.now(), patience);
    for (;;) {
      const reply = await this.ask(request);
      if (isAnswer(reply)) return reply;
      if (this.#stage.now() >= until) return null;
      await this.#stage.rest(pause);
    }
  }

  /** Looks at the payment every second until it has its word or `patience` ends; answers whether it has. */
  async watch(paymentId: PaymentAttemptId, patience: DurationMs): Promise<boolean> {
    const until = plus(this.#stage.now(), patience);
    const look = { kind: 'look-at-payment', paymentId } as const;
    while (!this.knowsWord(paymentId)) {
      if (this.#stage.now() >= until) return false;
      await this.#stage.rest(pause);
      await this.ask(look);
    }
    return true;
  }

  /** Watches for some minutes, and leaves when there is no word even then. */
  async follow(paymentId: PaymentAttemptId, patience: DurationMs = wordPatience): Promise<void> {
    if (!(await this.watch(paymentId, patience))) this.leave(paymentId);
  }

  /** Stops following without a word; null when the till never heard which payment it is. */
  leave(paymentId: PaymentAttemptId | null): void {
    this.#stage.tell({ type: 'till-left', sale: this.#sale, till: this.number, paymentId });
  }

  knowsWord(paymentId: PaymentAttemptId): boolean {
    return hasWord(this.#heard.get(paymentId));
  }

  #hear(payment: PaymentTold): void {
    // Answers come in any order: one that was on its way when the word was given does not take it back.
    if (hasWord(this.#heard.get(payment.paymentId)) && !hasWord(payment)) return;
    this.#heard.set(payment.paymentId, payment);
  }
}
