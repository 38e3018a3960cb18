// The merchants of one installation: the demo's, with names of its own that no random id can have, and the real one.

import type { DeviceId, MerchantId, StoreId } from '#foundation/id.ts';

export const demoNames = {
  merchantId: 'mer_demo' as MerchantId,
  storeId: 'sto_demo' as StoreId,
  deviceId: 'dev_demo' as DeviceId,
};

const realMerchant = 'mer_own' as MerchantId;

/** The merchant that a new store belongs to. */
export function merchantOf(config: { readonly demo: boolean }): MerchantId {
  return config.demo ? demoNames.merchantId : realMerchant;
}

/** Every merchant that may have devices here: a demo may have been a demo before, and become real. */
export const ownMerchants: readonly MerchantId[] = [realMerchant, demoNames.merchantId];
