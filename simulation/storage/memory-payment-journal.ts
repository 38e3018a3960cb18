// Payment's journal in memory, for simulation: the same contract as PostgreSQL's, without a disk. Each call reads and writes
// in one go, between two turns of the event loop, so every call is a transaction by itself. Its clock is the one that it is given.

import type { MerchantId, PaymentAttemptId, SaleId } from '#foundation/id.ts';
import type { Clock, Instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import {
  type Attempt,
  type Charge,
  type ChargePhase,
  type Fact,
  type Idempotency,
  lostAfterMs,
  type OpenCharge,
  type OpenChargeRefusal,
  type Opened,
  type OpenRefund,
  type OpenRefundRefusal,
  type Owner,
  type PaymentJournal,
  type Refund,
} from '#payment/index.ts';

type Row = { attempt: Attempt; owner: Owner | null; readonly fingerprint: string };

/** A fact with whose it is. */
export type MerchantFact = Fact & { readonly merchantId: MerchantId };

/** What the journal must know of sales: whether there is one. */
export type KnownSales = { has(merchantId: MerchantId, id: SaleId): boolean };

const undone: readonly ChargePhase[] = ['declined', 'reversed', 'returned'];

export class MemoryPaymentJournal implements PaymentJournal {
  readonly #sales: KnownSales;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #rows = new Map<PaymentAttemptId, Row>();
  readonly #byKey = new Map<string, Row>();
  readonly #bySale = new Map<string, Row[]>();
  readonly #intents = new Map<string, Charge['identity']['intentId']>();
  readonly #unfinished = new Set<Row>();
  readonly #aliveUntil = new Map<Owner, Instant>();
  readonly #facts: MerchantFact[] = [];

  constructor(sales: KnownSales, clock: Pick<Clock, 'now'>) {
    this.#sales = sales;
    this.#clock = clock;
  }

  /** Every fact so far, in the order in which it was written. */
  get facts(): readonly MerchantFact[] {
    return this.#facts;
  }

  /** Every attempt, for an auditor. */
  get attempts(): readonly Attempt[] {
    return [...this.#rows.values()].map((row) => row.attempt);
  }

  /** Attempts for which something is still to be done, for whoever waits until nothing is. */
  get unfinished(): readonly Attempt[] {
    return [...this.#unfinished].map((row) => row.attempt);
  }

  async time(): Promise<Instant> {
    return this.#clock.now();
  }

  async openCharge(opening: OpenCharge): Promise<Result<Opened<Charge>, OpenChargeRefusal>> {
    const { charge, owner, idempotency } = opening;
    const { merchantId, saleId } = charge.identity;
    const before = this.#byKey.get(keyOf(merchantId, idempotency));
    if (before !== undefined) return repeated(before, idempotency, isCharge);
    if (!this.#sales.has(merchantId, saleId)) return failure({ kind: 'sale-unknown' });
    const standing = this.#ofSale(merchantId, saleId).find(stands)?.attempt;
    if (standing?.kind === 'charge') return failure({ kind: 'attempt-stands', attempt: standing });
    const place = `${merchantId} ${saleId}`;
    const intentId = this.#intents.get(place) ?? charge.identity.intentId;
    this.#intents.set(place, intentId);
    const attempt = { ...charge, identity: { ...charge.identity, intentId } };
    this.#insert(attempt, owner, idempotency);
    return success({ kind: 'opened', attempt });
  }

  async openRefund(opening: OpenRefund): Promise<Result<Opened<Refund>, OpenRefundRefusal>> {
    const { refund, owner, idempotency } = opening;
    const { merchantId, amount } = refund.identity;
    const before = this.#byKey.get(keyOf(merchantId, idempotency));
    if (before !== undefined) return repeated(before, idempotency, isRefund);
    const charge = this.#rows.get(refund.charge.id)?.attempt;
    if (charge?.kind !== 'charge' || charge.identity.merchantId !== merchantId)
      return failure({ kind: 'charge-unknown' });
    if (charge.state.phase !== 'approved') return failure({ kind: 'charge-not-approved', charge });
    const taken = charge.identity.amount;
    const refundable = money(taken.currency, taken.minor - this.#refundsMinor(charge));
    if (amount.currency !== taken.currency || amount.minor > refundable.minor)
      return failure({ kind: 'exceeds', refundable });
    this.#insert(refund, owner, idempotency);
    return success({ kind: 'opened', attempt: refund });
  }

  async advance<Kind extends Attempt>(
    attempt: Kind,
    next: Kind['state'],
    facts: readonly Fact[],
  ): Promise<Kind | undefined> {
    const { id, merchantId } = attempt.identity;
    const row = this.#rows.get(id);
    if (row === undefined || row.attempt.version !== attempt.version) return undefined;
    const moved: Kind = { ...attempt, state: next, version: attempt.version + 1 };
    row.attempt = moved;
    this.#sort(row);
    for (const fact of facts) this.#facts.push({ ...fact, merchantId });
    return moved;
  }

  async find(merchantId: MerchantId, id: PaymentAttemptId): Promise<Attempt | undefined> {
    const attempt = this.#rows.get(id)?.attempt;
    return attempt?.identity.merchantId === merchantId ? attempt : undefined;
  }

  async findByNumber(id: PaymentAttemptId): Promise<Attempt | undefined> {
    return this.#rows.get(id)?.attempt;
  }

  async listOfSale(merchantId: MerchantId, saleId: SaleId): Promise<readonly Attempt[]> {
    return this.ofSale(merchantId, saleId).toSorted(oldestFirst);
  }

  /** The attempts of a sale as they are at this moment, for another journal's transaction. */
  ofSale(merchantId: MerchantId, saleId: SaleId): readonly Attempt[] {
    return this.#ofSale(merchantId, saleId).map((row) => row.attempt);
  }

  async listOfSales(
    merchantId: MerchantId,
    saleIds: readonly SaleId[],
  ): Promise<ReadonlyMap<SaleId, readonly Attempt[]>> {
    const lists = new Map<SaleId, readonly Attempt[]>();
    for (const saleId of saleIds) lists.set(saleId, await this.listOfSale(merchantId, saleId));
    return lists;
  }

  async findIntent(merchantId: MerchantId, saleId: SaleId): Promise<Charge['identity']['intentId'] | undefined> {
    return this.#intents.get(`${merchantId} ${saleId}`);
  }

  async beat(owner: Owner, aliveUntil: Instant): Promise<void> {
    const known = this.#aliveUntil.get(owner);
    if (known === undefined || known < aliveUntil) this.#aliveUntil.set(owner, aliveUntil);
  }

  async retire(owner: Owner): Promise<void> {
    this.#aliveUntil.delete(owner);
  }

  async takeUp(owner: Owner, now: Instant, limit: number): Promise<readonly Attempt[]> {
    const due = [...this.#unfinished].filter((row) => this.#isDue(row, owner, now));
    due.sort(
      (left, right) => Number(left.owner === owner) - Number(right.owner === owner) || dueAt(left) - dueAt(right),
    );
    const taken = due.slice(0, limit);
    for (const row of taken) row.owner = owner;
    return taken.map((row) => row.attempt);
  }

  async listCustody(merchantId: MerchantId, limit: number): Promise<readonly Attempt[]> {
    return [...this.#unfinished]
      .map((row) => row.attempt)
      .filter((attempt) => attempt.identity.merchantId === merchantId && isInCustody(attempt))
      .sort(oldestFirst)
      .slice(0, limit);
  }

  #insert(attempt: Attempt, owner: Owner, idempotency: Idempotency): void {
    const { id, merchantId, saleId } = attempt.identity;
    if (this.#rows.has(id)) throw new Error(`the attempt id ${id} is already taken`);
    const row: Row = { attempt, owner, fingerprint: idempotency.fingerprint };
    this.#rows.set(id, row);
    this.#byKey.set(keyOf(merchantId, idempotency), row);
    this.#bySale.set(`${merchantId} ${saleId}`, [...this.#ofSale(merchantId, saleId), row]);
    this.#sort(row);
  }

  // A finished attempt has no owner: when a late notice wakes it, anyone may take it up.
  #sort(row: Row): void {
    if (isFinished(row.attempt)) {
      this.#unfinished.delete(row);
      row.owner = null;
    } else this.#unfinished.add(row);
  }

  #ofSale(merchantId: MerchantId, saleId: SaleId): readonly Row[] {
    return this.#bySale.get(`${merchantId} ${saleId}`) ?? [];
  }

  #refundsMinor(charge: Charge): bigint {
    let minor = 0n;
    for (const { attempt } of this.#ofSale(charge.identity.merchantId, charge.identity.saleId)) {
      const ofCharge = attempt.kind === 'refund' && attempt.charge.id === charge.identity.id;
      if (ofCharge && attempt.state.phase !== 'declined') minor += attempt.identity.amount.minor;
    }
    return minor;
  }

  // What nobody holds when its time has come; what a dead process holds at once; what the taker holds when it left it lying.
  #isDue(row: Row, taker: Owner, now: Instant): boolean {
    if (row.owner === null) return dueAt(row) <= now;
    if (row.owner === taker) return row.attempt.state.dueAt !== null && dueAt(row) + lostAfterMs <= now;
    return (this.#aliveUntil.get(row.owner) ?? 0) <= now;
  }
}

function keyOf(merchantId: MerchantId, { scope, key }: Idempotency): string {
  return JSON.stringify([merchantId, scope, key]);
}

function repeated<Kind extends Attempt>(
  row: Row,
  { fingerprint }: Idempotency,
  isKind: (attempt: Attempt) => attempt is Kind,
): Result<Opened<Kind>, { readonly kind: 'key-reused' }> {
  if (row.fingerprint !== fingerprint || !isKind(row.attempt)) return failure({ kind: 'key-reused' });
  return success({ kind: 'repeated', attempt: row.attempt });
}

function isCharge(attempt: Attempt): attempt is Charge {
  return attempt.kind === 'charge';
}

function isRefund(attempt: Attempt): attempt is Refund {
  return attempt.kind === 'refund';
}

function stands({ attempt }: Row): boolean {
  return attempt.kind === 'charge' && !undone.includes(attempt.state.phase);
}

function isFinished({ state }: Attempt): boolean {
  return state.dueAt === null && state.inFlight === null;
}

function isInCustody(attempt: Attempt): boolean {
  return attempt.kind === 'charge' ? attempt.state.finalWord !== null : attempt.state.phase === 'unclear';
}

// Without a time of its own an attempt is due at once.
function dueAt({ attempt }: Row): number {
  return attempt.state.dueAt ?? 0;
}

function oldestFirst(left: Attempt, right: Attempt): number {
  if (left.identity.createdAt !== right.identity.createdAt) return left.identity.createdAt - right.identity.createdAt;
  return left.identity.id < right.identity.id ? -1 : 1;
}
