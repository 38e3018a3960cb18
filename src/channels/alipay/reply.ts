// The few replies that both Alipay channels give, in payment's words.

import type { Declined, DeclineReason, NotSent, Unclear, UnclearCause } from '#payment/index.ts';
import type { HttpAnswered, HttpOutcome } from './transport.port.ts';

export function unclear(cause: UnclearCause, channelCode?: string): Unclear {
  return channelCode === undefined
    ? { outcome: 'outcome-unknown', cause }
    : { outcome: 'outcome-unknown', cause, channelCode };
}

export function declined(reason: DeclineReason, channelCode: string): Declined {
  return { outcome: 'declined', reason, channelCode };
}

/** What our own rules refuse before anything is sent: no money can have moved. */
export const refusedHere = {
  currency: declined('merchant-setup', 'tillway.currency-not-supported'),
} as const;

/** A notice has a few kilobytes; anything longer (in UTF-16 units) is refused unread. */
export const noticeLengthMax = 65_536;

/** Sorts what became of a request: an answer to read, or what payment must be told at once. */
export function sortOutcome(outcome: HttpOutcome): HttpAnswered | NotSent | Unclear {
  switch (outcome.kind) {
    case 'not-sent':
      return outcome;
    case 'lost':
      return unclear(outcome.cause);
    case 'answered':
      if (outcome.status === 200) return outcome;
      // Both gateways answer 200 even for errors, so any other status comes from something in front of them.
      return unclear(outcome.status >= 500 ? 'system-error' : 'garbled', `http-${outcome.status}`);
  }
}

/** A code from an answer that nothing proves, kept for operators only when it can be nothing but a code. */
export function unprovenCode(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w.-]{1,64}$/.test(text) ? text : undefined;
}
