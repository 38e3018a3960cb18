// Checkout's sales on PostgreSQL. Opening a sale is one of a payment's commits and goes through the commit lanes.

import type { SaleJournal } from '#checkout/index.ts';
import type { CommitLanes } from './commit-lanes.ts';
import type { Database, Statement } from './database.ts';
import { openSales } from './open-sales.ts';
import { type SaleRow, saleColumns, saleOf } from './sale-rows.ts';

const find: Statement = {
  name: 'find-sale',
  text: `SELECT ${saleColumns} FROM sale s WHERE s.merchant_id = $1 AND s.id = $2`,
};

// '~' sorts after every id. Two statements rather than an OR, so that each walks its own index.
const listOfMerchant: Statement = {
  name: 'list-sales-of-merchant',
  text: `SELECT ${saleColumns} FROM sale s WHERE s.merchant_id = $1 AND s.id < coalesce($2, '~') ORDER BY s.id DESC LIMIT $3`,
};
const listOfStore: Statement = {
  name: 'list-sales-of-store',
  text: `SELECT ${saleColumns} FROM sale s WHERE s.merchant_id = $1 AND s.store_id = $4 AND s.id < coalesce($2, '~')
ORDER BY s.id DESC LIMIT $3`,
};

/** Implements the port; trouble with the database is a thrown `JournalError`. */
export function makeSaleJournal(database: Database, lanes: CommitLanes): SaleJournal {
  const openSale = lanes.door(openSales);
  return {
    openSale: (sale, idempotency) => openSale({ sale, idempotency }),
    async findSale(merchantId, id) {
      const [row] = await database.repeatable<SaleRow>(find, [merchantId, id]);
      return row === undefined ? undefined : saleOf(row);
    },
    async listSales({ merchantId, storeId, before, limit }) {
      const values = [merchantId, before, limit];
      const rows =
        storeId === null
          ? await database.repeatable<SaleRow>(listOfMerchant, values)
          : await database.repeatable<SaleRow>(listOfStore, [...values, storeId]);
      return rows.map(saleOf);
    },
  };
}
