// A sale is the whole visit. In this first form it is an amount; what it has collected is read from its payments, so that
// there is one truth about money and not two.

import type { DeviceId, MerchantId, SaleId, StoreId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import { add, type Money, money } from '#foundation/money.ts';
import { type Attempt, type Charge, dutyOf, type Refund } from '#payment/index.ts';

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

/** A sale with everything that was tried to pay it, oldest first. */
export type SaleStanding = {
  readonly sale: Sale;
  readonly status: SaleStatus;
  readonly refunded: Money;
  readonly charges: readonly Charge[];
  readonly refunds: readonly Refund[];
};

/** What a charge has given back or is about to: refunds that were not declined. */
export function refundedOf(charge: Charge, refunds: readonly Refund[]): Money {
  const none = money(charge.identity.amount.currency, 0n);
  return refunds
    .filter((refund) => refund.charge.id === charge.identity.id && refund.state.phase !== 'declined')
    .reduce((sum, refund) => add(sum, refund.identity.amount), none);
}

/** Reads where a sale stands from its attempts. */
export function saleStanding(sale: Sale, attempts: readonly Attempt[]): SaleStanding {
  const charges = attempts.filter((attempt) => attempt.kind === 'charge');
  const refunds = attempts.filter((attempt) => attempt.kind === 'refund');
  const paid = charges.find((charge) => charge.state.phase === 'approved');
  const refunded = paid === undefined ? money(sale.amount.currency, 0n) : refundedOf(paid, refunds);
  return { sale, status: statusOf(paid, charges, refunded), refunded, charges, refunds };
}

function statusOf(paid: Charge | undefined, charges: readonly Charge[], refunded: Money): SaleStatus {
  if (paid === undefined) return charges.some((charge) => dutyOf(charge.state.phase) !== 'none') ? 'paying' : 'open';
  if (refunded.minor === 0n) return 'paid';
  return refunded.minor < paid.identity.amount.minor ? 'partly-refunded' : 'refunded';
}
