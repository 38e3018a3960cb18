// What the people behind the phones do: open a wallet, put money in, show a code. The engine does the rest.

import { durationMs, type Instant, plus } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import type { Random } from '#foundation/random.ts';
import type { TradingEvent } from './trading-event.ts';
import type { TradingState } from './trading-state.ts';
import { makeCode, makeLogonId, makeWalletId, type PaymentCode, type Wallet } from './wallet.ts';

const drawsMax = 1_000;

export class WalletDesk {
  readonly #state: TradingState;
  readonly #random: Random;
  readonly #record: (event: TradingEvent) => void;

  constructor(state: TradingState, random: Random, record: (event: TradingEvent) => void) {
    this.#state = state;
    this.#random = random;
    this.#record = record;
  }

  open(
    balance: Money,
    manner: { readonly passwordAboveMinor: bigint; readonly autoConfirmMs: number | undefined },
    now: Instant,
  ): Wallet {
    const wallet: Wallet = {
      walletId: this.#fresh(
        () => makeWalletId(this.#random),
        (id) => this.#state.wallets.has(id),
      ),
      logonId: makeLogonId(this.#random),
      openedAt: now,
      ...manner,
    };
    this.#record({ type: 'wallet-opened', wallet });
    if (balance.minor > 0n) this.topUp(wallet.walletId, balance, now);
    return wallet;
  }

  topUp(walletId: string, amount: Money, now: Instant): void {
    this.#record({ type: 'wallet-funded', at: now, walletId, amount });
  }

  /** A fresh code of `length` digits that can pay until `lifeMs` from now. Older codes of the wallet stay good. */
  issueCode(walletId: string, length: number, lifeMs: number, now: Instant): PaymentCode {
    const code: PaymentCode = {
      code: this.#fresh(
        () => makeCode(length, this.#random),
        (drawn) => this.#state.codes.has(drawn),
      ),
      walletId,
      expiresAt: plus(now, durationMs(lifeMs)),
      usedBy: undefined,
    };
    this.#record({ type: 'code-issued', code });
    return code;
  }

  #fresh(draw: () => string, taken: (drawn: string) => boolean): string {
    for (let tries = 0; tries < drawsMax; tries += 1) {
      const drawn = draw();
      if (!taken(drawn)) return drawn;
    }
    throw new Error('No unused number was drawn: the random source repeats itself');
  }
}
