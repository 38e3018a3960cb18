// From what a message says to the event that the protocol hears: what a channel would have made of Alipay's answer.

import { failure, type Result, success } from '#foundation/result.ts';
import type {
  AuthorizeReply,
  ChargeAct,
  ChargeEvent,
  Declined,
  InquiryReply,
  NotSent,
  RefundInquiryReply,
  RefundReply,
  ReversalReply,
  Unclear,
} from '#payment/index.ts';
import { evidenceOf, type Says } from './world.ts';

export type Spoken = { readonly act: ChargeAct; readonly call: number; readonly says: Says; readonly trade: number };

const declined: Declined = { outcome: 'declined', reason: 'insufficient-funds', channelCode: 'REFUSED' };
const systemError: Unclear = { outcome: 'outcome-unknown', cause: 'system-error' };
const timeout: Unclear = { outcome: 'outcome-unknown', cause: 'timeout' };
const notSent: NotSent = { kind: 'not-sent', detail: '' };

/** The event for an answer, or for a call that was given up (`timeout`) or never made (`not-sent`). */
export function answerEvent(spoken: Spoken): ChargeEvent {
  const { act, call } = spoken;
  switch (act) {
    case 'authorize':
      return { type: 'authorize-answered', call, reply: made(spoken, authorizeReply) };
    case 'inquire':
      return { type: 'inquire-answered', call, reply: made(spoken, inquiryReply) };
    case 'reverse':
      return { type: 'reverse-answered', call, reply: made(spoken, reversalReply) };
    case 'refund':
      return { type: 'refund-answered', call, reply: made(spoken, refundReply) };
    case 'inquire-refund':
      return { type: 'inquire-refund-answered', call, reply: made(spoken, refundInquiryReply) };
  }
}

/** The event for a notice whose signature a channel has verified, or should have. */
export function noticeEvent(says: 'approved' | 'declined', trade: number): ChargeEvent {
  const reply = says === 'declined' ? declined : ({ outcome: 'approved', evidence: evidenceOf(trade) } as const);
  return { type: 'noticed', reply };
}

function made<Reply>(spoken: Spoken, replyOf: (spoken: Spoken) => Reply): Result<Reply, NotSent> {
  return spoken.says === 'not-sent' ? failure(notSent) : success(replyOf(spoken));
}

// What a channel cannot read as an answer to this very question is unclear.
function unclear(says: Says): Unclear {
  return says === 'timeout' ? timeout : systemError;
}

function authorizeReply({ says, trade }: Spoken): AuthorizeReply {
  if (says === 'approved') return { outcome: 'approved', evidence: evidenceOf(trade) };
  if (says === 'declined') return declined;
  return says === 'awaiting-payer' ? { outcome: 'awaiting-payer' } : unclear(says);
}

function inquiryReply(spoken: Spoken): InquiryReply {
  const { says } = spoken;
  return says === 'never-received' || says === 'closed' ? { outcome: says } : authorizeReply(spoken);
}

function reversalReply({ says }: Spoken): ReversalReply {
  if (says === 'reversed') return { outcome: 'reversed', moneyReturned: true };
  return says === 'never-received' || says === 'too-late' ? { outcome: says } : unclear(says);
}

function refundReply({ says }: Spoken): RefundReply {
  if (says === 'refunded') return { outcome: 'refunded', refundedAt: null };
  return says === 'declined' ? declined : unclear(says);
}

function refundInquiryReply({ says }: Spoken): RefundInquiryReply {
  if (says === 'refunded') return { outcome: 'refunded', refundedAt: null };
  return says === 'never-received' ? { outcome: 'never-received' } : unclear(says);
}
