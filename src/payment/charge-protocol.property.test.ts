// Any answers, in any order, stale or not: what must hold of a charge whatever Alipay, the network and the clock do.
// Method: random events are told one after another; after each the state is checked against a small model kept here.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DeviceId, MerchantId, PaymentAttemptId, PaymentIntentId, SaleId, StoreId } from '#foundation/id.ts';
import { durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import type { Charge, ChargePhase } from './attempt.ts';
import { type ChargeEvent, chargePhases, dutyOf } from './charge-phases.ts';
import { beginCharge, decideCharge } from './charge-protocol.ts';
import { defaultPolicy } from './policy.ts';

const start = instant(1_795_428_000_000);
const amount = money('CNY', 1_230n);
const evidence = { channelReference: 'T1', amount, paidAt: start, payerAccount: null };
const identity = {
  id: 'pa_1' as PaymentAttemptId,
  merchantId: 'mer_1' as MerchantId,
  storeId: 'sto_1' as StoreId,
  deviceId: 'dev_1' as DeviceId,
  saleId: 'sale_1' as SaleId,
  intentId: 'pi_1' as PaymentIntentId,
  channel: 'alipay-openapi' as const,
  amount,
  description: 'Tea',
  createdAt: start,
};

const unclear = { outcome: 'outcome-unknown', cause: 'timeout' } as const;
const approved = { outcome: 'approved', evidence } as const;
const declined = { outcome: 'declined', reason: 'risk', channelCode: 'X' } as const;
const notSent = { ok: false, failure: { kind: 'not-sent', detail: '' } } as const;
const answers = {
  'authorize-answered': [approved, declined, { outcome: 'awaiting-payer' }, unclear],
  'inquire-answered': [
    approved,
    declined,
    { outcome: 'awaiting-payer' },
    { outcome: 'never-received' },
    { outcome: 'closed' },
    unclear,
  ],
  'reverse-answered': [
    { outcome: 'reversed', moneyReturned: true },
    { outcome: 'never-received' },
    { outcome: 'too-late' },
    unclear,
  ],
  'refund-answered': [{ outcome: 'refunded', refundedAt: null }, declined, unclear],
  'inquire-refund-answered': [{ outcome: 'refunded', refundedAt: null }, { outcome: 'never-received' }, unclear],
} as const;

type Step =
  | { readonly kind: 'answer'; readonly pick: number; readonly lost: boolean; readonly stale: boolean }
  | { readonly kind: 'notice' | 'wake' | 'take-up' | 'abandon' | 'refusal-notice' };

const step: fc.Arbitrary<{ readonly waitMs: number; readonly step: Step }> = fc.record({
  waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 8_000 }), fc.integer({ min: 0, max: 90_000 })),
  step: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('answer' as const),
        pick: fc.nat(),
        lost: fc.boolean(),
        stale: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom('notice', 'wake', 'wake', 'take-up', 'abandon', 'refusal-notice'),
      }),
    },
  ),
});

function eventOf(charge: Charge, taken: Step): ChargeEvent | null {
  switch (taken.kind) {
    case 'notice':
      return { type: 'noticed', reply: approved };
    case 'refusal-notice':
      return { type: 'noticed', reply: declined };
    case 'wake':
      return { type: 'woken' };
    case 'take-up':
      return { type: 'taken-up' };
    case 'abandon':
      return { type: 'abandoned' };
    case 'answer': {
      const { inFlight, calls } = charge.state;
      const act = taken.stale ? 'authorize' : inFlight?.act;
      if (act === undefined) return null;
      const call = taken.stale ? taken.pick % (calls + 1) : (inFlight?.call ?? 0);
      const type = `${act}-answered` as const;
      const replies = answers[type];
      const reply = taken.lost ? notSent : { ok: true, value: replies[taken.pick % replies.length] };
      return { type, call, reply } as ChargeEvent;
    }
  }
}

function checkMove(before: Charge, after: Charge): void {
  const lawful: readonly ChargePhase[] = chargePhases[before.state.phase].next;
  const to = after.state.phase;
  assert.ok(before.state.phase === to || lawful.includes(to), `${before.state.phase} → ${to} is not in the table`);
  if (before.state.finalWord !== null) {
    assert.equal(after.state.finalWord, before.state.finalWord, 'the final word was changed');
  }
  assert.equal(after.state.finalWord === 'paid', to === 'approved', 'paid and approved must be the same');
  if (dutyOf(to) !== 'till') assert.notEqual(after.state.finalWord, null, 'no word though the till no longer waits');
  if (to === 'reversed')
    assert.ok(after.state.inFlight === null || after.state.inFlight.act === 'inquire', 'only a look');
  else if (dutyOf(to) === 'none') assert.equal(after.state.inFlight, null, 'at rest with a call out');
  else assert.notEqual(after.state.dueAt, null, 'not at rest and nothing would ever wake it');
}

test('whatever happens: moves are lawful, the word stands, nothing is stuck', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let charge: Charge = {
        kind: 'charge',
        identity,
        state: beginCharge(start, defaultPolicy),
        version: 1,
        payerCodeMasked: '',
      };
      let now: Instant = start;
      for (const { waitMs, step: taken } of steps) {
        now = plus(now, durationMs(waitMs));
        const event = eventOf(charge, taken);
        const decision = event === null ? null : decideCharge(charge, event, now, defaultPolicy);
        if (decision === null) continue;
        const next = { ...charge, state: decision.state };
        checkMove(charge, next);
        if (decision.act !== null) assert.ok((decision.state.dueAt ?? 0) > now, 'a call with no time for its answer');
        assert.equal(decision.act !== null, decision.state.inFlight?.call === charge.state.calls + 1);
        charge = next;
      }
    }),
    { numRuns: 3_000 },
  );
});

test('woken when it asked to be, a charge always has its word 2.5 s before the deadline, for the reversal to fit', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 40 }), fc.nat(6_000), (picks, latencyMs) => {
      let charge: Charge = {
        kind: 'charge',
        identity,
        state: beginCharge(start, defaultPolicy),
        version: 1,
        payerCodeMasked: '',
      };
      let now: Instant = start;
      for (const pick of [...picks, ...Array.from({ length: 60 }, () => 5)]) {
        if (charge.state.finalWord !== null) break;
        const { dueAt, inFlight } = charge.state;
        assert.ok(dueAt !== null);
        const answersAt = plus(now, durationMs(latencyMs));
        const answered = inFlight !== null && answersAt < dueAt;
        now = answered ? answersAt : dueAt;
        const event: ChargeEvent | null = answered
          ? eventOf(charge, { kind: 'answer', pick, lost: false, stale: false })
          : { type: 'woken' };
        const decision = event === null ? null : decideCharge(charge, event, now, defaultPolicy);
        if (decision !== null) charge = { ...charge, state: decision.state };
      }
      assert.notEqual(charge.state.finalWord, null);
      const { finalWordAt } = charge.state;
      assert.ok(
        finalWordAt !== null && finalWordAt - start <= 26_500,
        `the word came after ${Number(finalWordAt) - start} ms`,
      );
    }),
    { numRuns: 2_000 },
  );
});
