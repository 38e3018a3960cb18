// The index finds what looking at every product would find, in the same order: match.ts is the slow measure, and any names, queries and
// typing errors must give the same through both.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ProductId } from '#foundation/id.ts';
import { pinyinOf } from '../pinyin/pinyin.ts';
import type { Product } from '../product.ts';
import { barcode, productCode, someProduct } from '../testing/shelf.ts';
import { buildIndex } from './build-index.ts';
import { levelOfTerm, levelOfTerms, matchLevels } from './match.ts';
import { finish, ProductSearch } from './product-search.ts';
import { SearchIndex } from './search-index.ts';
import { fieldsOf, readQuery } from './terms.ts';
import { repairs } from './typing-error.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);

const english = [
  'Pure',
  'milk',
  'Cola',
  'Coca',
  'yoghurt',
  'Zero',
  '250',
  'ml',
  'Crème',
  'strawberries',
  'internationally',
];
const chinese = ['纯', '牛奶', '可乐', '绿茶', '重庆', '火锅底料', '女', '250ml', '（', '草莓味酸奶饮品'];

const products = fc.array(
  fc
    .record({
      en: fc.array(fc.constantFrom(...english), { maxLength: 4 }).map((words) => words.join(' ')),
      zh: fc.array(fc.constantFrom(...chinese), { maxLength: 4 }).map((words) => words.join('')),
      hasPinyin: fc.boolean(),
      isActive: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn > 0),
    })
    .map(({ en, zh, hasPinyin, isActive }) =>
      someProduct({ names: { en, zh }, pinyin: hasPinyin ? pinyinOf(zh) : '', isActive }),
    ),
  { maxLength: 25 },
);

const queries = fc.oneof(
  fc.array(fc.constantFrom(...english, ...chinese), { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
  fc.array(fc.constantFrom(...english), { minLength: 1, maxLength: 3 }).map((words) => words.join('').toLowerCase()),
  fc.array(fc.constantFrom(...chinese), { minLength: 1, maxLength: 3 }).map((words) => pinyinOf(words.join(''))),
  fc.array(fc.constantFrom(...chinese), { minLength: 1, maxLength: 3 }).map((words) => words.join('')),
  fc
    .array(fc.constantFrom('n', 'l', 'c', 'y', 'h', 'k', 't', '1', 'coc', 'mi'), { minLength: 1, maxLength: 4 })
    .map((some) => some.join('')),
);
const cut = fc.tuple(queries, fc.integer({ min: 1, max: 40 })).map(([query, length]) => query.slice(0, length));

function searchOf(some: readonly Product[]): SearchIndex {
  const byId = new Map<ProductId, Product>(some.map((product) => [product.id, product]));
  return new SearchIndex(finish(buildIndex(some)), (id) => byId.get(id));
}

function slowly(some: readonly Product[], query: string) {
  const terms = readQuery(query);
  const levels = some
    .filter(({ isActive }) => isActive)
    .map((product) => ({ id: product.id, level: levelOfTerms(terms, (term) => levelOfTerm(fieldsOf(product), term)) }));
  return levels.filter(({ level }) => level > matchLevels.none).toSorted((left, right) => right.level - left.level);
}

test(`the index finds what looking at every product finds, in the same order (seed ${seed})`, () => {
  fc.assert(
    fc.property(products, cut, (some, query) => {
      const found = searchOf(some)
        .search(query, 100)
        .filter(({ level }) => level > matchLevels.fuzzy);
      assert.deepEqual(found, slowly(some, query));
    }),
    { seed, numRuns: 600 },
  );
});

test(`one typing error in each word of four letters or more is forgiven (seed ${seed})`, () => {
  const words = ['yoghurt', 'milk', 'strawberries', 'niunai', 'kele'];
  const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'.split(''));
  const errors = fc.constantFrom('lost', 'added', 'wrong', 'swapped');
  const some = [someProduct({ names: { en: 'Strawberries milk yoghurt', zh: '可乐牛奶' } })];
  const index = searchOf(some);
  fc.assert(
    fc.property(fc.constantFrom(...words), errors, fc.nat(), letters, (word, error, drawn, letter) => {
      const place = drawn % (word.length - 1);
      const [before, here, next, after] = [word.slice(0, place), word[place], word[place + 1], word.slice(place + 2)];
      const typed = {
        lost: `${before}${next}${after}`,
        added: `${before}${here}${letter}${next}${after}`,
        wrong: `${before}${letter}${next}${after}`,
        swapped: `${before}${next}${here}${after}`,
      }[error];
      if (typed.length < 4) return;
      assert.equal(index.search(typed).length, 1, typed);
      assert.equal(index.search(`${typed} milk`).length, 1, typed);
    }),
    { seed, numRuns: 400 },
  );
});

test('repairs are within one error, as measured letter by letter', () => {
  for (const repaired of repairs('yogurt')) assert.ok(isOneErrorAway('yogurt', repaired), repaired);
});

test('exact comes before prefix, prefix before word, word before typing error, and best sellers first among equals', () => {
  const named = (en: string) => someProduct({ names: { en, zh: '' } });
  const some = [named('Malk'), named('Fresh milk'), named('Milk drink'), named('Milk bar'), named('Milk')];
  const found = searchOf(some).search('milk');
  assert.deepEqual(
    found.map(({ id, level }) => [some.findIndex((product) => product.id === id), level]),
    [
      [4, matchLevels.exact],
      [2, matchLevels.prefix],
      [3, matchLevels.prefix],
      [1, matchLevels.word],
      [0, matchLevels.fuzzy],
    ],
  );
});

test('numbers are found by their beginning, and never with an error', () => {
  const milk = someProduct({
    code: productCode('A-100200'),
    barcodes: [barcode('6901234567892'), barcode('036000291452')],
    plu: '4711',
  });
  const index = searchOf([milk]);
  for (const query of ['690123', '6901234567892', '0360', '036000291452', '4711', 'a-100200']) {
    assert.equal(index.search(query).length, 1, query);
  }
  for (const query of ['6901243', '4712', '36000291453']) assert.equal(index.search(query).length, 0, query);
});

test('what was typed in any script, width or case is one, and nothing typed finds nothing', () => {
  const index = searchOf([someProduct({ names: { en: 'Crème brûlée', zh: '绿茶250毫升' } })]);
  for (const query of [
    'CREME',
    'crème bru',
    '绿茶',
    '茶250',
    '绿茶 250',
    'lvcha',
    'lucha',
    'lc',
    'lc250',
    'lv cha',
    'ＣＲＥＭＥ',
  ]) {
    assert.equal(index.search(query).length, 1, query);
  }
  for (const query of ['', ' ', '!?', '茶绿', '红']) assert.equal(index.search(query).length, 0, query);
});

test('at most fifty are shown, and the limit is kept', () => {
  const some = Array.from({ length: 120 }, () => someProduct());
  assert.equal(searchOf(some).search('milk').length, 50);
  assert.deepEqual(
    searchOf(some)
      .search('milk', 3)
      .map(({ id }) => id),
    some.slice(0, 3).map(({ id }) => id),
  );
});

test('what changes is found as it is now, before the whole index is built anew and after', () => {
  const milk = someProduct();
  const water = someProduct({ names: { en: 'Water', zh: '水' } });
  const all = new Map([milk, water].map((product) => [product.id, product]));
  const search = new ProductSearch(all, finish(buildIndex(all.values())));
  const renamed = { ...milk, names: { en: 'Oat drink', zh: '燕麦奶' }, pinyin: 'yan mai nai' };
  const added = someProduct({ names: { en: 'Oat cake', zh: '' } });
  all.set(milk.id, renamed);
  all.set(added.id, added);
  all.delete(water.id);
  const keys = [milk, added, water].map(({ id }) => ({ kind: 'product', id }) as const);
  search.noteChanges(keys);
  const check = () => {
    assert.deepEqual(search.search('pure milk'), []);
    assert.deepEqual(search.search('water'), []);
    assert.deepEqual(search.search('oat'), [renamed, added]);
  };
  check();
  search.replace(finish(buildIndex(all.values())), []);
  check();
});

function isOneErrorAway(left: string, right: string): boolean {
  if (Math.abs(left.length - right.length) > 1) return false;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start += 1;
  const tails = [
    [left.slice(start + 1), right.slice(start + 1)],
    [left.slice(start), right.slice(start + 1)],
    [left.slice(start + 1), right.slice(start)],
    [`${left[start + 1]}${left[start]}${left.slice(start + 2)}`, right.slice(start)],
  ];
  return tails.some(([one, other]) => one === other);
}
