// PostgreSQL against the contract of the catalogue's journal.

import { catalogJournalContract } from '#catalog/catalog-journal.contract.ts';
import { silentLog } from '#foundation/log.ts';
import { openJournal } from '../open-journal.ts';
import { withDatabase } from '../with-database.ts';

withDatabase('the catalogue on PostgreSQL', (database) => {
  catalogJournalContract('PostgreSQL', async () => {
    const journal = await openJournal({ url: database.url, log: silentLog });
    return { journal: journal.catalog, close: () => journal.close() };
  });
});
