// Does the audit bite? Into the evidence of a small shop that is right (evidence.fixture.ts) each wrong that money can suffer is put by
// hand. Every one must be found by its name and place, and the shop that is right must pass.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countFaults, type FaultKind, faultKinds, findFaults } from './auditor.ts';
import {
  call,
  closedTrade,
  paidRung,
  paidSale,
  paidTrade,
  payment,
  refund,
  rightShop,
  row,
  trade,
  unpaid,
  unpaidRung,
  unpaidSale,
} from './evidence.fixture.ts';
import type { Evidence } from './evidence.ts';
import type { TradeRecord } from './sandbox-control.ts';

type Wrong = {
  readonly name: string;
  /** What stands in the evidence instead. */
  readonly change: Partial<Evidence>;
  /** What the audit must say, each with its beginning. */
  readonly found: readonly `${FaultKind}: ${string}`[];
};

const [paidScan] = paidRung.scans;
const [unpaidScan] = unpaidRung.scans;
const [askedRefund] = paidRung.refunds;
const [firstWallet, secondWallet] = rightShop.wallets;

function withRecord(number: string, record: TradeRecord): Pick<Evidence, 'records'> {
  return { records: new Map([...rightShop.records, [number, record]]) };
}

function withoutRecord(number: string): Pick<Evidence, 'records'> {
  return { records: new Map([...rightShop.records].filter(([known]) => known !== number)) };
}

function withRows(...rows: Evidence['rows']): Pick<Evidence, 'rows'> {
  const changed = new Set(rows.map(({ id }) => id));
  return { rows: [...rightShop.rows.filter(({ id }) => !changed.has(id)), ...rows] };
}

const doubled: readonly Wrong[] = [
  {
    name: 'a payment that is booked twice under its number',
    change: withRecord('pa_1', { trades: [paidTrade, trade({ tradeNo: '2' })], calls: [call('pay')] }),
    found: ['doubled: booked more than once: pa_1', 'doubled: sale_1 of 20.00 kept 3500'],
  },
  {
    name: 'a payment that was sent twice',
    change: withRecord('pa_1', { trades: [paidTrade], calls: [call('pay'), call('pay')] }),
    found: ['doubled: sent 2 times: pa_1'],
  },
  {
    name: 'a sale with two payments that are both paid and booked',
    change: {
      sales: [{ ...paidSale, payments: [...paidSale.payments, payment({ paymentId: 'pa_4' })] }, unpaidSale],
      ...withRows(row('pa_4', 'charge', 'approved')),
      ...withRecord('pa_4', { trades: [trade({ outTradeNo: 'pa_4' })], calls: [call('pay')] }),
    },
    found: [
      'doubled: sale_1 is paid 2 times',
      'doubled: sale_1 of 20.00 kept 3500',
      'doubled: sale_1 has 2 payments of 1 scans',
    ],
  },
  {
    name: 'one key that made two payments',
    change: { rung: [{ ...paidRung, scans: [{ ...paidScan, paymentIds: new Set(['pa_1', 'pa_9']) }] }, unpaidRung] },
    found: ['doubled: c0-1-p1 made the payments pa_1, pa_9'],
  },
  {
    name: 'one key that made two sales',
    change: { rung: [{ ...paidRung, saleIds: new Set(['sale_1', 'sale_9']) }, unpaidRung] },
    found: ['doubled: c0-1 made the sales sale_1, sale_9'],
  },
  {
    name: 'a sale that nobody rang up',
    change: { rung: [paidRung] },
    found: ['doubled: sales that nobody rang up: sale_2'],
  },
  {
    name: 'a refund that is booked twice',
    change: withRecord('pa_1', {
      trades: [{ ...paidTrade, kept: 1_000n, refunds: [...paidTrade.refunds, ...paidTrade.refunds] }],
      calls: [call('pay')],
    }),
    found: ['doubled: pa_2 of pa_1 is refunded and booked 2 times', 'lost: only 1000 of 1500 is there: pa_1'],
  },
  {
    name: 'one key that made two refunds',
    change: {
      rung: [{ ...paidRung, refunds: [{ ...askedRefund, refundIds: new Set(['pa_2', 'pa_9']) }] }, unpaidRung],
    },
    found: ['doubled: c0-1-r1 made the refunds pa_2, pa_9'],
  },
  {
    name: 'a refund that nobody asked for',
    change: { rung: [{ ...paidRung, refunds: [] }, unpaidRung] },
    found: ['doubled: sale_1 has 1 refunds of 0 asked for'],
  },
  {
    name: 'an approval that the house was told of twice',
    change: { facts: [...rightShop.facts, ...rightShop.facts.slice(0, 1)] },
    found: ['doubled: the fact payment.charge.approved pa_1 was told 2 times'],
  },
];

const lost: readonly Wrong[] = [
  {
    name: 'a payment that is shown as paid and was never booked',
    change: withRecord('pa_1', { trades: [], calls: [] }),
    found: ['lost: only 0 of 1500 is there: pa_1', 'lost: pa_2 of pa_1 is refunded and not booked'],
  },
  {
    name: 'a payment of which the sandbox knows nothing',
    change: withoutRecord('pa_1'),
    found: ['lost: only 0 of 1500'],
  },
  {
    name: 'a paid payment whose money went back',
    change: withRecord('pa_1', {
      trades: [{ ...paidTrade, state: 'closed', closedBecause: 'cancelled', kept: 0n }],
      calls: [call('pay'), call('cancel')],
    }),
    found: ['lost: only 0 of 1500 is there: pa_1', 'disagreeing: paid, and was cancelled: pa_1'],
  },
  {
    name: 'a sale that a cashier was told of',
    change: { sales: [paidSale] },
    found: [
      'lost: sale_2 was told of and is not there',
      'lost: pa_3 (charge of sale_2) is reversed and is shown nowhere',
    ],
  },
  {
    name: 'a payment that a cashier was told of',
    change: { sales: [paidSale, { ...unpaidSale, payments: [] }], ...withRows() },
    found: ['lost: pa_3 was told of and is not in sale_2'],
  },
  {
    name: 'a payment that is shown and not in the journal',
    change: { rows: rightShop.rows.filter(({ id }) => id !== 'pa_1') },
    found: ['lost: pa_1 is shown and not in the journal'],
  },
  {
    name: 'a refund that a cashier was told of',
    change: { sales: [{ ...paidSale, refunds: [] }, unpaidSale] },
    found: ['lost: pa_2 was told of and is not in sale_1'],
  },
  {
    name: 'an approval that the house was never told of',
    change: { facts: rightShop.facts.slice(1) },
    found: ['lost: no fact payment.charge.approved pa_1 was told'],
  },
];

const orphaned: readonly Wrong[] = [
  {
    name: 'money that is kept for a payment that was not paid',
    change: withRecord('pa_3', { trades: [{ ...closedTrade, state: 'paid', kept: 700n }], calls: [call('pay')] }),
    found: ['orphaned: money is kept without a sale, 700: pa_3', 'orphaned: sale_2 is open and money is kept: 700'],
  },
  {
    name: 'a trade that the payer may still pay',
    change: withRecord('pa_3', { trades: [{ ...closedTrade, state: 'waiting' }], calls: [call('pay')] }),
    found: ['orphaned: the payer may still pay: pa_3'],
  },
  {
    name: 'a trade that the journal does not know',
    change: {
      wallets: [firstWallet, { ...secondWallet, balance: 9_300n, outTradeNos: ['pa_3', 'pa_9'] }],
      ...withRecord('pa_9', {
        trades: [trade({ outTradeNo: 'pa_9', amount: 700n, kept: 700n })],
        calls: [call('pay')],
      }),
    },
    found: ['orphaned: w2 was asked to pay pa_9', 'unbalanced: the merchant has 1500, its trades keep 2200'],
  },
  {
    name: 'a refund that the journal does not know',
    change: withRecord('pa_1', {
      trades: [{ ...paidTrade, refunds: [...paidTrade.refunds, { requestNo: 'pa_9', amount: 100n, cause: 'refund' }] }],
      calls: [call('pay')],
    }),
    found: ['orphaned: pa_1: 100 went back as pa_9, unknown here'],
  },
  {
    name: 'an attempt that is not at rest',
    change: withRows({ ...row('pa_3', 'charge', 'reversing', 'sale_2'), inFlight: 'reverse', owner: 'process_1' }),
    found: ['orphaned: pa_3 (charge of sale_2) is reversing, in flight reverse, held by process_1'],
  },
  {
    name: 'an approved payment with a call still out',
    change: withRows({ ...row('pa_1', 'charge', 'approved'), inFlight: 'inquire' }),
    found: ['orphaned: pa_1 (charge of sale_1) is approved, in flight inquire, held by nobody'],
  },
  {
    name: 'a payment in custody',
    change: { sales: [paidSale, { ...unpaidSale, payments: [payment({ ...unpaid, custody: true })] }] },
    found: ['orphaned: still in custody: pa_3'],
  },
  {
    name: 'a payment without a word',
    change: { sales: [paidSale, { ...unpaidSale, payments: [payment({ ...unpaid, status: 'processing' })] }] },
    found: [
      'orphaned: no final word: pa_3',
      'disagreeing: pa_3 (charge of sale_2) is reversed and is shown as processing',
    ],
  },
  {
    name: 'a sale that is still being paid',
    change: { sales: [paidSale, { ...unpaidSale, status: 'paying' }] },
    found: ['orphaned: sale_2 is still being paid'],
  },
  {
    name: 'a refund that never ends',
    change: { sales: [{ ...paidSale, refunds: [refund({ status: 'processing' })] }, unpaidSale] },
    found: ['orphaned: pa_2 of pa_1 is processing, not at rest'],
  },
];

const otherwise: readonly Wrong[] = [
  {
    name: 'refunds of more than was taken, shown',
    change: {
      sales: [{ ...paidSale, refunds: [refund({}), refund({ refundId: 'pa_5', amount: '16.00' })] }, unpaidSale],
      ...withRows(row('pa_5', 'refund', 'refunded')),
    },
    found: ['over-refunded: pa_1 took 2000 and shows 2100 given back'],
  },
  {
    name: 'refunds of more than was taken, booked',
    change: withRecord('pa_1', {
      trades: [{ ...paidTrade, refunds: [{ requestNo: 'pa_2', amount: 2_500n, cause: 'refund' }] }],
      calls: [call('pay')],
    }),
    found: ['over-refunded: pa_1 took 2000 and 2500 went back', 'disagreeing: pa_2 of pa_1 is refunded with 5.00'],
  },
  {
    name: '"not paid" told of a payment that is paid',
    change: { rung: [{ ...paidRung, scans: [{ ...paidScan, words: new Set(['not-paid'] as const) }] }, unpaidRung] },
    found: ['untrue-word: pa_1 was told as not-paid and is paid'],
  },
  {
    name: '"paid" told of a payment that is not',
    change: { rung: [paidRung, { ...unpaidRung, scans: [{ ...unpaidScan, words: new Set(['paid'] as const) }] }] },
    found: ['untrue-word: pa_3 was told as paid and is not-paid'],
  },
  {
    name: 'a refund refused as too much that was not',
    change: { rung: [{ ...paidRung, refunds: [{ ...askedRefund, refundIds: new Set(), exceeds: true }] }, unpaidRung] },
    found: ['untrue-word: c0-1-r1 of 5.00 was refused, and 1500 is left'],
  },
  {
    name: 'an approval told to the house that is none',
    change: { facts: [...rightShop.facts, { type: 'payment.charge.approved', attemptId: 'pa_3' }] },
    found: ['untrue-word: the fact payment.charge.approved pa_3 was told and is not so'],
  },
  {
    name: 'books that do not balance',
    change: { books: { ...rightShop.books, balanced: false } },
    found: ['unbalanced: the books of the sandbox do not balance'],
  },
  {
    name: 'a merchant who has more than the sales show',
    change: { books: { balanced: true, accounts: [{ account: 'm', kind: 'merchant', balance: 1_501n }] } },
    found: [
      'unbalanced: the merchant has 1501, its sales show 1500',
      'unbalanced: the merchant has 1501, its trades keep 1500',
    ],
  },
  {
    name: 'a payer who is short of more than the shop keeps',
    change: { wallets: [{ ...firstWallet, balance: 8_000n }, secondWallet] },
    found: ['unbalanced: w1 is short of 2000, and 1500 of it is kept'],
  },
  {
    name: 'a payment that is booked with another amount',
    change: withRecord('pa_1', { trades: [{ ...paidTrade, amount: 2_001n }], calls: [call('pay')] }),
    found: ['disagreeing: booked as 2001: pa_1'],
  },
  {
    name: 'a payment that the journal holds otherwise than it is shown',
    change: withRows(row('pa_1', 'charge', 'reversed')),
    found: ['disagreeing: pa_1 (charge of sale_1) is reversed and is shown as paid'],
  },
  {
    name: 'a sale of another amount than was rung up',
    change: { rung: [{ ...paidRung, amount: '19.00' }, unpaidRung] },
    found: ['disagreeing: sale_1 of 19.00 became 20.00'],
  },
];

const wrongs = { doubled, lost, orphaned, 'otherwise wrong': otherwise };

describe('the auditor', () => {
  it('finds nothing in a shop that is right', () => {
    assert.deepEqual(findFaults(rightShop), []);
    assert.deepEqual(new Set(Object.values(countFaults([]))), new Set([0]));
  });

  for (const [title, cases] of Object.entries(wrongs)) {
    describe(`finds what is ${title}:`, () => {
      for (const { name, change, found } of cases) {
        it(name, () => {
          const words = findFaults({ ...rightShop, ...change }).map(({ kind, what }) => `${kind}: ${what}`);
          for (const expected of found) {
            assert.ok(
              words.some((word) => word.startsWith(expected)),
              `"${expected}" is not among:\n${words.join('\n')}`,
            );
          }
        });
      }
    });
  }

  it('has a case of every kind of fault', () => {
    const kinds = Object.values(wrongs).flatMap((cases) =>
      cases.flatMap(({ found }) => found.map((word) => word.split(':')[0])),
    );
    assert.deepEqual(new Set(kinds), new Set(faultKinds));
  });
});
