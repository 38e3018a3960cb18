// The deadlines of the tests: a tenth of a real store's, in the same proportions, so that a payment that takes every detour ends
// within seconds. The calls still have room enough that a busy machine does not decide what comes out.

import { durationMs } from '#foundation/instant.ts';
import { type DeadlinePolicy, makePolicy } from '#payment/index.ts';

const made = makePolicy({
  finalWordMs: durationMs(5_000),
  authorizeTimeoutMs: durationMs(1_200),
  inquiryTimeoutMs: durationMs(700),
  reversalTimeoutMs: durationMs(700),
  refundTimeoutMs: durationMs(1_200),
  firstInquiryMs: durationMs(400),
  lostInquiryMs: durationMs(200),
  inquiryIntervalMs: durationMs(400),
  marginMs: durationMs(600),
  sendWithinMs: durationMs(1_000),
  payerCodeLifeMs: durationMs(9_000),
  watchIntervalMs: durationMs(600),
  refusalWatchMs: durationMs(2_000),
  custodyWaitMs: durationMs(250),
  custodyWaitMaxMs: durationMs(1_000),
});
if (!made.ok) throw new Error(made.failure.join('; '));

export const shortDeadlines: DeadlinePolicy = made.value;

/** A dead process is known as dead after five seconds; these leave time to go on after that, as a real store's do. */
export const takeOverDeadlines: DeadlinePolicy = {
  ...shortDeadlines,
  finalWordMs: durationMs(12_000),
  payerCodeLifeMs: durationMs(14_000),
};

/** Payer codes of the tests live this long at the sandbox: less than the policy reckons with, as in life. */
export const codeLifeMs = 4_000;
