// The journals in memory against the same contracts as PostgreSQL.

import { saleJournalContract } from '#checkout/sale-journal.contract.ts';
import { type DeviceId, makeId, type StoreId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { seededRandom } from '#foundation/random.ts';
import { paymentJournalContract } from '#payment/journal.contract.ts';
import { makeMemoryStorage } from './index.ts';

const at = instant(Date.UTC(2026, 0, 15));
const storeId: StoreId = makeId('store', at, seededRandom(1));
const clock = { now: () => instant(Math.floor(performance.timeOrigin + performance.now())) };
const deviceId: DeviceId = makeId('device', at, seededRandom(1));

paymentJournalContract('Memory', async () => {
  const { sales, payments } = makeMemoryStorage(clock);
  return {
    journal: payments,
    async openSale(merchantId, id, amount) {
      await sales.openSale(
        { id, merchantId, storeId, deviceId, amount, description: 'Groceries', createdAt: at },
        null,
      );
    },
    factsOf: async (merchantId) =>
      payments.facts.filter((fact) => fact.merchantId === merchantId).map(({ type, data }) => ({ type, data })),
    now: async () => clock.now(),
    close: async () => undefined,
  };
});

saleJournalContract('Memory', async () => ({ journal: makeMemoryStorage(clock).sales, close: async () => undefined }));
