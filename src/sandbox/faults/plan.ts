// What is to go wrong with one call, or with one send of a notice, once all rules that met it are put together.

import type { FaultEffect } from './rule.ts';

/** How the answer of a call goes wrong; `undefined` is as it should be. */
export type AnswerFault = Extract<
  FaultEffect,
  {
    kind:
      | 'answer-lost'
      | 'answer-cut'
      | 'answer-garbled'
      | 'answer-unsigned'
      | 'answer-wrongly-signed'
      | 'unknown'
      | 'system-error'
      | 'http-error'
      | 'cancel-retry';
  }
>;

export type CallPlan = {
  readonly delayBeforeMs: number;
  readonly delayAfterMs: number;
  readonly answer: AnswerFault | undefined;
  readonly buyer: Extract<FaultEffect, { kind: 'buyer-asked' }> | undefined;
  /** Ids of the rules that fired, for the trade's history. */
  readonly firedBy: readonly string[];
};

export type NoticePlan = {
  readonly delayMs: number;
  readonly lost: 'once' | 'for-good' | undefined;
  readonly doubled: boolean;
  readonly heldMsMax: number | undefined;
  readonly wronglySigned: boolean;
};

export const calmCall: CallPlan = {
  delayBeforeMs: 0,
  delayAfterMs: 0,
  answer: undefined,
  buyer: undefined,
  firedBy: [],
};

export const calmNotice: NoticePlan = {
  delayMs: 0,
  lost: undefined,
  doubled: false,
  heldMsMax: undefined,
  wronglySigned: false,
};

/** Whether the call is carried out at all. A call whose answer is lost before booking is not. */
export function isBooked(plan: CallPlan): boolean {
  return plan.answer === undefined || !('booked' in plan.answer) || plan.answer.booked;
}
