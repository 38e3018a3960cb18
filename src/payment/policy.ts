// How long a payment may take, per store. The figures follow Alipay's advice for a till that must answer within 30 s: query
// every 3 to 5 s, and cancel at once after the last query.
// @see https://opendocs.alipay.com/open/00f7nv and https://docs.antom.com/ac/globalbarcode/practice

import { type DurationMs, durationMs, type Instant, plus } from '#foundation/instant.ts';
import { failure, type Result, success, unreachable } from '#foundation/result.ts';
import type { ChargeAct } from './attempt.ts';

export type DeadlinePolicy = {
  /** From the scan to the till's final word. */
  readonly finalWordMs: DurationMs;
  readonly authorizeTimeoutMs: DurationMs;
  readonly inquiryTimeoutMs: DurationMs;
  readonly reversalTimeoutMs: DurationMs;
  readonly refundTimeoutMs: DurationMs;
  /** From an unclear or waiting answer to the first inquiry. */
  readonly firstInquiryMs: DurationMs;
  /** The same when the answer itself was lost: there is nothing to wait for. */
  readonly lostInquiryMs: DurationMs;
  readonly inquiryIntervalMs: DurationMs;
  /** Kept free before the deadline for writing the final word and telling it. */
  readonly marginMs: DurationMs;
  /** A request that has not left this long after the scan is not sent at all. */
  readonly sendWithinMs: DurationMs;
  /** After this a request that was held up on its way can no longer be paid with its code (one minute of life, doubled). */
  readonly payerCodeLifeMs: DurationMs;
  readonly watchIntervalMs: DurationMs;
  /** So long after a refund was refused no earlier or doubled request of it can arrive any more. */
  readonly refusalWatchMs: DurationMs;
  /** Custody waits this long between rounds, doubling from the fourth on, up to the most. */
  readonly custodyWaitMs: DurationMs;
  readonly custodyWaitMaxMs: DurationMs;
};

export const defaultPolicy: DeadlinePolicy = {
  finalWordMs: durationMs(30_000),
  authorizeTimeoutMs: durationMs(6_000),
  inquiryTimeoutMs: durationMs(2_500),
  reversalTimeoutMs: durationMs(2_500),
  refundTimeoutMs: durationMs(8_000),
  firstInquiryMs: durationMs(5_000),
  lostInquiryMs: durationMs(1_000),
  inquiryIntervalMs: durationMs(3_000),
  marginMs: durationMs(1_000),
  sendWithinMs: durationMs(4_000),
  payerCodeLifeMs: durationMs(120_000),
  watchIntervalMs: durationMs(15_000),
  refusalWatchMs: durationMs(120_000),
  custodyWaitMs: durationMs(5_000),
  custodyWaitMaxMs: durationMs(300_000),
};

/** When the last inquiry must start, so that it and the reversal fit before the deadline. */
export function lastInquiryAt(createdAt: Instant, policy: DeadlinePolicy): Instant {
  const reserve = policy.marginMs + policy.inquiryTimeoutMs + policy.reversalTimeoutMs;
  return plus(createdAt, durationMs(policy.finalWordMs - reserve));
}

/** When the word is given whatever is known: the reversal may still be out, and custody then ends it. */
export function lastWordAt(createdAt: Instant, policy: DeadlinePolicy): Instant {
  return plus(createdAt, durationMs(policy.finalWordMs - policy.marginMs - policy.reversalTimeoutMs));
}

/**
 * When whoever is asked gives the word, because its owner has not: after the owner's own last moment, and early enough that a till
 * that asks once in `marginMs` has it before the deadline.
 */
export function wordDueAt(createdAt: Instant, policy: DeadlinePolicy): Instant {
  return plus(createdAt, durationMs(policy.finalWordMs - policy.marginMs));
}

/** The wait before custody's next round, after `rounds` rounds. */
export function custodyWait(rounds: number, policy: DeadlinePolicy): DurationMs {
  const doubled = policy.custodyWaitMs * 2 ** Math.min(Math.max(0, rounds - 3), 20);
  return durationMs(Math.min(doubled, policy.custodyWaitMaxMs));
}

/** How long the runner waits for the answer to one call. */
export function callTimeoutMs(act: ChargeAct, policy: DeadlinePolicy): DurationMs {
  switch (act) {
    case 'authorize':
      return policy.authorizeTimeoutMs;
    case 'inquire':
    case 'inquire-refund':
      return policy.inquiryTimeoutMs;
    case 'reverse':
      return policy.reversalTimeoutMs;
    case 'refund':
      return policy.refundTimeoutMs;
    default:
      return unreachable(act);
  }
}

/**
 * When an attempt that Alipay said it never got is looked at again after it was closed: a request may have been held up inside
 * Alipay for longer than its code lives. The last look lies inside the domestic cancel window of 24 hours.
 */
export const lookBacksMs: readonly DurationMs[] = [10, 50, 300, 1_000].map((minutes) => durationMs(minutes * 60_000));

/** A process is taken for dead after so long without a sign. */
export const aliveMs = durationMs(5_000);

// What must not be shorter than what, or a request could still be carried out after nobody looks for it any more.
const orderOfFigures = [
  ['payerCodeLifeMs', 'finalWordMs', 'a code is watched at least as long as its payment is waited for'],
  [
    'refusalWatchMs',
    'refundTimeoutMs',
    'a refused refund is watched at least as long as its request may be on its way',
  ],
  ['custodyWaitMaxMs', 'custodyWaitMs', 'the longest wait is not the shorter one'],
] as const satisfies readonly (readonly [keyof DeadlinePolicy, keyof DeadlinePolicy, string])[];

/** Completes a store's own figures with the defaults; tells everything that does not fit together. */
export function makePolicy(own: Partial<DeadlinePolicy>): Result<DeadlinePolicy, readonly string[]> {
  const policy = { ...defaultPolicy, ...own };
  const problems = Object.entries(policy)
    .filter(([, value]) => !Number.isSafeInteger(value) || value <= 0)
    .map(([name]) => `${name} must be a whole number of milliseconds above 0`);
  const reserve = policy.marginMs + policy.inquiryTimeoutMs + policy.reversalTimeoutMs;
  if (policy.finalWordMs < reserve + 2_000) {
    problems.push(
      `finalWordMs (${policy.finalWordMs}) must leave 2000 ms before the last inquiry: ` +
        `make it at least ${reserve + 2_000}, or shorten marginMs, inquiryTimeoutMs or reversalTimeoutMs`,
    );
  }
  for (const [longer, shorter, why] of orderOfFigures) {
    if (policy[longer] < policy[shorter]) {
      problems.push(`${longer} (${policy[longer]}) must not be below ${shorter} (${policy[shorter]}): ${why}`);
    }
  }
  if (policy.sendWithinMs >= aliveMs) {
    problems.push(
      `sendWithinMs (${policy.sendWithinMs}) must be below ${aliveMs}: after that another process may take over`,
    );
  }
  return problems.length > 0 ? failure(problems) : success(policy);
}
