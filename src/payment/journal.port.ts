// The durable record that payment stands on. Everything is written here before it is done and again after it is known.
// PostgreSQL implements it (src/journal); simulation has one in memory; both pass journal.contract.ts.

import type { MerchantId, PaymentAttemptId, PaymentIntentId, SaleId } from '#foundation/id.ts';
import { durationMs, type Instant } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import type { Result } from '#foundation/result.ts';
import type { Attempt, Charge, ChargeState, Refund, RefundState } from './attempt.ts';

/** A caller's repeat of one request is recognised by these three; `fingerprint` is a keyed hash of the request's body. */
export type Idempotency = { readonly scope: string; readonly key: string; readonly fingerprint: string };

/** A process that may hold attempts. It must renew itself with `beat`, or others take its attempts up. */
export type Owner = string;

export type OpenCharge = {
  /** Carries the intent's id to use when the sale has none yet; a sale has one intent. */
  readonly charge: Charge;
  readonly owner: Owner;
  readonly idempotency: Idempotency;
};

export type OpenRefund = {
  readonly refund: Refund;
  readonly owner: Owner;
  readonly idempotency: Idempotency;
};

export type Opened<Kind> =
  | { readonly kind: 'opened'; readonly attempt: Kind }
  /** The same request again: here is what it made the first time. */
  | { readonly kind: 'repeated'; readonly attempt: Kind };

export type OpenChargeRefusal =
  /** The key was used for a request with another body. */
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'sale-unknown' }
  /** The sale's intent has an attempt that is approved, open, or not yet proven undone. At most one may be. */
  | { readonly kind: 'attempt-stands'; readonly attempt: Charge };

export type OpenRefundRefusal =
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'charge-unknown' }
  | { readonly kind: 'charge-not-approved'; readonly charge: Charge }
  /** More than was taken less what other refunds, asked or done, give back. */
  | { readonly kind: 'exceeds'; readonly refundable: Money };

/** Something that happened, for the outbox; written with the state that it tells of. */
export type Fact = { readonly type: string; readonly data: Readonly<Record<string, string | number | boolean | null>> };

/** An attempt that its living owner has left lying for so long is one that it does not know to be its own. */
export const lostAfterMs = durationMs(30_000);

export interface PaymentJournal {
  /**
   * The journal's clock, in whole milliseconds: one for all processes that share it. Nothing else that is shared has a clock, so
   * it is what deadlines and signs of life are told by (shared-clock.ts).
   */
  time(): Promise<Instant>;

  /**
   * Makes the charge (and the sale's intent, when there is none) durable, with its first call in flight. One transaction.
   * Exactly one of two concurrent openings for one intent succeeds. Replaying the idempotency key answers `repeated`.
   */
  openCharge(opening: OpenCharge): Promise<Result<Opened<Charge>, OpenChargeRefusal>>;

  /** The same for a refund; the sum of refunds that are not declined never exceeds the charge. */
  openRefund(opening: OpenRefund): Promise<Result<Opened<Refund>, OpenRefundRefusal>>;

  /**
   * Writes the next state and its facts in one transaction, if the attempt is still at `attempt.version`; answers the new
   * record, or `undefined` when another write came first (load it again and decide anew).
   */
  advance<Kind extends Attempt>(attempt: Kind, next: Kind['state'], facts: readonly Fact[]): Promise<Kind | undefined>;

  find(merchantId: MerchantId, id: PaymentAttemptId): Promise<Attempt | undefined>;
  /** By our number alone, for notices: the channel does not know our merchant ids. */
  findByNumber(id: PaymentAttemptId): Promise<Attempt | undefined>;
  /** All attempts of a sale, oldest first: charges and refunds. */
  listOfSale(merchantId: MerchantId, saleId: SaleId): Promise<readonly Attempt[]>;
  /** The same for a page of sales in one question; a sale without attempts has an empty list. */
  listOfSales(merchantId: MerchantId, saleIds: readonly SaleId[]): Promise<ReadonlyMap<SaleId, readonly Attempt[]>>;
  /** The intent of a sale, if a payment was ever started. */
  findIntent(merchantId: MerchantId, saleId: SaleId): Promise<PaymentIntentId | undefined>;

  /** Says that `owner` lives until `aliveUntil`, or longer if it has said so before. Its attempts are left alone until then. */
  beat(owner: Owner, aliveUntil: Instant): Promise<void>;
  /** Gives up all that `owner` holds, so that others need not wait (an orderly stop). */
  retire(owner: Owner): Promise<void>;
  /**
   * Takes up to `limit` attempts that are due (`dueAt ≤ now`, or held by a dead owner), each for exactly one taker
   * (FOR UPDATE SKIP LOCKED), and makes them `owner`'s. Of those that `owner` already holds only such are among them as have been
   * due for `lostAfterMs`: it may never have heard that it holds them.
   */
  takeUp(owner: Owner, now: Instant, limit: number): Promise<readonly Attempt[]>;
  /** Attempts for which something is still to be done although the till has its final word, oldest first. */
  listCustody(merchantId: MerchantId, limit: number): Promise<readonly Attempt[]>;
}

export type { ChargeState, RefundState };
