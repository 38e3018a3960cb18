// One cashier, with the habits of all of them: clicks twice, scans two phones at once, asks another server the same, stops waiting,
// walks away, loses the till in the middle of a request, scans again after "not paid", gives back a part, all, or more than there is.
// Every request is repeated with its key until a server answers it, as an ECR does; what was told goes into the cash book.

import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentView } from '#server/contract/ecr.ts';
import { askRefund, type CashBook, type RefundAsked, type Rung, type Scan, scan } from './cash-book.ts';
import type { SandboxControl } from './sandbox-control.ts';
import { type Answer, type Till, viewOf } from './till.ts';

export type CashierParts = {
  readonly control: SandboxControl;
  /** The server to ask next; it may be a dead one. */
  readonly till: () => Till;
  /** A whole number from 0 to `below - 1`. */
  readonly draw: (below: number) => number;
  readonly book: CashBook;
  /** The test is over, well or badly: nobody repeats anything any more. */
  readonly isHalted: () => boolean;
};

type Made = { readonly scan: Scan; readonly view: PaymentView };

const payHabits = [
  ...(['plain', 'plain', 'plain', 'plain', 'plain', 'click-twice', 'click-twice', 'ask-elsewhere'] as const),
  ...(['two-phones', 'stop-waiting', 'walk-away', 'till-dies'] as const),
] as const;

const refundHabits = ['part', 'all', 'parts', 'click-twice', 'race-for-all', 'too-much', 'part-then-all'] as const;

const pauseMs = 40;
const gaveUpMs = 45_000;
const scansMax = 3;
// The control API shows the last fifty trades of a wallet; the auditor wants to see them all.
const walletScansMax = 20;

export class Cashier {
  readonly #parts: CashierParts;
  readonly #name: string;
  #count = 0;
  #wallets: readonly [string, string] | undefined;
  #walletScans = 0;

  constructor(parts: CashierParts, name: string) {
    this.#parts = parts;
    this.#name = name;
  }

  /** Serves one customer to the end of what the cashier waits for. */
  async serve(): Promise<void> {
    const { draw, book } = this.#parts;
    this.#count += 1;
    const rung = book.ring(`${this.#name}-${this.#count}`, `${1 + draw(80)}.${10 + draw(90)}`);
    const saleId = await this.#openSale(rung);
    const paymentId = await this.#takeMoney(rung, saleId);
    if (paymentId !== undefined && draw(3) === 0) await this.#giveBack(rung, paymentId);
  }

  async #openSale(rung: Rung): Promise<string> {
    const clicks = this.#parts.draw(8) === 0 ? 2 : 1;
    const open = async (): Promise<string> => {
      const { saleId } = viewOf(await this.#ask((till) => till.tryOpenSale(rung.amount, rung.key)));
      rung.saleIds.add(saleId);
      return saleId;
    };
    const [saleId = ''] = await Promise.all(Array.from({ length: clicks }, open));
    return saleId;
  }

  // The payment that is paid, if the cashier heard of one.
  async #takeMoney(rung: Rung, saleId: string): Promise<string | undefined> {
    for (let scans = 0; scans < scansMax; scans += 1) {
      const habit = this.#pick(payHabits);
      const scanned = await this.#scan(rung, habit === 'two-phones' ? 2 : 1);
      const [first] = scanned;
      if (first === undefined) throw new Error('nothing was scanned');
      if (habit === 'till-dies') {
        // Sent once; whatever comes back, nobody hears it.
        const { till, book } = this.#parts;
        book.unheard.push(
          till()
            .pay(saleId, first.payerCode, first.key)
            .catch(() => undefined),
        );
        return undefined;
      }
      const requests = habit === 'click-twice' ? [first, first] : scanned;
      const answers = await Promise.all(requests.map((each) => this.#pay(saleId, each)));
      const made = answers.filter((each) => each !== undefined);
      if (habit === 'ask-elsewhere') await this.#pay(saleId, first);
      // Refused: an earlier payment of this sale is not yet proven undone. The customer pays in another way.
      if (made.length === 0 || habit === 'walk-away') return undefined;
      if (habit === 'stop-waiting') await Promise.all(made.map((each) => this.#stopWaiting(each)));
      const words = await Promise.all(made.map((each) => this.#hearWord(each)));
      const paid = words.indexOf('paid');
      if (paid >= 0) return made[paid]?.view.paymentId;
      if (this.#parts.draw(2) === 0) return undefined;
    }
    return undefined;
  }

  async #pay(saleId: string, each: Scan): Promise<Made | undefined> {
    const answer = await this.#ask((till) => till.pay(saleId, each.payerCode, each.key));
    if (answer.ok) {
      each.paymentIds.add(answer.view.paymentId);
      return { scan: each, view: this.#note(each, answer.view) };
    }
    if (['payment-in-progress', 'sale-already-paid'].includes(answer.problem.code)) return undefined;
    throw new Error(`${saleId}: a payment was refused: ${answer.problem.code}`);
  }

  async #stopWaiting({ scan: each, view }: Made): Promise<void> {
    if (isFinal(view)) return;
    const answer = await this.#ask((till) => till.abandon(view.paymentId));
    this.#note(each, viewOf(answer));
  }

  // The cashier looks until there is a word, then serves the next; custody is not waited for.
  async #hearWord({ scan: each, view: first }: Made): Promise<'paid' | 'not-paid'> {
    for (let view = first; ; ) {
      if (view.status === 'paid' || view.status === 'not-paid') return view.status;
      await sleep(pauseMs * 3);
      view = this.#note(each, viewOf(await this.#ask((till) => till.payment(first.paymentId))));
    }
  }

  #note(each: Scan, view: PaymentView): PaymentView {
    if (view.status === 'paid' || view.status === 'not-paid') each.words.add(view.status);
    return view;
  }

  async #giveBack(rung: Rung, paymentId: string): Promise<void> {
    const ask = (amount: string): RefundAsked => askRefund(rung, paymentId, amount);
    const send = async (...asked: readonly RefundAsked[]): Promise<void> => {
      await Promise.all(asked.map((each) => this.#refund(each)));
    };
    switch (this.#pick(refundHabits)) {
      case 'part':
        return await send(ask('0.70'));
      case 'all':
        return await send(ask(rung.amount));
      case 'parts':
        return await send(ask('0.40'), ask('0.30'), ask('0.20'));
      case 'click-twice': {
        const once = ask('0.90');
        return await send(once, once);
      }
      case 'race-for-all':
        return await send(ask(rung.amount), ask(rung.amount));
      case 'too-much':
        return await send(ask(`1${rung.amount}`));
      case 'part-then-all':
        await send(ask('0.40'));
        return await send(ask(rung.amount));
    }
  }

  async #refund(asked: RefundAsked): Promise<void> {
    const answer = await this.#ask((till) => till.refund(asked.paymentId, asked.amount, asked.key));
    if (answer.ok) asked.refundIds.add(answer.view.refundId);
    else if (answer.problem.code === 'refund-exceeds') asked.exceeds = true;
    else throw new Error(`${asked.paymentId}: a refund was refused: ${answer.problem.code}`);
  }

  // Codes of as many phones. Now and then a customer has too little in the wallet.
  async #scan(rung: Rung, count: number): Promise<readonly Scan[]> {
    const { control, draw } = this.#parts;
    if (this.#wallets === undefined || this.#walletScans >= walletScansMax) {
      this.#wallets = [await this.#openWallet('100000.00'), await this.#openWallet('100000.00')];
      this.#walletScans = 0;
    }
    this.#walletScans += 1;
    const phones = draw(25) === 0 ? [await this.#openWallet('0.50')] : this.#wallets.slice(0, count);
    return await Promise.all(phones.map(async (walletId) => scan(rung, await control.showCode(walletId))));
  }

  async #openWallet(balance: string): Promise<string> {
    const walletId = await this.#parts.control.openWallet(balance);
    this.#parts.book.wallets.push({ walletId, balance });
    return walletId;
  }

  #pick<Habit>(habits: readonly [Habit, ...Habit[]]): Habit {
    return habits[this.#parts.draw(habits.length)] ?? habits[0];
  }

  // Repeats a request until a server answers it: no connection, a broken one, `busy` and `internal` mean "again, with the same key".
  async #ask<View>(request: (till: Till) => Promise<Answer<View>>): Promise<Answer<View>> {
    const { till, book, isHalted } = this.#parts;
    const end = performance.now() + gaveUpMs;
    for (;;) {
      const answer = await request(till()).catch((trouble: unknown) => {
        if (performance.now() > end || isHalted()) throw trouble;
        return undefined;
      });
      const code = answer === undefined || answer.ok ? undefined : answer.problem.code;
      if (code === 'busy') book.busyCount += 1;
      else if (code === 'internal') book.internalCount += 1;
      else if (answer !== undefined) return answer;
      if (performance.now() > end) throw new Error(`No server answered for ${gaveUpMs} ms`);
      await sleep(pauseMs);
    }
  }
}

function isFinal({ status }: PaymentView): boolean {
  return status === 'paid' || status === 'not-paid';
}
