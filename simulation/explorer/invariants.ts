// What must hold, told apart from the protocol: in every state, in every step, and wherever a path comes to rest. The figures
// (when the word is due) are reckoned here anew from the policy, so that a mistake in the protocol's own reckoning is seen.

import type { Attempt, Charge } from '#payment/index.ts';
import { chargeMinor, type Scope } from './scope.ts';
import { isFinished, itemAt, keptMinor, type Row, type World } from './world.ts';

export const invariants = {
  'one-approval': 'the journal never shows two approved charges for one sale',
  'approval-is-booked': 'no charge is approved unless Alipay had booked it as paid before',
  'approval-is-kept': 'the money of an approved charge is never taken back, save by the refunds that were asked for',
  'word-stands': 'the final word, once given, never changes',
  'word-tells-approval': 'the word is "paid" exactly for an approved charge',
  'word-in-time':
    'the final word is written by its time while a living process holds the charge, and by the deadline while any lives',
  'nothing-kept-unpaid': 'nothing is kept or waits at Alipay for a charge that ended unpaid',
  'ends-as-one': 'every charge ends as exactly one of sale, reversed, refunded',
  'refunds-within-taken': 'what goes back never exceeds what was taken',
  'refund-agrees': 'journal and Alipay agree about each refund',
  'never-stuck': 'whatever is open has a next step',
  'rests-in-time': 'from every state the calm continuation comes to rest within its bound of virtual time',
} as const;

export type Invariant = keyof typeof invariants;

/** The first rule that a step or the state after it breaks. */
export function brokenBy(before: World, after: World, scope: Scope): Invariant | null {
  let approved = 0;
  for (const [index, row] of after.rows.entries()) {
    const { attempt } = row;
    if (attempt.kind === 'charge') {
      if (attempt.state.phase === 'approved') approved += 1;
      const broken =
        brokenCharge(attempt, before, after, index) ??
        (isLate(row, index, before, after, scope) ? 'word-in-time' : null);
      if (broken !== null) return broken;
    } else if (attempt.state.phase === 'refunded' && !isRefunded(before, row, index)) return 'refund-agrees';
  }
  return approved > 1 ? 'one-approval' : null;
}

function brokenCharge({ state }: Charge, before: World, after: World, index: number): Invariant | null {
  const earlier = before.rows[index]?.attempt.state;
  const trade = itemAt(after.trades, index);
  if (keptMinor(trade) < 0) return 'refunds-within-taken';
  if (
    earlier !== undefined &&
    'finalWord' in earlier &&
    earlier.finalWord !== null &&
    earlier.finalWord !== state.finalWord
  ) {
    return 'word-stands';
  }
  if ((state.finalWord === 'paid') !== (state.phase === 'approved')) return 'word-tells-approval';
  if (state.phase !== 'approved') return null;
  const booked = before.trades[index]?.takenMinor ?? 0;
  if (booked !== chargeMinor || state.evidence === null) return 'approval-is-booked';
  const isOurs = trade.refunds.every(({ number }) => number !== index);
  return trade.cancelled || !isOurs ? 'approval-is-kept' : null;
}

function isRefunded(world: World, row: Row, index: number): boolean {
  return world.trades[row.trade]?.refunds.some(({ number }) => number === index) === true;
}

// Told when time goes on: a process that has just woken late, or taken up late, still has this moment. A living process is one that
// has the attempt as its own, is the holder in the journal, and is awake. A wish to stop waiting, where one process hears everything,
// leaves the last inquiry its time and the watchdog its second; with two, the holder may learn of it only when it next writes.
function isLate({ attempt, holder }: Row, index: number, before: World, after: World, { policy }: Scope): boolean {
  if (attempt.kind !== 'charge' || attempt.state.finalWord !== null || after.now === before.now) return false;
  const { createdAt } = attempt.identity;
  const isAnyoneAwake = after.processes.some(({ asleep }) => !asleep);
  if (isAnyoneAwake && after.now > createdAt + policy.finalWordMs) return true;
  if (typeof holder !== 'number') return false;
  const process = itemAt(after.processes, holder);
  const copy = process.copies[index];
  if (process.asleep || !copy?.own) return false;
  const planned = createdAt + policy.finalWordMs - policy.marginMs - policy.reversalTimeoutMs;
  const hearsAll = after.processes.length === 1;
  const abandoned = hearsAll ? abandonedWordAt(copy.attempt, policy.inquiryTimeoutMs) : planned;
  return after.now > Math.min(planned, abandoned);
}

const watchdogMs = 1_000;

function abandonedWordAt({ state }: Attempt, inquiryTimeoutMs: number): number {
  const at = 'abandonedAt' in state ? state.abandonedAt : null;
  return at === null ? Number.POSITIVE_INFINITY : at + inquiryTimeoutMs + watchdogMs;
}

/** The first rule that a world at rest breaks: here the two books are compared. */
export function brokenAtRest(world: World): Invariant | null {
  for (const [index, row] of world.rows.entries()) {
    const { attempt } = row;
    if (!isFinished(attempt)) return 'never-stuck';
    if (attempt.kind === 'refund') {
      const { phase } = attempt.state;
      if (phase !== 'refunded' && phase !== 'declined') return 'refund-agrees';
      if ((phase === 'refunded') !== isRefunded(world, row, index)) return 'refund-agrees';
      continue;
    }
    const trade = itemAt(world.trades, index);
    switch (attempt.state.phase) {
      case 'approved':
        if (trade.takenMinor !== chargeMinor) return 'approval-is-booked';
        break;
      case 'declined':
      case 'reversed':
      case 'returned':
        if (keptMinor(trade) !== 0 || trade.status === 'waiting') return 'nothing-kept-unpaid';
        break;
      case 'authorizing':
      case 'awaiting-payer':
      case 'unclear':
      case 'reversing':
      case 'watching':
      case 'returning':
        return 'ends-as-one';
    }
  }
  return null;
}
