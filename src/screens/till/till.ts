// The till itself: the keyed amount, the desk of payments, what the cashier is told. It lives outside React so that a scan acts
// in the same turn of the event loop as its last key; the screen draws what stands here.

import { recognise, type ScannedCode } from '#checkout/index.ts';
import { type Currency, isCurrency, type Money } from '#foundation/money.ts';
import type { StoreView } from '#server/contract/ecr.ts';
import { Observable } from '../style/observable.ts';
import type { Memory } from '../style/preference.ts';
import { type PadKey, padKeyOf, pressKey, readPad } from './amount-pad.ts';
import { DayBook } from './day-book.ts';
import type { Follower } from './follow-payment.ts';
import { PaymentDesk } from './payment-desk.ts';
import { type Entry, isFinal } from './payment-entry.ts';
import type { StoreClient } from './store-client.ts';
import type { Ambient } from './try-again.ts';

export type NoticeKind =
  | 'wechat-pay'
  | 'unionpay'
  | 'product'
  | 'unreadable'
  | 'no-amount'
  | 'same-code'
  | 'unsure'
  | 'busy'
  | 'finish-first'
  | 'starting';

/** `amountText` is set when what was taken for a scan could have been an amount typed very fast. */
export type Notice = { readonly kind: NoticeKind; readonly amountText: string | null };

export type TillState = {
  readonly store: StoreView | null;
  readonly link: 'starting' | 'in-touch' | 'away' | 'unpaired';
  readonly padText: string;
  readonly notice: Notice | null;
  readonly last: Entry | null;
};

const storeEveryMs = 15_000;
const noticeMs = 10_000;
/** How long the green sheet stays. */
const paidMs = 2_000;
/** No scanner leaves so much time between its first key and the key by which it is known. */
const surelyTypedMs = 600;

export class Till {
  readonly state = new Observable<TillState>({ store: null, link: 'starting', padText: '', notice: null, last: null });
  readonly desk: PaymentDesk;
  readonly dayBook: DayBook;
  readonly client: StoreClient;
  readonly ambient: Ambient;
  #cancelNotice: () => void = () => {};
  #cancelStore: () => void = () => {};
  #cancelBegin: () => void = () => {};
  /** A key has begun the next amount while the sheet of an ended payment still stands. */
  #beginsNext = false;

  constructor(parts: {
    readonly client: StoreClient;
    readonly ambient: Ambient;
    readonly memory: Memory;
    readonly follower: Follower;
    readonly sounds: { paid(): void; notPaid(): void };
  }) {
    this.client = parts.client;
    this.ambient = parts.ambient;
    this.dayBook = new DayBook(parts.client, parts.ambient.nowMs);
    this.desk = new PaymentDesk({
      ...parts,
      onEnd: (entry, inFront) => {
        if (entry.phase === 'paid') parts.sounds.paid();
        else parts.sounds.notPaid();
        this.#ended(entry, inFront);
      },
    });
  }

  async start(): Promise<void> {
    this.desk.state.subscribe(() => this.#noticeSilence());
    this.desk.resume();
    await this.refresh();
  }

  /** Asks the store server who and where this till is, and for today's sales; then again at intervals. */
  async refresh(): Promise<void> {
    this.#cancelStore();
    const answer = await this.client.store();
    if (answer.ok) {
      this.desk.setSpan(answer.value.finalWordMs);
      this.dayBook.setTimeZone(answer.value.timeZone);
      this.state.change({ store: answer.value, link: 'in-touch' });
      await this.dayBook.refresh();
    } else if (this.state.get().link !== 'unpaired') {
      this.state.change({ link: 'away' });
    }
    this.#cancelStore();
    const soon = this.state.get().link === 'in-touch' ? storeEveryMs : 2_000;
    this.#cancelStore = this.ambient.after(soon, () => void this.refresh());
  }

  notPaired(): void {
    this.state.change({ link: 'unpaired' });
  }

  /** The session was opened: everything may be asked again. */
  async paired(): Promise<void> {
    this.state.change({ link: 'starting' });
    await this.refresh();
  }

  get currency(): Currency {
    const currency = this.state.get().store?.currency ?? 'CNY';
    return isCurrency(currency) ? currency : 'CNY';
  }

  amount(): Money | undefined {
    return readPad(this.state.get().padText, this.currency);
  }

  /** One key of the amount. While a payment is in front its amount stands; after its end a key begins the next customer. */
  press(key: PadKey): void {
    const { front } = this.desk.state.get();
    if (front !== null && !isFinal(front)) {
      this.say('finish-first');
      return;
    }
    const begins = front !== null && !this.#beginsNext;
    if (begins) this.#beginNext();
    const padText = begins ? '' : this.state.get().padText;
    this.state.change({ padText: pressKey(padText, key, this.currency) });
    this.hush();
  }

  // The sheet goes a moment after the first key: when that key turns out to be the first digit of a scan, it has not gone.
  #beginNext(): void {
    this.#beginsNext = true;
    this.#cancelBegin = this.ambient.after(surelyTypedMs, () => {
      this.#beginsNext = false;
      this.desk.nextCustomer();
    });
  }

  /** Takes one keyboard key as part of an amount; false when it is none. */
  pressKeyboard(key: string): boolean {
    const padKey = padKeyOf(key);
    if (padKey === undefined) return false;
    this.press(padKey);
    return true;
  }

  /** Keeps the keyed amount as it is now; the answer puts it back. */
  rememberPad(): () => void {
    const { padText } = this.state.get();
    const begun = this.#beginsNext;
    return () => {
      if (!begun) this.#stayWithEnded();
      this.state.change({ padText });
    };
  }

  #stayWithEnded(): void {
    this.#cancelBegin();
    this.#beginsNext = false;
  }

  scanBegun(): void {
    const amount = this.amount();
    if (amount !== undefined) this.desk.prepare(amount);
  }

  /** A code, from whatever source. An Alipay code with an amount is a payment, at once. */
  scanned(text: string): void {
    const code = recognise(text);
    if (code.kind !== 'alipay') {
      this.#cannotTake(code, text);
      return;
    }
    if (this.desk.hasTaken(code.digits)) {
      this.say('same-code');
      return;
    }
    const { front } = this.desk.state.get();
    const amount = front !== null && !isFinal(front) ? front.amount : this.amount();
    if (amount === undefined) {
      this.say('no-amount');
      return;
    }
    if (this.state.get().link === 'starting' || this.state.get().store === null) {
      this.say('starting');
      return;
    }
    const taken = this.desk.scan(code.digits, amount);
    if (taken === 'started') {
      this.#stayWithEnded();
      this.hush();
    } else this.say(taken);
  }

  /** Takes as amount what was read as a scan. */
  takeAsAmount(): void {
    const text = this.state.get().notice?.amountText;
    if (text === null || text === undefined) return;
    this.press('clear');
    for (const key of text) this.pressKeyboard(key);
  }

  nextCustomer(): void {
    this.#stayWithEnded();
    this.desk.nextCustomer();
    this.state.change({ padText: '' });
    this.hush();
  }

  say(kind: NoticeKind, amountText: string | null = null): void {
    this.#cancelNotice();
    this.state.change({ notice: { kind, amountText } });
    this.#cancelNotice = this.ambient.after(noticeMs, () => this.hush());
  }

  hush(): void {
    this.#cancelNotice();
    this.state.change({ notice: null });
  }

  // A payment hears the silence of the server sooner than the next look at the store.
  #noticeSilence(): void {
    if (this.desk.state.get().front?.inTouch !== false || this.state.get().link !== 'in-touch') return;
    this.state.change({ link: 'away' });
    this.#cancelStore();
    this.#cancelStore = this.ambient.after(1_000, () => void this.refresh());
  }

  #cannotTake(code: Exclude<ScannedCode, { kind: 'alipay' }>, text: string): void {
    // No code that is scanned in a shop has a decimal point: somebody types very fast.
    if (/^\d{1,6}\.\d{1,2}$/.test(text)) {
      for (const key of text) this.pressKeyboard(key);
      return;
    }
    const couldBeAmount = code.kind === 'unreadable' && /^\d{1,6}$/.test(text);
    this.say(code.kind, couldBeAmount ? text : null);
  }

  #ended(entry: Entry, inFront: boolean): void {
    this.state.change({ last: entry });
    if (inFront && entry.phase === 'paid') {
      this.state.change({ padText: '' });
      this.ambient.after(paidMs, () => {
        if (this.desk.state.get().front?.key === entry.key) this.desk.closeEnded();
      });
    }
    // After the sheet has turned: the list is not what the cashier waits for.
    this.ambient.after(300, () => void this.refresh());
  }
}
