// How a sale lies in its table.

import type { Sale } from '#checkout/index.ts';
import type { DeviceId, MerchantId, SaleId, StoreId } from '#foundation/id.ts';
import { formatInstant, instant } from '#foundation/instant.ts';
import type { Currency } from '#foundation/money.ts';
import { moneyOf, storable } from './attempt-rows.ts';
import type { Row } from './database.ts';

export interface SaleRow extends Row {
  readonly merchant_id: MerchantId;
  readonly id: SaleId;
  readonly store_id: StoreId;
  readonly device_id: DeviceId;
  readonly amount_minor: string;
  readonly currency: Currency;
  readonly description: string;
  readonly created_at: Date;
}

export const saleNames = 'merchant_id, id, store_id, device_id, amount_minor, currency, description, created_at';
export const saleTypes = `merchant_id text, id text, store_id text, device_id text, amount_minor bigint, currency text,
  description text, created_at timestamptz`;

/** The columns of `SaleRow`, of the table `s`. */
export const saleColumns =
  's.merchant_id, s.id, s.store_id, s.device_id, s.amount_minor, s.currency, s.description, s.created_at';

/** The sale under the names of its columns. */
export function saleRow(sale: Sale) {
  return {
    merchant_id: sale.merchantId,
    id: sale.id,
    store_id: sale.storeId,
    device_id: sale.deviceId,
    amount_minor: sale.amount.minor.toString(),
    currency: sale.amount.currency,
    description: storable(sale.description),
    created_at: formatInstant(sale.createdAt),
  };
}

export function saleOf(row: SaleRow): Sale {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    storeId: row.store_id,
    deviceId: row.device_id,
    amount: moneyOf(row.currency, row.amount_minor),
    description: row.description,
    createdAt: instant(row.created_at.getTime()),
  };
}
