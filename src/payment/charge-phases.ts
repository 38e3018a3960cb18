// The phases of a charge, what may happen to it, and what a decision is: the vocabulary of charge-protocol.ts.

import type { Result } from '#foundation/result.ts';
import type { ChargeAct, ChargePhase, ChargeState } from './attempt.ts';
import type {
  Approved,
  AuthorizeReply,
  Declined,
  InquiryReply,
  NotSent,
  RefundInquiryReply,
  RefundReply,
  ReversalReply,
} from './channel.port.ts';

/**
 * Every phase: where it may go, and whose duty it is. `none` is at rest. A phase at rest that kept no money still has a way
 * out, because an approval may come late: it must be given back, whenever it arrives.
 */
export const chargePhases = {
  authorizing: { duty: 'till', next: ['awaiting-payer', 'unclear', 'approved', 'declined', 'reversing'] },
  'awaiting-payer': { duty: 'till', next: ['approved', 'declined', 'reversing'] },
  unclear: { duty: 'till', next: ['awaiting-payer', 'approved', 'declined', 'reversing'] },
  approved: { duty: 'none', next: [] },
  declined: { duty: 'none', next: ['reversing'] },
  reversing: { duty: 'custody', next: ['reversed', 'watching', 'returning'] },
  watching: { duty: 'custody', next: ['reversing', 'reversed'] },
  reversed: { duty: 'none', next: ['reversing'] },
  returning: { duty: 'custody', next: ['returned', 'reversed'] },
  returned: { duty: 'none', next: [] },
} as const satisfies Record<
  ChargePhase,
  { readonly duty: 'till' | 'custody' | 'none'; readonly next: readonly ChargePhase[] }
>;

type Answer<Reply> = { readonly call: number; readonly reply: Result<Reply, NotSent> };

export type ChargeEvent =
  | ({ readonly type: 'authorize-answered' } & Answer<AuthorizeReply>)
  | ({ readonly type: 'inquire-answered' } & Answer<InquiryReply>)
  | ({ readonly type: 'reverse-answered' } & Answer<ReversalReply>)
  | ({ readonly type: 'refund-answered' } & Answer<RefundReply>)
  | ({ readonly type: 'inquire-refund-answered' } & Answer<RefundInquiryReply>)
  /** A verified notice came. It only ever helps: nothing depends on it. */
  | { readonly type: 'noticed'; readonly reply: Approved | Declined }
  /** `dueAt` has come. */
  | { readonly type: 'woken' }
  /** Another process died with this attempt in hand; whatever it had in flight is unclear. */
  | { readonly type: 'taken-up' }
  /** The till asked to stop waiting for the payer. */
  | { readonly type: 'abandoned' };

/** What to write, and what to do once it is written. `null`: the event changes nothing. */
export type ChargeDecision = { readonly state: ChargeState; readonly act: ChargeAct | null } | null;

export type ChargeAnswered = Extract<ChargeEvent, { readonly call: number }>;

export function dutyOf(phase: ChargePhase): 'till' | 'custody' | 'none' {
  return chargePhases[phase].duty;
}
