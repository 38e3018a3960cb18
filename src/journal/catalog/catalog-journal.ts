// Catalog's journal on PostgreSQL. Reads may be done twice and are; a write is a transaction of its own (write-catalog.ts); stock
// moves with the sales, by the commit lanes.

import type { CatalogJournal } from '#catalog/index.ts';
import type { CommitLanes } from '../commit-lanes.ts';
import type { Database } from '../database.ts';
import { readChanges } from './changes-since.ts';
import {
  type Query,
  readByBarcodes,
  readByCodes,
  readByPlus,
  readCosts,
  readDepartments,
  readPage,
  readPriceLists,
  readPrices,
  readProducts,
  readTaxClasses,
} from './read-catalog.ts';
import { moveStock, readStock } from './stock-movements.ts';
import { writeCatalog } from './write-catalog.ts';

/** Implements the port; trouble with the database is a thrown `JournalError`. */
export function makeCatalogJournal(database: Database, lanes: CommitLanes): CatalogJournal {
  const query: Query = (statement, values) => database.repeatable(statement, values);
  const move = lanes.door(moveStock);
  return {
    write: (merchantId, write) => writeCatalog(database, merchantId, write),
    findProduct: async (merchantId, id) => (await readProducts(query, merchantId, [id])).get(id),
    findByBarcodes: (merchantId, barcodes) => readByBarcodes(query, merchantId, barcodes),
    findByCodes: (merchantId, codes) => readByCodes(query, merchantId, codes),
    findByPlus: (merchantId, plus) => readByPlus(query, merchantId, plus),
    listProducts: (page) => readPage(query, page),
    listDepartments: (merchantId) => readDepartments(query, merchantId),
    listTaxClasses: (merchantId) => readTaxClasses(query, merchantId),
    listPriceLists: (merchantId) => readPriceLists(query, merchantId),
    pricesOf: (merchantId, ids) => readPrices(query, merchantId, ids),
    costsOf: (merchantId, ids) => readCosts(query, merchantId, ids),
    changesSince: (page) => readChanges(database, page),
    moveStock: (merchantId, movement) => move({ merchantId, movement }),
    stockOf: (merchantId, storeId, ids) => readStock(query, merchantId, storeId, ids),
  };
}
