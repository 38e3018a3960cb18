import { catalogJournalContract } from '#catalog/catalog-journal.contract.ts';
import { MemoryCatalogJournal } from './memory-catalog-journal.ts';

catalogJournalContract('Memory', async () => ({ journal: new MemoryCatalogJournal(), close: async () => undefined }));
