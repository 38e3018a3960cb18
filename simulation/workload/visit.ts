// One customer's visit: a basket, a payer, the till where it began and another one that may take part. The acts here are those that
// the habits are made of.

import type { PaymentAttemptId, SaleId } from '#foundation/id.ts';
import { type DurationMs, durationMs } from '#foundation/instant.ts';
import type { Random } from '#foundation/random.ts';
import { invariant } from '#foundation/result.ts';
import type { SaleNumber } from '../shop/happening.ts';
import type { Stage } from '../shop/stage.ts';
import type { PaymentTold, TillRequest } from '../shop/store-line.ts';
import { isLikely, someTime } from './chance.ts';
import { drawPurse, Payer } from './payer.ts';
import { type Answered, hasWord, type PaymentsHeard, Till } from './till.ts';

export type VisitPlan = {
  readonly amountMinor: bigint;
  readonly home: number;
  readonly other: number;
  readonly isTiresome: boolean;
  readonly isShort: boolean;
  readonly cashierDraws: Random;
  readonly payerDraws: Random;
};

export class Visit {
  readonly home: Till;
  readonly other: Till;
  readonly amountMinor: bigint;
  readonly payer: Payer;
  readonly random: Random;
  readonly #stage: Stage;
  readonly #sale: SaleNumber;
  readonly #plan: VisitPlan;
  readonly #payers: Payer[];
  readonly #heard: PaymentsHeard = new Map();
  readonly #asides: Promise<unknown>[] = [];
  #saleId: SaleId | null = null;
  #hasLooseEnd = false;

  constructor(stage: Stage, sale: SaleNumber, plan: VisitPlan) {
    this.#stage = stage;
    this.#sale = sale;
    this.#plan = plan;
    this.amountMinor = plan.amountMinor;
    this.random = plan.cashierDraws;
    this.home = new Till(stage, sale, plan.home, this.#heard);
    this.other = plan.other === plan.home ? this.home : new Till(stage, sale, plan.other, this.#heard);
    const purse = drawPurse(plan.payerDraws, plan.amountMinor, plan.isTiresome, plan.isShort);
    this.payer = new Payer(stage, sale, purse, plan.payerDraws);
    this.#payers = [this.payer];
  }

  // ── time, chance and the story ───────────────────────────────────────────────────────────────────────────────────────

  async rest(fromMs: number, toMs: number): Promise<void> {
    await this.#stage.rest(this.time(fromMs, toMs));
  }

  async pause(ms: number): Promise<void> {
    await this.#stage.rest(durationMs(ms));
  }

  time(fromMs: number, toMs: number): DurationMs {
    return someTime(this.random, fromMs, toMs);
  }

  isLikely(percent: number): boolean {
    return isLikely(this.random, percent);
  }

  tell(till: Till, what: string): void {
    this.#stage.tell({ type: 'person-did', sale: this.#sale, who: `cashier at till ${till.number}`, what });
  }

  /** Somebody with enough money steps in with another wallet. */
  anotherPayer(): Payer {
    const purse = drawPurse(this.#plan.payerDraws, this.amountMinor, false, false);
    const payer = new Payer(this.#stage, this.#sale, purse, this.#plan.payerDraws);
    this.#payers.push(payer);
    return payer;
  }

  /** Something that goes on while the cashier does other things; the visit does not end before it. */
  underWay<Value>(act: Promise<Value>): Promise<Value> {
    // What goes wrong in it is thrown where it is awaited: by the habit, or at the end of the visit.
    act.catch(() => undefined);
    this.#asides.push(act);
    return act;
  }

  /** Resolves when nobody in the visit has anything under way. */
  async comesToRest(): Promise<void> {
    await Promise.all(this.#asides);
    for (const payer of this.#payers) await payer.hasAnswered();
  }

  // ── opening, scanning, following ─────────────────────────────────────────────────────────────────────────────────────

  openingRequest(till: Till): TillRequest & { readonly kind: 'open-sale' } {
    return { kind: 'open-sale', key: till.newKey('open'), amountMinor: this.amountMinor };
  }

  /** Opens the sale at the home till, as everybody does or in a way of its own; false when the store does not answer. */
  async opens(inItsWay: (visit: Visit) => Promise<SaleId | null> = openPlainly): Promise<boolean> {
    this.#saleId = await inItsWay(this);
    return this.#saleId !== null;
  }

  get saleId(): SaleId {
    invariant(this.#saleId !== null, 'the sale has been opened');
    return this.#saleId;
  }

  /** The cashier reads a code; the request to pay with it has a key of its own. */
  read(
    till: Till,
    saleId: SaleId,
    payerCode: string,
    payer: Payer = this.payer,
  ): TillRequest & { readonly kind: 'pay' } {
    this.#stage.tell({ type: 'code-scanned', sale: this.#sale, till: till.number, walletId: payer.walletId });
    return { kind: 'pay', key: till.newKey('pay'), saleId, payerCode };
  }

  /** Reads a code and asks the store until it answers; null when it does not. */
  async scan(till: Till, saleId: SaleId, payerCode: string, payer: Payer = this.payer): Promise<Answered | null> {
    return await till.askUntilAnswered(this.read(till, saleId, payerCode, payer));
  }

  /** Follows what the answers began, or the payment that stands in the way, each once, to its word. */
  async follow(till: Till, ...answers: readonly (Answered | null)[]): Promise<void> {
    const ids = new Set<PaymentAttemptId>();
    for (const answer of answers) {
      const id = this.paymentIn(till, answer);
      if (id !== null) ids.add(id);
    }
    await Promise.all(Array.from(ids, (id) => this.followPayment(till, id)));
  }

  async followPayment(till: Till, paymentId: PaymentAttemptId): Promise<void> {
    await till.follow(paymentId);
    if (!till.knowsWord(paymentId)) this.#hasLooseEnd = true;
  }

  /** The payment that an answer is about. Without an answer the till leaves, and somebody looks later. */
  paymentIn(till: Till, answer: Answered | null): PaymentAttemptId | null {
    if (answer === null) {
      this.leaveUnanswered(till);
      return null;
    }
    if (answer.kind === 'payment') return answer.payment.paymentId;
    return answer.kind === 'refused' ? answer.paymentId : null;
  }

  leaveUnanswered(till: Till): void {
    this.#hasLooseEnd = true;
    till.leave(null);
  }

  // ── what the visit knows ─────────────────────────────────────────────────────────────────────────────────────────────

  get payments(): readonly PaymentTold[] {
    return [...this.#heard.values()];
  }

  get paid(): PaymentTold | undefined {
    return this.payments.find((payment) => payment.status === 'paid');
  }

  paymentOf(paymentId: PaymentAttemptId): PaymentTold | undefined {
    return this.#heard.get(paymentId);
  }

  /** Whether a till stopped without knowing how a payment ended. */
  get hasLooseEnd(): boolean {
    return this.#hasLooseEnd || this.payments.some((payment) => !hasWord(payment));
  }
}

export function saleOf(answer: Answered | null): SaleId | null {
  return answer?.kind === 'sale' ? answer.sale.saleId : null;
}

async function openPlainly(visit: Visit): Promise<SaleId | null> {
  return saleOf(await visit.home.askUntilAnswered(visit.openingRequest(visit.home)));
}
