// Baskets on hold in memory, for simulation: the same contract as PostgreSQL's.

import {
  type Claimed,
  type Claiming,
  type Held,
  type HeldBasket,
  type HeldBasketId,
  type HeldBasketJournal,
  type HoldRefusal,
  heldBasketBounds,
  type NotHeld,
  type OverrideUseRefusal,
  type PersonPlace,
  type SaleIdempotency,
  type Voiding,
} from '#checkout/index.ts';
import type { DeviceId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { MemoryOverrideBook } from './memory-override-book.ts';

type Row = {
  readonly held: HeldBasket;
  readonly basketText: string;
  readonly idempotency: SaleIdempotency;
  state: 'held' | 'claimed' | 'voided';
  claim: { readonly deviceId: DeviceId; readonly key: string } | null;
};

export class MemoryHeldBaskets implements HeldBasketJournal {
  readonly #rows = new Map<string, Row>();
  readonly #overrides: MemoryOverrideBook;

  constructor(overrides: MemoryOverrideBook) {
    this.#overrides = overrides;
  }

  async hold(held: HeldBasket, basketText: string, idempotency: SaleIdempotency): Promise<Result<Held, HoldRefusal>> {
    const { merchantId } = held;
    const rows = [...this.#rows.values()].filter((row) => row.held.merchantId === merchantId);
    const { scope, key, fingerprint } = idempotency;
    const before = rows.find((row) => row.idempotency.key === key && row.idempotency.scope === scope);
    if (before !== undefined) {
      if (before.idempotency.fingerprint !== fingerprint) return failure('key-reused');
      return success({ kind: 'repeated', held: before.held });
    }
    const waiting = rows.filter((row) => isWaiting(row, held.heldAt));
    if (waiting.some((row) => row.held.basketId === held.basketId)) return failure('already-held');
    const ofStore = waiting.filter((row) => row.held.storeId === held.storeId);
    if (ofStore.length >= heldBasketBounds.heldMax) return failure('too-many-held');
    this.#rows.set(`${merchantId} ${held.id}`, { held, basketText, idempotency, state: 'held', claim: null });
    return success({ kind: 'held', held });
  }

  async listHeld({ merchantId, storeId }: PersonPlace, at: Instant): Promise<readonly HeldBasket[]> {
    return [...this.#rows.values()]
      .filter((row) => row.held.merchantId === merchantId && row.held.storeId === storeId && isWaiting(row, at))
      .map(({ held }) => held)
      .sort((left, right) => (left.id < right.id ? -1 : 1))
      .slice(0, heldBasketBounds.heldMax);
  }

  async findHeld(place: PersonPlace, id: HeldBasketId, at: Instant): Promise<Result<HeldBasket, NotHeld>> {
    const row = this.#find(place, id);
    const trouble = notHeld(row, at);
    return trouble !== null || row === undefined ? failure(trouble ?? 'held-unknown') : success(row.held);
  }

  async claim(place: PersonPlace, claiming: Claiming): Promise<Result<Claimed, NotHeld | 'key-reused'>> {
    const { id, deviceId, key, at } = claiming;
    const row = this.#find(place, id);
    const { held, basketText } = row ?? {};
    if (row?.claim?.deviceId === deviceId && row.claim.key === key && held !== undefined && basketText !== undefined) {
      return success({ kind: 'repeated', held, basketText });
    }
    const trouble = notHeld(row, at);
    if (trouble !== null || row === undefined) return failure(trouble ?? 'held-unknown');
    const isReused = [...this.#rows.values()].some(
      ({ held: other, claim }) =>
        other.merchantId === place.merchantId && claim?.key === key && claim.deviceId === deviceId,
    );
    if (isReused) return failure('key-reused');
    row.state = 'claimed';
    row.claim = { deviceId, key };
    return success({ kind: 'claimed', held: row.held, basketText: row.basketText });
  }

  async voidHeld(
    place: PersonPlace,
    { id, at, override }: Voiding,
  ): Promise<Result<HeldBasket, NotHeld | OverrideUseRefusal>> {
    const row = this.#find(place, id);
    const trouble = notHeld(row, at);
    if (row === undefined || (trouble !== null && trouble !== 'held-voided')) return failure(trouble ?? 'held-unknown');
    if (trouble === 'held-voided') return success(row.held);
    if (override !== null) {
      const used = this.#overrides.spend(place.merchantId, override.use, override.permissions);
      if (!used.ok) return used;
    }
    row.state = 'voided';
    return success(row.held);
  }

  #find({ merchantId, storeId }: PersonPlace, id: HeldBasketId): Row | undefined {
    const row = this.#rows.get(`${merchantId} ${id}`);
    return row?.held.storeId === storeId ? row : undefined;
  }
}

function isWaiting({ held, state }: Row, at: Instant): boolean {
  return state === 'held' && held.expiresAt > at;
}

function notHeld(row: Row | undefined, at: Instant): NotHeld | null {
  if (row === undefined) return 'held-unknown';
  if (row.state === 'held') return isWaiting(row, at) ? null : 'held-expired';
  return `held-${row.state}`;
}
