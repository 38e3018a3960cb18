// Cashiers who work on while servers die: each rings up sales, pays them with one wallet's codes, and repeats every request with
// its key until it is answered, as an ECR does. They write down every word they were told; it must still be true at the end.

import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentView } from '#server/contract/ecr.ts';
import type { SandboxControl } from './sandbox-control.ts';
import type { Answer, Till } from './till.ts';

/** One sale as its cashier knows it. */
export type Rung = {
  readonly key: string;
  readonly amount: string;
  readonly saleId: string;
  readonly payerCode: string;
  paymentId: string | undefined;
  refund: { readonly key: string; readonly amount: string; refundId: string | undefined } | undefined;
  /** Every final word that was told, in order. */
  readonly words: ('paid' | 'not-paid')[];
};

export type CashierParts = {
  readonly control: SandboxControl;
  /** The server to ask next; it may be a dead one. */
  readonly till: () => Till;
  /** A whole number from 0 to `below - 1`. */
  readonly draw: (below: number) => number;
};

const pauseMs = 40;
const gaveUpMs = 30_000;

export class Cashiers {
  readonly rung: Rung[] = [];
  /** How often a server said `busy`. */
  busyCount = 0;
  readonly #parts: CashierParts;
  readonly #shifts: Promise<void>[] = [];
  #isClosing = false;

  constructor(parts: CashierParts, count: number) {
    this.#parts = parts;
    for (let index = 0; index < count; index += 1) {
      const shift = this.#work(`c${index}`);
      // Told by `close`; a shift that ends early must not end the process.
      shift.catch(() => undefined);
      this.#shifts.push(shift);
    }
  }

  /** No new sale is begun; resolves when every cashier has put the last one through. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#shifts);
  }

  async #work(name: string): Promise<void> {
    const walletId = await this.#parts.control.openWallet();
    let count = 0;
    while (!this.#isClosing) {
      count += 1;
      await this.#serve(`${name}-${count}`, walletId);
    }
  }

  async #serve(key: string, walletId: string): Promise<void> {
    const { control, draw } = this.#parts;
    const amount = `${1 + draw(80)}.${10 + draw(90)}`;
    const sale = await this.#answered((till) => till.tryOpenSale(amount, key));
    if (!sale.ok) throw new Error(`A sale was refused: ${sale.problem.code}`);
    const payerCode = await control.showCode(walletId);
    const { saleId } = sale.view;
    const rung: Rung = { key, amount, saleId, payerCode, paymentId: undefined, refund: undefined, words: [] };
    this.rung.push(rung);
    const paid = await this.#answered((till) => till.pay(saleId, payerCode, key));
    if (!paid.ok) throw new Error(`${saleId}: a payment was refused: ${paid.problem.code}`);
    rung.paymentId = paid.view.paymentId;
    const word = await this.#hearWord(rung, paid.view);
    if (word === 'paid' && draw(4) === 0) await this.#giveBack(rung, paid.view.paymentId);
  }

  // The cashier looks until there is a word, then serves the next; custody is not waited for.
  async #hearWord(rung: Rung, first: PaymentView): Promise<'paid' | 'not-paid'> {
    for (let view = first; ; ) {
      if (view.status === 'paid' || view.status === 'not-paid') {
        rung.words.push(view.status);
        return view.status;
      }
      await sleep(pauseMs * 3);
      const seen = await this.#answered((till) => till.payment(first.paymentId));
      if (!seen.ok) throw new Error(`${first.paymentId} was told of and is not known: ${seen.problem.code}`);
      view = seen.view;
    }
  }

  async #giveBack(rung: Rung, paymentId: string): Promise<void> {
    const amount = '1.00';
    const refund = { key: `r-${rung.key}`, amount, refundId: undefined as string | undefined };
    rung.refund = refund;
    const answer = await this.#answered((till) => till.refund(paymentId, amount, refund.key));
    if (!answer.ok) throw new Error(`${paymentId}: a refund was refused: ${answer.problem.code}`);
    refund.refundId = answer.view.refundId;
  }

  // Repeats a request until a server answers it: no connection, a broken one and `busy` mean "again, with the same key".
  async #answered<View>(request: (till: Till) => Promise<Answer<View>>): Promise<Answer<View>> {
    const end = performance.now() + gaveUpMs;
    for (;;) {
      const answer = await request(this.#parts.till()).catch((trouble: unknown) => {
        if (performance.now() > end) throw trouble;
        return undefined;
      });
      if (answer !== undefined && (answer.ok || answer.problem.code !== 'busy')) return answer;
      if (answer !== undefined) this.busyCount += 1;
      if (performance.now() > end) throw new Error(`No server answered for ${gaveUpMs} ms`);
      await sleep(pauseMs);
    }
  }
}
