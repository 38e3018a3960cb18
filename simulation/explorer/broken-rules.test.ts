// Does the explorer bite? Each test breaks one rule of the protocol from outside and names the invariant that the shortest story
// breaks. A scope that misses one proves less than it claims.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { success } from '#foundation/result.ts';
import { type Charge, type ChargeDecision, type ChargeEvent, type ChargeState, dutyOf } from '#payment/index.ts';
import { explore } from './explore.ts';
import type { Invariant } from './invariants.ts';
import type { Scope } from './scope.ts';
import {
  chargeScope,
  crashScope,
  forgedScope,
  heldScope,
  lateScope,
  refundRepeatScope,
  refundScope,
  twoAttemptsScope,
  windowScope,
} from './scopes.ts';
import { evidenceOf, type ProtocolRules, realRules } from './world.ts';

type DecideCharge = ProtocolRules['decideCharge'];
type DecideRefund = ProtocolRules['decideRefund'];

function catches(name: string, rules: Partial<ProtocolRules>, scope: Scope, broken: Invariant): void {
  test(`${name}: caught as ${broken}`, () => {
    const { violation } = explore(scope, { ...realRules, ...rules });
    assert.equal(violation?.invariant, broken, violation?.story.join('\n'));
    assert.ok(violation.story.length > 0, 'a violation has a story');
  });
}

const declined = { outcome: 'declined', reason: 'other', channelCode: 'BROKEN' } as const;

function replyOutcome(event: ChargeEvent): string | null {
  if (event.type === 'noticed') return event.reply.outcome;
  return 'reply' in event && event.reply.ok ? event.reply.value.outcome : null;
}

/** The real rules, told something else than what happened. */
function hearing(change: (event: ChargeEvent, charge: Charge) => ChargeEvent): DecideCharge {
  return (charge, event, now, policy) => realRules.decideCharge(charge, change(event, charge), now, policy);
}

/** The real rules, whose answer is changed. */
function deciding(
  change: (decision: NonNullable<ChargeDecision>, charge: Charge, event: ChargeEvent) => ChargeDecision,
): DecideCharge {
  return (charge, event, now, policy) => {
    const decision = realRules.decideCharge(charge, event, now, policy);
    return decision === null ? null : change(decision, charge, event);
  };
}

function resting(state: ChargeState, phase: ChargeState['phase']): ChargeDecision {
  return { state: { ...state, phase, inFlight: null, dueAt: null }, act: null };
}

function isTills(charge: Charge): boolean {
  return dutyOf(charge.state.phase) === 'till';
}

catches(
  'no cancel after the last query',
  {
    decideCharge: deciding((decision, charge) =>
      decision.act === 'reverse' && isTills(charge) ? resting(decision.state, 'declined') : decision,
    ),
  },
  chargeScope,
  'nothing-kept-unpaid',
);

function unclearAs(reply: 'approved' | 'declined'): DecideCharge {
  const told = reply === 'declined' ? declined : ({ outcome: 'approved', evidence: evidenceOf(0) } as const);
  return hearing((event) => {
    if (event.type !== 'authorize-answered' && event.type !== 'inquire-answered') return event;
    return replyOutcome(event) === 'outcome-unknown' ? { ...event, reply: success(told) } : event;
  });
}

catches('unclear taken as declined', { decideCharge: unclearAs('declined') }, chargeScope, 'nothing-kept-unpaid');
catches('unclear taken as approved', { decideCharge: unclearAs('approved') }, chargeScope, 'approval-is-booked');

const lateIgnored: DecideCharge = (charge, event, now, policy) => {
  const isLate = dutyOf(charge.state.phase) === 'none' && replyOutcome(event) === 'approved';
  if (!isLate) return realRules.decideCharge(charge, event, now, policy);
  return event.type === 'inquire-answered' ? resting(charge.state, charge.state.phase) : null;
};
catches('late success ignored', { decideCharge: lateIgnored }, heldScope, 'nothing-kept-unpaid');

const lateIsSale: DecideCharge = (charge, event, now, policy) => {
  const isLate = charge.state.finalWord === 'not-paid' && replyOutcome(event) === 'approved';
  if (!isLate) return realRules.decideCharge(charge, event, now, policy);
  return resting({ ...charge.state, finalWord: 'paid', evidence: evidenceOf(0) }, 'approved');
};
catches('late success turned into a sale', { decideCharge: lateIsSale }, lateScope, 'word-stands');
catches(
  'late success turned into a sale, with a second charge',
  { decideCharge: lateIsSale },
  twoAttemptsScope,
  'word-stands',
);

const lateIsSecondSale: DecideCharge = (charge, event, now, policy) => {
  const isLate = charge.state.finalWord === 'not-paid' && replyOutcome(event) === 'approved';
  if (!isLate) return realRules.decideCharge(charge, event, now, policy);
  return resting({ ...charge.state, evidence: evidenceOf(0) }, 'approved');
};
catches('late success kept behind the word', { decideCharge: lateIsSecondSale }, lateScope, 'word-tells-approval');

catches(
  'crash treated as declined',
  {
    decideCharge: deciding((decision, charge, event) =>
      event.type === 'taken-up' && isTills(charge)
        ? resting({ ...decision.state, finalWord: 'not-paid' }, 'declined')
        : decision,
    ),
  },
  crashScope,
  'nothing-kept-unpaid',
);

catches(
  'cancel once, without retry',
  {
    decideCharge: deciding((decision, _charge, event) =>
      event.type === 'reverse-answered' && replyOutcome(event) === 'outcome-unknown'
        ? resting(decision.state, 'reversed')
        : decision,
    ),
  },
  chargeScope,
  'nothing-kept-unpaid',
);

catches(
  '"never received" believed at once',
  {
    decideCharge: deciding((decision, _charge, event) =>
      event.type === 'reverse-answered' && replyOutcome(event) === 'never-received'
        ? resting(decision.state, 'reversed')
        : decision,
    ),
  },
  lateScope,
  'nothing-kept-unpaid',
);

catches(
  'too late to cancel taken as cancelled',
  {
    decideCharge: deciding((decision, _charge, event) =>
      replyOutcome(event) === 'too-late' ? resting(decision.state, 'reversed') : decision,
    ),
  },
  windowScope,
  'nothing-kept-unpaid',
);

catches(
  'a refused return taken as returned',
  {
    decideCharge: deciding((decision, _charge, event) =>
      event.type === 'refund-answered' ? resting(decision.state, 'returned') : decision,
    ),
  },
  windowScope,
  'nothing-kept-unpaid',
);

catches(
  'the word only when the reversal is proven',
  {
    decideCharge: deciding((decision) =>
      decision.state.phase === 'reversing' ? { ...decision, state: { ...decision.state, finalWord: null } } : decision,
    ),
  },
  chargeScope,
  'word-in-time',
);

catches(
  'custody sleeps through its timer',
  {
    decideCharge: (charge, event, now, policy) =>
      event.type === 'woken' && dutyOf(charge.state.phase) === 'custody'
        ? null
        : realRules.decideCharge(charge, event, now, policy),
  },
  windowScope,
  'rests-in-time',
);

catches(
  'a wait without a timer',
  {
    decideCharge: deciding((decision) =>
      decision.act === null && decision.state.phase === 'watching'
        ? { ...decision, state: { ...decision.state, dueAt: null } }
        : decision,
    ),
  },
  chargeScope,
  'ends-as-one',
);

catches('paid on a notice that is not proven', { believesForgedNotices: true }, forgedScope, 'approval-is-booked');

const refusalBelieved: DecideRefund = (refund, event, now, policy) =>
  event.type === 'refund-answered' && event.reply.ok && event.reply.value.outcome === 'declined'
    ? { state: { ...refund.state, phase: 'declined', inFlight: null, dueAt: null }, act: null }
    : realRules.decideRefund(refund, event, now, policy);
catches(
  'a refusal of a refund believed as soon as it is heard',
  { decideRefund: refusalBelieved },
  refundRepeatScope,
  'refund-agrees',
);

const unclearRefunded: DecideRefund = (refund, event, now, policy) =>
  event.type === 'refund-answered' && event.reply.ok && event.reply.value.outcome === 'outcome-unknown'
    ? { state: { ...refund.state, phase: 'refunded', inFlight: null, dueAt: null }, act: null }
    : realRules.decideRefund(refund, event, now, policy);
catches('an unclear refund taken as done', { decideRefund: unclearRefunded }, refundScope, 'refund-agrees');
