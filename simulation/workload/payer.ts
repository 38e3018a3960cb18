// The customer with the Alipay app: a wallet with enough money or not, codes on its screen, and a temper when Alipay asks to confirm.

import { below, type Random } from '#foundation/random.ts';
import type { SaleNumber } from '../shop/happening.ts';
import type { Stage } from '../shop/stage.ts';
import { chosen, minuteMs, secondMs, someTime } from './chance.ts';

/** What the payer does when asked to confirm; `silent` never answers. */
export type Temper = 'quick' | 'slow' | 'refuses' | 'silent';

type Manner = { readonly weight: number; readonly temper: Temper };

const usualTempers: readonly Manner[] = [
  { weight: 74, temper: 'quick' },
  { weight: 12, temper: 'slow' },
  { weight: 8, temper: 'refuses' },
  { weight: 6, temper: 'silent' },
];
// The one who keeps the till waiting.
const tiresomeTempers: readonly Manner[] = [
  { weight: 45, temper: 'slow' },
  { weight: 25, temper: 'refuses' },
  { weight: 30, temper: 'silent' },
];

export type Purse = { readonly temper: Temper; readonly balanceMinor: bigint };

/** A payer for `amountMinor`: `isTiresome` keeps the till waiting, `isShort` has not enough money. */
export function drawPurse(random: Random, amountMinor: bigint, isTiresome: boolean, isShort: boolean): Purse {
  const { temper } = chosen(random, isTiresome ? tiresomeTempers : usualTempers);
  const percent = BigInt(below(random, 100));
  return { temper, balanceMinor: isShort ? (amountMinor * percent) / 100n : amountMinor * 5n + 100_000n };
}

export class Payer {
  readonly walletId: string;
  readonly #stage: Stage;
  readonly #sale: SaleNumber;
  readonly #temper: Temper;
  readonly #random: Random;
  readonly #answers: Promise<void>[] = [];

  constructor(stage: Stage, sale: SaleNumber, purse: Purse, random: Random) {
    this.#stage = stage;
    this.#sale = sale;
    this.#temper = purse.temper;
    this.#random = random;
    this.walletId = stage.payers.openWallet(purse.balanceMinor);
    stage.payers.onAsked(this.walletId, () => {
      if (this.#temper !== 'silent') this.#answers.push(this.#answer());
    });
  }

  /** A fresh code: it pays once, within a minute. */
  showCode(): string {
    return this.#stage.payers.showCode(this.walletId);
  }

  /** Resolves when the payer has answered every question asked so far. */
  async hasAnswered(): Promise<void> {
    for (const answer of this.#answers) await answer;
  }

  async #answer(): Promise<void> {
    // Two minutes: also after the till gave up waiting.
    const [fromMs, toMs] = this.#temper === 'slow' ? [8 * secondMs, 2 * minuteMs] : [secondMs, 8 * secondMs];
    await this.#stage.rest(someTime(this.#random, fromMs, toMs));
    const accepts = this.#temper !== 'refuses';
    const isHeard = this.#stage.payers.answer(this.walletId, accepts);
    const what = accepts ? 'confirms' : 'refuses';
    this.#stage.tell({
      type: 'person-did',
      sale: this.#sale,
      who: 'payer',
      what: isHeard ? what : `${what}, but nothing waits any more`,
    });
  }
}
