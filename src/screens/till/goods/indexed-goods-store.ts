// The goods in IndexedDB, in a database of their own: it can be deleted at any time without touching the till's journal. Large parts
// are single records of typed arrays, which storage reads and writes whole without looking into them.

import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { SearchParts } from '#catalog/index.ts';
import { StorageError, storageTroubleOf } from '../chain/storage-trouble.ts';
import { changesSince, type GoodsStore, type KeptChanges, type KeptGoods } from './goods-store.port.ts';
import type { PackedShelf } from './packed-shelf.ts';

interface Schema extends DBSchema {
  /** What the shelf is, beside it: reading the shelf itself takes longer than most of what is asked here. */
  about: { key: 'shelf'; value: Pick<PackedShelf, 'form' | 'version' | 'owner'> };
  shelf: { key: 'shelf'; value: PackedShelf };
  /** By the version of the last of them. */
  changes: { key: number; value: KeptChanges };
  search: { key: 'search'; value: { readonly version: number; readonly parts: SearchParts } };
}

type GoodsDatabase = IDBPDatabase<Schema>;

export const goodsDatabaseName = 'tillway-till';
const schemaVersion = 1;

/** Opens it anew for every act that fails because it is gone. Every method throws a `StorageError` when it cannot work. */
export function makeIndexedGoodsStore(name = goodsDatabaseName): GoodsStore {
  let opened: Promise<GoodsDatabase> | null = null;
  const forget = () => {
    opened = null;
  };
  const act = async <Value>(work: (database: GoodsDatabase) => Promise<Value>): Promise<Value> => {
    try {
      opened ??= openGoodsDatabase(name, forget);
      return await work(await opened);
    } catch (error) {
      const trouble = storageTroubleOf(error);
      if (trouble !== 'disk-full') forget();
      throw new StorageError(trouble, error);
    }
  };
  return {
    load: () => act(load),
    keepShelf: (shelf, evenIfOlder) => act((database) => keepShelf(database, shelf, evenIfOlder)),
    keepChanges: (after, changes) => act((database) => keepChanges(database, { after, changes })),
    loadSearch: (version) => act((database) => loadSearch(database, version)),
    keepSearch: (version, parts) => act((database) => keepSearch(database, version, parts)),
    clear: () => act(clear),
  };
}

async function openGoodsDatabase(name: string, onGone: () => void): Promise<GoodsDatabase> {
  if (typeof indexedDB === 'undefined') throw new StorageError('refused');
  return await openDB<Schema>(name, schemaVersion, {
    upgrade(database) {
      database.createObjectStore('about');
      database.createObjectStore('shelf');
      database.createObjectStore('changes');
      database.createObjectStore('search');
    },
    blocking(_current, _wanted, event) {
      if (event.target instanceof IDBDatabase) event.target.close();
      onGone();
    },
    terminated: onGone,
  });
}

async function load(database: GoodsDatabase): Promise<KeptGoods | null> {
  const reading = database.transaction(['shelf', 'changes']);
  const [shelf, changes] = await Promise.all([
    reading.objectStore('shelf').get('shelf'),
    reading.objectStore('changes').getAll(),
  ]);
  return shelf === undefined || shelf.form !== 1 ? null : { shelf, changes: changesSince(shelf.version, changes) };
}

async function keepShelf(database: GoodsDatabase, shelf: PackedShelf, evenIfOlder: boolean): Promise<boolean> {
  const { form, version, owner } = shelf;
  const writing = database.transaction(['about', 'shelf', 'changes', 'search'], 'readwrite');
  const present = await writing.objectStore('about').get('shelf');
  const isSameGoods = present?.form === form && present.owner === owner && !evenIfOlder;
  if (isSameGoods && present.version > version) {
    await writing.done;
    return false;
  }
  const changes = writing.objectStore('changes');
  await Promise.allSettled([
    isSameGoods ? changes.delete(IDBKeyRange.upperBound(version)) : changes.clear(),
    writing.objectStore('search').clear(),
    writing.objectStore('about').put({ form, version, owner }, 'shelf'),
    writing.objectStore('shelf').put(shelf, 'shelf'),
  ]);
  await writing.done;
  return true;
}

async function keepChanges(database: GoodsDatabase, kept: KeptChanges): Promise<void> {
  const last = kept.changes.at(-1);
  if (last === undefined) return;
  const writing = database.transaction(['about', 'changes'], 'readwrite');
  const isThere = (await writing.objectStore('about').count('shelf')) > 0;
  await Promise.allSettled(isThere ? [writing.objectStore('changes').put(kept, last.version)] : []);
  await writing.done;
}

async function loadSearch(database: GoodsDatabase, version: number): Promise<SearchParts | null> {
  const kept = await database.get('search', 'search');
  return kept?.version === version ? kept.parts : null;
}

async function keepSearch(database: GoodsDatabase, version: number, parts: SearchParts): Promise<void> {
  const writing = database.transaction(['about', 'search'], 'readwrite');
  const about = await writing.objectStore('about').get('shelf');
  const isItsOwn = about?.version === version;
  await Promise.allSettled(isItsOwn ? [writing.objectStore('search').put({ version, parts }, 'search')] : []);
  await writing.done;
}

async function clear(database: GoodsDatabase): Promise<void> {
  const writing = database.transaction(['about', 'shelf', 'changes', 'search'], 'readwrite');
  await Promise.allSettled([...writing.objectStoreNames].map((name) => writing.objectStore(name).clear()));
  await writing.done;
}
