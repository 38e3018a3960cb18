// Amounts that misbehave, as in Alipay's old mocks: paying 9901 answers UNKNOWN_EXCEPTION and 9902 nothing at all; inquiring a
// payment of 9903 answers UNKNOWN_EXCEPTION and of 9904 nothing. The mocks do not say whether the money moved; here it does,
// which is the harder case.
// @see facts E.2

import type { Money } from '#foundation/money.ts';
import type { CallPlan } from '../faults/plan.ts';
import type { FaultMethod } from '../faults/rule.ts';

export function withMagicAmount(
  plan: CallPlan,
  method: FaultMethod,
  amount: Money | undefined,
  silenceMs: number,
): CallPlan {
  if (plan.answer !== undefined || amount === undefined) return plan;
  const asked = `${method} ${amount.minor}`;
  if (asked === 'pay 9901' || asked === 'query 9903') return { ...plan, answer: { kind: 'unknown', booked: true } };
  if (asked === 'pay 9902' || asked === 'query 9904')
    return { ...plan, delayAfterMs: plan.delayAfterMs + silenceMs, answer: { kind: 'answer-lost', booked: true } };
  return plan;
}
