// The protocol that money follows, as a pure function: (charge, event, now) → (next state, one act). Nothing here waits, sends
// or stores; the runner writes the next state and only then acts. Read it beside Alipay's own advice on fund safety:
// scan → pay → (success | failure | unknown) → query loop → cancel at once after the last query → refund when cancelling is late.
// @see https://opendocs.alipay.com/open/00f7nv
//
//   authorizing ──► awaiting-payer ─┬─► approved                       the till says paid
//        │    └───► unclear ────────┼─► declined                       the till says not paid
//        └──────────────────────────┴─► reversing ─┬─► reversed        not paid; custody makes it true
//                                       ▲     │    ├─► watching ─► reversed   never received: until the code is dead
//                      late approval ───┘     └────┴─► returning ─► returned  too late to cancel: refund

import { type DurationMs, durationMs, type Instant, plus } from '#foundation/instant.ts';
import { unreachable } from '#foundation/result.ts';
import type { Charge, ChargeAct, ChargePhase, ChargeState } from './attempt.ts';
import type {
  ApprovalEvidence,
  Approved,
  Declined,
  InquiryReply,
  RefundInquiryReply,
  RefundReply,
  ReversalReply,
  Unclear,
} from './channel.port.ts';
import { type ChargeAnswered, type ChargeDecision, type ChargeEvent, dutyOf } from './charge-phases.ts';
import { callTimeoutMs, custodyWait, type DeadlinePolicy, lastInquiryAt, lastWordAt, lookBacksMs } from './policy.ts';

// A call that outlived its own timeout by this much will not be answered any more: its caller is gone.
const watchdogMs = 1_000;

function watchdog(timeout: DurationMs): DurationMs {
  return durationMs(timeout + watchdogMs);
}

function earlier(left: Instant, right: Instant): Instant {
  return left < right ? left : right;
}

function later(left: Instant, right: Instant): Instant {
  return left < right ? right : left;
}

// A call that could not even be made, seen from the protocol: as unclear as one that was not answered.
const unheard: Unclear = { outcome: 'outcome-unknown', cause: 'timeout' };
const unsent: Declined = { outcome: 'declined', reason: 'channel-unreachable', channelCode: 'not-sent' };

/** A fresh charge, about to be sent: the intention that is made durable first. */
export function beginCharge(now: Instant, policy: DeadlinePolicy): ChargeState {
  return {
    phase: 'authorizing',
    calls: 1,
    inFlight: { act: 'authorize', call: 1 },
    dueAt: earlier(plus(now, watchdog(policy.authorizeTimeoutMs)), lastInquiryAt(now, policy)),
    rounds: 0,
    reason: null,
    cause: null,
    channelCode: null,
    evidence: null,
    changedAt: now,
    finalWord: null,
    finalWordAt: null,
    abandonedAt: null,
  };
}

/** Chooses the next state and act. Pure: the same arguments give the same answer, in production, simulation and explorer. */
export function decideCharge(charge: Charge, event: ChargeEvent, now: Instant, policy: DeadlinePolicy): ChargeDecision {
  const desk = new ChargeDesk(charge, now, policy);
  switch (event.type) {
    case 'noticed':
      return desk.hear(event.reply);
    case 'abandoned':
      return desk.abandon();
    case 'taken-up':
      return desk.resume();
    case 'woken':
      return desk.wake();
    case 'authorize-answered':
    case 'inquire-answered':
    case 'reverse-answered':
    case 'refund-answered':
    case 'inquire-refund-answered':
      return desk.answer(event);
    default:
      return unreachable(event);
  }
}

/** One decision about one charge: holds the arguments, so that each rule below reads as a sentence. */
class ChargeDesk {
  readonly #charge: Charge;
  readonly #state: ChargeState;
  readonly #now: Instant;
  readonly #policy: DeadlinePolicy;

  constructor(charge: Charge, now: Instant, policy: DeadlinePolicy) {
    this.#charge = charge;
    this.#state = charge.state;
    this.#now = now;
    this.#policy = policy;
  }

  // ── what comes in ────────────────────────────────────────────────────────────────────────────────────────────────────

  answer(event: ChargeAnswered): ChargeDecision {
    const { inFlight } = this.#state;
    const expected = inFlight !== null && inFlight.call === event.call && event.type === `${inFlight.act}-answered`;
    // A stale answer moves nothing by itself, but what it proves is news whenever it comes.
    if (!expected) return this.#hearStale(event);
    switch (event.type) {
      case 'authorize-answered':
        return event.reply.ok ? this.#inquired(event.reply.value) : this.#notSent();
      case 'inquire-answered':
        return this.#inquired(event.reply.ok ? event.reply.value : unheard);
      case 'reverse-answered':
        return this.#reversed(event.reply.ok ? event.reply.value : unheard);
      case 'refund-answered':
        return this.#refunded(event.reply.ok ? event.reply.value : unheard);
      case 'inquire-refund-answered':
        return this.#refundInquired(event.reply.ok ? event.reply.value : unheard);
      default:
        return unreachable(event);
    }
  }

  hear(reply: Approved | Declined): ChargeDecision {
    if (reply.outcome === 'approved') return this.#approvalSeen(reply.evidence);
    return this.#duty() === 'till' ? this.#decline(reply) : null;
  }

  #hearStale(event: ChargeAnswered): ChargeDecision {
    if (event.type !== 'authorize-answered' && event.type !== 'inquire-answered') return null;
    if (!event.reply.ok) return null;
    const reply = event.reply.value;
    return reply.outcome === 'approved' || reply.outcome === 'declined' ? this.hear(reply) : null;
  }

  abandon(): ChargeDecision {
    if (this.#duty() !== 'till' || this.#state.abandonedAt !== null) return null;
    const abandoned = { ...this.#state, abandonedAt: this.#now };
    if (this.#isUnsent()) return this.#decline(unsent, abandoned);
    // An inquiry that is out already is the last one; its answer decides.
    if (this.#state.inFlight?.act === 'inquire') return { state: abandoned, act: null };
    return this.#call('inquire', abandoned);
  }

  resume(): ChargeDecision {
    const duty = this.#duty();
    if (duty === 'none') return this.#state.inFlight === null ? null : this.#call('inquire', this.#state);
    // The payer code died with the process that held it.
    if (this.#isUnsent()) return this.#decline(unsent);
    if (duty === 'till' && this.#now < this.#lastWordAt()) {
      const phase = this.#state.phase === 'authorizing' ? 'unclear' : this.#state.phase;
      return this.#call('inquire', { ...this.#state, phase, cause: this.#state.cause ?? 'connection-lost' });
    }
    if (duty === 'till') return this.#reverse('inquire');
    return this.#nextRound();
  }

  wake(): ChargeDecision {
    const { dueAt, inFlight, phase } = this.#state;
    if (dueAt === null || this.#now < dueAt) return null;
    if (this.#duty() === 'custody') return this.#nextRound();
    if (this.#duty() === 'none') return this.#call('inquire', this.#state);
    if (this.#now >= this.#lastWordAt()) return this.#reverse(inFlight?.act === 'inquire' ? 'reverse' : 'inquire');
    if (phase === 'authorizing' && inFlight === null) return this.#call('authorize', this.#state);
    // The last moment for an inquiry may come while another call hangs; a hanging inquiry is given its own time.
    if (inFlight?.act === 'inquire') return this.#waitUntil(this.#lastWordAt(), this.#state);
    const unanswered = phase === 'authorizing' ? ({ phase: 'unclear', cause: 'timeout' } as const) : {};
    return this.#call('inquire', { ...this.#state, ...unanswered });
  }

  // ── while the till waits ─────────────────────────────────────────────────────────────────────────────────────────────

  #inquired(reply: InquiryReply): ChargeDecision {
    const duty = this.#duty();
    switch (duty) {
      case 'till':
        return this.#tillLearns(reply);
      case 'custody':
        return this.#custodyLearns(reply);
      case 'none':
        return this.#looked(reply);
      default:
        return unreachable(duty);
    }
  }

  #tillLearns(reply: InquiryReply): ChargeDecision {
    switch (reply.outcome) {
      case 'approved':
        return this.#approvalSeen(reply.evidence);
      case 'declined':
        return this.#decline(reply);
      case 'closed':
        return this.#decline({ outcome: 'declined', reason: 'closed', channelCode: 'closed' });
      case 'awaiting-payer':
        return this.#askAgain({ ...this.#state, phase: 'awaiting-payer', cause: null, channelCode: null });
      case 'never-received':
        return this.#askAgain({ ...this.#state, phase: this.#unsettledPhase() });
      case 'outcome-unknown': {
        const { cause, channelCode = null } = reply;
        return this.#askAgain({ ...this.#state, phase: this.#unsettledPhase(), cause, channelCode });
      }
      default:
        return unreachable(reply);
    }
  }

  // Once the channel said that it waits for the payer, an unclear answer takes nothing from that.
  #unsettledPhase(): ChargePhase {
    return this.#state.phase === 'awaiting-payer' ? 'awaiting-payer' : 'unclear';
  }

  #askAgain(state: ChargeState): ChargeDecision {
    const last = this.#lastInquiryAt();
    if (this.#now >= last) {
      // This answer was the last inquiry's: the reversal follows at once. Any other answer still leaves that inquiry to make.
      return this.#state.inFlight?.act === 'inquire' ? this.#reverse('reverse') : this.#call('inquire', state);
    }
    const wait = this.#waitBeforeInquiry(state);
    return this.#waitUntil(earlier(plus(this.#now, wait), last), { ...state, inFlight: null });
  }

  #waitBeforeInquiry(state: ChargeState): DurationMs {
    if (this.#state.inFlight?.act !== 'authorize') return this.#policy.inquiryIntervalMs;
    const lost = state.cause !== null && state.cause !== 'system-error' && state.cause !== 'unknown-code';
    return lost ? this.#policy.lostInquiryMs : this.#policy.firstInquiryMs;
  }

  #notSent(): ChargeDecision {
    const resendAt = plus(this.#now, this.#policy.lostInquiryMs);
    const sendBy = plus(this.#charge.identity.createdAt, this.#policy.sendWithinMs);
    const given = this.#state.abandonedAt !== null || resendAt > sendBy || this.#duty() !== 'till';
    return given ? this.#decline(unsent) : this.#waitUntil(resendAt, { ...this.#state, inFlight: null });
  }

  #approvalSeen(evidence: ApprovalEvidence): ChargeDecision {
    const { phase } = this.#state;
    const seen = { ...this.#state, evidence };
    if (this.#duty() === 'till' && this.#now < this.#lastWordAt()) {
      return this.#rest('approved', { ...seen, finalWord: 'paid', finalWordAt: this.#now, cause: null });
    }
    // Late: the till was told, or must be told, "not paid". The money goes back.
    if (this.#duty() === 'till') return this.#reverse('reverse', seen);
    if (phase === 'declined' || phase === 'reversed') return this.#reverse('inquire', seen);
    if (phase === 'watching') return this.#reverse('reverse', seen);
    if (this.#duty() === 'custody' && this.#state.evidence === null) return { state: seen, act: null };
    return null;
  }

  // Every try so far provably did not leave.
  #isUnsent(): boolean {
    return this.#state.phase === 'authorizing' && this.#state.inFlight === null;
  }

  #decline(reply: Declined, state: ChargeState = this.#state): ChargeDecision {
    const told = { finalWord: 'not-paid', finalWordAt: this.#now, cause: null } as const;
    return this.#rest('declined', { ...state, ...told, reason: reply.reason, channelCode: reply.channelCode });
  }

  // ── custody: nobody waits, and it ends all the same ──────────────────────────────────────────────────────────────────

  #reverse(first: 'inquire' | 'reverse', state: ChargeState = this.#state): ChargeDecision {
    const told =
      state.finalWord === null ? ({ finalWord: 'not-paid', finalWordAt: this.#now } as const) : ({} as const);
    return this.#call(first, { ...state, ...told, phase: 'reversing', rounds: 0 });
  }

  #nextRound(): ChargeDecision {
    const state = { ...this.#state, rounds: this.#state.rounds + 1 };
    const asksRefund = state.phase === 'returning' && state.evidence !== null;
    return this.#call(asksRefund ? 'inquire-refund' : 'inquire', state);
  }

  #custodyLearns(reply: InquiryReply): ChargeDecision {
    if (reply.outcome === 'closed' || reply.outcome === 'declined') return this.#rest('reversed', this.#state);
    const evidence = reply.outcome === 'approved' ? reply.evidence : this.#state.evidence;
    const state = { ...this.#state, evidence };
    switch (this.#state.phase) {
      case 'returning':
        return evidence === null ? this.#waitRound(state) : this.#call('refund', state);
      case 'watching':
        if (reply.outcome === 'never-received') return this.#watch();
        if (reply.outcome === 'outcome-unknown') return this.#waitRound(state);
        return this.#call('reverse', { ...state, phase: 'reversing', rounds: 0 });
      default:
        return this.#call('reverse', state);
    }
  }

  #reversed(reply: ReversalReply): ChargeDecision {
    switch (reply.outcome) {
      case 'reversed':
        return this.#rest('reversed', this.#state);
      case 'never-received':
        return this.#watch();
      case 'too-late': {
        const returning = { ...this.#state, phase: 'returning', rounds: 0 } as const;
        return this.#call(this.#state.evidence === null ? 'inquire' : 'refund', returning);
      }
      case 'outcome-unknown':
        return this.#waitRound({ ...this.#state, cause: reply.cause, channelCode: reply.channelCode ?? null });
      default:
        return unreachable(reply);
    }
  }

  // Not known there, but the request may still be on its way: look again until its code can no longer be paid with.
  #watch(): ChargeDecision {
    const deadAt = plus(this.#charge.identity.createdAt, this.#policy.payerCodeLifeMs);
    const state = { ...this.#state, phase: 'watching', inFlight: null } as const;
    if (this.#now >= deadAt && this.#state.phase === 'watching') return this.#lookBack({ ...state, rounds: 0 });
    const next = plus(this.#now, this.#policy.watchIntervalMs);
    return this.#waitUntil(later(earlier(next, deadAt), plus(this.#now, durationMs(1))), state);
  }

  // Closed as never received. It is looked at a few more times, ever later, in case Alipay had it all the same.
  #lookBack(state: ChargeState): ChargeDecision {
    const wait = lookBacksMs[state.rounds];
    const closed = { ...state, phase: 'reversed', inFlight: null } as const;
    return wait === undefined ? this.#rest('reversed', closed) : this.#waitUntil(plus(this.#now, wait), closed);
  }

  #looked(reply: InquiryReply): ChargeDecision {
    switch (reply.outcome) {
      case 'approved':
        return this.#reverse('reverse', { ...this.#state, evidence: reply.evidence });
      case 'awaiting-payer':
        return this.#reverse('reverse');
      case 'closed':
      case 'declined':
        return this.#rest('reversed', this.#state);
      case 'never-received':
        return this.#lookBack({ ...this.#state, rounds: this.#state.rounds + 1 });
      case 'outcome-unknown':
        return this.#waitUntil(plus(this.#now, this.#policy.custodyWaitMaxMs), { ...this.#state, inFlight: null });
      default:
        return unreachable(reply);
    }
  }

  #refunded(reply: RefundReply): ChargeDecision {
    if (reply.outcome === 'refunded') return this.#rest('returned', this.#state);
    const channelCode = reply.channelCode ?? null;
    return this.#waitRound({ ...this.#state, channelCode });
  }

  #refundInquired(reply: RefundInquiryReply): ChargeDecision {
    if (reply.outcome === 'refunded') return this.#rest('returned', this.#state);
    // A refund that was refused may mean that the money is back already: the trade itself is asked before another try.
    if (reply.outcome === 'never-received') return this.#call('inquire', this.#state);
    return this.#waitRound({ ...this.#state, cause: reply.cause });
  }

  #waitRound(state: ChargeState): ChargeDecision {
    return this.#waitUntil(plus(this.#now, custodyWait(state.rounds, this.#policy)), { ...state, inFlight: null });
  }

  // ── what goes out ────────────────────────────────────────────────────────────────────────────────────────────────────

  #call(act: ChargeAct, state: ChargeState): ChargeDecision {
    const call = this.#state.calls + 1;
    const answerBy = plus(this.#now, watchdog(callTimeoutMs(act, this.#policy)));
    const dueAt = dutyOf(state.phase) === 'till' ? earlier(answerBy, this.#tillLimit(act)) : answerBy;
    return { state: { ...state, calls: call, inFlight: { act, call }, dueAt, changedAt: this.#now }, act };
  }

  // However long a call may take, the till is looked after in time: for the last inquiry, and for the last word.
  #tillLimit(act: ChargeAct): Instant {
    const limit = act === 'inquire' ? this.#lastWordAt() : this.#lastInquiryAt();
    return later(limit, plus(this.#now, durationMs(1)));
  }

  #waitUntil(dueAt: Instant, state: ChargeState): ChargeDecision {
    return { state: { ...state, dueAt, changedAt: this.#now }, act: null };
  }

  #rest(phase: ChargePhase, state: ChargeState): ChargeDecision {
    return { state: { ...state, phase, inFlight: null, dueAt: null, changedAt: this.#now }, act: null };
  }

  #duty(): 'till' | 'custody' | 'none' {
    return dutyOf(this.#state.phase);
  }

  #lastInquiryAt(): Instant {
    const planned = lastInquiryAt(this.#charge.identity.createdAt, this.#policy);
    const { abandonedAt } = this.#state;
    return abandonedAt === null ? planned : earlier(planned, abandonedAt);
  }

  #lastWordAt(): Instant {
    const planned = lastWordAt(this.#charge.identity.createdAt, this.#policy);
    const { abandonedAt } = this.#state;
    if (abandonedAt === null) return planned;
    return earlier(planned, plus(abandonedAt, this.#policy.inquiryTimeoutMs));
  }
}
