// A journal for the tests of import and export: a few maps, and no more of the port than those flows ask for.

import { Catalog } from '../catalog.ts';
import type { CatalogEdit } from '../catalog-change.ts';
import type { CatalogJournal } from '../catalog-journal.port.ts';
import type { Cost } from '../cost.ts';
import type { Product } from '../product.ts';
import { groundEdits } from './shelf.ts';

export type ProductDesk = { readonly catalog: Catalog; readonly costs: Cost[]; readonly journal: CatalogJournal };

export function makeProductDesk(edits: readonly CatalogEdit[] = []): ProductDesk {
  const catalog = new Catalog();
  const costs: Cost[] = [];
  const apply = (edit: CatalogEdit) => (edit.act === 'upsert' ? catalog.put(edit.record) : catalog.remove(edit.key));
  for (const edit of [...groundEdits, ...edits]) apply(edit);
  const products = () => [...catalog.products.values()];
  const foundBy = <Key>(keys: readonly Key[], has: (product: Product, key: Key) => boolean) =>
    new Map(
      keys.flatMap((key) => products().flatMap((product) => (has(product, key) ? [[key, product] as const] : []))),
    );
  const notAsked = () => Promise.reject(new Error('this desk is not asked that'));
  const journal: CatalogJournal = {
    async write(_, written) {
      for (const edit of written.edits) apply(edit);
      costs.push(...written.costs);
      return { ok: true, value: { version: 0 } };
    },
    findProduct: async (_, id) => catalog.products.get(id),
    findByBarcodes: async (_, barcodes) => foundBy(barcodes, (product, barcode) => product.barcodes.includes(barcode)),
    findByCodes: async (_, codes) => foundBy(codes, (product, code) => product.code === code),
    findByPlus: async (_, plus) => foundBy(plus, (product, plu) => product.plu === plu),
    listProducts: async ({ after, limit }) =>
      products()
        .filter(({ id }) => after === null || id > after)
        .toSorted((left, right) => (left.id < right.id ? -1 : 1))
        .slice(0, limit),
    listDepartments: async () => catalog.departments,
    listTaxClasses: async () => catalog.taxClasses,
    listPriceLists: async () => catalog.priceLists,
    pricesOf: async (_, ids) => new Map(ids.map((id) => [id, catalog.pricesOf(id)])),
    costsOf: async (_, ids) => new Map(ids.map((id) => [id, costs.filter(({ productId }) => productId === id)])),
    changesSince: notAsked,
    moveStock: notAsked,
    stockOf: notAsked,
  };
  return { catalog, costs, journal };
}
