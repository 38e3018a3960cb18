// The cases of the contract suite, as data: what goes wrong with which call, and the word that the till must end with. Each case has
// a wallet of its own, and its rules meet only that wallet's calls, so that all cases can run side by side.

import type { FaultEffect } from './sandbox-control.ts';

/** A rule of a case: it meets the case's own payment only. `times` absent: always. */
export type CaseRule = { readonly method: string; readonly effect: FaultEffect; readonly times?: number };

export type PaymentCase = {
  readonly name: string;
  readonly rules: readonly CaseRule[];
  /** What the till is told. `either`: both are right, and the books must agree with it. */
  readonly word: 'paid' | 'not-paid' | 'either';
  /** What the wallet holds; plenty when absent. */
  readonly balance?: string;
  /** A code that no wallet shows. */
  readonly strangeCode?: true;
  /** Rules that can only be named by the attempt's number, because Alipay has not heard of the payment. */
  readonly blindRules?: readonly CaseRule[];
  /** Notices go through; otherwise they are lost, so that the calls must find out for themselves. */
  readonly notices?: true;
};

export type CallFault = { readonly name: string; readonly effect: FaultEffect; readonly booked: boolean };

/** Every way in which the answer to one call can go wrong, and whether the call was carried out all the same. */
export const callFaults: readonly CallFault[] = [
  { name: 'lost after booking', effect: { kind: 'answer-lost', booked: true }, booked: true },
  { name: 'lost before booking', effect: { kind: 'answer-lost', booked: false }, booked: false },
  { name: 'late before booking', effect: { kind: 'delay', ms: 300, moment: 'before-booking' }, booked: true },
  { name: 'late after booking', effect: { kind: 'delay', ms: 300, moment: 'after-booking' }, booked: true },
  {
    name: 'later than awaited, booked late',
    effect: { kind: 'delay', ms: 1_700, moment: 'before-booking' },
    booked: true,
  },
  {
    name: 'later than awaited, booked at once',
    effect: { kind: 'delay', ms: 1_700, moment: 'after-booking' },
    booked: true,
  },
  { name: 'cut in the middle', effect: { kind: 'answer-cut' }, booked: true },
  { name: 'garbled', effect: { kind: 'answer-garbled' }, booked: true },
  { name: 'unsigned', effect: { kind: 'answer-unsigned' }, booked: true },
  { name: 'wrongly signed', effect: { kind: 'answer-wrongly-signed' }, booked: true },
  { name: '"unknown" after booking', effect: { kind: 'unknown', booked: true }, booked: true },
  { name: '"unknown" before booking', effect: { kind: 'unknown', booked: false }, booked: false },
  { name: 'a system error after booking', effect: { kind: 'system-error', booked: true }, booked: true },
  { name: 'a system error before booking', effect: { kind: 'system-error', booked: false }, booked: false },
  { name: 'HTTP 500 before booking', effect: { kind: 'http-error', status: 500, booked: false }, booked: false },
  { name: 'HTTP 502 after booking', effect: { kind: 'http-error', status: 502, booked: true }, booked: true },
];

/** The same for a cancel, with its own answer "try again". */
export const cancelFaults: readonly CallFault[] = [
  ...callFaults,
  { name: '"try again" after booking', effect: { kind: 'cancel-retry', booked: true }, booked: true },
  { name: '"try again" before booking', effect: { kind: 'cancel-retry', booked: false }, booked: false },
];

const lostPay: CaseRule = { method: 'pay', effect: { kind: 'answer-lost', booked: true } };
const unbookedPay: CaseRule = { method: 'pay', effect: { kind: 'answer-lost', booked: false } };
const walkAway: CaseRule = { method: 'pay', effect: { kind: 'buyer-asked', answer: 'never' } };
const deafQuery: CaseRule = { method: 'query', effect: { kind: 'answer-lost' } };

function buyer(answer: 'confirm' | 'refuse', afterMs: number): CaseRule {
  return { method: 'pay', effect: { kind: 'buyer-asked', answer, afterMs } };
}

// Whether or not a query is "booked" changes nothing: one of each pair is enough.
const queryFaults = callFaults.filter(({ booked }) => booked);

const payCases: readonly PaymentCase[] = [
  { name: 'nothing goes wrong', rules: [], word: 'paid' },
  ...callFaults.map(({ name, effect, booked }): PaymentCase => {
    const word = booked ? 'paid' : 'not-paid';
    return { name: `the answer to pay is ${name}`, rules: [{ method: 'pay', effect }], word };
  }),
  { name: 'the wallet has too little', rules: [], balance: '1.00', word: 'not-paid' },
  { name: 'no wallet shows the code', rules: [], strangeCode: true, word: 'not-paid' },
  { name: 'the answer to a refused pay is lost', rules: [lostPay], balance: '1.00', word: 'not-paid' },
];

const buyerCases: readonly PaymentCase[] = [
  { name: 'the buyer confirms', rules: [buyer('confirm', 1_200)], word: 'paid' },
  { name: 'the buyer refuses', rules: [buyer('refuse', 800)], word: 'not-paid' },
  { name: 'the buyer walks away', rules: [walkAway], word: 'not-paid' },
  { name: 'the buyer confirms after the cancel', rules: [buyer('confirm', 6_500)], word: 'not-paid' },
  { name: 'the buyer confirms at the last query', rules: [buyer('confirm', 3_000)], word: 'either' },
  {
    name: 'the buyer is asked, confirms, and the answer to pay is lost',
    rules: [buyer('confirm', 900), lostPay],
    word: 'paid',
  },
  { name: 'the buyer refuses and the answer to pay is lost', rules: [buyer('refuse', 900), lostPay], word: 'not-paid' },
  { name: 'the buyer walks away and the answer to pay is lost', rules: [walkAway, lostPay], word: 'not-paid' },
];

const queryCases: readonly PaymentCase[] = queryFaults.flatMap(({ name, effect }): readonly PaymentCase[] => {
  const isShort = effect['ms'] === 300;
  return [
    {
      name: `pay is lost, the first answer to query is ${name}`,
      rules: [lostPay, { method: 'query', effect, times: 1 }],
      word: 'paid',
    },
    {
      name: `pay is lost, every answer to query is ${name}`,
      rules: [lostPay, { method: 'query', effect, times: 14 }],
      // An answer that only comes a little late is an answer.
      word: isShort ? 'paid' : 'not-paid',
    },
  ];
});

const cancelCases: readonly PaymentCase[] = cancelFaults.flatMap(({ name, effect }): readonly PaymentCase[] => [
  {
    name: `the buyer walks away, two answers to cancel are ${name}`,
    rules: [walkAway, { method: 'cancel', effect, times: 2 }],
    word: 'not-paid',
  },
  {
    name: `pay and queries are lost, two answers to cancel are ${name}`,
    rules: [lostPay, { ...deafQuery, times: 14 }, { method: 'cancel', effect, times: 2 }],
    word: 'not-paid',
  },
]);

const togetherCases: readonly PaymentCase[] = [
  {
    name: 'pay, query and cancel are all unclear for a long time',
    rules: [
      { method: 'pay', effect: { kind: 'unknown', booked: true } },
      { method: 'query', effect: { kind: 'system-error' }, times: 16 },
      { method: 'cancel', effect: { kind: 'cancel-retry', booked: false }, times: 4 },
    ],
    word: 'not-paid',
  },
  {
    name: 'pay never arrives, and neither query nor cancel is answered for a while',
    rules: [{ method: 'pay', effect: { kind: 'delay', ms: 400, moment: 'before-booking' } }, unbookedPay],
    blindRules: [
      { method: 'query', effect: { kind: 'answer-lost' }, times: 14 },
      { method: 'cancel', effect: { kind: 'answer-lost', booked: true }, times: 3 },
    ],
    word: 'not-paid',
  },
  {
    name: 'every second call goes wrong in another way',
    rules: [
      { method: 'pay', effect: { kind: 'answer-garbled' } },
      { method: 'query', effect: { kind: 'answer-wrongly-signed' }, times: 1 },
      { method: 'query', effect: { kind: 'answer-cut' }, times: 2 },
      { method: 'query', effect: { kind: 'http-error', status: 502 }, times: 3 },
      { method: 'cancel', effect: { kind: 'answer-unsigned' }, times: 1 },
    ],
    word: 'either',
  },
];

const noticeCases: readonly PaymentCase[] = [
  { name: 'notices come once', rules: [], word: 'paid', notices: true },
  ...[
    { name: 'lost once', effect: { kind: 'notice-lost' }, times: 1 },
    { name: 'late', effect: { kind: 'notice-delayed', ms: 700 } },
    { name: 'doubled', effect: { kind: 'notice-doubled' } },
    { name: 'out of order', effect: { kind: 'notice-reordered', heldMsMax: 600 } },
    { name: 'wrongly signed once', effect: { kind: 'notice-wrongly-signed' }, times: 1 },
  ].flatMap(({ name, ...fault }): readonly PaymentCase[] => {
    const notify: CaseRule = { method: 'notify', ...fault };
    return [
      { name: `notices are ${name}`, rules: [notify], word: 'paid', notices: true },
      {
        name: `notices are ${name}, and pay is lost`,
        rules: [notify, lostPay, { ...deafQuery, times: 14 }],
        word: 'either',
        notices: true,
      },
      {
        name: `notices are ${name}, and the buyer walks away`,
        rules: [notify, walkAway],
        word: 'not-paid',
        notices: true,
      },
    ];
  }),
  { name: 'the only news of the payment is the notice', rules: [lostPay, deafQuery], word: 'paid', notices: true },
];

export const paymentCases: readonly PaymentCase[] = [
  ...payCases,
  ...buyerCases,
  ...queryCases,
  ...cancelCases,
  ...togetherCases,
  ...noticeCases,
];
