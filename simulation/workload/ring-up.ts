// Plays one sale from its opening to the end of all that its people do. Everything about it is drawn before it begins, each person's
// choices from draws of their own: what the world does to one of them does not change what another chooses.

import { below, type Random } from '#foundation/random.ts';
import type { SaleNumber } from '../shop/happening.ts';
import type { Stage } from '../shop/stage.ts';
import { type Afterwards, afterNotPaid, afterwards, lookAtWhatWasLeft } from './afterwards.ts';
import { chosen, isLikely, ownDraws } from './chance.ts';
import { type Habit, habits } from './habits.ts';
import { Visit, type VisitPlan } from './visit.ts';

export type SalePlan = VisitPlan & { readonly habit: Habit; readonly afterwards: Afterwards };

/** What will happen in a sale as far as people choose it. */
export function planSale(draws: Random, tillCount: number): SalePlan {
  const habit = chosen(draws, habits);
  const isMet = isLikely(draws, 65);
  const isShort = isLikely(draws, 4) || (isMet && habit.meets === 'a payer short of money');
  const isTiresome = isMet && habit.meets === 'a payer who keeps it waiting';
  const home = below(draws, tillCount);
  return {
    habit,
    afterwards: chosen(draws, afterwards),
    amountMinor: drawAmount(draws, isTiresome),
    home,
    other: tillCount === 1 ? home : (home + 1 + below(draws, tillCount - 1)) % tillCount,
    isTiresome,
    isShort,
    cashierDraws: ownDraws(draws),
    payerDraws: ownDraws(draws),
  };
}

type Range = { readonly weight: number; readonly from: number; readonly to: number };

// In minor units.
const amounts: readonly Range[] = [
  { weight: 2, from: 1, to: 1 },
  { weight: 10, from: 2, to: 100 },
  { weight: 80, from: 101, to: 30_000 },
  { weight: 8, from: 30_001, to: 500_000 },
];
// Above 1000.00 Alipay asks the payer to confirm.
const asked = { from: 100_001, to: 500_000 } as const;

function drawAmount(draws: Random, isAsked: boolean): bigint {
  const usual = chosen(draws, amounts);
  const { from, to } = isAsked ? asked : usual;
  return BigInt(from + below(draws, to - from + 1));
}

/**
 * Plays sale `sale`. Resolves when nobody in it has anything left to do, also when the store never answers. Rejects only when the store
 * gives an answer that its API does not have.
 */
export async function ringUp(stage: Stage, sale: SaleNumber): Promise<void> {
  await playSale(stage, sale, planSale(stage.draws(sale), stage.tillCount));
}

/** The same for a plan that is known. */
export async function playSale(stage: Stage, sale: SaleNumber, plan: SalePlan): Promise<void> {
  const { habit } = plan;
  const visit = new Visit(stage, sale, plan);
  if (await visit.opens(habit.open)) {
    await habit.play(visit, visit.saleId);
    if (visit.hasLooseEnd) await lookAtWhatWasLeft(visit);
    const { paid } = visit;
    if (paid !== undefined) await plan.afterwards.play(visit, paid);
    else await afterNotPaid(visit);
  }
  await visit.comesToRest();
}
