// A basket that waits: put on hold at one till and claimed by one, the same or another. Claiming is one write with one winner, because
// a basket that two tills resume would be sold twice.

import type { Brand } from '#foundation/brand.ts';
import {
  type BasketId,
  type DeviceId,
  type MerchantId,
  makeId,
  type PersonId,
  parseId,
  type StoreId,
} from '#foundation/id.ts';
import { durationMs, type Instant } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import type { Random } from '#foundation/random.ts';

/** Names one holding: a basket that is held again gets another. */
export type HeldBasketId = Brand<`hold_${string}`, 'HeldBasketId'>;

export const heldBasketLifeMs = durationMs(7 * 24 * 3_600_000);
/** `heldMax` a store; the text's bound is that of a basket of the most lines with short notes. */
export const heldBasketBounds = {
  heldMax: 200,
  noteLengthMax: 200,
  reasonLengthMax: 200,
  textLengthMax: 2_000_000,
} as const;

/** What a list shows of a held basket; its text is given to whoever claims it. */
export type HeldBasket = {
  readonly id: HeldBasketId;
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly basketId: BasketId;
  readonly note: string;
  readonly lineCount: number;
  /** What the basket came to when it was put on hold, promotions aside. */
  readonly total: Money;
  readonly deviceId: DeviceId;
  readonly heldBy: PersonId;
  readonly heldAt: Instant;
  readonly expiresAt: Instant;
};

/** A fresh id, ordered by time as all are. */
export function makeHeldBasketId(at: Instant, random: Random): HeldBasketId {
  return makeId('basket', at, random).replace('bsk_', 'hold_') as HeldBasketId;
}

/** Reads an id that came from outside. */
export function parseHeldBasketId(text: string): HeldBasketId | undefined {
  const hasShape = text.startsWith('hold_') && parseId('basket', text.replace('hold_', 'bsk_')) !== undefined;
  return hasShape ? (text as HeldBasketId) : undefined;
}
