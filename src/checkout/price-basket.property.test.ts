// What must hold for every basket. A hundred thousand random ones, made by the till's own operations, from a printed seed; every
// twenty-fifth goes through its canonical text and is priced again, to the same byte.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Money, sameMoney, subtract } from '#foundation/money.ts';
import { below, type Random, seededRandom } from '#foundation/random.ts';
import type { Basket } from './basket.ts';
import { canonicalText } from './canonical-text.ts';
import { type PricedBasket, type PricingRules, priceBasket } from './price-basket.ts';
import { readBasket } from './read-document.ts';
import { sumMoney } from './sum-money.ts';
import { randomBasket, randomRules, vat13 } from './testing/fixtures.ts';

const seed = Number(process.env['TILLWAY_SEED'] ?? process.hrtime.bigint() % 2n ** 31n);
const count = process.env['TILLWAY_LONG'] === '1' ? 1_000_000 : 100_000;

const sum = (amounts: readonly Money[]) => sumMoney('CNY', amounts);

function assertConserves(basket: Basket, rules: PricingRules, priced: PricedBasket, where: string): void {
  // Messages are made only when they are needed: this runs for every line of a hundred thousand baskets.
  const hold = (isSo: boolean, what: string) => {
    if (!isSo) assert.fail(`${where}: ${what}`);
  };
  const equal = (left: Money, right: Money, what: string) => {
    if (!sameMoney(left, right)) assert.fail(`${where}: ${what}: ${left.minor} is not ${right.minor}`);
  };
  const { lines, taxes } = priced;
  hold(lines.length === basket.lines.length, 'a line was lost');
  for (const [position, line] of lines.entries()) {
    equal(sum([line.net, line.tax]), line.gross, 'gross of a line');
    for (const amount of [line.listTotal, line.net, line.tax]) hold(amount.minor >= 0n, 'below zero');
    for (const { amount } of line.adjustments) hold(amount.minor > 0n, 'an empty adjustment');
    const off = sum(line.adjustments.map(({ amount }) => amount));
    const isIncluded = basket.lines[position]?.taxClass.isIncluded === true;
    equal(subtract(line.listTotal, off), isIncluded ? line.gross : line.net, 'what is left of a line');
  }
  const adjustments = lines.flatMap((line) => line.adjustments);
  equal(sum(lines.map((line) => line.listTotal)), priced.subtotal, 'subtotal');
  equal(sum(adjustments.map(({ amount }) => amount)), priced.savings, 'savings');
  equal(sum(lines.map((line) => line.tax)), priced.tax, 'tax of the lines');
  equal(sum(taxes.map(({ tax }) => tax)), priced.tax, 'tax of the classes');
  equal(sum(lines.map((line) => line.net)), sum(taxes.map(({ base }) => base)), 'base of the classes');
  equal(sum(lines.map((line) => line.gross)), priced.total, 'total');
  for (const [index, { amount }] of rules.promotionAdjustments.entries()) {
    const given = adjustments.filter((off) => off.source === 'promotion' && off.index === index);
    hold(sum(given.map((off) => off.amount)).minor <= amount.minor, 'a promotion gave too much');
  }
}

function shuffled<Item>(random: Random, items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, key: random.uint32() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

test(`every sum is conserved and nothing is below zero, in ${count} baskets (seed ${seed})`, () => {
  const random = seededRandom(seed);
  for (let index = 0; index < count; index += 1) {
    const basket = randomBasket(random, index % 1_000 === 0 ? 100 : 8);
    const rules = randomRules(random, basket);
    const priced = priceBasket(basket, rules);
    assertConserves(basket, rules, priced, `basket ${index}`);
    if (index % 25 !== 0) continue;
    const read = readBasket(canonicalText(basket));
    assert.ok(read.ok, `basket ${index}: ${read.ok ? '' : read.failure[0]}`);
    assert.equal(canonicalText(priceBasket(read.value, rules)), canonicalText(priced), `basket ${index}`);
  }
});

test(`pricing is a pure function, and the order in which lines are kept does not matter (seed ${seed})`, () => {
  const random = seededRandom(seed + 1);
  for (let index = 0; index < 5_000; index += 1) {
    const basket = randomBasket(random);
    const rules = randomRules(random, basket);
    const copy = structuredClone({ basket, rules });
    const priced = priceBasket(basket, rules);
    assert.deepEqual({ basket, rules }, copy, 'what it is given stays as it was');
    assert.deepEqual(priceBasket({ ...basket, lines: shuffled(random, basket.lines) }, rules), priced);
  }
});

// Renumbering lines moves leftover fen between lines with equal remainders, and so between classes; with one tax class it cannot
// change what is paid.
test(`with one tax class the total does not depend on the order of scanning (seed ${seed})`, () => {
  const random = seededRandom(seed + 2);
  for (let index = 0; index < 5_000; index += 1) {
    const drawn = randomBasket(random);
    const lines = drawn.lines.map((line) => ({ ...line, taxClass: vat13 }));
    const again = shuffled(random, lines).map((line, position) => ({ ...line, lineNumber: position + 1 }));
    const first = priceBasket({ ...drawn, lines }, { promotionAdjustments: [] });
    const second = priceBasket({ ...drawn, lines: again }, { promotionAdjustments: [] });
    assert.deepEqual(
      [second.subtotal, second.savings, second.tax, second.total],
      [first.subtotal, first.savings, first.tax, first.total],
    );
  }
});

// The discount comes last: no line is left with more, so no class has a larger sum, and no tax is higher.
test(`a discount more never makes a basket dearer (seed ${seed})`, () => {
  const random = seededRandom(seed + 3);
  for (let index = 0; index < 5_000; index += 1) {
    const basket = randomBasket(random);
    const rules = randomRules(random, basket);
    const rateBps = 1 + below(random, 10_000);
    const discount = { kind: 'rate', rateBps } as const;
    const limit = { rateBpsMax: 10_000, amountMax: null };
    const more = { ...basket, adjustments: [...basket.adjustments, { discount, reason: 'r', allowedBy: 'p', limit }] };
    const before = priceBasket(basket, rules);
    const after = priceBasket(more, rules);
    assert.ok(after.total.minor <= before.total.minor, `basket ${index}`);
    assert.ok(after.savings.minor >= before.savings.minor, `basket ${index}`);
  }
});
