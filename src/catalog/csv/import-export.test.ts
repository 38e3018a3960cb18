// Products in and out as a file: what is wrong is told by row, nothing is written by a dry run, and what goes out comes back unchanged.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { makeGtin } from '../gtin.ts';
import { parseNames } from '../names.ts';
import { makeProductDesk, type ProductDesk } from '../testing/product-desk.ts';
import {
  at,
  barcode,
  listCode,
  noon,
  productCode,
  someMerchant,
  somePrice,
  someProduct,
  upsertPrice,
  upsertProduct,
} from '../testing/shelf.ts';
import { exportProducts } from './export-products.flow.ts';
import { describeProblem } from './import-problems.ts';
import { type ImportProgress, planImport, writeOfPlan } from './plan-import.flow.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);
const merchantId = someMerchant();
const milkCode = barcode('6901234567892');

function plan(desk: ProductDesk, file: string | readonly Uint8Array[], told: ImportProgress[] = []) {
  const chunks = typeof file === 'string' ? [new TextEncoder().encode(file)] : file;
  const random = seededRandom(seed);
  const onProgress = (progress: ImportProgress) => told.push(progress);
  const priceListId = listCode('regular');
  return planImport(
    { journal: desk.journal, merchantId, currency: 'CNY', priceListId, now: noon, random, onProgress },
    chunks,
  );
}

async function exported(desk: ProductDesk): Promise<string> {
  let text = '';
  const parts = { journal: desk.journal, merchantId, priceListId: listCode('regular'), now: noon, onProgress() {} };
  for await (const piece of exportProducts(parts)) text += piece;
  return text;
}

const head = 'code,name_en,name_zh,department,tax_class,barcodes,price,cost\n';

test('a new product is read with its price, cost and pinyin, and counted', async () => {
  const desk = makeProductDesk();
  const planned = await plan(desk, `\uFEFF${head}A1,Milk,纯牛奶,dairy,vat-13,6901234567892 96385074,2.80,2\n`);
  assert.deepEqual(planned.counts, { new: 1, changed: 0, unchanged: 0, wrong: 0 });
  assert.deepEqual(planned.problems, []);
  await desk.journal.write(merchantId, writeOfPlan(planned, false) ?? { edits: [], costs: [] });
  const product = desk.catalog.findByBarcode(milkCode);
  assert.equal(product?.pinyin, 'chun niu nai');
  assert.deepEqual(product?.barcodes, ['6901234567892', '96385074']);
  assert.equal(product === undefined ? undefined : desk.catalog.pricesOf(product.id)[0]?.amount.minor, 280n);
  assert.equal(desk.costs[0]?.amount.minor, 200n);
});

test('every kind of wrong cell is told with its row and column, all of a row at once', async () => {
  const columns = 'code,name_en,department,tax_class,barcodes,unit,plu,minimum_age,active,price,cost';
  const rows = [
    'A1,,none,none,123,litre,abc,0,maybe,1.234,x',
    'A2,Milk,dairy,vat-13,6901234567893 6.90123E+12,,,,,-1,',
    ',Milk,dairy,vat-13,,,,,,,',
    'A 3,Milk,dairy,vat-13,,,,,,,',
    'A4,Milk,dairy,vat-13',
    'A5,Milk,,,,,,,,,',
    'A6,Milk,dairy,vat-13,,,,,,,',
    'A6,Milk,dairy,vat-13,,,,,,,',
    '"A7"x,Milk,dairy,vat-13,,,,,,,',
  ];
  const { problems, counts } = await plan(makeProductDesk(), `${columns}\n${rows.join('\n')}`);
  assert.deepEqual(
    problems.map(({ row, column, problem }) => `${row} ${column} ${problem}`),
    [
      '2 name_en name-missing',
      '2 department unknown-department',
      '2 tax_class unknown-tax-class',
      '2 barcodes wrong-barcode',
      '2 unit wrong-unit',
      '2 plu wrong-plu',
      '2 minimum_age wrong-age',
      '2 active wrong-yes-no',
      '2 price amount-too-precise',
      '2 cost wrong-amount',
      '3 barcodes wrong-check-digit',
      '3 barcodes spoilt-by-spreadsheet',
      '3 price wrong-amount',
      '4 code missing',
      '5 code wrong-code',
      '6 null wrong-cell-count',
      '7 department missing',
      '7 tax_class missing',
      '9 code doubled-code',
      '10 null stray-quote',
    ],
  );
  assert.deepEqual(counts, { new: 1, changed: 0, unchanged: 0, wrong: 8 });
  const [first] = problems;
  assert.ok(first !== undefined);
  assert.equal(describeProblem(first, 'en'), 'Row 2, name_en: The product has no name. Fill in name_en or name_zh.');
  assert.equal(describeProblem(first, 'zh'), '第2行 name_en：商品没有名称。请填写 name_en 或 name_zh。');
});

test('nothing is written when a row is wrong, unless wrong rows are to be left out', async () => {
  const planned = await plan(makeProductDesk(), `${head}A1,Milk,,dairy,vat-13,,,\nA2,Milk,,lost,vat-13,,,\n`);
  assert.deepEqual(planned.counts, { new: 1, changed: 0, unchanged: 0, wrong: 1 });
  assert.equal(writeOfPlan(planned, false), null);
  assert.equal(writeOfPlan(planned, true)?.edits.length, 1);
});

test('a barcode twice in the file is wrong in the second row, which names the first', async () => {
  const planned = await plan(
    makeProductDesk(),
    `${head}A1,M,,dairy,vat-13,${milkCode},,\nA2,M,,dairy,vat-13,${milkCode},,\n`,
  );
  assert.deepEqual(planned.problems, [
    { row: 3, column: 'barcodes', problem: 'doubled-in-file', value: milkCode, about: '2' },
  ]);
});

test('a barcode of another product is refused with its code, unless the file takes it away there, in any order', async () => {
  const milk = someProduct({ code: productCode('OLD'), barcodes: [milkCode] });
  const desk = makeProductDesk([upsertProduct(milk)]);
  const claim = `NEW,M,,dairy,vat-13,${milkCode},,\n`;
  const release = 'OLD,M,,dairy,vat-13,,,\n';
  const refused = await plan(desk, `${head}${claim}`);
  assert.deepEqual(refused.problems, [
    { row: 2, column: 'barcodes', problem: 'taken-by-product', value: milkCode, about: 'OLD' },
  ]);
  for (const rows of [`${claim}${release}`, `${release}${claim}`]) {
    assert.deepEqual((await plan(desk, `${head}${rows}`)).problems, [], rows);
  }
  const wrongRelease = await plan(desk, `${head}${claim}OLD,M,,lost,vat-13,,,\n`);
  assert.deepEqual(
    wrongRelease.problems.map(({ row, problem }) => [row, problem]),
    [
      [2, 'taken-by-product'],
      [3, 'unknown-department'],
    ],
  );
});

test('columns that are not there leave a product as it is; an empty price leaves the price', async () => {
  const milk = someProduct({ barcodes: [milkCode], minimumAge: 18, pinyin: 'by hand' });
  const desk = makeProductDesk([upsertProduct(milk), upsertPrice(somePrice(milk.id, 280n, { validFrom: at(-9) }))]);
  const same = await plan(desk, `code,price\n${milk.code},\n`);
  assert.deepEqual(same.counts, { new: 0, changed: 0, unchanged: 1, wrong: 0 });
  const dearer = await plan(desk, `code,price\n${milk.code},3.00\n`);
  assert.deepEqual(dearer.write.edits, [upsertPrice(somePrice(milk.id, 300n))]);
  const renamed = await plan(desk, `code,name_zh\n${milk.code},鲜牛奶\n`);
  const names = { en: milk.names.en, zh: '鲜牛奶' };
  assert.deepEqual(renamed.write.edits, [upsertProduct({ ...milk, names, pinyin: 'xian niu nai' })]);
});

test('a file that cannot be read as a whole is told and nothing of it is kept', async () => {
  const problemOf = async (file: string | readonly Uint8Array[]) => {
    const planned = await plan(makeProductDesk(), file);
    assert.equal(planned.isUnreadable, true);
    assert.equal(writeOfPlan(planned, true), null);
    return planned.problems.map(({ problem, column }) => `${problem} ${column}`);
  };
  assert.deepEqual(await problemOf(''), ['no-header null']);
  assert.deepEqual(await problemOf('code,colour\n'), ['unknown-column colour']);
  assert.deepEqual(await problemOf('code,code\n'), ['doubled-column code']);
  assert.deepEqual(await problemOf('name_en\n'), ['no-code-column code']);
  // 奶 in GBK, as Excel saves "CSV" in China.
  assert.deepEqual(await problemOf([new TextEncoder().encode(head), new Uint8Array([0xc4, 0xcc, 0x0a])]), [
    'not-utf-8 null',
  ]);
  assert.deepEqual(await problemOf([new TextEncoder().encode(`${head}牛`).slice(0, -1)]), ['not-utf-8 null']);
});

test('a large file comes in pieces that cut letters in two, and tells how far it is', async () => {
  const rows = Array.from(
    { length: 5_000 },
    (_, index) => `P${index},Milk ${index},牛奶${index},dairy,vat-13,,${index % 90}.50,\n`,
  );
  const bytes = new TextEncoder().encode(`${head}${rows.join('')}`);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 997) }, (_, index) =>
    bytes.slice(index * 997, (index + 1) * 997),
  );
  const told: ImportProgress[] = [];
  const planned = await plan(makeProductDesk(), chunks, told);
  assert.deepEqual(planned.counts, { new: 5_000, changed: 0, unchanged: 0, wrong: 0 });
  assert.deepEqual(told.at(-1), { bytesRead: bytes.length, rowsRead: 5_000 });
  assert.ok(told.length >= 10);
  assert.ok(told.every(({ rowsRead }, index) => rowsRead >= (told[index - 1]?.rowsRead ?? 0)));
});

test(`what goes out comes back unchanged (seed ${seed})`, async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '=', '+', '-', '@', "'", '"', ',', ' ', '牛', '🥛', '＝'),
    maxLength: 8,
  });
  const product = fc
    .record({
      en: text,
      zh: text,
      pinyin: fc.constantFrom('', 'niu', '=niu'),
      barcodes: fc.integer({ min: 0, max: 3 }),
      unit: fc.constantFrom('piece' as const, 'kilogram' as const),
      minimumAge: fc.option(fc.integer({ min: 1, max: 120 })),
      isActive: fc.boolean(),
      picture: fc.option(fc.constantFrom('a.jpg', '=cmd', "'=x")),
      minor: fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n })),
      costMinor: fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n })),
      hasPlu: fc.boolean(),
    })
    .filter(({ en, zh }) => parseNames(en, zh).ok);
  await fc.assert(
    fc.asyncProperty(fc.array(product, { maxLength: 6 }), async (drawn) => {
      const desk = makeProductDesk();
      for (const [
        index,
        { en, zh, barcodes, minor, costMinor, hasPlu, pinyin, unit, minimumAge, isActive, picture },
      ] of drawn.entries()) {
        const names = parseNames(en, zh);
        assert.ok(names.ok);
        const codes = Array.from({ length: barcodes }, (_, place) =>
          makeGtin(`6999990${index}${String(place).padStart(4, '0')}`),
        );
        const made = someProduct({
          names: names.value,
          barcodes: codes,
          plu: hasPlu ? String(index + 1) : null,
          pinyin,
          unit,
          minimumAge,
          isActive,
          picture,
        });
        desk.catalog.put({ kind: 'product', product: made });
        if (minor !== null)
          desk.catalog.put({ kind: 'price', price: somePrice(made.id, minor, { validFrom: at(-1) }) });
        if (costMinor !== null)
          desk.costs.push({ productId: made.id, amount: money('CNY', costMinor), validFrom: at(-1) });
      }
      const planned = await plan(desk, await exported(desk));
      assert.deepEqual(planned.problems, []);
      assert.deepEqual(planned.counts, { new: 0, changed: 0, unchanged: drawn.length, wrong: 0 });
      assert.deepEqual(planned.write, { edits: [], costs: [] });
    }),
    { seed, numRuns: 150 },
  );
});
