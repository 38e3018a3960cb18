// A store server and a clock in memory, for the till's tests: it keeps idempotency as the real one does, can be cut off, and
// counts what it was asked.

import { formatDecimal, type Money, money } from '#foundation/money.ts';
import { failure, success } from '#foundation/result.ts';
import type { PaymentView, SaleView } from '#server/contract/ecr.ts';
import type { Problem } from '#server/contract/problem.ts';
import type { Memory } from '../../style/preference.ts';
import type { Entry } from '../payment-entry.ts';
import type { Answer, StoreClient } from '../store-client.ts';
import type { Ambient } from '../try-again.ts';

export const tenYuan = money('CNY', 1_000n);
const startMs = Date.parse('2026-11-23T12:00:00Z');

export function viewOf(part: Partial<PaymentView> = {}): PaymentView {
  return {
    paymentId: 'pa_1',
    saleId: 'sale_1',
    status: 'processing',
    custody: false,
    amount: '10.00',
    currency: 'CNY',
    refunded: '0.00',
    reason: null,
    channelCode: null,
    channel: 'alipay-openapi',
    channelReference: null,
    payerAccount: null,
    payerCode: '28************78',
    createdAt: new Date(startMs).toISOString(),
    finalWordBy: new Date(startMs + 30_000).toISOString(),
    paidAt: null,
    ...part,
  };
}

export function entryOf(part: Partial<Entry> = {}): Entry {
  return {
    key: 'k1',
    amount: tenYuan,
    scannedAtMs: startMs,
    spanMs: 30_000,
    saleId: null,
    phase: 'sending',
    view: null,
    inTouch: true,
    stopAsked: false,
    problem: null,
    ...part,
  };
}

/** Time that passes only when told to, letting promises settle between two timers. */
export class TestClock implements Ambient {
  #nowMs = startMs;
  #keys = 0;
  #timers: { readonly dueMs: number; readonly act: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(waitMs: number, act: () => void): () => void {
    const timer = { dueMs: this.#nowMs + waitMs, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  makeKey(): string {
    this.#keys += 1;
    return `key-${this.#keys}`;
  }

  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined || next.dueMs > endMs) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.act();
      await settle();
    }
    this.#nowMs = endMs;
  }
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
}

export class TestMemory implements Memory {
  readonly slots = new Map<string, string>();
  read(name: string): string | null {
    return this.slots.get(name) ?? null;
  }
  write(name: string, text: string): void {
    this.slots.set(name, text);
  }
}

type Reach = 'there' | 'request-lost' | 'answer-lost';

export class FakeStore implements StoreClient {
  reach: Reach = 'there';
  /** What the next payments start as. */
  starts: Partial<PaymentView> = { status: 'awaiting-payer' };
  readonly opened = new Map<string, SaleView>();
  readonly payments = new Map<string, PaymentView>();
  readonly startedWith: { readonly saleId: string; readonly payerCode: string; readonly key: string }[] = [];
  readonly #byKey = new Map<string, string>();

  store(): ReturnType<StoreClient['store']> {
    return this.#answer(() => ({
      storeName: 'Store',
      deviceName: 'Till 1',
      currency: 'CNY',
      timeZone: 'Asia/Shanghai',
      finalWordMs: 30_000,
      sandboxUrl: null,
      custodyCount: 0,
    }));
  }

  pair(): Answer<null> {
    return this.#answer(() => null);
  }

  openSale(amount: Money, key: string): Answer<SaleView> {
    return this.#answer(() => {
      const saleId = this.#byKey.get(key) ?? `sale_${this.opened.size + 1}`;
      this.#byKey.set(key, saleId);
      const sale: SaleView = {
        saleId,
        status: 'open',
        amount: formatDecimal(amount),
        currency: amount.currency,
        refunded: '0.00',
        description: 'Store',
        createdAt: new Date(startMs).toISOString(),
        payments: [],
        refunds: [],
      };
      if (!this.opened.has(saleId)) this.opened.set(saleId, sale);
      return sale;
    });
  }

  sale(saleId: string): Answer<SaleView> {
    const payments = [...this.payments.values()].filter((payment) => payment.saleId === saleId);
    const sale = this.opened.get(saleId);
    if (sale === undefined)
      return Promise.resolve(failure({ kind: 'refused', status: 404, problem: problemOf('sale-not-found') }));
    return this.#answer(() => ({ ...sale, payments }));
  }

  sales(): ReturnType<StoreClient['sales']> {
    return this.#answer(() => ({ sales: [], next: null }));
  }

  startPayment(saleId: string, payerCode: string, key: string): Answer<PaymentView> {
    if (this.reach !== 'request-lost') this.startedWith.push({ saleId, payerCode, key });
    return this.#answer(() => {
      const paymentId = this.#byKey.get(key) ?? `pa_${this.payments.size + 1}`;
      this.#byKey.set(key, paymentId);
      const amount = this.opened.get(saleId)?.amount ?? '0.00';
      const view = this.payments.get(paymentId) ?? viewOf({ paymentId, saleId, amount, ...this.starts });
      this.payments.set(paymentId, view);
      return view;
    });
  }

  payment(paymentId: string): Answer<PaymentView> {
    return this.#answer(() => this.payments.get(paymentId) ?? viewOf());
  }

  abandon(paymentId: string): Answer<PaymentView> {
    return this.payment(paymentId);
  }

  refund(): ReturnType<StoreClient['refund']> {
    return Promise.resolve(failure({ kind: 'refused', status: 409, problem: problemOf('payment-not-paid') }));
  }

  refundState(): ReturnType<StoreClient['refundState']> {
    return Promise.resolve(failure({ kind: 'refused', status: 404, problem: problemOf('refund-not-found') }));
  }

  /** The server changes a payment by itself. */
  move(paymentId: string, part: Partial<PaymentView>): void {
    this.payments.set(paymentId, { ...(this.payments.get(paymentId) ?? viewOf()), ...part });
  }

  async #answer<Value>(act: () => Value): Answer<Value> {
    if (this.reach === 'request-lost') return failure({ kind: 'unreachable', retryAfterMs: 0 });
    const value = act();
    return this.reach === 'there' ? success(value) : failure({ kind: 'unreachable', retryAfterMs: 0 });
  }
}

function problemOf(code: string): Problem {
  return { type: 'about:blank', title: code, status: 400, code, detail: code };
}
