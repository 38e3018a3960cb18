// What an attempt is called when a channel is asked about it: the same names on every try, so that asking again has no second effect.

import type { Attempt } from './attempt.ts';
import type { ChargeReference, RefundRequest } from './channel.port.ts';

/** The charge that an attempt is about, as the channel knows it. */
export function chargeReference(attempt: Attempt): ChargeReference {
  if (attempt.kind === 'refund') {
    const { id: attemptId, amount, channelReference } = attempt.charge;
    return { attemptId, amount, channelReference };
  }
  const channelReference = attempt.state.evidence?.channelReference ?? null;
  return { attemptId: attempt.identity.id, amount: attempt.identity.amount, channelReference };
}

/** A late charge is returned in full under one number made from its own, so that every try is the same refund. */
export function refundRequest(attempt: Attempt): RefundRequest {
  const refundId = attempt.kind === 'refund' ? attempt.identity.id : `${attempt.identity.id}_return`;
  return { charge: chargeReference(attempt), refundId, amount: attempt.identity.amount };
}
