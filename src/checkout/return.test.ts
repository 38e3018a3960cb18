import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, type Money } from '#foundation/money.ts';
import { below, seededRandom } from '#foundation/random.ts';
import { canonicalText } from './canonical-text.ts';
import { discountBasket } from './discount-basket.ts';
import { overrideBy, usualPermissions } from './permission.ts';
import { noPromotions } from './price-basket.ts';
import { pieces, quantity } from './quantity.ts';
import { givenBackBy, planRefund } from './refund-plan.ts';
import {
  type EarlierReturn,
  exchange,
  refundExchange,
  refundWithoutReceipt,
  returnedTaxes,
  returnWithoutReceipt,
  returnWithReceipt,
  stillReturnable,
} from './return.ts';
import { checkReturn, closeReturn, readReturnDocument } from './return-document.ts';
import type { SaleDocument } from './sale-document.ts';
import { takenBy } from './tender.ts';
import {
  basketOf,
  closedSale,
  cny,
  done,
  everythingBack,
  fiveFen,
  grant,
  intentId,
  noon,
  randomSale,
  saleFacts,
  untaxed,
  vat13,
} from './testing/fixtures.ts';

const seed = Number(process.env['TILLWAY_SEED'] ?? process.hrtime.bigint() % 2n ** 31n);

function back(sale: SaleDocument, earlier: readonly EarlierReturn[], lineNumber: number, count: number): EarlierReturn {
  const goods = returnWithReceipt(sale, earlier, [{ lineNumber, quantity: pieces(count) }]);
  assert.ok(goods.ok, goods.ok ? '' : goods.failure);
  return { lines: goods.value.lines, refunds: planRefund(sale, earlier, goods.value.total) };
}

// Three pieces at 3.34 with 0.01 off the basket: 10.01 paid, 13 % in it: 10.01 × 13 ÷ 113 = 1.1516 → 1.15.
// One back: 10.01 ÷ 3 = 3.3367 → 3.34, tax 1.15 × 3.34 ÷ 10.01 = 0.3837 → 0.38. Up to two: 6.67 and 0.77: 3.33 and 0.39. The last
// gives the remainder: 3.34 and 0.38.
test('partial returns give back what was paid, and the last one the remainder', () => {
  const basket = basketOf([{ listPrice: cny(334), taxClass: vat13 }, pieces(3)]);
  const sale = closedSale(done(discountBasket(basket, { kind: 'fixed', amount: cny(1) }, grant)), [
    { kind: 'alipay', amount: cny(1_001), paymentIntentId: intentId(1) },
  ]);
  const earlier: EarlierReturn[] = [];
  for (let count = 0; count < 3; count += 1) earlier.push(back(sale, earlier, 1, 1));
  assert.deepEqual(
    earlier.map(({ lines }) => lines.map(({ gross, tax, net }) => [gross.minor, tax.minor, net.minor])),
    [[[334n, 38n, 296n]], [[333n, 39n, 294n]], [[334n, 38n, 296n]]],
  );
  assert.deepEqual(returnWithReceipt(sale, earlier, [{ lineNumber: 1, quantity: pieces(1) }]), {
    ok: false,
    failure: 'more-than-was-bought',
  });
});

test('what cannot come back is refused by its reason', () => {
  const sale = closedSale(basketOf([{}, pieces(2)]));
  const refusal = (...wanted: Parameters<typeof returnWithReceipt>[2]) => {
    const result = returnWithReceipt(sale, [], wanted);
    return result.ok ? 'not refused' : result.failure;
  };
  assert.equal(refusal(), 'nothing-comes-back');
  assert.equal(refusal({ lineNumber: 2, quantity: pieces(1) }), 'no-such-line');
  assert.equal(refusal({ lineNumber: 1, quantity: quantity(500) }), 'quantity-not-whole');
  assert.equal(refusal({ lineNumber: 1, quantity: pieces(3) }), 'more-than-was-bought');
  const one = { lineNumber: 1, quantity: pieces(1) };
  assert.equal(refusal(one, one), 'line-twice');
});

// 30.00: 10.00 card, 12.00 Alipay, 8.00 cash. 15.00 back: 12.00 to Alipay, 3.00 in cash. Then 15.00: 5.00 cash, 10.00 card.
test('what Alipay took goes back to Alipay first, then cash, then the rest', () => {
  const sale = closedSale(basketOf([{ listPrice: cny(1_500) }, pieces(2)]), [
    { kind: 'external-card', amount: cny(1_000), reference: 'slip 7' },
    { kind: 'alipay', amount: cny(1_200), paymentIntentId: intentId(1) },
  ]);
  const first = back(sale, [], 1, 1);
  const second = back(sale, [first], 1, 1);
  const told = ({ refunds }: EarlierReturn) => refunds.map((part) => [part.kind, part.tenderNumber, part.amount.minor]);
  assert.deepEqual(told(first), [
    ['alipay', 2, 1_200n],
    ['cash', 3, 300n],
  ]);
  assert.equal(first.refunds[0]?.paymentIntentId, intentId(1));
  assert.deepEqual(told(second), [
    ['cash', 3, 500n],
    ['external-card', 1, 1_000n],
  ]);
  assert.throws(() => planRefund(sale, [first, second], cny(1)), /1 more than the tenders have left/);
});

// Two at 5.03 are 10.06, paid with 10.05. One back: 5.03 → 5.05. The other: 5.00, 10.05 together.
test('several returns in cash never pay more than the drawer got', () => {
  const sale = closedSale(basketOf([{ listPrice: cny(503) }, pieces(2)]));
  const first = back(sale, [], 1, 1);
  const second = back(sale, [first], 1, 1);
  assert.deepEqual([...first.refunds, ...second.refunds].map(givenBackBy), [cny(505), cny(500)]);
});

test('without a receipt it is the price of today, by permission, with a reason', () => {
  const basket = basketOf([{ listPrice: cny(10_001), taxClass: vat13 }, pieces(1)]);
  const lin = { personId: 'lin', role: 'cashier' } as const;
  const wang = { personId: 'wang', role: 'supervisor' } as const;
  const asked = {
    act: 'return-without-receipt',
    worth: cny(10_001),
    reason: 'gift',
    askedBy: 'lin',
    at: noon,
  } as const;
  const given = overrideBy(wang, asked, usualPermissions);
  assert.ok(given.ok);
  const refusal = (permit: Parameters<typeof returnWithoutReceipt>[2]) => {
    const result = returnWithoutReceipt(basket, noPromotions, permit, usualPermissions);
    return result.ok ? result.value.total.minor : result.failure;
  };
  assert.equal(refusal({ staff: lin, reason: 'gift', override: null }), 'not-permitted');
  assert.equal(refusal({ staff: lin, reason: '', override: given.value }), 'reason-missing');
  assert.equal(refusal({ staff: lin, reason: 'gift', override: given.value }), 10_001n);
  assert.equal(refusal({ staff: wang, reason: 'gift', override: null }), 10_001n);
  assert.equal(refusal({ staff: lin, reason: 'g', override: { ...given.value, worth: cny(10_000) } }), 'not-permitted');
  assert.equal(refusal({ staff: lin, reason: 'g', override: { ...given.value, askedBy: 'mei' } }), 'not-permitted');
  assert.deepEqual(refundWithoutReceipt(cny(10_001), 'cash', fiveFen).map(givenBackBy), [cny(10_000)]);
  assert.deepEqual(refundWithoutReceipt(cny(10_001), 'stored-value', fiveFen).map(givenBackBy), [cny(10_001)]);
  assert.deepEqual(refundWithoutReceipt(cny(0), 'cash', fiveFen), []);
});

test('an exchange sets one against the other, and the difference changes hands', () => {
  assert.deepEqual(exchange(cny(1_000), cny(1_500)), {
    credit: cny(1_000),
    dueFromCustomer: cny(500),
    dueToCustomer: cny(0),
  });
  assert.deepEqual(exchange(cny(1_500), cny(1_000)), {
    credit: cny(1_000),
    dueFromCustomer: cny(0),
    dueToCustomer: cny(500),
  });
  const sale = closedSale(basketOf([{ listPrice: cny(1_500), taxClass: untaxed }, pieces(1)]), [
    { kind: 'alipay', amount: cny(1_500), paymentIntentId: intentId(1) },
  ]);
  const parts = refundExchange(cny(1_500), cny(1_000), sale, [], fiveFen);
  assert.deepEqual(
    parts.map((part) => [part.kind, part.amount.minor]),
    [
      ['exchange-credit', 1_000n],
      ['alipay', 500n],
    ],
  );
  const swapped = closedSale(basketOf([{ listPrice: cny(1_000), taxClass: untaxed }, pieces(1)]), [
    { kind: 'exchange-credit', amount: cny(1_000), returnId: saleFacts.saleId },
  ]);
  assert.deepEqual(
    planRefund(swapped, [], cny(1_000)).map((part) => [part.kind, part.amount.minor]),
    [['cash', 1_000n]],
  );
});

test('a return is read back as it was written, and reckoned again', () => {
  const sale = closedSale(basketOf([{ listPrice: cny(1_500) }, pieces(2)]));
  const document = everythingBack(sale, []);
  assert.deepEqual(readReturnDocument(canonicalText(document)), { ok: true, value: document });
  assert.equal(checkReturn(document, sale, []), null);
  assert.equal(checkReturn(document, sale, [document]), 'lines cannot come back: more-than-was-bought');
  assert.equal(checkReturn(document, null, []), 'ofSaleId does not name the sale');
  assert.equal(
    checkReturn({ ...document, total: cny(3_001) }, sale, []),
    'total is 3001 minor units of CNY, but 3000 minor units of CNY is right',
  );
  const [part] = document.refunds;
  assert.ok(part !== undefined);
  assert.equal(
    checkReturn({ ...document, refunds: [{ ...part, kind: 'stored-value' }] }, sale, []),
    'refunds[0].kind is "stored-value", but "cash" is right',
  );
  assert.equal(
    checkReturn({ ...document, refunds: [{ ...part, kind: 'exchange-credit', amount: cny(9_999) }] }, sale, []),
    'refunds give more than the goods are worth',
  );
  const terms = { ofSaleId: null, reason: 'gift', override: null, cashRule: fiveFen };
  const lone = closeReturn(saleFacts, document, {
    ...terms,
    refunds: refundWithoutReceipt(cny(3_000), 'cash', fiveFen),
  });
  assert.ok(lone.ok);
  assert.equal(checkReturn(lone.value, null, []), null);
  assert.deepEqual(closeReturn(saleFacts, document, { ...terms, refunds: [] }), {
    ok: false,
    failure: 'refunds-do-not-add-up',
  });
});

test(`whatever comes back in whatever parts, the whole is what was paid and never more (seed ${seed})`, () => {
  const random = seededRandom(seed);
  for (let index = 0; index < 1_500; index += 1) {
    const sale = randomSale(random);
    const earlier: EarlierReturn[] = [];
    for (;;) {
      const left = stillReturnable(sale, earlier);
      if (left.length === 0) break;
      const chosen = left.filter(() => below(random, 2) === 0).slice(0, 5);
      const wanted = (chosen.length === 0 ? left.slice(0, 1) : chosen).map(({ lineNumber, quantity: rest }) => {
        const isWhole = rest % 1_000 === 0 && below(random, 2) === 0;
        return { lineNumber, quantity: isWhole ? pieces(1 + below(random, rest / 1_000)) : rest };
      });
      const goods = returnWithReceipt(sale, earlier, wanted);
      assert.ok(goods.ok, `sale ${index}`);
      for (const { net, tax, gross } of goods.value.lines) {
        assert.ok(net.minor >= 0n && tax.minor >= 0n && gross.minor === net.minor + tax.minor, `sale ${index}`);
      }
      earlier.push({ lines: goods.value.lines, refunds: planRefund(sale, earlier, goods.value.total) });
    }
    assertAllBack(sale, earlier, `sale ${index}`);
  }
});

function assertAllBack(sale: SaleDocument, earlier: readonly EarlierReturn[], where: string): void {
  const sum = (amounts: readonly Money[]) => amounts.reduce<Money>((left, right) => add(left, right), cny(0)).minor;
  for (const { lineNumber, gross, tax } of sale.priced.lines) {
    const parts = earlier.flatMap(({ lines }) => lines.filter((line) => line.lineNumber === lineNumber));
    assert.equal(sum(parts.map((part) => part.gross)), gross.minor, where);
    assert.equal(sum(parts.map((part) => part.tax)), tax.minor, where);
  }
  const refunds = earlier.flatMap((each) => each.refunds);
  for (const tender of sale.tenders) {
    const parts = refunds.filter((part) => part.tenderNumber === tender.number);
    assert.equal(sum(parts.map(givenBackBy)), takenBy(tender).minor, where);
    for (const part of parts) assert.ok(givenBackBy(part).minor >= 0n, where);
  }
  const taxes = returnedTaxes(earlier.flatMap(({ lines }) => lines));
  assert.equal(sum(taxes.map(({ tax }) => tax)), sale.priced.tax.minor, where);
}
