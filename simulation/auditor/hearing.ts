// What every rule is given: what is known so far, the limits, the moment, and where to note a breach.

import type { Instant } from '#foundation/instant.ts';
import type { Happening, SaleNumber } from '../shop/happening.ts';
import type { Model } from './model.ts';
import type { Breach } from './violation.ts';

export type Limits = {
  /** From the first write of a payment to its final word, in milliseconds. */
  readonly finalWordMs: number;
  /**
   * Whether this may keep a server from writing in time: a crash, a pause, a journal that fails. A word may then be written after the
   * deadline; what a till is told after it must carry a word all the same. What happens between us and Alipay is no excuse.
   */
  isServerTrouble(happening: Happening): boolean;
};

export type Hearing = {
  readonly model: Model;
  readonly limits: Limits;
  readonly at: Instant;
  /** The sale that the happening itself names. */
  readonly named: SaleNumber | null;
  readonly breach: Breach;
};
