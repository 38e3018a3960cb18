// Giving money back, as a pure function like the charge's. The same refund number on every try makes trying again harmless; the
// danger is the other way round: a refusal may stand beside another request of the same number that worked, or is still on its way (an
// earlier try, or a copy that a proxy made). So nothing is sent after a refusal, and it counts only when the channel still
// denies this very refund number after no request can arrive any more. Until then its sum stays reserved.
// @see https://opendocs.alipay.com/open/02ekfs

import { durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import type { Result } from '#foundation/result.ts';
import { unreachable } from '#foundation/result.ts';
import type { Refund, RefundAct, RefundPhase, RefundState } from './attempt.ts';
import type { NotSent, RefundInquiryReply, RefundReply } from './channel.port.ts';
import type { ChargeEvent } from './charge-phases.ts';
import { custodyWait, type DeadlinePolicy } from './policy.ts';

/** Every phase and where it may go; a phase that leads nowhere is final. */
export const refundPhases = {
  requesting: ['unclear', 'refunded', 'declined'],
  unclear: ['requesting', 'refunded', 'declined'],
  refunded: [],
  declined: [],
} as const satisfies Record<RefundPhase, readonly RefundPhase[]>;

export type RefundEvent =
  | { readonly type: 'refund-answered'; readonly call: number; readonly reply: Result<RefundReply, NotSent> }
  | {
      readonly type: 'inquire-refund-answered';
      readonly call: number;
      readonly reply: Result<RefundInquiryReply, NotSent>;
    }
  | { readonly type: 'woken' }
  | { readonly type: 'taken-up' };

export type RefundDecision = { readonly state: RefundState; readonly act: RefundAct | null } | null;

const watchdogMs = 1_000;

/** A fresh refund, about to be sent. */
export function beginRefund(now: Instant, policy: DeadlinePolicy): RefundState {
  return {
    phase: 'requesting',
    calls: 1,
    inFlight: { act: 'refund', call: 1 },
    dueAt: plus(now, durationMs(policy.refundTimeoutMs + watchdogMs)),
    rounds: 0,
    reason: null,
    cause: null,
    channelCode: null,
    evidence: null,
    changedAt: now,
    refusedAt: null,
  };
}

export function decideRefund(refund: Refund, event: RefundEvent, now: Instant, policy: DeadlinePolicy): RefundDecision {
  const { state } = refund;
  if (refundPhases[state.phase].length === 0) return null;
  switch (event.type) {
    case 'woken':
      return state.dueAt !== null && now >= state.dueAt ? askAbout(state, now, policy) : null;
    case 'taken-up':
      return askAbout(state, now, policy);
    case 'refund-answered':
      return state.inFlight?.call === event.call ? learnAnswer(state, event.reply, now, policy) : null;
    case 'inquire-refund-answered':
      return state.inFlight?.call === event.call ? learnInquiry(state, event.reply, now, policy) : null;
    default:
      return unreachable(event);
  }
}

function learnAnswer(
  state: RefundState,
  reply: Result<RefundReply, NotSent>,
  now: Instant,
  policy: DeadlinePolicy,
): RefundDecision {
  if (!reply.ok) return wait(state, now, policy);
  const { value } = reply;
  switch (value.outcome) {
    case 'refunded':
      return refunded(state, now);
    case 'declined': {
      const { reason, channelCode } = value;
      return call('inquire-refund', { ...state, reason, channelCode, refusedAt: now }, now, policy);
    }
    case 'outcome-unknown':
      return wait({ ...state, cause: value.cause, channelCode: value.channelCode ?? null }, now, policy);
    default:
      return unreachable(value);
  }
}

function learnInquiry(
  state: RefundState,
  reply: Result<RefundInquiryReply, NotSent>,
  now: Instant,
  policy: DeadlinePolicy,
): RefundDecision {
  if (!reply.ok) return wait(state, now, policy);
  switch (reply.value.outcome) {
    case 'refunded':
      return refunded(state, now);
    case 'never-received':
      return state.refusedAt === null ? call('refund', state, now, policy) : watch(state, state.refusedAt, now, policy);
    case 'outcome-unknown':
      return wait({ ...state, cause: reply.value.cause }, now, policy);
    default:
      return unreachable(reply.value);
  }
}

// Refused and not there; a request that is held up on its way may still bring it.
function watch(state: RefundState, refusedAt: Instant, now: Instant, policy: DeadlinePolicy): RefundDecision {
  const certainAt = plus(refusedAt, policy.refusalWatchMs);
  if (now >= certainAt) return rest('declined', state, now);
  const dueAt = instant(Math.min(plus(now, policy.watchIntervalMs), certainAt));
  return { state: { ...state, phase: 'unclear', inFlight: null, dueAt, changedAt: now }, act: null };
}

function refunded(state: RefundState, now: Instant): RefundDecision {
  return rest('refunded', { ...state, reason: null, channelCode: null, cause: null, refusedAt: null }, now);
}

function askAbout(state: RefundState, now: Instant, policy: DeadlinePolicy): RefundDecision {
  return call('inquire-refund', { ...state, rounds: state.rounds + 1 }, now, policy);
}

function call(act: RefundAct, state: RefundState, now: Instant, policy: DeadlinePolicy): RefundDecision {
  const next = state.calls + 1;
  const timeoutMs = act === 'refund' ? policy.refundTimeoutMs : policy.inquiryTimeoutMs;
  const dueAt = plus(now, durationMs(timeoutMs + watchdogMs));
  const phase = act === 'refund' ? 'requesting' : 'unclear';
  return { state: { ...state, phase, calls: next, inFlight: { act, call: next }, dueAt, changedAt: now }, act };
}

function wait(state: RefundState, now: Instant, policy: DeadlinePolicy): RefundDecision {
  const dueAt = plus(now, custodyWait(state.rounds, policy));
  return { state: { ...state, phase: 'unclear', inFlight: null, dueAt, changedAt: now }, act: null };
}

function rest(phase: RefundPhase, state: RefundState, now: Instant): RefundDecision {
  return { state: { ...state, phase, inFlight: null, dueAt: null, changedAt: now }, act: null };
}

/** Every event of a refund is one of a charge; the others say nothing to a refund. */
export function isRefundEvent(event: ChargeEvent): event is RefundEvent {
  switch (event.type) {
    case 'refund-answered':
    case 'inquire-refund-answered':
    case 'woken':
    case 'taken-up':
      return true;
    case 'authorize-answered':
    case 'inquire-answered':
    case 'reverse-answered':
    case 'noticed':
    case 'abandoned':
      return false;
    default:
      return unreachable(event);
  }
}
