// A small shop whose books are right, for showing that the auditor bites: one sale of 20.00 that is paid, of which 5.00 went back, and one
// of 7.00 that was not paid, whose payment was cancelled.

import type { PaymentView, RefundView, SaleView } from '#server/contract/ecr.ts';
import type { RefundAsked, Scan, Word } from './cash-book.ts';
import type { Evidence, JournalRow, WalletRecord } from './evidence.ts';
import type { TradeRecord } from './sandbox-control.ts';

type Trade = TradeRecord['trades'][number];
type Call = TradeRecord['calls'][number];

const at = '2026-11-23T08:00:00.000Z';

export function payment(own: Partial<PaymentView>): PaymentView {
  return {
    paymentId: 'pa_1',
    saleId: 'sale_1',
    status: 'paid',
    custody: false,
    amount: '20.00',
    currency: 'CNY',
    refunded: '0.00',
    reason: null,
    channelCode: null,
    channel: 'alipay-openapi',
    channelReference: '2026112300000001',
    payerAccount: null,
    payerCode: '28************0001',
    createdAt: at,
    finalWordBy: at,
    paidAt: at,
    ...own,
  };
}

export function refund(own: Partial<RefundView>): RefundView {
  return {
    refundId: 'pa_2',
    paymentId: 'pa_1',
    saleId: 'sale_1',
    status: 'refunded',
    amount: '5.00',
    currency: 'CNY',
    reason: null,
    channelCode: null,
    createdAt: at,
    refundedAt: at,
    ...own,
  };
}

function sale(own: Partial<SaleView>): SaleView {
  return {
    saleId: 'sale_1',
    status: 'paid',
    amount: '20.00',
    currency: 'CNY',
    refunded: '0.00',
    description: 'Corner shop',
    createdAt: at,
    payments: [],
    refunds: [],
    ...own,
  };
}

export function trade(own: Partial<Trade>): Trade {
  return {
    tradeNo: '2026112300000001',
    outTradeNo: 'pa_1',
    state: 'paid',
    closedBecause: null,
    amount: 2_000n,
    refunded: 0n,
    kept: 2_000n,
    refunds: [],
    ...own,
  };
}

export function call(method: string): Call {
  return { method, answer: '10000', fault: null, at };
}

export const row = (id: string, kind: JournalRow['kind'], phase: string, saleId = 'sale_1'): JournalRow => {
  return { id, kind, saleId, phase, inFlight: null, owner: null };
};

export const paidTrade = trade({
  refunded: 500n,
  kept: 1_500n,
  refunds: [{ requestNo: 'pa_2', amount: 500n, cause: 'refund' }],
});
export const closedTrade = trade({
  outTradeNo: 'pa_3',
  amount: 700n,
  state: 'closed',
  closedBecause: 'cancelled',
  kept: 0n,
});
export const paidSale = sale({
  status: 'partly-refunded',
  refunded: '5.00',
  payments: [payment({ refunded: '5.00' })],
  refunds: [refund({})],
});
export const unpaid = {
  paymentId: 'pa_3',
  saleId: 'sale_2',
  status: 'not-paid',
  amount: '7.00',
  paidAt: null,
} as const;
export const unpaidSale = sale({ saleId: 'sale_2', status: 'open', amount: '7.00', payments: [payment(unpaid)] });
export const paidRung = {
  key: 'c0-1',
  amount: '20.00',
  saleIds: new Set(['sale_1']),
  scans: [{ key: 'c0-1-p1', payerCode: '281', paymentIds: new Set(['pa_1']), words: new Set<Word>(['paid']) }] as [
    Scan,
  ],
  refunds: [{ key: 'c0-1-r1', paymentId: 'pa_1', amount: '5.00', refundIds: new Set(['pa_2']), exceeds: false }] as [
    RefundAsked,
  ],
};
export const unpaidRung = {
  key: 'c0-2',
  amount: '7.00',
  saleIds: new Set(['sale_2']),
  scans: [{ key: 'c0-2-p1', payerCode: '282', paymentIds: new Set(['pa_3']), words: new Set<Word>(['not-paid']) }] as [
    Scan,
  ],
  refunds: [],
};

export const rightShop = {
  sales: [paidSale, unpaidSale],
  rows: [
    row('pa_1', 'charge', 'approved'),
    row('pa_2', 'refund', 'refunded'),
    row('pa_3', 'charge', 'reversed', 'sale_2'),
  ],
  facts: [
    { type: 'payment.charge.approved', attemptId: 'pa_1' },
    { type: 'payment.refund.refunded', attemptId: 'pa_2' },
  ],
  records: new Map([
    ['pa_1', { trades: [paidTrade], calls: [call('pay'), call('refund')] }],
    ['pa_3', { trades: [closedTrade], calls: [call('pay'), call('query'), call('cancel')] }],
  ]),
  wallets: [
    { walletId: 'w1', opened: 10_000n, balance: 8_500n, outTradeNos: ['pa_1'] },
    { walletId: 'w2', opened: 10_000n, balance: 10_000n, outTradeNos: ['pa_3'] },
  ],
  books: { balanced: true, accounts: [{ account: 'merchant:2021:CNY', kind: 'merchant', balance: 1_500n }] },
  rung: [paidRung, unpaidRung],
} satisfies Evidence & { readonly wallets: readonly [WalletRecord, WalletRecord] };
