import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { seededRandom } from '#foundation/random.ts';
import type { PaymentTold, TillReply, TillRequest } from '../shop/store-line.ts';
import { checkWords } from './reply-words.ts';
import { ringUp } from './ring-up.ts';
import { ToyStage } from './testing/toy-stage.ts';

const random = seededRandom(5);
const saleId = makeId('sale', instant(1), random);
const paymentId = makeId('attempt', instant(2), random);
const otherId = makeId('attempt', instant(3), random);
const payment: PaymentTold = { paymentId, status: 'paid', custody: false, amountMinor: 5n, refundedMinor: 0n };

const pay: TillRequest = { kind: 'pay', key: 'k', saleId, payerCode: '2512345678901234' };
const look: TillRequest = { kind: 'look-at-payment', paymentId };
const lookAtSale: TillRequest = { kind: 'look-at-sale', saleId };
const refund: TillRequest = { kind: 'refund', key: 'k', paymentId, amountMinor: 1n };

const inWords: readonly (readonly [TillRequest, TillReply])[] = [
  [pay, { kind: 'no-answer' }],
  [pay, { kind: 'payment', payment }],
  [pay, { kind: 'refused', problem: 'busy', paymentId: null }],
  [pay, { kind: 'refused', problem: 'payment-in-progress', paymentId: otherId }],
  [look, { kind: 'payment', payment: { ...payment, status: 'not-paid', custody: true } }],
  [lookAtSale, { kind: 'sale', sale: { saleId, status: 'paid', payments: [payment], refunds: [] } }],
  [refund, { kind: 'refused', problem: 'refund-exceeds-payment', paymentId: null }],
];

const outOfWords: readonly (readonly [TillRequest, TillReply, RegExp])[] = [
  [pay, { kind: 'sale', sale: { saleId, status: 'open', payments: [], refunds: [] } }, /to pay .+: a sale$/],
  [
    pay,
    { kind: 'refused', problem: 'refund-exceeds-payment', paymentId: null },
    /refused with refund-exceeds-payment$/,
  ],
  [pay, { kind: 'refused', problem: 'sale-already-paid', paymentId: null }, /without the payment that stands$/],
  [look, { kind: 'payment', payment: { ...payment, paymentId: otherId } }, /another payment than the one asked for$/],
  [look, { kind: 'payment', payment: { ...payment, custody: true } }, /custody while paid$/],
  [look, { kind: 'refused', problem: 'sale-already-paid', paymentId }, /refused with sale-already-paid$/],
];

test('every answer that the API has is taken', () => {
  for (const [request, reply] of inWords) checkWords(request, reply);
});

test('an answer that the API does not have is thrown, with what is wrong', () => {
  for (const [request, reply, message] of outOfWords) assert.throws(() => checkWords(request, reply), message);
});

test('a sale ends with that error, and leaves nothing unhandled', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const stage = new ToyStage('paid', seed);
    const line = stage.line(0, 0);
    stage.line = () => ({
      ask: async (request) =>
        request.kind === 'pay' ? { kind: 'payment', payment: { ...payment, custody: true } } : await line.ask(request),
    });
    await assert.rejects(stage.runs(ringUp(stage, seed)), /custody while paid/);
  }
});
