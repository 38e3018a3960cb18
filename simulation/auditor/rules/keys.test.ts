import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SaleId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import type { TillReply, TillRequest } from '../../shop/store-line.ts';
import { seenAtOnce } from '../testing/judge.ts';
import { paymentTold, type SmallWorld } from '../testing/small-world.ts';

const saleId = 'sale_7' as SaleId;
const pay = (key: string, payerCode = '281234567890123456'): TillRequest => ({ kind: 'pay', key, saleId, payerCode });
const made = (name: string): TillReply => ({ kind: 'payment', payment: paymentTold(name, 'processing') });
const refused = (problem: 'busy' | 'idempotency-key-reused' | 'payment-in-progress'): TillReply => ({
  kind: 'refused',
  problem,
  paymentId: null,
});

/** What is found when a till is told these in turn, a second apart, each asked as late as it was told unless said otherwise. */
function told(...answers: readonly (readonly [TillRequest, TillReply, number?])[]): readonly string[] {
  return seenAtOnce((world: SmallWorld) => {
    world.sale(7);
    world.charge(7, 'a', 'authorizing');
    world.sale(8);
    world.charge(8, 'b', 'authorizing');
    for (const [request, reply, asked = 0] of answers)
      world.wait(1_000).told(7, request, reply, instant(world.now - asked));
  });
}

test('the same key is told the same payment every time', () => {
  assert.deepEqual(told([pay('k'), made('a')], [pay('k'), { kind: 'no-answer' }], [pay('k'), made('a')]), []);
  assert.deepEqual(told([pay('k'), made('a')], [pay('k'), made('b')]), ['same-answer 7']);
});

test('another key may make another payment', () => {
  assert.deepEqual(told([pay('k'), made('a')], [pay('l'), made('b')]), []);
});

test('the same key with another code is refused, not carried out and not taken for a repeat', () => {
  const other = pay('k', '289999999999999999');
  assert.deepEqual(told([pay('k'), made('a')], [other, refused('idempotency-key-reused')]), []);
  assert.deepEqual(told([pay('k'), made('a')], [other, made('b')]), ['same-answer 7']);
  assert.deepEqual(told([pay('k'), made('a')], [other, made('a')]), ['same-answer 7']);
});

test('a repeat that is refused breaks same-answer, unless the server was busy or it was asked before the first answer', () => {
  assert.deepEqual(told([pay('k'), made('a')], [pay('k'), refused('busy')]), []);
  assert.deepEqual(told([pay('k'), made('a')], [pay('k'), refused('payment-in-progress'), 1_500]), []);
  assert.deepEqual(told([pay('k'), made('a')], [pay('k'), refused('payment-in-progress')]), ['same-answer 7']);
});

test('a refusal binds nobody: the same key may be carried out later', () => {
  assert.deepEqual(told([pay('k'), refused('payment-in-progress')], [pay('k'), made('a')], [pay('k'), made('a')]), []);
});

test('keys of sales and refunds are held to the same', () => {
  const open = (amountMinor: bigint): TillRequest => ({ kind: 'open-sale', key: 'k', amountMinor });
  const sale = (id: string): TillReply => ({
    kind: 'sale',
    sale: { saleId: id as SaleId, status: 'open', payments: [], refunds: [] },
  });
  const twoSales = seenAtOnce((world) => {
    world.sale(7);
    world.sale(8);
    world.told(7, open(1_000n), sale('sale_7'));
    world.told(7, open(1_000n), sale('sale_8'));
  });
  assert.deepEqual(twoSales, ['same-answer 7']);
  const { paymentId } = paymentTold('a', 'paid');
  const refund = (amountMinor: bigint): TillRequest => ({ kind: 'refund', key: 'k', paymentId, amountMinor });
  const given = (name: string): TillReply => ({
    kind: 'refund',
    refund: { refundId: paymentTold(name, 'paid').paymentId, status: 'processing', amountMinor: 400n },
  });
  const twoRefunds = seenAtOnce((world) => {
    world.sale(7);
    world.charge(7, 'a', 'authorizing');
    world.takes('a');
    world.charge(7, 'a', 'approved');
    for (const name of ['r', 's']) world.refund(7, name, 'a', 'requesting', 400n);
    world.told(7, refund(400n), given('r'));
    world.told(7, refund(400n), given('s'));
  });
  assert.deepEqual(twoRefunds, ['same-answer 7']);
});
