// A world made by hand, for the auditor's tests: it tells the happenings that it is told to, and keeps a journal, an outbox and Alipay's
// books of its own, as plainly as they can be kept. It holds nobody to any rule.

import type { DeviceId, MerchantId, PaymentAttemptId, PaymentIntentId, SaleId, StoreId } from '#foundation/id.ts';
import { durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import { formatDecimal, money } from '#foundation/money.ts';
import type { Attempt, Charge, ChargePhase, Refund, RefundPhase } from '#payment/index.ts';
import type { SandboxEvent } from '#sandbox/index.ts';
import type { Happening, SaleNumber, Witness } from '../../shop/happening.ts';
import type { PaymentTold, RefundTold, SaleTold, TillReply, TillRequest } from '../../shop/store-line.ts';
import type { BooksAtEnd, FactAtEnd, TradeAtEnd, WorldEnd } from '../index.ts';

type Trade = Extract<SandboxEvent, { type: 'trade-opened' }>['trade'];

const wallet = '2088';
const funded = 1_000_000_000n;
const words = { approved: 'paid', authorizing: null, 'awaiting-payer': null, unclear: null } as const;

function wordOf(phase: ChargePhase): 'paid' | 'not-paid' | null {
  return phase in words ? words[phase as keyof typeof words] : 'not-paid';
}

const still = {
  calls: 1,
  inFlight: null,
  dueAt: null,
  rounds: 0,
  reason: null,
  cause: null,
  channelCode: null,
  evidence: null,
};

export class SmallWorld {
  now: Instant = instant(1_795_428_000_000);
  readonly attempts = new Map<string, Attempt>();
  readonly facts: FactAtEnd[] = [];
  readonly trades = new Map<string, TradeAtEnd>();
  readonly #witness: Witness;
  readonly #saleOf = new Map<string, SaleNumber>();

  constructor(witness: Witness) {
    this.#witness = witness;
    const event = { type: 'wallet-funded', at: this.now, walletId: wallet, amount: money('CNY', funded) } as const;
    this.tell({ type: 'booked', sale: null, event });
  }

  wait(ms: number): this {
    this.now = plus(this.now, durationMs(ms));
    return this;
  }

  tell(happening: Happening): void {
    this.#witness.hear({ at: this.now, happening });
  }

  // ── the journal ──────────────────────────────────────────────────────────────────────────────────────────────────────

  sale(sale: SaleNumber, amountMinor = 1_000n): SaleId {
    const saleId = `sale_${sale}` as SaleId;
    this.tell({ type: 'sale-written', sale, saleId, amountMinor });
    return saleId;
  }

  /** Writes a charge in a phase, with the word that belongs to it; `more` says what else, or what wrongly. */
  charge(
    sale: SaleNumber,
    name: string,
    phase: ChargePhase,
    more: Partial<Charge['state']> = {},
    minor = 1_000n,
  ): void {
    const known = this.attempts.get(`pa_${name}`);
    const before = known?.kind === 'charge' ? known : undefined;
    const trade = phase === 'approved' ? this.trades.get(`pa_${name}`) : undefined;
    const evidence =
      trade === undefined
        ? null
        : { channelReference: trade.tradeNo, amount: trade.amount, paidAt: null, payerAccount: null };
    const word = wordOf(phase);
    const finalWordAt = word === null ? null : this.now;
    const fresh = { ...still, evidence, finalWord: word, finalWordAt, abandonedAt: null };
    this.#write(sale, before, {
      kind: 'charge',
      identity: before?.identity ?? this.#identity(sale, name, minor),
      state: { ...fresh, phase, changedAt: this.now, ...more },
      version: (before?.version ?? 0) + 1,
      payerCodeMasked: '28************3456',
    });
  }

  /** Writes a refund of a charge in a phase. */
  refund(sale: SaleNumber, name: string, of: string, phase: RefundPhase, minor = 400n): void {
    const known = this.attempts.get(`pa_${name}`);
    const before = known?.kind === 'refund' ? known : undefined;
    this.#write(sale, before, {
      kind: 'refund',
      identity: before?.identity ?? this.#identity(sale, name, minor),
      state: { ...still, phase, changedAt: this.now, refusedAt: null },
      version: (before?.version ?? 0) + 1,
      charge: { id: `pa_${of}` as PaymentAttemptId, amount: money('CNY', 1_000n), channelReference: null },
    });
  }

  // ── Alipay ───────────────────────────────────────────────────────────────────────────────────────────────────────────

  opened(name: string, minor = 1_000n): void {
    const amount = money('CNY', minor);
    const outTradeNo = `pa_${name}`;
    const tradeNo = `T_${name}`;
    this.trades.set(outTradeNo, { tradeNo, outTradeNo, amount, paidAt: undefined, refunds: [] });
    const order = {
      protocol: 'openapi',
      merchantId: '2088m',
      outTradeNo,
      amount,
      subject: 'Tea',
      context: '',
    } as const;
    const trade: Trade = {
      ...order,
      notifyUrl: undefined,
      echoes: {},
      tradeNo,
      createdAt: this.now,
      closesAt: this.now,
      qrCode: undefined,
      walletId: wallet,
      state: 'waiting',
      paidAt: undefined,
      closedAt: undefined,
      closedBecause: undefined,
      refunds: [],
    };
    this.#book(outTradeNo, { type: 'trade-opened', trade });
  }

  paid(name: string): void {
    const trade = this.#trade(name);
    this.trades.set(trade.outTradeNo, { ...trade, paidAt: this.now });
    this.#book(trade.outTradeNo, { type: 'trade-paid', at: this.now, tradeNo: trade.tradeNo });
  }

  closed(name: string, because: 'timeout' | 'refused' | 'cancelled' | 'refunded'): void {
    const { outTradeNo, tradeNo } = this.#trade(name);
    this.#book(outTradeNo, { type: 'trade-closed', at: this.now, tradeNo, because });
  }

  gaveBack(name: string, requestNo: string, minor: bigint): void {
    const trade = this.#trade(name);
    const amount = money('CNY', minor);
    const refund = { requestNo, refundId: 'R', amount, at: this.now, reason: undefined, cause: 'refund' } as const;
    this.trades.set(trade.outTradeNo, { ...trade, refunds: [...trade.refunds, refund] });
    this.#book(trade.outTradeNo, { type: 'trade-refunded', tradeNo: trade.tradeNo, refund });
  }

  /** A payment that Alipay carries out at once. */
  takes(name: string): void {
    this.opened(name);
    this.paid(name);
  }

  /** A cancel of a paid trade: all goes back. */
  cancels(name: string): void {
    this.gaveBack(name, `cancel:T_${name}`, 1_000n);
    this.closed(name, 'cancelled');
  }

  // ── the till ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  told(sale: SaleNumber, request: TillRequest, reply: TillReply, askedAt = this.now): void {
    this.tell({ type: 'till-told', sale, till: 1, request, reply, askedAt });
  }

  toldPayment(
    sale: SaleNumber,
    name: string,
    status: PaymentTold['status'],
    more: Partial<PaymentTold> = {},
    askedAt = this.now,
  ): void {
    const request = { kind: 'look-at-payment', paymentId: `pa_${name}` as PaymentAttemptId } as const;
    this.told(sale, request, { kind: 'payment', payment: paymentTold(name, status, more) }, askedAt);
  }

  toldRefund(sale: SaleNumber, name: string, of: string, status: RefundTold['status'], amountMinor = 400n): void {
    const paymentId = `pa_${of}` as PaymentAttemptId;
    const request = { kind: 'refund', key: name, paymentId, amountMinor } as const;
    this.told(sale, request, { kind: 'refund', refund: refundTold(name, status, amountMinor) });
  }

  toldSale(sale: SaleNumber, status: SaleTold['status'], more: Partial<SaleTold> = {}, askedAt = this.now): void {
    const saleId = `sale_${sale}` as SaleId;
    const told = { saleId, status, payments: [], refunds: [], ...more };
    this.told(sale, { kind: 'look-at-sale', saleId }, { kind: 'sale', sale: told }, askedAt);
  }

  // ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  end(): WorldEnd {
    const attempts = [...this.attempts.values()];
    return { at: this.now, attempts, facts: this.facts, books: this.books(), trades: [...this.trades.values()] };
  }

  books(): BooksAtEnd {
    let taken = 0n;
    for (const { amount, paidAt, refunds } of this.trades.values()) {
      if (paidAt !== undefined) taken += amount.minor;
      for (const refund of refunds) taken -= refund.amount.minor;
    }
    const line = (owner: string, kind: 'funding' | 'wallet' | 'merchant', minor: bigint) => ({
      account: `${owner}:CNY`,
      kind,
      currency: 'CNY' as const,
      balance: formatDecimal(money('CNY', minor)),
    });
    const accounts = [
      line('funding', 'funding', -funded),
      line(`wallet:${wallet}`, 'wallet', funded - taken),
      line('merchant:2088m', 'merchant', taken),
    ];
    return { balanced: true, accounts };
  }

  #identity(sale: SaleNumber, name: string, minor: bigint): Attempt['identity'] {
    return {
      id: `pa_${name}` as PaymentAttemptId,
      merchantId: 'mer_1' as MerchantId,
      storeId: 'sto_1' as StoreId,
      deviceId: 'dev_1' as DeviceId,
      saleId: `sale_${sale}` as SaleId,
      intentId: `pi_${sale}` as PaymentIntentId,
      channel: 'alipay-openapi',
      amount: money('CNY', minor),
      description: 'Tea',
      createdAt: this.now,
    };
  }

  #write(sale: SaleNumber, before: Attempt | undefined, attempt: Charge | Refund): void {
    const { id, amount } = attempt.identity;
    this.attempts.set(id, attempt);
    this.#saleOf.set(id, sale);
    if (before !== undefined && before.state.phase !== attempt.state.phase) {
      const data = { attemptId: id, currency: amount.currency, amountMinor: amount.minor.toString() };
      this.facts.push({ type: `payment.${attempt.kind}.${attempt.state.phase}`, data });
    }
    this.tell({ type: 'written', sale, by: 'server 1', attempt });
  }

  #book(outTradeNo: string, event: SandboxEvent): void {
    this.tell({ type: 'booked', sale: this.#saleOf.get(outTradeNo) ?? null, event });
  }

  #trade(name: string): TradeAtEnd {
    const trade = this.trades.get(`pa_${name}`);
    return (
      trade ?? {
        tradeNo: `T_${name}`,
        outTradeNo: `pa_${name}`,
        amount: money('CNY', 1_000n),
        paidAt: undefined,
        refunds: [],
      }
    );
  }
}

export function paymentTold(name: string, status: PaymentTold['status'], more: Partial<PaymentTold> = {}): PaymentTold {
  const paymentId = `pa_${name}` as PaymentAttemptId;
  return { paymentId, status, custody: false, amountMinor: 1_000n, refundedMinor: 0n, ...more };
}

export function refundTold(name: string, status: RefundTold['status'], amountMinor = 400n): RefundTold {
  return { refundId: `pa_${name}` as PaymentAttemptId, status, amountMinor };
}
