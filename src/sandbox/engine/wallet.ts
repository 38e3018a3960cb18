// Wallets and the codes that they show. A code names its wallet for a minute and belongs to the first order that uses it.
// @see facts D: 16 to 24 digits, first two 25 to 30, one minute, single use

import type { Instant } from '#foundation/instant.ts';
import { below, digits, type Random } from '#foundation/random.ts';
import type { OrderKey } from './trade.ts';

export type Wallet = {
  /** Shaped like an Alipay user id: 16 digits that begin with 2088. */
  readonly walletId: string;
  readonly logonId: string;
  readonly openedAt: Instant;
  /** Above this many minor units the buyer must confirm. */
  readonly passwordAboveMinor: bigint;
  /** Confirms by itself after so many milliseconds; `undefined` waits for a person. */
  readonly autoConfirmMs: number | undefined;
};

export type PaymentCode = {
  readonly code: string;
  readonly walletId: string;
  readonly expiresAt: Instant;
  readonly usedBy: OrderKey | undefined;
};

export const codeDigitsMin = 16;
export const codeDigitsMax = 24;
export const codeDigitsDefault = 18;

export function makeCode(length: number, random: Random): string {
  return `${25 + below(random, 6)}${digits(random, length - 2)}`;
}

export function makeWalletId(random: Random): string {
  return `2088${digits(random, 12)}`;
}

/** A masked phone number, as answers show the buyer: `159****5620`. */
export function makeLogonId(random: Random): string {
  return `1${3 + below(random, 7)}${digits(random, 1)}****${digits(random, 4)}`;
}
