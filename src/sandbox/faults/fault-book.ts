// Keeps the rules in the order in which they were added and asks each about every call. All rules that match fire; of those that
// change the answer the first wins, delays add up. Counting and drawing happen per rule and per matching call, so the same
// rules and the same calls give the same faults.

import type { Instant } from '#foundation/instant.ts';
import { type Money, parseMoney } from '#foundation/money.ts';
import { fraction, type Random, seededRandom } from '#foundation/random.ts';
import { unreachable } from '#foundation/result.ts';
import type { Protocol } from '../engine/trade.ts';
import { type CallPlan, calmCall, calmNotice, type NoticePlan } from './plan.ts';
import { type FaultEffect, type FaultMatch, type FaultMethod, type FaultRule, methodsOf } from './rule.ts';

/** What rules can look at. */
export type FaultSubject = {
  readonly protocol: Protocol;
  readonly method: FaultMethod;
  readonly outTradeNo: string | undefined;
  readonly walletId: string | undefined;
  readonly amount: Money | undefined;
};

export type FaultCount = { readonly matched: number; readonly fired: number };

type Entry = { readonly rule: FaultRule; readonly random: Random; matched: number; fired: number };

export const faultRulesMax = 1_000;

export class FaultBook {
  readonly #entries: Entry[] = [];
  #added = 0;

  get isFull(): boolean {
    return this.#entries.length >= faultRulesMax;
  }

  /** True when no rule can touch anything, so that a calm sandbox need not describe its calls. */
  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  add(match: FaultMatch, effect: FaultEffect, at: Instant): FaultRule {
    this.#added += 1;
    const rule: FaultRule = { faultId: `fault_${this.#added}`, addedAt: at, match, effect };
    this.#entries.push({ rule, random: seededRandom(match.seed ?? 1), matched: 0, fired: 0 });
    return rule;
  }

  list(): readonly (FaultRule & FaultCount)[] {
    return this.#entries.map(({ rule, matched, fired }) => ({ ...rule, matched, fired }));
  }

  remove(faultId: string): boolean {
    const index = this.#entries.findIndex((entry) => entry.rule.faultId === faultId);
    if (index < 0) return false;
    this.#entries.splice(index, 1);
    return true;
  }

  clear(): number {
    return this.#entries.splice(0).length;
  }

  planCall(subject: FaultSubject): CallPlan {
    if (this.isEmpty) return calmCall;
    let plan = calmCall;
    for (const entry of this.#met(subject)) {
      const next = withEffect(plan, entry.rule.effect);
      if (next === undefined) continue;
      entry.fired += 1;
      plan = { ...next, firedBy: [...plan.firedBy, entry.rule.faultId] };
    }
    return plan;
  }

  planNotice(subject: FaultSubject): NoticePlan {
    if (this.isEmpty) return calmNotice;
    let plan = calmNotice;
    for (const entry of this.#met(subject)) {
      entry.fired += 1;
      plan = withNoticeEffect(plan, entry.rule.effect);
    }
    return plan;
  }

  // Every rule counts and draws for each call that it matches, whatever the other rules do.
  #met(subject: FaultSubject): readonly Entry[] {
    return this.#entries.filter((entry) => {
      const { match, effect } = entry.rule;
      if (!methodsOf[effect.kind].includes(subject.method) || !matches(match, subject)) return false;
      entry.matched += 1;
      if (match.nth !== undefined && !match.nth.includes(entry.matched)) return false;
      if (match.probability !== undefined && fraction(entry.random) >= match.probability) return false;
      return match.times === undefined || entry.fired < match.times;
    });
  }
}

function matches(match: FaultMatch, subject: FaultSubject): boolean {
  if (match.protocol !== undefined && match.protocol !== subject.protocol) return false;
  if (match.method !== undefined && match.method !== subject.method) return false;
  if (match.walletId !== undefined && match.walletId !== subject.walletId) return false;
  if (match.outTradeNo !== undefined && !matchesText(match.outTradeNo, subject.outTradeNo)) return false;
  return match.amount === undefined || matchesAmount(match.amount, subject.amount);
}

function matchesText(pattern: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

function matchesAmount(decimal: string, amount: Money | undefined): boolean {
  if (amount === undefined) return false;
  const wanted = parseMoney(amount.currency, decimal);
  return wanted.ok && wanted.value.minor === amount.minor;
}

// `undefined` when another rule has already spoken for the answer: this one has not fired.
function withEffect(plan: CallPlan, effect: FaultEffect): CallPlan | undefined {
  switch (effect.kind) {
    case 'delay':
      return effect.moment === 'before-booking'
        ? { ...plan, delayBeforeMs: plan.delayBeforeMs + effect.ms }
        : { ...plan, delayAfterMs: plan.delayAfterMs + effect.ms };
    case 'buyer-asked':
      return plan.buyer === undefined ? { ...plan, buyer: effect } : undefined;
    case 'answer-lost':
    case 'answer-cut':
    case 'answer-garbled':
    case 'answer-unsigned':
    case 'answer-wrongly-signed':
    case 'unknown':
    case 'system-error':
    case 'http-error':
    case 'cancel-retry':
      return plan.answer === undefined ? { ...plan, answer: effect } : undefined;
    case 'notice-lost':
    case 'notice-delayed':
    case 'notice-doubled':
    case 'notice-reordered':
    case 'notice-wrongly-signed':
      return undefined;
    default:
      return unreachable(effect);
  }
}

function withNoticeEffect(plan: NoticePlan, effect: FaultEffect): NoticePlan {
  switch (effect.kind) {
    case 'notice-lost':
      return { ...plan, lost: effect.forGood ? 'for-good' : (plan.lost ?? 'once') };
    case 'notice-delayed':
      return { ...plan, delayMs: plan.delayMs + effect.ms };
    case 'notice-doubled':
      return { ...plan, doubled: true };
    case 'notice-reordered':
      return { ...plan, heldMsMax: effect.heldMsMax };
    case 'notice-wrongly-signed':
      return { ...plan, wronglySigned: true };
    default:
      return plan;
  }
}
