// Which price holds. Each case is one in which two people could disagree.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { instant } from '#foundation/instant.ts';
import type { PriceListId } from './code.ts';
import { nextPriceChange, type Price, type PriceList, priceAt, regularPriceAt } from './price.ts';
import { at, listCode, noon, somePrice, someProduct, someStore } from './testing/shelf.ts';

const store = someStore();
const other = someStore();
const { id } = someProduct();
const lists: ReadonlyMap<PriceListId, PriceList> = new Map(
  (['regular', 'weekly', 'zonal'] as const).map((code, index) => [
    listCode(code),
    { id: listCode(code), names: { en: code, zh: '' }, rank: index === 0 ? 0 : 10 },
  ]),
);
const minorAt = (prices: readonly Price[], offsetMs: number) =>
  priceAt(prices, lists, store, at(offsetMs))?.amount.minor;

test('a price holds from its first instant on and no longer at its last', () => {
  const prices = [somePrice(id, 100n, { validFrom: at(0), validTo: at(10) })];
  assert.equal(minorAt(prices, -1), undefined);
  assert.equal(minorAt(prices, 0), 100n);
  assert.equal(minorAt(prices, 9), 100n);
  assert.equal(minorAt(prices, 10), undefined);
});

test('where one price ends and the next begins there is neither a gap nor two', () => {
  const prices = [
    somePrice(id, 100n, { validFrom: at(0), validTo: at(10) }),
    somePrice(id, 200n, { validFrom: at(10), validTo: null }),
  ];
  assert.deepEqual(
    [9, 10, 11].map((offset) => minorAt(prices, offset)),
    [100n, 200n, 200n],
  );
});

test("a store's own price comes before one for all stores, however old it is", () => {
  const prices = [
    somePrice(id, 100n, { storeId: store, validFrom: at(-1_000) }),
    somePrice(id, 80n, { validFrom: at(-1) }),
    somePrice(id, 70n, { storeId: other, validFrom: at(-1) }),
  ];
  assert.equal(minorAt(prices, 0), 100n);
  assert.equal(priceAt(prices, lists, someStore(), noon)?.amount.minor, 80n);
});

test('of overlapping prices the one that began last holds, and the older again when it ends', () => {
  const prices = [
    somePrice(id, 100n, { validFrom: at(-100) }),
    somePrice(id, 80n, { validFrom: at(0), validTo: at(10), listId: listCode('weekly') }),
  ];
  assert.deepEqual(
    [-1, 0, 9, 10].map((offset) => minorAt(prices, offset)),
    [100n, 80n, 80n, 100n],
  );
});

test('of prices that began together the higher list holds, and then the later name, so that there is always one', () => {
  const regular = somePrice(id, 100n);
  const weekly = somePrice(id, 80n, { listId: listCode('weekly') });
  const zonal = somePrice(id, 90n, { listId: listCode('zonal') });
  assert.equal(minorAt([regular, weekly], 0), 80n);
  assert.equal(minorAt([weekly, regular], 0), 80n);
  assert.equal(minorAt([weekly, zonal], 0), 90n);
  assert.equal(minorAt([zonal, weekly], 0), 90n);
});

test('a price of a list that is not known holds like one of the lowest rank', () => {
  const stray = somePrice(id, 50n, { listId: listCode('aaa') });
  assert.equal(minorAt([stray], 0), 50n);
  assert.equal(minorAt([stray, somePrice(id, 100n)], 0), 100n);
});

test('no change of clocks moves a price: the hour that Europe repeats is two hours', () => {
  const first = instant(Date.UTC(2026, 9, 25, 0, 30));
  const second = instant(Date.UTC(2026, 9, 25, 1, 30));
  const prices = [
    somePrice(id, 100n, { validFrom: first, validTo: second }),
    somePrice(id, 90n, { validFrom: second }),
  ];
  assert.equal(priceAt(prices, lists, store, instant(second - 1))?.amount.minor, 100n);
  assert.equal(priceAt(prices, lists, store, second)?.amount.minor, 90n);
});

test('the order in which prices are kept never matters', () => {
  const seed = Number(process.hrtime.bigint() % 2n ** 31n);
  const price = fc
    .record({
      listId: fc.constantFrom('regular', 'weekly', 'zonal'),
      storeId: fc.constantFrom(null, store, other),
      from: fc.integer({ min: -5, max: 5 }),
      length: fc.option(fc.integer({ min: 1, max: 8 })),
    })
    .map(({ listId, storeId, from, length }) =>
      somePrice(id, 1n, {
        listId: listCode(listId),
        storeId,
        validFrom: at(from),
        validTo: length === null ? null : at(from + length),
      }),
    );
  const unlike = (one: Price) => `${one.listId} ${one.storeId} ${one.validFrom}`;
  const prices = fc.uniqueArray(price, { selector: unlike, maxLength: 8 });
  fc.assert(
    fc.property(prices, fc.integer({ min: -6, max: 14 }), (some, offset) => {
      const found = priceAt(some, lists, store, at(offset));
      assert.equal(priceAt(some.toReversed(), lists, store, at(offset)), found);
      if (found !== undefined)
        assert.ok(
          some.every(
            (one) =>
              one.storeId !== store ||
              found.storeId === store ||
              one.validFrom > at(offset) ||
              (one.validTo ?? Infinity) <= at(offset),
          ),
        );
    }),
    { seed, numRuns: 500 },
  );
});

test('the next change of a price is the nearest beginning or end that is still to come', () => {
  const prices = [
    somePrice(id, 1n, { validFrom: at(-5), validTo: at(20) }),
    somePrice(id, 1n, { validFrom: at(10) }),
    somePrice(id, 1n, { validFrom: at(1), storeId: other }),
  ];
  assert.equal(nextPriceChange(prices, store, at(0)), at(10));
  assert.equal(nextPriceChange(prices, store, at(10)), at(20));
  assert.equal(nextPriceChange(prices, store, at(20)), undefined);
});

test('the regular price is of one list and of all stores', () => {
  const regular = somePrice(id, 100n, { validFrom: at(-10) });
  const prices = [regular, somePrice(id, 1n, { storeId: store }), somePrice(id, 2n, { listId: listCode('weekly') })];
  assert.equal(regularPriceAt(prices, listCode('regular'), noon), regular);
});
