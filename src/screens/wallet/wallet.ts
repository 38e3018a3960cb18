// The wallet's model: which wallet, what the sandbox says of it, the code that it shows. It asks the sandbox every second, and
// makes a new code each minute and as soon as the shown one has been used.

import { Observable } from '../style/observable.ts';
import type { Memory } from '../style/preference.ts';
import type { SandboxPlace } from './sandbox-address.ts';
import {
  type HistoryRow,
  type PaymentCode,
  SandboxClient,
  type SandboxTrouble,
  type WalletLine,
  type WalletView,
} from './sandbox-client.ts';

export type TroubleKind = 'no-sandbox' | 'away' | 'not-found' | 'balance-not-enough' | 'nothing-waits' | 'other';

export type Told = {
  readonly kind: 'paid' | 'refused' | 'returned' | 'toppedUp';
  readonly amount: string;
  readonly currency: string;
};

export type ShownCode = { readonly digits: string; readonly endsAtMs: number };

export type WalletState = {
  readonly address: string | null;
  readonly choice: readonly WalletLine[] | null;
  readonly view: WalletView | null;
  readonly code: ShownCode | null;
  readonly digitsCount: number;
  readonly trouble: TroubleKind | null;
  readonly told: Told | null;
};

export const digitChoices = [16, 18, 19, 24] as const;
export const newBalance = '1000.00';

const lookMs = 1_000;
const codeLifeMs = 60_000;
const toldMs = 5_000;

export class Wallet {
  readonly state: Observable<WalletState>;
  readonly #memory: Memory;
  readonly #nowMs: () => number;
  #client: SandboxClient | undefined;
  #walletId: string | undefined;
  #makingCode = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #toldTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(memory: Memory, nowMs: () => number) {
    this.#memory = memory;
    this.#nowMs = nowMs;
    const remembered = Number(memory.read('wallet-digits'));
    this.state = new Observable<WalletState>({
      address: null,
      choice: null,
      view: null,
      code: null,
      digitsCount: digitChoices.find((count) => count === remembered) ?? 18,
      trouble: null,
      told: null,
    });
  }

  /** Finds the sandbox, then the wallet of before; without one a choice, and on an empty sandbox a new wallet. */
  async start(find: () => Promise<SandboxPlace>): Promise<void> {
    const place = await find();
    if (place.kind !== 'at') {
      this.state.change({ trouble: place.kind === 'none' ? 'no-sandbox' : 'away' });
      setTimeout(() => void this.start(find), 3_000);
      return;
    }
    this.#client = new SandboxClient(place.address);
    this.state.change({ address: place.address, trouble: null });
    const remembered = this.#memory.read('wallet');
    if (remembered !== null) this.#use(remembered);
    else await this.choose();
  }

  /** Shows the wallets of the sandbox. */
  async choose(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#letGo();
    const answer = await client.wallets();
    if (!answer.ok) {
      this.state.change({ trouble: 'away' });
      this.#timer = setTimeout(() => void this.choose(), 2_000);
    } else if (answer.value.wallets.length === 0) await this.make();
    else this.state.change({ choice: answer.value.wallets, trouble: null });
  }

  pick(walletId: string): void {
    this.state.change({ choice: null });
    this.#use(walletId);
  }

  async make(): Promise<void> {
    const opened = await this.#client?.open(newBalance, 'CNY');
    if (opened === undefined) return;
    if (opened.ok) this.pick(opened.value.walletId);
    else this.#failed(opened.failure);
  }

  setDigits(count: number): void {
    this.#memory.write('wallet-digits', String(count));
    this.state.change({ digitsCount: count, code: null });
    void this.#makeCode();
  }

  /** Confirms or refuses what waits. True when the sandbox took the answer. */
  async answer(accept: boolean, outTradeNo: string): Promise<boolean> {
    if (this.#client === undefined || this.#walletId === undefined) return false;
    const answer = await this.#client.answer(this.#walletId, accept, outTradeNo);
    if (!answer.ok) this.#failed(answer.failure);
    await this.#look();
    return answer.ok;
  }

  async topUp(amount: string): Promise<boolean> {
    const { view } = this.state.get();
    if (this.#client === undefined || view === null) return false;
    const answer = await this.#client.topUp(view.walletId, amount);
    if (!answer.ok) {
      this.#failed(answer.failure);
      return false;
    }
    this.#tell({ kind: 'toppedUp', amount, currency: view.currency });
    this.state.change({ view: answer.value });
    return true;
  }

  clearTrouble(): void {
    this.state.change({ trouble: null });
  }

  #use(walletId: string): void {
    this.#walletId = walletId;
    this.#memory.write('wallet', walletId);
    void this.#look();
  }

  #letGo(): void {
    clearTimeout(this.#timer);
    this.#walletId = undefined;
    this.state.change({ view: null, code: null });
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    const walletId = this.#walletId;
    const client = this.#client;
    if (client === undefined || walletId === undefined) return;
    const answer = await client.wallet(walletId);
    if (walletId !== this.#walletId) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), lookMs);
    if (!answer.ok) {
      this.#failed(answer.failure);
      if (answer.failure.kind === 'refused') await this.choose();
      return;
    }
    this.#seen(answer.value);
  }

  #seen(view: WalletView): void {
    const before = this.state.get();
    if (before.view !== null) this.#tellNews(before.view.history, view.history);
    const trouble = before.trouble === 'away' || before.trouble === 'not-found' ? null : before.trouble;
    this.state.change({ view, trouble });
    const { code } = before;
    const isUsed = code !== null && view.code?.code !== code.digits;
    const isOver = code !== null && this.#nowMs() >= code.endsAtMs;
    if (code === null || isUsed || isOver) void this.#makeCode();
  }

  async #makeCode(): Promise<void> {
    const client = this.#client;
    const walletId = this.#walletId;
    if (client === undefined || walletId === undefined || this.#makingCode) return;
    this.#makingCode = true;
    const { digitsCount } = this.state.get();
    const answer = await client.makeCode(walletId, digitsCount);
    this.#makingCode = false;
    if (walletId !== this.#walletId) return;
    if (answer.ok) this.#show(answer.value);
    else this.#failed(answer.failure);
    if (digitsCount !== this.state.get().digitsCount) void this.#makeCode();
  }

  #show(made: PaymentCode): void {
    const { view } = this.state.get();
    const nowMs = this.#nowMs();
    // The sandbox's clock can be set forward; the code still drains in a minute.
    const endsAtMs = Math.min(Date.parse(made.expiresAt), nowMs + codeLifeMs);
    const shown = { digits: made.code, endsAtMs: endsAtMs > nowMs ? endsAtMs : nowMs + codeLifeMs };
    // The last look is older than this code and must not count it as used.
    this.state.change({ code: shown, view: view === null ? null : { ...view, code: made } });
  }

  #tellNews(before: readonly HistoryRow[], after: readonly HistoryRow[]): void {
    for (const row of after) {
      const old = before.find((known) => known.tradeNo === row.tradeNo);
      const { amount, currency } = row;
      if (isPaid(row) && (old === undefined || !isPaid(old))) this.#tell({ kind: 'paid', amount, currency });
      else if (row.closedBecause === 'refused' && old?.closedBecause !== 'refused')
        this.#tell({ kind: 'refused', amount, currency });
      else if (old !== undefined && row.refunded !== old.refunded)
        this.#tell({ kind: 'returned', amount: row.refunded, currency });
    }
  }

  #tell(told: Told): void {
    clearTimeout(this.#toldTimer);
    this.state.change({ told });
    this.#toldTimer = setTimeout(() => this.state.change({ told: null }), toldMs);
  }

  #failed(trouble: SandboxTrouble): void {
    this.state.change({ trouble: trouble.kind === 'away' ? 'away' : troubleOf(trouble.code) });
  }
}

function isPaid(row: HistoryRow): boolean {
  return row.state === 'paid' || row.state === 'finished';
}

function troubleOf(code: string): TroubleKind {
  if (code === 'wallet-not-found') return 'not-found';
  if (code === 'balance-not-enough') return code;
  return code.startsWith('nothing') ? 'nothing-waits' : 'other';
}
