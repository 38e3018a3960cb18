// Carries out one verified call of any protocol as its fault plan wants it: wait, book (or not), wait, and say what to answer.
// The caller may have hung up meanwhile; the booking goes on, as it does at Alipay.

import type { Instant } from '#foundation/instant.ts';
import type { FaultSubject } from './faults/fault-book.ts';
import { type AnswerFault, type CallPlan, isBooked } from './faults/plan.ts';
import type { Sandbox } from './sandbox.ts';

/** Answers that say less than what happened. */
export type VagueAnswer = Extract<AnswerFault['kind'], 'unknown' | 'system-error' | 'cancel-retry'>;

export type Call<Node> = {
  readonly merchantId: string;
  subject(): FaultSubject;
  book(now: Instant, plan: CallPlan): Node;
  /** What stands for an answer when the call is not booked, or when its answer must not say what happened. */
  vague(kind: VagueAnswer): Node;
  codeOf(node: Node): string;
};

export type Carried<Node> = { readonly node: Node; readonly fault: AnswerFault | undefined };

/** `also` amends the plan from outside the fault book (the magic amounts of the global API). */
export async function runCall<Node>(
  sandbox: Sandbox,
  call: Call<Node>,
  also: (plan: CallPlan) => CallPlan = (plan) => plan,
): Promise<Carried<Node>> {
  const { clock, faults, calls, log } = sandbox;
  const subject = call.subject();
  const plan = also(faults.planCall(subject));
  if (plan.delayBeforeMs > 0) await sandbox.wait(plan.delayBeforeMs);
  const booked = isBooked(plan) ? call.book(clock.now(), plan) : undefined;
  if (plan.delayAfterMs > 0) await sandbox.wait(plan.delayAfterMs);
  const kind = plan.answer?.kind;
  const vague = kind === 'unknown' || kind === 'system-error' || kind === 'cancel-retry' ? kind : undefined;
  const node = vague !== undefined ? call.vague(vague) : (booked ?? call.vague('system-error'));
  for (const faultId of plan.firedBy) log.event('sandbox.fault.fired', { faultId, method: subject.method });
  if (subject.outTradeNo !== undefined) {
    calls.note({
      at: clock.now(),
      protocol: subject.protocol,
      method: subject.method,
      merchantId: call.merchantId,
      outTradeNo: subject.outTradeNo,
      answer: call.codeOf(node),
      fault: kind,
      firedBy: plan.firedBy,
    });
  }
  return { node, fault: plan.answer };
}
