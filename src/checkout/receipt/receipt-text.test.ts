// The exact markup of every slip, in both widths and languages, and what must never stand on one.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { instant } from '#foundation/instant.ts';
import { formatQuantity, formatRate } from './receipt-figures.ts';
import type { ReceiptLanguage, Reprint } from './receipt-input.ts';
import { giftReceiptText, receiptText } from './receipt-text.ts';
import { cashSlipText, shiftReportText } from './shift-slip-text.ts';
import { assertGolden } from './testing/golden.ts';
import {
  cny,
  makeCashSlip,
  makeLine,
  makeReceipt,
  makeRefund,
  makeShiftReport,
  soldAt,
  store,
} from './testing/receipt.fixture.ts';

const languages: readonly ReceiptLanguage[] = ['en', 'zh'];
const reprint: Reprint = { number: 2, at: instant(soldAt + 86_400_000) };

describe('golden slips', () => {
  for (const columns of [48, 32] as const) {
    for (const language of languages) {
      const golden = (name: string, text: string) => {
        test(`${name}, ${columns} columns, ${language}`, () =>
          assertGolden(`${name}-${columns}-${language}.receipt`, text));
      };
      golden('sale', receiptText(makeReceipt({ language }), columns));
      golden('reprint', receiptText(makeReceipt({ language, reprint }), columns));
      golden('refund', receiptText(makeRefund({ language }), columns));
      golden('gift', giftReceiptText(makeReceipt({ language }), columns));
      golden('z-report', shiftReportText(makeShiftReport({ language }), columns));
      golden('cash-out', cashSlipText(makeCashSlip({ language }), columns));
    }
  }
});

test('a reprint says so at its top and at its end, with number and time', () => {
  const text = receiptText(makeReceipt({ reprint }), 48);
  assert.equal(text.split('`REPRINT 2`\n2026-11-24 14:32:05\n').length, 3);
});

test('test money is named on receipts and reports', () => {
  const sandbox = { ...store, takesTestMoney: true };
  for (const text of [
    receiptText(makeReceipt({ store: sandbox }), 32),
    giftReceiptText(makeReceipt({ store: sandbox }), 32),
    shiftReportText(makeShiftReport({ store: sandbox }), 32),
    cashSlipText(makeCashSlip({ store: sandbox }), 32),
  ]) {
    assert.match(text, /`TEST - no real money`/);
  }
});

test('a gift receipt tells neither prices, payer nor the way to them', () => {
  const gift = giftReceiptText(makeReceipt({ note: 'for Ann, 12.00' }), 48);
  assert.doesNotMatch(gift, /\d\.\d\d\b|138\*|20261123220|store\.example|Ann/);
  assert.match(gift, /\{code:0002-001042;option:qrcode,5,m\}/);
});

test('an X report has no number and may be open and uncounted', () => {
  const { cash } = makeShiftReport();
  const text = shiftReportText(
    makeShiftReport({
      kind: 'x',
      number: null,
      closedAt: null,
      corrections: [],
      cash: { ...cash, counted: null, difference: null },
    }),
    48,
  );
  assert.match(text, /\^\^"X REPORT"\^\^/);
  assert.match(text, /\|Closed still open/);
  assert.match(text, /Counted \| not counted/);
  assert.doesNotMatch(text, /Difference|Late results/);
});

test('tax that is added stands before the total, with its rate', () => {
  const tax = {
    mark: null,
    name: { en: 'Sales tax', zh: '销售税' },
    rateBps: 825,
    isIncluded: false,
    base: cny(10_000),
    tax: cny(825),
  };
  const text = receiptText(makeReceipt({ taxes: [tax] }), 48);
  assert.ok(text.indexOf('plus Sales tax 8.25% of 100.00 | 8.25') < text.indexOf('TOTAL'));
});

test('a hostile name can neither cut the paper nor send a command', () => {
  const name = { en: '=== {command:\\x1b@} | ~"x"', zh: '' };
  const text = receiptText(makeReceipt({ language: 'zh', lines: [makeLine({ name })] }), 48);
  assert.match(text, /^\\=== \\\{command:\\\\x1b@\\\} \\\| \\~\\"x\\" \| 5\.00 A$/m);
});

test('quantities and rates have no needless zeros, measured goods all three decimals', () => {
  assert.deepEqual(
    [formatQuantity(1000, null), formatQuantity(20_000, null), formatQuantity(-500, null), formatQuantity(345, 'kg')],
    ['1', '20', '-0.5', '0.345 kg'],
  );
  assert.deepEqual([formatRate(0), formatRate(1300), formatRate(825), formatRate(5)], ['0%', '13%', '8.25%', '0.05%']);
});
