// From what the server says to what the cashier reads: reasons, problems, states, times, amounts.

import type { TFunction } from 'i18next';
import { formatMoney, isCurrency, parseMoney } from '#foundation/money.ts';
import type { PaymentView, SaleView } from '#server/contract/ecr.ts';
import type { Problem } from '#server/contract/problem.ts';
import type { Entry } from './payment-entry.ts';
import { formatOnce, isSameDay } from './store-time.ts';
import type { tillEnglish } from './words/en.ts';

export type Say = TFunction<'till'>;

type ProblemWord = keyof typeof tillEnglish.problem;

const problemWords: ReadonlySet<string> = new Set<ProblemWord>([
  'invalid-amount',
  'currency-not-taken',
  'payer-code-not-alipay',
  'idempotency-key-reused',
  'sale-not-found',
  'payment-not-found',
  'payment-in-progress',
  'sale-already-paid',
  'payment-not-paid',
  'refund-exceeds',
  'not-allowed',
]);

function isProblemWord(code: string): code is ProblemWord {
  return problemWords.has(code);
}

export function problemText(say: Say, problem: Problem): string {
  return say(`problem.${isProblemWord(problem.code) ? problem.code : 'other'}`);
}

/** Why an entry that ended unpaid is unpaid, as a sentence. */
export function reasonText(say: Say, entry: Entry): string {
  if (entry.phase === 'never-sent') return say('reason.never-sent');
  if (entry.problem !== null) return problemText(say, entry.problem);
  return say(`reason.${entry.view?.reason ?? 'other'}`);
}

/** The code that support asks for; it stands small beside the sentence. */
export function reasonCode(entry: Entry): string | null {
  return entry.problem?.code ?? entry.view?.channelCode ?? null;
}

export type StatusWord = keyof typeof tillEnglish.status;

export function paymentStatus(payment: PaymentView): StatusWord {
  return payment.status === 'not-paid' && payment.custody ? 'custody' : payment.status;
}

/** What became of a sale, by what it has collected, else by its last try. */
export function saleStatus(sale: SaleView): StatusWord {
  if (sale.status === 'paid' || sale.status === 'partly-refunded' || sale.status === 'refunded') return sale.status;
  const last = sale.payments.at(-1);
  return last === undefined ? 'not-paid' : paymentStatus(last);
}

export const statusTone = {
  processing: 'waiting',
  'awaiting-payer': 'waiting',
  paid: 'paid',
  'not-paid': 'not-paid',
  custody: 'custody',
  'partly-refunded': 'calm',
  refunded: 'calm',
} as const satisfies Record<StatusWord, string>;

/** `¥12.30` of the wire's decimal text. */
export function showAmount(amount: string, currency: string): string {
  if (!isCurrency(currency)) return `${currency} ${amount}`;
  const parsed = parseMoney(currency, amount);
  return parsed.ok ? formatMoney(parsed.value) : `${currency} ${amount}`;
}

/** The time in the store's zone, with the date when it is not today's. */
export function showTime(iso: string, timeZone: string, language: string, nowMs: number): string {
  const atMs = Date.parse(iso);
  const day = isSameDay(atMs, nowMs, timeZone) ? {} : ({ month: 'short', day: 'numeric' } as const);
  const time = { timeZone, hour: '2-digit', minute: '2-digit', hour12: false } as const;
  return formatOnce(language, { ...time, ...day }).format(atMs);
}

/** The end of a long id: enough to find a receipt of today by eye. */
export function shortId(id: string): string {
  return id.slice(-8).toUpperCase();
}
