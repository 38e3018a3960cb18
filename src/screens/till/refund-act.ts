// One refund, from the cashier's word to its end. The key is made once per act, so a lost answer, a retry or a double press
// never gives the money back twice.

import { isCurrency, type Money, parseMoney, subtract } from '#foundation/money.ts';
import type { PaymentView, RefundView } from '#server/contract/ecr.ts';
import type { Problem } from '#server/contract/problem.ts';
import type { StoreClient } from './store-client.ts';
import { type Ambient, sendUntilAnswered } from './try-again.ts';

export type RefundProgress =
  | { readonly kind: 'sending' | 'away' }
  | { readonly kind: 'refund'; readonly refund: RefundView }
  | { readonly kind: 'refused'; readonly problem: Problem };

export type AmountFault = 'malformed' | 'too-precise' | 'zero' | 'too-much';

const lookMs = 1_000;

/** What can still be given back of a payment. */
export function refundableOf(payment: PaymentView): Money | undefined {
  if (payment.status !== 'paid' || !isCurrency(payment.currency)) return undefined;
  const taken = parseMoney(payment.currency, payment.amount);
  const returned = parseMoney(payment.currency, payment.refunded);
  return taken.ok && returned.ok ? subtract(taken.value, returned.value) : undefined;
}

/** Reads the amount to give back; a fault says what is wrong with it. */
export function readRefundAmount(text: string, refundable: Money): Money | AmountFault {
  const parsed = parseMoney(refundable.currency, text.trim());
  if (!parsed.ok) return parsed.failure;
  if (parsed.value.minor <= 0n) return 'zero';
  return parsed.value.minor > refundable.minor ? 'too-much' : parsed.value;
}

/** Asks for the refund and follows it until it is refunded or declined, or `goesOn` says no. */
export async function giveBack(
  client: StoreClient,
  ambient: Ambient,
  order: { readonly paymentId: string; readonly amount: Money; readonly key: string },
  tell: (progress: RefundProgress) => void,
  goesOn: () => boolean,
): Promise<void> {
  tell({ kind: 'sending' });
  const away = () => tell({ kind: 'away' });
  const asked = await sendUntilAnswered(
    ambient,
    () => client.refund(order.paymentId, order.amount, order.key),
    goesOn,
    away,
  );
  if (!asked.ok) {
    if (asked.failure.kind === 'refused') tell({ kind: 'refused', problem: asked.failure.problem });
    return;
  }
  let refund = asked.value;
  tell({ kind: 'refund', refund });
  while (refund.status === 'processing' && goesOn()) {
    await new Promise<void>((resolve) => ambient.after(lookMs, resolve));
    const looked = await sendUntilAnswered(ambient, () => client.refundState(refund.refundId), goesOn, away);
    if (!looked.ok) return;
    refund = looked.value;
    tell({ kind: 'refund', refund });
  }
}
