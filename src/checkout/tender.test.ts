import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, type Money, money } from '#foundation/money.ts';
import { below, seededRandom } from '#foundation/random.ts';
import {
  addTender,
  type CashRule,
  cashPayable,
  cashRoundingOf,
  changeOf,
  dropTender,
  everyCoin,
  isSettled,
  type Offer,
  payTender,
  remainingDue,
  startTendering,
  type Tendering,
  takeBackTender,
  takenBy,
  tenderFault,
  tendersMax,
} from './tender.ts';
import { cny, evidence, fiveFen, intentId, tendered } from './testing/fixtures.ts';

const seed = Number(process.env['TILLWAY_SEED'] ?? process.hrtime.bigint() % 2n ** 31n);
const cash = (minor: number): Offer => ({ kind: 'cash', handedOver: cny(minor) });
const alipay = (minor: number, number = 1): Offer => ({
  kind: 'alipay',
  amount: cny(minor),
  paymentIntentId: intentId(number),
});
const card = (minor: number): Offer => ({ kind: 'external-card', amount: cny(minor), reference: null });
const refusal = (tendering: Tendering, offer: Offer) => {
  const result = addTender(tendering, offer);
  return result.ok ? 'not refused' : result.failure;
};
const figures = ({ tenders }: Tendering) => tenders.map((tender) => [tender.number, tender.kind, tender.amount.minor]);

test('cash gives change, and only cash may be handed over in excess', () => {
  const paid = tendered(cny(3_980), everyCoin, cash(10_000));
  assert.deepEqual(paid.tenders, [
    { kind: 'cash', number: 1, amount: cny(3_980), handedOver: cny(10_000), change: cny(6_020), rounding: cny(0) },
  ]);
  assert.ok(isSettled(paid));
  for (const offer of [alipay(3_981), card(3_981)]) {
    assert.equal(refusal(startTendering(cny(3_980), everyCoin), offer), 'more-than-due');
  }
});

// In five-fen coins: 10.02 is paid with 10.00 (rounding −0.02), 10.03 with 10.05 (+0.02). In ten-fen coins rounded down 10.09 is 10.00.
test('what is settled in cash is brought to what coins can pay', () => {
  const tenFenDown: CashRule = { unitMinor: 10, rounding: 'down' };
  for (const [due, rule, payable, rounding] of [
    [1_002, fiveFen, 1_000, -2],
    [1_003, fiveFen, 1_005, 2],
    [1_009, tenFenDown, 1_000, -9],
    [1_009, everyCoin, 1_009, 0],
  ] as const) {
    assert.equal(cashPayable(cny(due), rule).minor, BigInt(payable));
    const paid = tendered(cny(due), rule, cash(2_000));
    assert.deepEqual([changeOf(paid), cashRoundingOf(paid)], [cny(2_000 - payable), cny(rounding)]);
    assert.equal(remainingDue(paid).minor, 0n);
  }
});

// 30.02: 10.00 by Alipay to the fen, 5.00 in cash, the rest 15.02 in cash is 15.00.
test('only the part that is paid in cash is rounded, in any number of parts', () => {
  const paid = tendered(cny(3_002), fiveFen, alipay(1_000), cash(500), cash(1_500));
  assert.deepEqual(figures(paid), [
    [1, 'alipay', 1_000n],
    [2, 'cash', 500n],
    [3, 'cash', 1_502n],
  ]);
  assert.deepEqual(cashRoundingOf(paid), cny(-2));
  assert.deepEqual(paid.tenders.map(takenBy), [cny(1_000), cny(500), cny(1_500)]);
});

test('what rounds to nothing is settled by nothing, and only that', () => {
  assert.ok(isSettled(tendered(cny(2), fiveFen, cash(0))));
  assert.equal(refusal(startTendering(cny(3), fiveFen), cash(0)), 'amount-not-positive');
});

test('what cannot be is refused by its reason', () => {
  const due = startTendering(cny(1_000), fiveFen);
  assert.equal(refusal(startTendering(cny(0), fiveFen), cash(5)), 'nothing-due');
  assert.equal(refusal(tendered(cny(5), fiveFen, cash(5)), cash(5)), 'nothing-due');
  assert.equal(refusal(due, { kind: 'cash', handedOver: money('USD', 1_000n) }), 'wrong-currency');
  assert.equal(refusal(due, cash(-5)), 'amount-not-positive');
  assert.equal(refusal(due, cash(1_001)), 'not-in-coins');
  assert.equal(refusal(due, card(0)), 'amount-not-positive');
  const unsaid = { kind: 'stored-value', amount: cny(1), reference: '' } as const;
  assert.equal(refusal(due, unsaid), 'reference-unfit');
  assert.equal(refusal(tendered(cny(1_000), fiveFen, alipay(1)), alipay(1)), 'intent-used-twice');
  const full = tendered(cny(1_000), fiveFen, ...Array.from({ length: tendersMax }, () => card(1)));
  assert.equal(refusal(full, card(1)), 'too-many-tenders');
});

test('an open payment holds its amount, and nothing closes before the channel proved it', () => {
  const open = addTender(startTendering(cny(1_000), fiveFen), alipay(1_000));
  assert.ok(open.ok);
  assert.equal(refusal(open.value, cash(1_000)), 'nothing-due');
  assert.equal(isSettled(open.value), false);
  assert.deepEqual(takeBackTender(open.value, 1), { ok: false, failure: 'payment-open' });
  const dropped = dropTender(open.value, intentId(1));
  assert.ok(dropped.ok);
  assert.equal(remainingDue(dropped.value).minor, 1_000n);
  assert.deepEqual(figures(tendered(cny(5), fiveFen, cash(5))), [[1, 'cash', 5n]]);
  const paid = payTender(open.value, intentId(1), evidence);
  assert.ok(paid.ok && isSettled(paid.value));
  assert.deepEqual(takeBackTender(paid.value, 1), { ok: false, failure: 'paid-by-channel' });
  assert.deepEqual(dropTender(paid.value, intentId(1)), { ok: false, failure: 'paid-by-channel' });
  assert.deepEqual(payTender(paid.value, intentId(1), evidence), { ok: false, failure: 'paid-by-channel' });
  assert.deepEqual(payTender(paid.value, intentId(9), evidence), { ok: false, failure: 'no-such-tender' });
});

test('a number is not given again after its tender was taken back', () => {
  const two = tendered(cny(1_000), fiveFen, card(100), card(200));
  const one = takeBackTender(two, 2);
  assert.ok(one.ok);
  const again = addTender(one.value, card(300));
  assert.ok(again.ok);
  assert.deepEqual(figures(again.value), [
    [1, 'external-card', 100n],
    [3, 'external-card', 300n],
  ]);
});

test(`whatever is offered, what is covered and what is left are the total, and no tender has a fault (seed ${seed})`, () => {
  const random = seededRandom(seed);
  for (let run = 0; run < 20_000; run += 1) {
    const rule: CashRule = {
      unitMinor: [1, 5, 10, 50][below(random, 4)] ?? 1,
      rounding: below(random, 2) === 0 ? 'half-up' : 'down',
    };
    const total = cny(below(random, 5_000));
    let state = startTendering(total, rule);
    for (let step = 0; step < 6; step += 1) {
      const minor = below(random, 3_000);
      const offer = [cash(minor - (minor % rule.unitMinor)), card(minor), alipay(minor, step)][below(random, 3)];
      const added = addTender(state, offer ?? card(1));
      if (added.ok) state = added.value;
      if (below(random, 4) === 0) {
        const back = takeBackTender(state, 1 + below(random, 4));
        if (back.ok) state = back.value;
      }
      const covered = state.tenders.reduce<Money>((sum, tender) => add(sum, tender.amount), cny(0));
      assert.ok(covered.minor + remainingDue(state).minor === total.minor && covered.minor <= total.minor);
      for (const tender of state.tenders) assert.equal(tenderFault(tender, rule), null);
    }
    const taken = state.tenders.reduce<Money>((sum, tender) => add(sum, takenBy(tender)), cny(0));
    assert.equal(taken.minor, total.minor - remainingDue(state).minor + cashRoundingOf(state).minor);
  }
});
