// PostgreSQL against the contracts of the ports that it implements.

import pg from 'pg';
import { saleJournalContract } from '#checkout/sale-journal.contract.ts';
import { type DeviceId, makeId, type StoreId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { silentLog } from '#foundation/log.ts';
import { seededRandom } from '#foundation/random.ts';
import type { Fact } from '#payment/index.ts';
import { paymentJournalContract } from '#payment/journal.contract.ts';
import { openJournal } from './open-journal.ts';
import { withDatabase } from './with-database.ts';

withDatabase('the journal on PostgreSQL', (database) => {
  const at = instant(Date.UTC(2026, 0, 15));
  const storeId: StoreId = makeId('store', at, seededRandom(1));
  const deviceId: DeviceId = makeId('device', at, seededRandom(1));

  paymentJournalContract('PostgreSQL', async () => {
    const journal = await openJournal({ url: database.url, log: silentLog });
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    return {
      journal: journal.payments,
      async openSale(merchantId, id, amount) {
        await journal.sales.openSale(
          { id, merchantId, storeId, deviceId, amount, description: 'Groceries', createdAt: at },
          null,
        );
      },
      async factsOf(merchantId) {
        // Not by the fact reader, which waits for whatever else runs on the server.
        const answer = await client.query<Fact>(
          'SELECT type, data FROM outbox WHERE merchant_id = $1 ORDER BY writer, seq',
          [merchantId],
        );
        return answer.rows.map(({ type, data }) => ({ type, data }));
      },
      async now() {
        const { rows } = await client.query<{ at: Date }>('SELECT clock_timestamp() AS at');
        return instant(rows[0]?.at.getTime() ?? Number.NaN);
      },
      async close() {
        await client.end();
        await journal.close();
      },
    };
  });

  saleJournalContract('PostgreSQL', async () => {
    const journal = await openJournal({ url: database.url, log: silentLog });
    return { journal: journal.sales, close: () => journal.close() };
  });
});
