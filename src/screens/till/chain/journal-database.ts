// The database that holds what only this till knows: its journal, and the baskets in work. It stands apart from the one that holds
// the goods, which can be fetched again: clearing or renewing that one never touches this one.

import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { TillEntry } from '#checkout/index.ts';
import type { KeptChain, KeptDraft } from './chain-store.port.ts';
import { StorageError, storageTroubleOf } from './storage-trouble.ts';

interface Schema extends DBSchema {
  chains: { key: string; value: KeptChain };
  entries: { key: [chainId: string, number: number]; value: TillEntry };
  /** `current`: the id of the chain that is being written. */
  names: { key: string; value: string };
  drafts: { key: string; value: KeptDraft };
}

export type JournalDatabase = IDBPDatabase<Schema>;

export const journalDatabaseName = 'tillway-till-journal';
const schemaVersion = 1;
/** A browser that does not answer at all is no storage. Opening takes milliseconds; a blocked upgrade may wait for another tab. */
const openingMsMax = 10_000;

/**
 * Opens it, made when it is not there. `onGone` is called when the browser takes it away while it is open: deleted by somebody, or
 * because another tab brings a newer till. Throws a `StorageError`.
 */
export async function openJournalDatabase(
  onGone: (why: 'gone' | 'newer-schema') => void,
  name = journalDatabaseName,
): Promise<JournalDatabase> {
  if (typeof indexedDB === 'undefined') throw new StorageError('refused');
  try {
    const opening = openDB<Schema>(name, schemaVersion, {
      upgrade(database) {
        database.createObjectStore('chains', { keyPath: 'chainId' });
        database.createObjectStore('entries', { keyPath: ['chainId', 'number'] });
        database.createObjectStore('names');
        database.createObjectStore('drafts', { keyPath: 'basketId' });
      },
      blocking(_current, wanted, event) {
        // Whoever deletes it or upgrades it must not wait for us: what we write next will say what happened.
        if (event.target instanceof IDBDatabase) event.target.close();
        onGone(wanted === null ? 'gone' : 'newer-schema');
      },
      terminated: () => onGone('gone'),
    });
    return await inTime(opening);
  } catch (error) {
    throw new StorageError(storageTroubleOf(error), error);
  }
}

async function inTime(opening: Promise<JournalDatabase>): Promise<JournalDatabase> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    // Whenever it opens after all, nobody waits for it.
    void opening.then(
      (database) => database.close(),
      () => undefined,
    );
    reject(new StorageError('refused'));
  }, openingMsMax);
  try {
    return await Promise.race([opening, promise]);
  } finally {
    clearTimeout(timer);
  }
}
