// The durable record of baskets on hold. PostgreSQL implements it (src/journal/baskets); simulation has one in memory.

import type { DeviceId, PersonId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import type { Result } from '#foundation/result.ts';
import type { HeldBasket, HeldBasketId } from './held-basket.ts';
import type { Permissions } from './permission.ts';
import type { PersonPlace } from './person-directory.port.ts';
import type { OverrideUse, OverrideUseRefusal } from './recorded-override.ts';
import type { SaleIdempotency } from './sale-journal.port.ts';

export type HoldRefusal =
  | 'key-reused'
  /** This very basket is on hold already, under another key. */
  | 'already-held'
  | 'too-many-held';

export type Held = { readonly kind: 'held' | 'repeated'; readonly held: HeldBasket };

export type Claiming = {
  readonly id: HeldBasketId;
  readonly deviceId: DeviceId;
  readonly personId: PersonId;
  /** Names this claim: when its answer is lost the same device asks again with the same key and gets the same basket. */
  readonly key: string;
  readonly at: Instant;
};

export type Claimed = { readonly kind: 'claimed' | 'repeated'; readonly held: HeldBasket; readonly basketText: string };

/** Why a held basket cannot be had (any more). */
export type NotHeld = 'held-unknown' | 'held-claimed' | 'held-voided' | 'held-expired';

export type Voiding = {
  readonly id: HeldBasketId;
  readonly personId: PersonId;
  readonly reason: string;
  readonly at: Instant;
  /** Used up in the same write; `null` where the person's own role is enough. */
  readonly override: { readonly use: OverrideUse; readonly permissions: Permissions } | null;
};

export interface HeldBasketJournal {
  /** Keeps a basket until its `expiresAt`. One basket is on hold once at a time. */
  hold(held: HeldBasket, basketText: string, idempotency: SaleIdempotency): Promise<Result<Held, HoldRefusal>>;
  /** What waits in a store at this instant, oldest first. */
  listHeld(place: PersonPlace, at: Instant): Promise<readonly HeldBasket[]>;
  /** One that waits at this instant, or why it does not. */
  findHeld(place: PersonPlace, id: HeldBasketId, at: Instant): Promise<Result<HeldBasket, NotHeld>>;
  /** Of all claims exactly one wins; it alone gets the text, as often as it asks with its key. */
  claim(place: PersonPlace, claiming: Claiming): Promise<Result<Claimed, NotHeld | 'key-reused'>>;
  /** Gives a held basket up for good; again is the same as once. */
  voidHeld(place: PersonPlace, voiding: Voiding): Promise<Result<HeldBasket, NotHeld | OverrideUseRefusal>>;
}
