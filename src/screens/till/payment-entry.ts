// What the till knows about one payment, and how that knowledge grows. Pure: an entry and something heard → the next entry.
// The till decides nothing about money; it only never forgets a final word for an older one that arrives late.

import type { Money } from '#foundation/money.ts';
import type { PaymentView } from '#server/contract/ecr.ts';
import type { Problem } from '#server/contract/problem.ts';

export type Phase = 'sending' | 'checking' | 'awaiting-payer' | 'paid' | 'not-paid' | 'refused' | 'never-sent';

export type Entry = {
  /** Made for the scan before its first send: the Idempotency-Key, kept on every retry. */
  readonly key: string;
  readonly amount: Money;
  /** The till's own clock at the scan, epoch milliseconds. */
  readonly scannedAtMs: number;
  /** From the scan to the final word. */
  readonly spanMs: number;
  readonly saleId: string | null;
  readonly phase: Phase;
  readonly view: PaymentView | null;
  /** False while the store server does not answer. */
  readonly inTouch: boolean;
  readonly stopAsked: boolean;
  readonly problem: Problem | null;
};

export type Heard =
  | { readonly kind: 'sale'; readonly saleId: string }
  | { readonly kind: 'payment'; readonly view: PaymentView }
  | { readonly kind: 'silence' }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'never-sent' }
  | { readonly kind: 'stop-asked' };

const phaseOf = {
  processing: 'checking',
  'awaiting-payer': 'awaiting-payer',
  paid: 'paid',
  'not-paid': 'not-paid',
} as const satisfies Record<PaymentView['status'], Phase>;

/** True when the cashier has the final word. A reversal may still be in custody behind it. */
export function isFinal(entry: Entry): boolean {
  return (
    entry.phase === 'paid' || entry.phase === 'not-paid' || entry.phase === 'refused' || entry.phase === 'never-sent'
  );
}

/** True when nothing more can be heard about it. */
export function isSettled(entry: Entry): boolean {
  return isFinal(entry) && !isInCustody(entry);
}

export function isInCustody(entry: Entry): boolean {
  return entry.phase === 'not-paid' && entry.view?.custody === true;
}

export function hear(entry: Entry, heard: Heard): Entry {
  switch (heard.kind) {
    case 'sale':
      return { ...entry, saleId: heard.saleId, inTouch: true };
    case 'payment':
      return hearPayment(entry, heard.view);
    case 'silence':
      return isSettled(entry) ? entry : { ...entry, inTouch: false };
    case 'refused':
      return isFinal(entry) ? entry : { ...entry, phase: 'refused', problem: heard.problem, inTouch: true };
    case 'never-sent':
      return isFinal(entry) ? entry : { ...entry, phase: 'never-sent', inTouch: true };
    case 'stop-asked':
      return { ...entry, stopAsked: true };
  }
}

// Streams and polls overtake each other, so an older view may come after a newer one.
function hearPayment(entry: Entry, view: PaymentView): Entry {
  const phase = phaseOf[view.status];
  if (entry.view !== null && rank(entry.view) > rank(view)) return { ...entry, inTouch: true };
  const spanMs = Math.max(1_000, Date.parse(view.finalWordBy) - Date.parse(view.createdAt));
  return { ...entry, saleId: view.saleId, phase, view, spanMs, inTouch: true };
}

/** How final a view is: paid stands above all, then the reversal that is proven, then the one in custody. */
function rank(view: PaymentView): number {
  if (view.status === 'paid') return 3;
  if (view.status === 'not-paid') return view.custody ? 1 : 2;
  return 0;
}

/** Whole seconds until the final word is due, never below zero. */
export function secondsLeft(entry: Entry, nowMs: number): number {
  return Math.max(0, Math.ceil((entry.scannedAtMs + entry.spanMs - nowMs) / 1000));
}
