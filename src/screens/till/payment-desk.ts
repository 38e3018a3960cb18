// The till's payments: the one in front, and those left behind that resolve by themselves. A scan becomes one payment, whatever
// the network does: its key is made before the first send and kept on every retry, the same code is not taken twice, and no
// scan starts a second payment while one is in front.

import { type Money, sameMoney } from '#foundation/money.ts';
import type { PaymentView, SaleView } from '#server/contract/ecr.ts';
import { Observable } from '../style/observable.ts';
import type { Memory } from '../style/preference.ts';
import type { Follower } from './follow-payment.ts';
import { recallOpen, rememberOpen } from './open-payments.ts';
import { type Entry, type Heard, hear, isFinal, isInCustody, isSettled } from './payment-entry.ts';
import { SaleOpener } from './sale-opener.ts';
import type { StoreClient } from './store-client.ts';
import { type Ambient, type Refused, type Sent, sendUntilAnswered } from './try-again.ts';

export type DeskState = { readonly front: Entry | null; readonly left: readonly Entry[] };
export type ScanTaken = 'started' | 'same-code' | 'busy';

/** After the last moment to send, the till only looks: a charge must not begin when the customer may have gone. */
const lastSendBeforeEndMs = 8_000;
const codeKeptMs = 120_000;
const leftKeptMs = 60_000;
const lookAgainMs = 1_500;

export class PaymentDesk {
  readonly state = new Observable<DeskState>({ front: null, left: [] });
  readonly #client: StoreClient;
  readonly #ambient: Ambient;
  readonly #memory: Memory;
  readonly #follower: Follower;
  readonly #opener: SaleOpener;
  readonly #onEnd: (entry: Entry, inFront: boolean) => void;
  readonly #codes = new Map<string, string>();
  readonly #following = new Map<string, () => void>();
  #unpaid: { readonly saleId: string; readonly amount: Money } | null = null;
  #spanMs = 30_000;

  constructor(parts: {
    readonly client: StoreClient;
    readonly ambient: Ambient;
    readonly memory: Memory;
    readonly follower: Follower;
    /** Called once when an entry gets its final word. */
    readonly onEnd: (entry: Entry, inFront: boolean) => void;
  }) {
    this.#client = parts.client;
    this.#ambient = parts.ambient;
    this.#memory = parts.memory;
    this.#follower = parts.follower;
    this.#onEnd = parts.onEnd;
    this.#opener = new SaleOpener(parts.client, parts.ambient);
  }

  /** The store's time from scan to final word. */
  setSpan(spanMs: number): void {
    this.#spanMs = spanMs;
  }

  /** A scan has begun while this amount stands. */
  prepare(amount: Money): void {
    const { front } = this.state.get();
    if ((front === null || isFinal(front)) && this.#saleToPay(amount) === null) this.#opener.prepare(amount);
  }

  /** True when this very code was scanned in the last minutes and may have been used. */
  hasTaken(payerCode: string): boolean {
    return [...this.#codes.values()].includes(payerCode);
  }

  /** Starts the payment of `amount` with the scanned code, or says why not. */
  scan(payerCode: string, amount: Money): ScanTaken {
    const { front } = this.state.get();
    if (this.hasTaken(payerCode)) return 'same-code';
    if (front !== null && !isFinal(front)) return 'busy';
    const key = this.#ambient.makeKey();
    const saleId = this.#saleToPay(amount);
    const entry: Entry = {
      key,
      amount,
      scannedAtMs: this.#ambient.nowMs(),
      spanMs: this.#spanMs,
      saleId,
      phase: 'sending',
      view: null,
      inTouch: true,
      stopAsked: false,
      problem: null,
    };
    this.#codes.set(key, payerCode);
    this.#ambient.after(codeKeptMs, () => this.#codes.delete(key));
    this.#unpaid = null;
    void this.#run(entry, payerCode);
    // After the send: nothing that draws may stand between a scan and its effect.
    this.#letGoOfFront();
    this.state.change({ front: entry });
    this.#remember();
    return 'started';
  }

  /** Leaves the payment in front to itself, when it has not ended, and makes room. */
  nextCustomer(): void {
    this.#unpaid = null;
    this.#letGoOfFront();
  }

  /** Closes the sheet of a payment that has ended, but keeps its sale for another try. */
  closeEnded(): void {
    const { front } = this.state.get();
    if (front !== null && isFinal(front)) this.#letGoOfFront();
  }

  /** Asks the server to stop waiting for the payer. It decides nothing: the end comes like every other. */
  async stopWaiting(): Promise<void> {
    const { front } = this.state.get();
    const paymentId = front?.view?.paymentId;
    if (front === null || paymentId === undefined || front.stopAsked) return;
    const { key } = front;
    this.#hear(key, { kind: 'stop-asked' });
    const sent = await sendUntilAnswered(
      this.#ambient,
      () => this.#client.abandon(paymentId),
      () => this.#isOpen(key),
      () => this.#hear(key, { kind: 'silence' }),
    );
    if (sent.ok) this.#hear(key, { kind: 'payment', view: sent.value });
  }

  dismissLeft(key: string): void {
    this.state.change({ left: this.state.get().left.filter((entry) => entry.key !== key || !isFinal(entry)) });
  }

  /** Takes up what a reload interrupted: the newest comes back in front while its time runs. */
  resume(): void {
    const open = recallOpen(this.#memory);
    const newest = open.at(-1);
    const nowMs = this.#ambient.nowMs();
    const inFront = newest !== undefined && nowMs < newest.entry.scannedAtMs + newest.entry.spanMs;
    const left = open.map(({ entry }) => entry).slice(0, inFront ? -1 : undefined);
    this.state.set({ front: inFront ? newest.entry : null, left });
    for (const { entry, paymentId } of open) {
      if (paymentId === null) void this.#lookUp(entry);
      else this.#follow(entry.key, paymentId);
    }
  }

  async #run(entry: Entry, payerCode: string): Promise<void> {
    const { key } = entry;
    const onSilence = () => this.#hear(key, { kind: 'silence' });
    const sale: Sent<string> =
      entry.saleId === null ? await this.#opener.take(entry.amount, onSilence) : { ok: true, value: entry.saleId };
    if (!sale.ok) {
      // Without a sale no payment was ever asked for.
      this.#hear(key, sale.failure.kind === 'refused' ? heardRefusal(sale.failure) : { kind: 'never-sent' });
      return;
    }
    const saleId = sale.value;
    const endMs = entry.scannedAtMs + Math.max(entry.spanMs - lastSendBeforeEndMs, lastSendBeforeEndMs);
    const sending = sendUntilAnswered(
      this.#ambient,
      () => this.#client.startPayment(saleId, payerCode, key),
      () => this.#ambient.nowMs() < endMs,
      onSilence,
    );
    if (entry.saleId === null) this.#hear(key, { kind: 'sale', saleId });
    const sent = await sending;
    if (sent.ok) this.#started(key, sent.value);
    else if (sent.failure.kind === 'gave-up') await this.#lookUp({ ...entry, saleId });
    else this.#turnedAway(key, sent.failure);
  }

  #started(key: string, view: PaymentView): void {
    this.#hear(key, { kind: 'payment', view });
    const entry = this.#find(key);
    if (entry !== undefined && !isSettled(entry)) this.#follow(key, view.paymentId);
  }

  // "Another payment of this sale" names the payment that stands: its end is the end of this entry.
  #turnedAway(key: string, refused: Refused): void {
    const { code, paymentId } = refused.problem;
    const stands = code === 'payment-in-progress' || code === 'sale-already-paid';
    if (stands && paymentId !== undefined) this.#follow(key, paymentId);
    else this.#hear(key, heardRefusal(refused));
  }

  // The till does not know whether its request arrived: the sale does.
  async #lookUp(entry: Entry): Promise<void> {
    const { key, saleId } = entry;
    if (saleId === null) return;
    const endMs = entry.scannedAtMs + entry.spanMs;
    for (;;) {
      const sent = await sendUntilAnswered(
        this.#ambient,
        () => this.#client.sale(saleId),
        () => this.#isOpen(key),
        () => this.#hear(key, { kind: 'silence' }),
      );
      const paymentId = sent.ok ? this.#paymentOf(key, sent.value) : undefined;
      if (paymentId !== undefined) {
        this.#follow(key, paymentId);
        return;
      }
      if (!sent.ok || this.#ambient.nowMs() >= endMs) {
        this.#hear(key, { kind: 'never-sent' });
        return;
      }
      await new Promise<void>((resolve) => this.#ambient.after(lookAgainMs, resolve));
    }
  }

  #paymentOf(key: string, sale: SaleView): string | undefined {
    const { front, left } = this.state.get();
    const others = [front, ...left].flatMap((entry) =>
      entry === null || entry.key === key ? [] : [entry.view?.paymentId],
    );
    return sale.payments.findLast((payment) => !others.includes(payment.paymentId))?.paymentId;
  }

  #follow(key: string, paymentId: string): void {
    this.#following.get(key)?.();
    const inFront = this.state.get().front?.key === key;
    const stop = this.#follower.follow(paymentId, inFront, {
      payment: (view) => this.#hear(key, { kind: 'payment', view }),
      silence: () => this.#hear(key, { kind: 'silence' }),
      refused: (problem) => this.#hear(key, { kind: 'refused', problem }),
    });
    this.#following.set(key, stop);
  }

  #hear(key: string, heard: Heard): void {
    const before = this.#find(key);
    if (before === undefined) return;
    const after = hear(before, heard);
    const { front, left } = this.state.get();
    const inFront = front?.key === key;
    if (inFront) this.state.change({ front: after });
    else this.state.change({ left: left.map((entry) => (entry.key === key ? after : entry)) });
    if (after.saleId !== before.saleId || after.view?.paymentId !== before.view?.paymentId || isFinal(after))
      this.#remember();
    if (isSettled(after)) this.#stopFollowing(key);
    if (!isFinal(before) && isFinal(after)) this.#ended(after, inFront);
    // The reversal is proven now: the sale may be paid by another code.
    if (inFront && isInCustody(before) && !isInCustody(after)) this.#keepUnpaid(after);
  }

  #ended(entry: Entry, inFront: boolean): void {
    // A code that was never sent may still pay.
    if (entry.phase === 'never-sent' || entry.phase === 'refused') this.#codes.delete(entry.key);
    if (inFront) this.#keepUnpaid(entry);
    else this.#ambient.after(leftKeptMs, () => this.dismissLeft(entry.key));
    this.#onEnd(entry, inFront);
  }

  #keepUnpaid(entry: Entry): void {
    const { saleId, amount } = entry;
    const open = saleId !== null && entry.phase !== 'paid' && !isInCustody(entry);
    this.#unpaid = open ? { saleId, amount } : null;
  }

  #saleToPay(amount: Money): string | null {
    return this.#unpaid !== null && sameMoney(this.#unpaid.amount, amount) ? this.#unpaid.saleId : null;
  }

  #letGoOfFront(): void {
    const { front, left } = this.state.get();
    if (front === null) return;
    this.state.set({ front: null, left: isFinal(front) ? left : [...left, front] });
    this.#stopFollowing(front.key);
    if (!isFinal(front) && front.view !== null) this.#follow(front.key, front.view.paymentId);
    this.#remember();
  }

  #find(key: string): Entry | undefined {
    const { front, left } = this.state.get();
    return front?.key === key ? front : left.find((entry) => entry.key === key);
  }

  #isOpen(key: string): boolean {
    const entry = this.#find(key);
    return entry !== undefined && !isFinal(entry);
  }

  #stopFollowing(key: string): void {
    this.#following.get(key)?.();
    this.#following.delete(key);
  }

  #remember(): void {
    const { front, left } = this.state.get();
    rememberOpen(this.#memory, front === null ? left : [...left, front]);
  }
}

function heardRefusal(refused: Refused): Heard {
  return { kind: 'refused', problem: refused.problem };
}
