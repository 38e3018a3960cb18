// What the workload acts on: the line of each till, the payers' wallets, time, and draws that belong to one sale alone.

import type { DurationMs, Instant } from '#foundation/instant.ts';
import type { Random } from '#foundation/random.ts';
import type { Happening, SaleNumber } from './happening.ts';
import type { StoreLine } from './store-line.ts';

/** The payer's side of Alipay: a wallet for each payer, codes on its screen, and a question to confirm. */
export interface PayerSide {
  /** Opens a wallet with so much money; answers its id. */
  openWallet(balanceMinor: bigint): string;
  /** A fresh payment code on the wallet's screen: it lives for about a minute and pays once. */
  showCode(walletId: string): string;
  /** Calls `listener` when Alipay asks this wallet's owner to confirm a payment. */
  onAsked(walletId: string, listener: () => void): void;
  /** The owner confirms or refuses what waits; false when nothing does any more. */
  answer(walletId: string, accept: boolean): boolean;
}

export interface Stage {
  /** The true time of the world, which no machine in it knows exactly. */
  now(): Instant;
  /** Resolves after `wait` of the world's time. */
  rest(wait: DurationMs): Promise<void>;
  readonly tillCount: number;
  line(sale: SaleNumber, till: number): StoreLine;
  readonly payers: PayerSide;
  /** Draws for one sale; the same in every run of the seed, whatever other sales there are. */
  draws(sale: SaleNumber): Random;
  /** Tells what a person or a till does of itself. `till-asked` and `till-told` are told by the line. */
  tell(happening: Extract<Happening, { type: 'code-scanned' | 'till-left' | 'person-did' }>): void;
}
