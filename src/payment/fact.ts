// What other rooms learn of payments, through the outbox: one fact a move that changes what money is where.

import type { Attempt, Charge, Refund } from './attempt.ts';
import type { Fact } from './journal.port.ts';

/** The facts that a written move tells; none when only a timer or a call number moved. */
export function factsOf(before: Attempt, next: Attempt['state']): readonly Fact[] {
  if (before.state.phase === next.phase) return [];
  return [{ type: `payment.${before.kind}.${next.phase}`, data: factData(before, next) }];
}

function factData(attempt: Charge | Refund, next: Attempt['state']): Fact['data'] {
  const { identity } = attempt;
  return {
    attemptId: identity.id,
    saleId: identity.saleId,
    intentId: identity.intentId,
    storeId: identity.storeId,
    deviceId: identity.deviceId,
    channel: identity.channel,
    currency: identity.amount.currency,
    amountMinor: identity.amount.minor.toString(),
    chargeId: attempt.kind === 'refund' ? attempt.charge.id : identity.id,
    finalWord: 'finalWord' in next ? next.finalWord : null,
    reason: next.reason,
    channelReference: next.evidence?.channelReference ?? null,
    at: next.changedAt,
  };
}
