// What every CatalogJournal must do, whatever it stands on.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { MerchantId } from '#foundation/id.ts';
import { money } from '#foundation/money.ts';
import { applyChanges, Catalog } from './catalog.ts';
import type { CatalogChange, CatalogEdit } from './catalog-change.ts';
import type { CatalogJournal, CatalogRefusal } from './catalog-journal.port.ts';
import { type Context, costTests, stockTests } from './catalog-journal-stock.contract.ts';
import type { Product } from './product.ts';
import {
  at,
  barcode,
  departmentCode,
  groundEdits,
  listCode,
  productCode,
  someDepartment,
  someMerchant,
  somePrice,
  someProduct,
  someStore,
  taxCode,
  upsert,
  upsertPrice,
  upsertProduct,
} from './testing/shelf.ts';

export type CatalogJournalSubject = { readonly journal: CatalogJournal; close(): Promise<void> };

const milkCode = barcode('6901234567892');
const waterCode = barcode('96385074');

/** Runs the suite against a journal. `makeSubject` is called once. */
export function catalogJournalContract(name: string, makeSubject: () => Promise<CatalogJournalSubject>): void {
  describe(`${name} keeps the catalogue journal's contract`, () => {
    let subject: CatalogJournalSubject;
    before(async () => {
      subject = await makeSubject();
    });
    after(async () => {
      await subject.close();
    });
    const journal = () => subject.journal;
    const context: Context = {
      journal,
      async shop(edits = [], costs = []) {
        const merchantId = someMerchant();
        assert.ok((await journal().write(merchantId, { edits: [...groundEdits, ...edits], costs })).ok);
        return merchantId;
      },
    };
    writingTests(context);
    refusalTests(context);
    changeTests(context);
    costTests(context);
    stockTests(context);
  });
}

function writingTests({ journal, shop }: Context): void {
  test('a written product is found by id, barcode, code and PLU, under its own merchant only', async () => {
    const milk = someProduct({
      barcodes: [milkCode, waterCode],
      plu: '123',
      minimumAge: 18,
      picture: 'milk.jpg',
      isActive: false,
      unit: 'kilogram',
    });
    const merchantId = await shop([upsertProduct(milk)]);
    const strange = await shop();
    assert.deepEqual(await journal().findProduct(merchantId, milk.id), milk);
    assert.deepEqual(await journal().findByBarcodes(merchantId, [waterCode]), new Map([[waterCode, milk]]));
    assert.deepEqual(
      await journal().findByCodes(merchantId, [milk.code, productCode('none')]),
      new Map([[milk.code, milk]]),
    );
    assert.deepEqual(await journal().findByPlus(merchantId, ['123', '124']), new Map([['123', milk]]));
    assert.equal(await journal().findProduct(strange, milk.id), undefined);
    assert.deepEqual(await journal().findByBarcodes(strange, [milkCode]), new Map());
  });

  test('what is deleted or changed is no longer found by what it had', async () => {
    const milk = someProduct({ barcodes: [milkCode], plu: '1' });
    const water = someProduct({ barcodes: [waterCode] });
    const merchantId = await shop([upsertProduct(milk), upsertProduct(water)]);
    const gone: CatalogEdit = { act: 'delete', key: { kind: 'product', id: water.id } };
    const edits = [upsertProduct({ ...milk, barcodes: [], plu: null, code: productCode('new-code') }), gone];
    assert.ok((await journal().write(merchantId, { edits, costs: [] })).ok);
    assert.deepEqual(await journal().findByBarcodes(merchantId, [milkCode, waterCode]), new Map());
    assert.deepEqual(await journal().findByPlus(merchantId, ['1']), new Map());
    assert.deepEqual(await journal().findByCodes(merchantId, [milk.code]), new Map());
    assert.equal(await journal().findProduct(merchantId, water.id), undefined);
  });

  test('products are listed by id, page by page, of all departments or of one', async () => {
    const products = Array.from({ length: 7 }, (_, index) =>
      someProduct({ departmentId: departmentCode(index % 2 === 0 ? 'dairy' : 'fresh') }),
    );
    const fresh = upsert({ kind: 'department', department: someDepartment('fresh') });
    const merchantId = await shop([fresh, ...products.map(upsertProduct)]);
    const sorted = products.toSorted((left, right) => (left.id < right.id ? -1 : 1));
    const listed: Product[] = [];
    for (;;) {
      const last = listed.at(-1)?.id ?? null;
      const page = await journal().listProducts({ merchantId, departmentId: null, after: last, limit: 3 });
      if (page.length === 0) break;
      listed.push(...page);
    }
    assert.deepEqual(listed, sorted);
    const departmentId = departmentCode('fresh');
    const ofOne = await journal().listProducts({ merchantId, departmentId, after: null, limit: 2 });
    assert.deepEqual(ofOne, sorted.filter((product) => product.departmentId === departmentId).slice(0, 2));
  });

  test('departments, tax classes, price lists and prices are read as they were written', async () => {
    const milk = someProduct();
    const child = someDepartment('milk', { parentId: departmentCode('dairy'), sort: -3, names: { en: 'M', zh: '奶' } });
    const storeId = someStore();
    const prices = [
      somePrice(milk.id, 9_007_199_254_740_993n, { validTo: at(5) }),
      somePrice(milk.id, 0n, { storeId, amount: money('JPY', 0n) }),
    ];
    const merchantId = await shop([
      upsert({ kind: 'department', department: child }),
      upsertProduct(milk),
      ...prices.map(upsertPrice),
    ]);
    assert.deepEqual((await journal().listDepartments(merchantId)).get(child.id), child);
    assert.equal((await journal().listDepartments(merchantId)).size, 2);
    assert.equal((await journal().listTaxClasses(merchantId)).get(taxCode('vat-13'))?.rateBps, 1_300);
    assert.equal((await journal().listPriceLists(merchantId)).get(listCode('weekly'))?.rank, 10);
    const other = someProduct();
    const read = await journal().pricesOf(merchantId, [milk.id, other.id]);
    const byStore = (read.get(milk.id) ?? []).toSorted((left) => (left.storeId === null ? -1 : 1));
    assert.deepEqual(byStore, prices);
    assert.deepEqual(read.get(other.id), []);
  });
}

function refusalTests({ journal, shop }: Context): void {
  const refused = async (merchantId: MerchantId, edits: readonly CatalogEdit[], refusal: CatalogRefusal) => {
    const before = await journal().changesSince({ merchantId, after: 0, limit: 100 });
    assert.deepEqual(await journal().write(merchantId, { edits, costs: [] }), { ok: false, failure: refusal });
    assert.deepEqual(await journal().changesSince({ merchantId, after: 0, limit: 100 }), before);
  };

  test('a barcode, code or PLU belongs to one product, and a refused write leaves nothing', async () => {
    const milk = someProduct({ barcodes: [milkCode], plu: '9' });
    const merchantId = await shop([upsertProduct(milk)]);
    const fine = upsertProduct(someProduct());
    const by = milk.id;
    const twin = upsertProduct(someProduct({ barcodes: [waterCode, milkCode] }));
    await refused(merchantId, [fine, twin], { kind: 'barcode-taken', at: 1, barcode: milkCode, by });
    await refused(merchantId, [fine, upsertProduct(someProduct({ code: milk.code }))], {
      kind: 'code-taken',
      at: 1,
      by,
    });
    await refused(merchantId, [upsertProduct(someProduct({ plu: '9' }))], { kind: 'plu-taken', at: 0, by });
  });

  test('of two products of one write that claim one barcode the second is refused', async () => {
    const first = someProduct({ barcodes: [milkCode] });
    const second = someProduct({ barcodes: [milkCode] });
    const refusal: CatalogRefusal = { kind: 'barcode-taken', at: 1, barcode: milkCode, by: first.id };
    await refused(await shop(), [upsertProduct(first), upsertProduct(second)], refusal);
  });

  test('two products may exchange their barcodes, codes and PLUs in one write', async () => {
    const milk = someProduct({ barcodes: [milkCode], plu: '1' });
    const water = someProduct({ barcodes: [waterCode], plu: '2' });
    const merchantId = await shop([upsertProduct(milk), upsertProduct(water)]);
    const edits = [
      upsertProduct({ ...milk, barcodes: water.barcodes, code: water.code, plu: '2' }),
      upsertProduct({ ...water, barcodes: milk.barcodes, code: milk.code, plu: '1' }),
    ];
    assert.ok((await journal().write(merchantId, { edits, costs: [] })).ok);
    const found = await journal().findByBarcodes(merchantId, [milkCode, waterCode]);
    assert.deepEqual([found.get(milkCode)?.id, found.get(waterCode)?.id], [water.id, milk.id]);
    assert.equal((await journal().findByPlus(merchantId, ['1'])).get('1')?.id, water.id);
    assert.equal((await journal().findByCodes(merchantId, [milk.code])).get(milk.code)?.id, water.id);
  });

  test('what is not there cannot be referred to', async () => {
    const milk = someProduct();
    const merchantId = await shop([upsertProduct(milk)]);
    const lost = upsertProduct(someProduct({ departmentId: departmentCode('lost') }));
    await refused(merchantId, [lost], { kind: 'unknown-department', at: 0 });
    const untaxed = upsertProduct(someProduct({ taxClassId: taxCode('lost') }));
    await refused(merchantId, [untaxed], { kind: 'unknown-tax-class', at: 0 });
    await refused(merchantId, [upsertPrice(somePrice(someProduct().id, 1n))], { kind: 'unknown-product', at: 0 });
    const unlisted = upsertPrice(somePrice(milk.id, 1n, { listId: listCode('lost') }));
    await refused(merchantId, [unlisted], { kind: 'unknown-price-list', at: 0 });
    const deep = upsert({
      kind: 'department',
      department: someDepartment('deep', { parentId: departmentCode('lost') }),
    });
    await refused(merchantId, [deep], { kind: 'department-place', at: 0, problem: 'unknown-parent' });
  });

  test('what is referred to cannot go, but may go together with what refers to it', async () => {
    const milk = someProduct();
    const merchantId = await shop([upsertProduct(milk), upsertPrice(somePrice(milk.id, 1n))]);
    const noDepartment: CatalogEdit = { act: 'delete', key: { kind: 'department', id: milk.departmentId } };
    const noTaxClass: CatalogEdit = { act: 'delete', key: { kind: 'tax-class', id: milk.taxClassId } };
    const noList: CatalogEdit = { act: 'delete', key: { kind: 'price-list', id: listCode('regular') } };
    const noMilk: CatalogEdit = { act: 'delete', key: { kind: 'product', id: milk.id } };
    for (const edit of [noDepartment, noTaxClass, noList]) await refused(merchantId, [edit], { kind: 'in-use', at: 0 });
    const all = { edits: [noMilk, noDepartment, noTaxClass, noList], costs: [] };
    assert.ok((await journal().write(merchantId, all)).ok);
    assert.equal((await journal().listDepartments(merchantId)).size, 0);
    assert.deepEqual((await journal().pricesOf(merchantId, [milk.id])).get(milk.id), []);
  });
}

function changeTests({ journal, shop }: Context): void {
  const allChanges = async (merchantId: MerchantId, after: number, limit: number) => {
    const changes: CatalogChange[] = [];
    for (;;) {
      const page = await journal().changesSince({ merchantId, after: changes.at(-1)?.version ?? after, limit });
      changes.push(...page.changes);
      if (page.changes.length === 0) return { changes, latest: page.latest };
    }
  };

  test('versions only grow, page by page, and the last is what the write answered', async () => {
    const merchantId = await shop();
    const products = Array.from({ length: 5 }, () => someProduct());
    const written = await journal().write(merchantId, { edits: products.map(upsertProduct), costs: [] });
    const { changes, latest } = await allChanges(merchantId, 0, 2);
    const versions = changes.map(({ version }) => version);
    assert.deepEqual(
      versions,
      [...new Set(versions)].toSorted((left, right) => left - right),
    );
    assert.equal(changes.length, groundEdits.length + 5);
    assert.deepEqual([written, versions.at(-1)], [{ ok: true, value: { version: latest } }, latest]);
  });

  test('an edit that changes nothing gets no version, nor does deleting what is not there', async () => {
    const milk = someProduct({ barcodes: [milkCode] });
    const merchantId = await shop([upsertProduct(milk), upsertPrice(somePrice(milk.id, 5n))]);
    const { latest } = await journal().changesSince({ merchantId, after: 0, limit: 1 });
    const edits: readonly CatalogEdit[] = [
      ...groundEdits,
      upsertProduct({ ...milk }),
      upsertPrice(somePrice(milk.id, 5n)),
      { act: 'delete', key: { kind: 'product', id: someProduct().id } },
    ];
    assert.deepEqual(await journal().write(merchantId, { edits, costs: [] }), { ok: true, value: { version: latest } });
    assert.deepEqual(await journal().changesSince({ merchantId, after: latest, limit: 9 }), { changes: [], latest });
  });

  test('whoever applies the changes from any version on holds what the journal holds', async () => {
    const milk = someProduct({ barcodes: [milkCode] });
    const water = someProduct({ barcodes: [waterCode] });
    const merchantId = await shop([upsertProduct(milk), upsertPrice(somePrice(milk.id, 5n))]);
    const till = new Catalog();
    applyChanges(till, (await allChanges(merchantId, 0, 3)).changes);
    const steps: readonly (readonly CatalogEdit[])[] = [
      [upsertProduct(water), upsertPrice(somePrice(water.id, 7n))],
      [upsertProduct({ ...milk, barcodes: [] }), upsertProduct({ ...water, barcodes: [milkCode, waterCode] })],
      [upsertPrice(somePrice(milk.id, 6n, { validFrom: at(1) })), upsertPrice(somePrice(milk.id, 4n))],
      [{ act: 'delete', key: { kind: 'product', id: milk.id } }],
    ];
    for (const edits of steps) assert.ok((await journal().write(merchantId, { edits, costs: [] })).ok);
    applyChanges(till, (await allChanges(merchantId, till.version, 2)).changes);
    const fresh = new Catalog();
    applyChanges(fresh, (await allChanges(merchantId, 0, 100)).changes);
    for (const copy of [till, fresh]) {
      assert.deepEqual(
        [...copy.products.values()].map(({ id }) => id),
        [water.id],
      );
      assert.equal(copy.findByBarcode(milkCode)?.id, water.id);
      assert.deepEqual(copy.pricesOf(water.id), [somePrice(water.id, 7n)]);
      assert.deepEqual(copy.pricesOf(milk.id), []);
    }
  });

  test('many writes at once each get versions of their own, and none is missed', async () => {
    const merchantId = await shop();
    const products = Array.from({ length: 40 }, () => someProduct());
    await Promise.all(
      products.map((product) => journal().write(merchantId, { edits: [upsertProduct(product)], costs: [] })),
    );
    const { changes } = await allChanges(merchantId, 0, 7);
    assert.equal(new Set(changes.map(({ version }) => version)).size, groundEdits.length + 40);
    const till = new Catalog();
    applyChanges(till, changes);
    assert.equal(till.products.size, 40);
  });

  test('of many products that claim one barcode at once one gets it', async () => {
    const merchantId = await shop();
    const rivals = Array.from({ length: 20 }, () => someProduct({ barcodes: [milkCode] }));
    const results = await Promise.all(
      rivals.map((rival) => journal().write(merchantId, { edits: [upsertProduct(rival)], costs: [] })),
    );
    assert.equal(results.filter(({ ok }) => ok).length, 1);
    const winner = rivals[results.findIndex(({ ok }) => ok)];
    assert.equal((await journal().findByBarcodes(merchantId, [milkCode])).get(milkCode)?.id, winner?.id);
  });
}
