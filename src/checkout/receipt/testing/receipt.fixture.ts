// One constructor for each slip, so that a test names only what matters to it. The figures add up: 79.60 − 8.00 + 4.31 + 25.00 − 5.00.

import { parseId } from '#foundation/id.ts';
import { type Instant, instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { invariant } from '#foundation/result.ts';
import type { CashSlipInput, ReceiptInput, ReceiptLine, ReceiptStore, ShiftReportInput } from '../receipt-input.ts';
import { formatReceiptLink, parseReceiptKey } from '../receipt-link.ts';

/** 2026-11-23 14:32:05 in Shanghai. */
export const soldAt: Instant = instant(Date.UTC(2026, 10, 23, 6, 32, 5));

export function cny(minor: number) {
  return money('CNY', BigInt(minor));
}

export const receiptKey = parseReceiptKey('3zq8m5v0c7n2k9x4b1d6f8g0hj');
invariant(receiptKey !== undefined, 'the fixture has a key');
const deviceId = parseId('device', 'dev_01k9xv3m5t8q2r7w4y6z0a1b');
invariant(deviceId !== undefined, 'the fixture has a device');

export const receiptLink = formatReceiptLink('https://store.example', {
  key: receiptKey,
  mark: { deviceId, entryNumber: 1042, entryHash: 'a3f1c2d4e5b6978812345678', total: cny(9591) },
});

export const store: ReceiptStore = {
  name: { en: 'Lantern Street Grocery', zh: '灯笼街便利店' },
  address: { en: '12 Lantern Street, Xuhui, Shanghai', zh: '上海市徐汇区灯笼街12号' },
  phone: '021-5550 0142',
  taxNumber: '91310000MA1K00000X',
  timeZone: 'Asia/Shanghai',
  footer: { en: 'Return unopened goods within 7 days with this receipt.', zh: '未拆封商品可凭小票七日内退换。' },
  takesTestMoney: false,
};

export function makeLine(change: Partial<ReceiptLine> = {}): ReceiptLine {
  return {
    name: { en: 'Oolong tea 500 ml', zh: '乌龙茶 500ml' },
    quantityThousandths: 1000,
    unit: null,
    listPrice: cny(500),
    listTotal: cny(500),
    adjustments: [],
    taxMark: 'A',
    note: null,
    ...change,
  };
}

const saleLines: readonly ReceiptLine[] = [
  makeLine({
    name: {
      en: 'Single-origin dark chocolate with roasted hazelnuts, 85 % cocoa, 100 g bar',
      zh: '单一产地黑巧克力（烤榛子，可可含量85%）礼盒装100克',
    },
    quantityThousandths: 4000,
    listPrice: cny(1990),
    listTotal: cny(7960),
    adjustments: [{ label: { en: 'Any 4: 8.00 off', zh: '满4件减8元' }, amount: cny(-800) }],
  }),
  makeLine({
    name: { en: 'Fuji apples', zh: '红富士苹果' },
    quantityThousandths: 345,
    unit: { en: 'kg', zh: '公斤' },
    listPrice: cny(1250),
    listTotal: cny(431),
    taxMark: 'B',
  }),
  makeLine({
    name: { en: 'Café blend', zh: '拼配咖啡' },
    listPrice: cny(2500),
    listTotal: cny(2500),
    note: 'ground for filter',
  }),
];

/** Paid with Alipay and cash. */
export function makeReceipt(change: Partial<ReceiptInput> = {}): ReceiptInput {
  return {
    kind: 'sale',
    language: 'en',
    store,
    till: '2',
    cashier: 'Li Na',
    receiptNumber: '0002-001042',
    originalReceiptNumber: null,
    at: soldAt,
    lines: saleLines,
    subtotal: cny(10_091),
    basketAdjustments: [{ label: { en: 'Opening week', zh: '开业优惠' }, amount: cny(-500) }],
    taxes: [
      {
        mark: 'A',
        name: { en: 'VAT', zh: '增值税' },
        rateBps: 1300,
        isIncluded: true,
        base: cny(8124),
        tax: cny(1056),
      },
      { mark: 'B', name: { en: 'VAT', zh: '增值税' }, rateBps: 900, isIncluded: true, base: cny(377), tax: cny(34) },
    ],
    total: cny(9591),
    cashRounding: cny(-1),
    tenders: [
      {
        kind: 'alipay',
        amount: cny(5000),
        evidence: { maskedAccount: '138****6789', tradeNumber: '2026112322001432671405930217' },
        isOnItsWay: false,
      },
      { kind: 'cash', amount: cny(5000) },
    ],
    change: cny(410),
    savings: cny(1300),
    note: null,
    link: receiptLink,
    reprint: null,
    ...change,
  };
}

/** Two of the four bars come back: to Alipay, and to a gift card. */
export function makeRefund(change: Partial<ReceiptInput> = {}): ReceiptInput {
  return makeReceipt({
    kind: 'refund',
    receiptNumber: '0002-001050',
    originalReceiptNumber: '0002-001042',
    lines: [
      makeLine({
        name: { en: 'Single-origin dark chocolate', zh: '单一产地黑巧克力' },
        quantityThousandths: -2000,
        listPrice: cny(1990),
        listTotal: cny(-3980),
        adjustments: [{ label: { en: 'Any 4: 8.00 off', zh: '满4件减8元' }, amount: cny(400) }],
      }),
    ],
    subtotal: cny(-3580),
    basketAdjustments: [],
    taxes: [
      {
        mark: 'A',
        name: { en: 'VAT', zh: '增值税' },
        rateBps: 1300,
        isIncluded: true,
        base: cny(-3168),
        tax: cny(-412),
      },
    ],
    total: cny(-3580),
    cashRounding: null,
    tenders: [
      {
        kind: 'alipay',
        amount: cny(-3000),
        evidence: { maskedAccount: '138****6789', tradeNumber: '2026112322001432671405930217' },
        isOnItsWay: true,
      },
      { kind: 'stored-value', amount: cny(-580), cardEnding: '4471', balanceAfter: cny(2080) },
    ],
    change: null,
    savings: null,
    ...change,
  });
}

export function makeShiftReport(change: Partial<ShiftReportInput> = {}): ShiftReportInput {
  return {
    kind: 'z',
    number: 87,
    language: 'en',
    store,
    till: '2',
    cashier: 'Li Na',
    openedAt: instant(soldAt - 6 * 3_600_000),
    closedAt: instant(soldAt + 60_000),
    printedAt: instant(soldAt + 61_000),
    sales: { count: 182, amount: cny(1_284_030) },
    refunds: { count: 3, amount: cny(-9_580) },
    discounts: cny(-41_200),
    net: cny(1_274_450),
    byTender: [
      { label: { en: 'Alipay', zh: '支付宝' }, count: 151, amount: cny(1_034_450) },
      { label: { en: 'Cash', zh: '现金' }, count: 34, amount: cny(240_000) },
    ],
    byTax: [
      {
        mark: 'A',
        name: { en: 'VAT', zh: '增值税' },
        rateBps: 1300,
        isIncluded: true,
        base: cny(900_000),
        tax: cny(117_000),
      },
    ],
    byDepartment: [{ label: { en: 'Groceries', zh: '食品杂货' }, count: null, amount: cny(1_274_450) }],
    byCashier: [{ label: { en: 'Li Na', zh: '李娜' }, count: 185, amount: cny(1_274_450) }],
    cash: {
      float: cny(50_000),
      taken: cny(243_580),
      givenBack: cny(-3_580),
      paidIn: cny(0),
      paidOut: cny(-20_000),
      expected: cny(270_000),
      counted: cny(269_950),
      difference: cny(-50),
    },
    corrections: [
      { label: { en: 'Sale 0002-000998, 22 Nov', zh: '11月22日 单号0002-000998' }, count: null, amount: cny(-1_200) },
    ],
    reprint: null,
    ...change,
  };
}

export function makeCashSlip(change: Partial<CashSlipInput> = {}): CashSlipInput {
  return {
    kind: 'cash-out',
    language: 'en',
    store,
    till: '2',
    cashier: 'Li Na',
    allowedBy: 'Wang Min',
    slipNumber: '0002-C0017',
    at: soldAt,
    amount: cny(20_000),
    reason: 'To the bank',
    reprint: null,
    ...change,
  };
}
