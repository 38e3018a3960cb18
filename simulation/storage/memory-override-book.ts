// Overrides in memory, for simulation: the same contract as PostgreSQL's.

import {
  type OverrideBook,
  type OverrideId,
  type OverridePage,
  type OverrideUse,
  type OverrideUseRefusal,
  overrideTrouble,
  type Permissions,
  type RecordedOverride,
} from '#checkout/index.ts';
import type { MerchantId } from '#foundation/id.ts';
import { failure, type Result, success } from '#foundation/result.ts';

export class MemoryOverrideBook implements OverrideBook {
  readonly #overrides = new Map<string, RecordedOverride>();

  async record(override: RecordedOverride): Promise<void> {
    const key = `${override.merchantId} ${override.id}`;
    if (!this.#overrides.has(key)) this.#overrides.set(key, override);
  }

  async find(merchantId: MerchantId, id: OverrideId): Promise<RecordedOverride | undefined> {
    return this.#overrides.get(`${merchantId} ${id}`);
  }

  async list({ merchantId, storeId, before, limit }: OverridePage): Promise<readonly RecordedOverride[]> {
    return [...this.#overrides.values()]
      .filter((known) => known.merchantId === merchantId && known.storeId === storeId)
      .filter((known) => before === null || known.id < before)
      .sort((left, right) => (left.id < right.id ? 1 : -1))
      .slice(0, limit);
  }

  async use(
    merchantId: MerchantId,
    use: OverrideUse,
    permissions: Permissions,
  ): Promise<Result<RecordedOverride, OverrideUseRefusal>> {
    return this.spend(merchantId, use, permissions);
  }

  /** The same, within the turn of the caller. */
  spend(
    merchantId: MerchantId,
    use: OverrideUse,
    permissions: Permissions,
  ): Result<RecordedOverride, OverrideUseRefusal> {
    const known = this.#overrides.get(`${merchantId} ${use.id}`);
    const trouble = overrideTrouble(known, use, permissions);
    if (trouble !== null) return failure(trouble);
    if (known === undefined) return failure('override-unknown');
    if (known.usedFor !== null) return success(known);
    const used = { ...known, usedAt: use.at, usedFor: use.usedFor };
    this.#overrides.set(`${merchantId} ${use.id}`, used);
    return success(used);
  }
}
