// A sale is the whole visit. In this first form it is an amount; what it has collected is read from its payments, so that
// there is one truth about money and not two.

import type { DeviceId, MerchantId, SaleId, StoreId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';

export type Sale = {
  readonly id: SaleId;
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly deviceId: DeviceId;
  readonly amount: Money;
  /** What the payer sees in the wallet as the thing bought. */
  readonly description: string;
  readonly createdAt: Instant;
};

/** `paying`: a payment is open or not yet proven undone. `refunded`: all that was taken has been given back. */
export type SaleStatus = 'open' | 'paying' | 'paid' | 'partly-refunded' | 'refunded';
