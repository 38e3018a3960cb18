// What a store server does with a till's request: the steps of its routes without their HTTP. All that decides is the real code of
// checkout and payment; here is only the order in which it is asked, and the words in which it is told.

import { recognise, refundedOf, type Sale, type SaleJournal, saleStanding } from '#checkout/index.ts';
import { type DeviceId, type MerchantId, makeId, type PaymentAttemptId, type StoreId } from '#foundation/id.ts';
import { type Clock, durationMs } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import type { Random } from '#foundation/random.ts';
import { redact } from '#foundation/redacted.ts';
import {
  type Attempt,
  type ChannelName,
  type Charge,
  dutyOf,
  type PaymentJournal,
  type PaymentService,
  type Refund,
} from '#payment/index.ts';
import type { PaymentTold, Problem, RefundTold, SaleTold, TillReply, TillRequest } from './store-line.ts';

export const merchantId = 'mer_1' as MerchantId;
export const storeId = 'sto_1' as StoreId;
const currency = 'CNY';
const description = 'Groceries 杂货';
const patience = durationMs(2_000);

export type DeskParts = {
  readonly payment: PaymentService;
  readonly payments: PaymentJournal;
  readonly clock: Clock;
  readonly random: Random;
  readonly channel: ChannelName;
  onTrouble(trouble: unknown): void;
};

type Caller = { readonly till: number; readonly sales: SaleJournal };

const refused = (problem: Problem, paymentId: PaymentAttemptId | null = null): TillReply => ({
  kind: 'refused',
  problem,
  paymentId,
});

export class StoreDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Answers a request; whatever goes wrong behind it is `busy`, as a server tells it. What is not the journal's fault is told. */
  async answer(request: TillRequest, caller: Caller): Promise<TillReply> {
    try {
      return await this.#answer(request, caller);
    } catch (trouble) {
      this.#parts.onTrouble(trouble);
      return refused('busy');
    }
  }

  #answer(request: TillRequest, caller: Caller): Promise<TillReply> {
    switch (request.kind) {
      case 'open-sale':
        return this.#openSale(request, caller);
      case 'pay':
        return this.#pay(request, caller);
      case 'look-at-payment':
        return this.#look(request.paymentId);
      case 'look-at-sale':
        return this.#lookAtSale(request, caller);
      case 'abandon':
        return this.#abandon(request.paymentId);
      case 'refund':
        return this.#refund(request, caller);
    }
  }

  async #openSale(
    { key, amountMinor }: Extract<TillRequest, { kind: 'open-sale' }>,
    { till, sales }: Caller,
  ): Promise<TillReply> {
    const { clock, random, payments } = this.#parts;
    const now = clock.now();
    const id = makeId('sale', now, random);
    const amount = money(currency, amountMinor);
    const sale: Sale = { id, merchantId, storeId, deviceId: device(till), amount, description, createdAt: now };
    const opened = await sales.openSale(sale, named(till, 'sale', key, [amountMinor]));
    if (!opened.ok) return refused('idempotency-key-reused');
    const attempts = opened.value.kind === 'opened' ? [] : await payments.listOfSale(merchantId, opened.value.sale.id);
    return await this.#saleReply(opened.value.sale, attempts);
  }

  async #pay(
    { key, saleId, payerCode }: Extract<TillRequest, { kind: 'pay' }>,
    { till, sales }: Caller,
  ): Promise<TillReply> {
    const scanned = recognise(payerCode);
    if (scanned.kind !== 'alipay') return refused('payer-code-not-alipay');
    const sale = await sales.findSale(merchantId, saleId);
    if (sale === undefined) return refused('sale-not-found');
    const { amount } = sale;
    const idempotency = named(till, 'payment', key, [saleId, scanned.digits]);
    const payer = { payerCode: redact(scanned.digits), channel: this.#parts.channel };
    const place = { merchantId, storeId, deviceId: device(till), saleId };
    const started = await this.#parts.payment.startPayment(
      { ...place, amount, description, idempotency, ...payer },
      patience,
    );
    if (started.ok) return await this.#paymentReply(started.value.attempt);
    const { failure } = started;
    if (failure.kind === 'key-reused') return refused('idempotency-key-reused');
    if (failure.kind === 'sale-unknown') return refused('sale-not-found');
    const isPaid = failure.attempt.state.phase === 'approved';
    return refused(isPaid ? 'sale-already-paid' : 'payment-in-progress', failure.attempt.identity.id);
  }

  async #look(paymentId: PaymentAttemptId): Promise<TillReply> {
    const attempt = await this.#parts.payment.find(merchantId, paymentId);
    return attempt?.kind === 'charge' ? await this.#paymentReply(attempt) : refused('payment-not-found');
  }

  async #lookAtSale({ saleId }: Extract<TillRequest, { kind: 'look-at-sale' }>, { sales }: Caller): Promise<TillReply> {
    const sale = await sales.findSale(merchantId, saleId);
    if (sale === undefined) return refused('sale-not-found');
    return await this.#saleReply(sale, await this.#parts.payments.listOfSale(merchantId, saleId));
  }

  async #abandon(paymentId: PaymentAttemptId): Promise<TillReply> {
    const attempt = await this.#parts.payment.find(merchantId, paymentId);
    if (attempt?.kind !== 'charge') return refused('payment-not-found');
    await this.#parts.payment.abandon(attempt);
    return await this.#look(paymentId);
  }

  async #refund(
    { key, paymentId, amountMinor }: Extract<TillRequest, { kind: 'refund' }>,
    { till }: Caller,
  ): Promise<TillReply> {
    const idempotency = named(till, 'refund', key, [paymentId, amountMinor]);
    const amount = money(currency, amountMinor);
    const started = await this.#parts.payment.startRefund(
      { merchantId, deviceId: device(till), chargeId: paymentId, amount, idempotency },
      patience,
    );
    if (started.ok) return { kind: 'refund', refund: refundTold(started.value.attempt) };
    switch (started.failure.kind) {
      case 'key-reused':
        return refused('idempotency-key-reused');
      case 'charge-unknown':
        return refused('payment-not-found');
      case 'charge-not-approved':
        return refused('payment-not-refundable');
      case 'exceeds':
        return refused('refund-exceeds-payment');
    }
  }

  async #paymentReply(found: Charge): Promise<TillReply> {
    const charge = await this.#parts.payment.wordOf(found, patience);
    if (charge === 'no-word') return refused('busy', found.identity.id);
    if (charge.state.phase !== 'approved') return { kind: 'payment', payment: paymentTold(charge, []) };
    const attempts = await this.#parts.payments.listOfSale(merchantId, charge.identity.saleId);
    const refunds = attempts.filter((attempt) => attempt.kind === 'refund');
    return { kind: 'payment', payment: paymentTold(charge, refunds) };
  }

  async #saleReply(sale: Sale, found: readonly Attempt[]): Promise<TillReply> {
    const attempts: Attempt[] = [];
    for (const attempt of found) {
      const worded = attempt.kind === 'charge' ? await this.#parts.payment.wordOf(attempt, patience) : attempt;
      if (worded === 'no-word') return refused('busy');
      attempts.push(worded);
    }
    const { status, charges, refunds } = saleStanding(sale, attempts);
    const payments = charges.map((charge) => paymentTold(charge, refunds));
    const told: SaleTold = { saleId: sale.id, status, payments, refunds: refunds.map(refundTold) };
    return { kind: 'sale', sale: told };
  }
}

function device(till: number): DeviceId {
  return `dev_${till}` as DeviceId;
}

function named(till: number, act: string, key: string, body: readonly (string | bigint)[]) {
  return { scope: `${device(till)}/${act}`, key, fingerprint: body.join(' ') };
}

function paymentTold(charge: Charge, refunds: readonly Refund[]): PaymentTold {
  const { state, identity } = charge;
  return {
    paymentId: identity.id,
    status: state.finalWord ?? (state.phase === 'awaiting-payer' ? 'awaiting-payer' : 'processing'),
    custody: dutyOf(state.phase) === 'custody',
    amountMinor: identity.amount.minor,
    refundedMinor: refundedOf(charge, refunds).minor,
  };
}

function refundTold({ identity, state }: Refund): RefundTold {
  const status = state.phase === 'refunded' || state.phase === 'declined' ? state.phase : 'processing';
  return { refundId: identity.id, status, amountMinor: identity.amount.minor };
}
