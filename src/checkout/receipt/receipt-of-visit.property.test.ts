// The receipt of a document must add up as the document does, whatever was bought, taken off, taxed, paid and brought back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { everythingBack, noon, randomSale } from '../testing/fixtures.ts';
import type { ReceiptInput } from './receipt-input.ts';
import { makeReceiptKey } from './receipt-link.ts';
import { receiptOfVisit } from './receipt-of-visit.ts';
import { receiptText } from './receipt-text.ts';
import { store } from './testing/receipt.fixture.ts';

const seed = Number(process.env['TILLWAY_SEED'] ?? process.hrtime.bigint() % 2n ** 31n);
const circumstances = {
  ...{ language: 'en' as const, store, till: '2', cashier: 'Li Na', originalReceiptNumber: null },
  ...{ link: null, reprint: { number: 1, at: noon }, isRefundOnItsWay: true },
};

const sum = (amounts: readonly Money[]) => amounts.reduce((total, { minor }) => total + minor, 0n);

function assertAddsUp(receipt: ReceiptInput): void {
  const lines = receipt.lines.flatMap(({ listTotal, adjustments }) => [
    listTotal,
    ...adjustments.map(({ amount }) => amount),
  ]);
  assert.equal(sum(lines), receipt.subtotal.minor);
  const below = receipt.basketAdjustments.map(({ amount }) => amount);
  const added = receipt.taxes.filter(({ isIncluded }) => !isIncluded).map(({ tax }) => tax);
  assert.equal(sum([receipt.subtotal, ...below, ...added]), receipt.total.minor);
  const rounding = receipt.cashRounding?.minor ?? 0n;
  const paid = sum(receipt.tenders.map(({ amount }) => amount)) - (receipt.change?.minor ?? 0n);
  assert.equal(paid, receipt.total.minor + rounding);
  assert.match(receiptText(receipt, 48), /REPRINT 1/);
}

test(`receipts of random sales and of their returns add up (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const receiptKey = makeReceiptKey(random);
  for (let run = 0; run < 500; run += 1) {
    const sale = randomSale(random);
    assertAddsUp(receiptOfVisit({ kind: 'sale', body: { document: sale, receiptKey } }, circumstances));
    const back = everythingBack(sale, []);
    const refund = receiptOfVisit({ kind: 'return', body: { document: back, receiptKey } }, circumstances);
    assert.equal(refund.kind, 'refund');
    assertAddsUp(refund);
  }
});
