// The durable record of overrides. PostgreSQL implements it (src/journal/people); simulation has one in memory.

import type { MerchantId, StoreId } from '#foundation/id.ts';
import type { Result } from '#foundation/result.ts';
import type { Permissions } from './permission.ts';
import type { OverrideId, OverrideUse, OverrideUseRefusal, RecordedOverride } from './recorded-override.ts';

/** A page of a store's overrides, newest first. `before` is the last id of the page before. */
export type OverridePage = {
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly before: OverrideId | null;
  readonly limit: number;
};

export interface OverrideBook {
  record(override: RecordedOverride): Promise<void>;
  find(merchantId: MerchantId, id: OverrideId): Promise<RecordedOverride | undefined>;
  list(page: OverridePage): Promise<readonly RecordedOverride[]>;
  /**
   * Uses an override up, once: of many uses at once for different things exactly one succeeds. The same use again answers the
   * same.
   */
  use(
    merchantId: MerchantId,
    use: OverrideUse,
    permissions: Permissions,
  ): Promise<Result<RecordedOverride, OverrideUseRefusal>>;
}
