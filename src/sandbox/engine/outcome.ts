// What the engine answers to each command. A refusal is a value; each protocol has a table from these words to its own codes.

import type { Instant } from '#foundation/instant.ts';
import type { Refund, Trade } from './trade.ts';
import type { DeclineReason } from './trading-event.ts';

export type PayOutcome =
  | { readonly outcome: 'paid' | 'waiting'; readonly trade: Trade }
  /** The order was here before, as the same order: the answer follows from the state of its trade. */
  | { readonly outcome: 'repeated'; readonly trade: Trade }
  | { readonly outcome: 'declined'; readonly reason: DeclineReason; readonly paymentId: string }
  | { readonly outcome: 'refused'; readonly reason: 'inconsistent' | 'other-buyer' | 'expired' | 'cancelled-before' };

export type PrecreateOutcome =
  | { readonly outcome: 'made'; readonly trade: Trade; readonly qrCode: string }
  | { readonly outcome: 'refused'; readonly reason: 'number-used' | 'expired' };

export type CancelOutcome =
  | { readonly outcome: 'closed' | 'refunded'; readonly trade: Trade; readonly cancelledAt: Instant }
  | { readonly outcome: 'not-found' }
  | {
      readonly outcome: 'refused';
      readonly reason: 'too-late' | 'already-refunded' | 'finished';
      readonly trade: Trade;
    };

export type CloseOutcome =
  | { readonly outcome: 'closed'; readonly trade: Trade }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'refused'; readonly reason: 'not-waiting'; readonly trade: Trade };

export type RefundOutcome =
  /** `moved` is false when the same refund had been made before: nothing moved now. */
  | { readonly outcome: 'refunded'; readonly trade: Trade; readonly refund: Refund; readonly moved: boolean }
  | { readonly outcome: 'not-found' }
  | {
      readonly outcome: 'refused';
      readonly reason: 'not-paid' | 'closed' | 'finished' | 'too-much' | 'number-used' | 'nothing';
      readonly trade: Trade;
    };

export type AnswerOutcome =
  | { readonly outcome: 'paid' | 'closed'; readonly trade: Trade }
  | { readonly outcome: 'refused'; readonly reason: 'unknown-wallet' | 'nothing-waits' | 'balance-not-enough' };

export type ScanOutcome =
  | { readonly outcome: 'waiting'; readonly trade: Trade }
  | {
      readonly outcome: 'refused';
      readonly reason: 'unknown-wallet' | 'unknown-qr-code' | 'used-qr-code' | 'expired-qr-code' | 'balance-not-enough';
    };
