// Puts numbered changes and costs into their tables, in portions and in an order in which each row finds what it refers to: first
// what others name, then products and their barcodes, then prices and costs; what goes goes the other way round.

import {
  type CatalogEdit,
  type CatalogRecord,
  type Cost,
  keyOfEdit,
  type PriceKey,
  type Product,
} from '#catalog/index.ts';
import type { MerchantId, ProductId } from '#foundation/id.ts';
import type { Connection, Statement } from '../database.ts';
import {
  costRow,
  costTypes,
  departmentTypes,
  priceKeyRow,
  priceKeyTypes,
  priceListTypes,
  priceTypes,
  productTypes,
  recordRow,
  taxClassTypes,
} from './catalog-rows.ts';
import { portions } from './in-portions.ts';

/** An edit that changes something, with the record's name (`keyText`), what it was before, and the change's version. */
export type NumberedEdit = {
  readonly edit: CatalogEdit;
  readonly name: string;
  readonly before: CatalogRecord | undefined;
  readonly version: number;
};

type Kind = CatalogRecord['kind'];

function upsertInto(table: string, types: string, key: readonly string[]): Statement {
  const columns = [...types.matchAll(/(\w+) \w+(?:,|$)/g)].map(([, column]) => column ?? '');
  const changing = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`);
  return {
    name: `upsert-${table.replaceAll('_', '-')}`,
    text: `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM json_to_recordset($1::json) AS a (${types})
ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${changing.join(', ')}`,
  };
}

function deleteFrom(table: string, column = 'id'): Statement {
  return {
    name: `delete-${table.replaceAll('_', '-')}-by-${column.replaceAll('_', '-')}`,
    text: `DELETE FROM ${table} WHERE merchant_id = $1 AND ${column} = ANY($2::text[])`,
  };
}

const upserts: Readonly<Record<Kind, Statement>> = {
  department: upsertInto('department', departmentTypes, ['merchant_id', 'id']),
  'tax-class': upsertInto('tax_class', taxClassTypes, ['merchant_id', 'id']),
  'price-list': upsertInto('price_list', priceListTypes, ['merchant_id', 'id']),
  product: upsertInto('product', productTypes, ['merchant_id', 'id']),
  price: upsertInto('price', priceTypes, ['product_id', 'merchant_id', 'list_id', 'valid_from', 'store_id']),
};
// An import brings every cost again: those that say the same are not written anew.
const anyCosts = upsertInto('product_cost', costTypes, ['product_id', 'merchant_id', 'valid_from']);
const upsertCosts: Statement = {
  name: anyCosts.name,
  text: `${anyCosts.text} WHERE (product_cost.amount_minor, product_cost.currency)
  IS DISTINCT FROM (excluded.amount_minor, excluded.currency)`,
};
const deletes = {
  product: deleteFrom('product'),
  'price-list': deleteFrom('price_list'),
  'tax-class': deleteFrom('tax_class'),
  department: deleteFrom('department'),
} as const satisfies Partial<Record<Kind, Statement>>;
const deletePrices: Statement = {
  name: 'delete-prices',
  text: `DELETE FROM price a USING json_to_recordset($1::json) k (${priceKeyTypes})
WHERE a.product_id = k.product_id AND a.merchant_id = k.merchant_id AND a.list_id = k.list_id
  AND a.valid_from = k.valid_from AND a.store_id IS NOT DISTINCT FROM k.store_id`,
};
const deleteCosts = deleteFrom('product_cost', 'product_id');
const deleteBarcodes = deleteFrom('product_barcode', 'product_id');
const insertBarcodes: Statement = {
  name: 'insert-barcodes',
  text: `INSERT INTO product_barcode (merchant_id, barcode, product_id, place)
SELECT $1, barcode, product_id, place FROM json_to_recordset($2::json) AS a (barcode text, product_id text, place smallint)`,
};
const insertDeletions: Statement = {
  name: 'insert-deletions',
  text: `INSERT INTO catalog_deletion (merchant_id, record, key, version)
SELECT $1, record, key, version FROM json_to_recordset($2::json) AS a (record text, key jsonb, version bigint)
ON CONFLICT (record, merchant_id) DO UPDATE SET version = excluded.version`,
};
const forgetDeletions = deleteFrom('catalog_deletion', 'record');

/** Writes within the transaction of `connection`. */
export async function storeChanges(
  connection: Connection,
  merchantId: MerchantId,
  changes: readonly NumberedEdit[],
  costs: readonly Cost[],
): Promise<void> {
  const store = new Store(connection, merchantId, changes);
  await store.upsert('department');
  await store.upsert('tax-class');
  await store.upsert('price-list');
  await store.upsert('product');
  await store.moveBarcodes();
  await store.deletePrices();
  await store.upsert('price');
  await store.writeCosts(costs);
  await store.delete('product');
  await store.delete('price-list');
  await store.delete('tax-class');
  await store.delete('department');
  await store.noteDeletions();
}

class Store {
  readonly #connection: Connection;
  readonly #merchantId: MerchantId;
  readonly #changes: readonly NumberedEdit[];

  constructor(connection: Connection, merchantId: MerchantId, changes: readonly NumberedEdit[]) {
    this.#connection = connection;
    this.#merchantId = merchantId;
    this.#changes = changes;
  }

  async upsert(kind: Kind): Promise<void> {
    const rows = this.#changes.flatMap(({ edit, version }) =>
      edit.act === 'upsert' && edit.record.kind === kind ? [recordRow(this.#merchantId, edit.record, version)] : [],
    );
    await this.#each(rows, (portion) => this.#connection.query(upserts[kind], [JSON.stringify(portion)]));
  }

  async delete(kind: keyof typeof deletes): Promise<void> {
    const ids = this.#deleted().flatMap((key) => (key.kind === kind ? [key.id] : []));
    if (kind === 'product') await this.#deleteEach(deleteCosts, ids);
    await this.#deleteEach(deletes[kind], ids);
  }

  async deletePrices(): Promise<void> {
    const keys = this.#deleted().flatMap((key): PriceKey[] => (key.kind === 'price' ? [key.price] : []));
    const rows = keys.map((key) => priceKeyRow(this.#merchantId, key));
    await this.#each(rows, (portion) => this.#connection.query(deletePrices, [JSON.stringify(portion)]));
  }

  /** Takes barcodes away everywhere before it gives any: they may have gone from one product of this write to another. */
  async moveBarcodes(): Promise<void> {
    const losing: ProductId[] = [];
    const rows: object[] = [];
    for (const { edit, before } of this.#changes) {
      const had = before?.kind === 'product' ? before.product.barcodes : [];
      const product = productOf(edit);
      if (product !== undefined && product.barcodes.join() === had.join()) continue;
      if (before?.kind === 'product' && had.length > 0) losing.push(before.product.id);
      for (const [place, barcode] of (product?.barcodes ?? []).entries()) {
        rows.push({ barcode, product_id: product?.id, place });
      }
    }
    await this.#deleteEach(deleteBarcodes, losing);
    await this.#each(rows, (portion) =>
      this.#connection.query(insertBarcodes, [this.#merchantId, JSON.stringify(portion)]),
    );
  }

  /** Of two costs under one beginning the later one counts. */
  async writeCosts(costs: readonly Cost[]): Promise<void> {
    const last = new Map(costs.map((cost) => [`${cost.productId} ${cost.validFrom}`, cost]));
    const rows = [...last.values()].map((cost) => costRow(this.#merchantId, cost));
    await this.#each(rows, (portion) => this.#connection.query(upsertCosts, [JSON.stringify(portion)]));
  }

  /** Keeps what is gone with its version, and forgets what has come back. */
  async noteDeletions(): Promise<void> {
    const back = this.#changes.flatMap(({ edit, name, before }) =>
      edit.act === 'upsert' && before === undefined ? [name] : [],
    );
    await this.#deleteEach(forgetDeletions, back);
    const rows = this.#changes.flatMap(({ edit, name, version }) =>
      edit.act === 'delete' ? [{ record: name, key: edit.key, version }] : [],
    );
    await this.#each(rows, (portion) =>
      this.#connection.query(insertDeletions, [this.#merchantId, JSON.stringify(portion)]),
    );
  }

  #deleted() {
    return this.#changes.flatMap(({ edit }) => (edit.act === 'delete' ? [keyOfEdit(edit)] : []));
  }

  async #deleteEach(statement: Statement, names: readonly string[]): Promise<void> {
    await this.#each(names, (portion) => this.#connection.query(statement, [this.#merchantId, portion]));
  }

  async #each<Item>(items: readonly Item[], write: (portion: readonly Item[]) => Promise<unknown>): Promise<void> {
    for (const portion of portions(items)) await write(portion);
  }
}

function productOf(edit: CatalogEdit): Product | undefined {
  return edit.act === 'upsert' && edit.record.kind === 'product' ? edit.record.product : undefined;
}
