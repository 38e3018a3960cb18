// PostgreSQL against the contracts of the tills' journal and of its documents.

import pg from 'pg';
import { documentJournalContract } from '#checkout/document-journal.contract.ts';
import type { TillJournalSubject } from '#checkout/testing/till-at-work.ts';
import { tillJournalContract } from '#checkout/till-journal.contract.ts';
import { silentLog } from '#foundation/log.ts';
import type { Fact } from '#payment/index.ts';
import { openJournal } from '../open-journal.ts';
import { withDatabase } from '../with-database.ts';

withDatabase("the tills' journal on PostgreSQL", (database) => {
  const makeSubject = async (): Promise<TillJournalSubject> => {
    const journal = await openJournal({ url: database.url, log: silentLog });
    const other = await openJournal({ url: database.url, log: silentLog });
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { tills, documents, payments, sales } = journal;
    return {
      ...{ tills, other: other.tills, documents, payments, sales },
      async factsOf(merchantId) {
        // Not by the fact reader, which waits for whatever else runs on the server.
        const answer = await client.query<Fact>(
          `SELECT type, data FROM outbox WHERE merchant_id = $1 AND type NOT LIKE 'payment.%' ORDER BY writer, seq`,
          [merchantId],
        );
        return answer.rows.map(({ type, data }) => ({ type, data }));
      },
      async close() {
        await client.end();
        await journal.close();
        await other.close();
      },
    };
  };
  tillJournalContract('PostgreSQL', makeSubject, process.env['TILLWAY_LONG'] === '1' ? 100_000 : 20_000);
  documentJournalContract('PostgreSQL', makeSubject);
});
