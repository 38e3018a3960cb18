// What the contract of the payment journal works with: the journal under test, and one merchant's store that makes what a test
// needs and names only what matters to it.

import assert from 'node:assert/strict';
import { type DeviceId, type MerchantId, makeId, type SaleId, type StoreId } from '#foundation/id.ts';
import { durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import { type Money, money } from '#foundation/money.ts';
import type { Random } from '#foundation/random.ts';
import type { Attempt, Charge, Refund } from './attempt.ts';
import type { Fact, OpenCharge, OpenRefund, PaymentJournal } from './journal.port.ts';

/** What a journal under test brings with it. */
export type PaymentJournalSubject = {
  readonly journal: PaymentJournal;
  /** Makes a sale durable, so that it can be paid. */
  openSale(merchantId: MerchantId, saleId: SaleId, amount: Money): Promise<void>;
  /** Every fact written so far for a merchant, in order. */
  factsOf(merchantId: MerchantId): Promise<readonly Fact[]>;
  /** The clock of what the journal stands on, read past the journal, in whole milliseconds. */
  now(): Promise<Instant>;
  close(): Promise<void>;
};

export const start = instant(Date.UTC(2026, 0, 15, 3, 4, 5, 678));
export const seconds = (count: number) => plus(start, durationMs(count * 1000));

/** One merchant's store at work: makes what a test needs and names only what matters to it. */
export class Shop {
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly deviceId: DeviceId;
  readonly owner: string;
  readonly #subject: PaymentJournalSubject;
  readonly #random: Random;
  #made = 0;

  constructor(subject: PaymentJournalSubject, random: Random) {
    this.#subject = subject;
    this.#random = random;
    this.merchantId = makeId('merchant', start, random);
    this.storeId = makeId('store', start, random);
    this.deviceId = makeId('device', start, random);
    this.owner = `owner-${this.merchantId}`;
  }

  async sale(amount: Money = money('CNY', 12_345n)): Promise<SaleId> {
    const id = makeId('sale', start, this.#random);
    await this.#subject.openSale(this.merchantId, id, amount);
    return id;
  }

  opening(
    saleId: SaleId,
    change: { amount?: Money; state?: Partial<Charge['state']>; key?: string; fingerprint?: string } = {},
  ): OpenCharge {
    this.#made += 1;
    const charge: Charge = {
      kind: 'charge',
      identity: {
        id: makeId('attempt', seconds(this.#made), this.#random),
        merchantId: this.merchantId,
        storeId: this.storeId,
        deviceId: this.deviceId,
        saleId,
        intentId: makeId('intent', start, this.#random),
        channel: 'alipay-openapi',
        amount: change.amount ?? money('CNY', 12_345n),
        description: 'Groceries 杂货 🛒 "quoted"',
        createdAt: seconds(this.#made),
      },
      state: { ...chargeState, dueAt: seconds(5), ...change.state },
      version: 1,
      payerCodeMasked: '28************1234',
    };
    const key = change.key ?? `key-${this.#made}`;
    const idempotency = { scope: 'payments', key, fingerprint: change.fingerprint ?? 'print' };
    return { charge, owner: this.owner, idempotency };
  }

  /** A charge that stands in the journal. */
  async charge(change: Parameters<Shop['opening']>[1] = {}): Promise<Charge> {
    return opened(await this.#subject.journal.openCharge(this.opening(await this.sale(change.amount), change)));
  }

  async approved(amount: Money): Promise<Charge> {
    const charge = await this.charge({ amount });
    return moved(await this.#subject.journal.advance(charge, approvedState(charge), []));
  }

  refundOpening(charge: Charge, minor: bigint, key?: string, fingerprint = 'print'): OpenRefund {
    this.#made += 1;
    const { amount } = charge.identity;
    const identity = {
      ...charge.identity,
      id: makeId('attempt', seconds(this.#made), this.#random),
      amount: money(amount.currency, minor),
      createdAt: seconds(this.#made),
    };
    const reference = charge.state.evidence?.channelReference ?? null;
    const refund: Refund = {
      kind: 'refund',
      identity,
      state: { ...refundState, dueAt: seconds(5) },
      version: 1,
      charge: { id: charge.identity.id, amount, channelReference: reference },
    };
    return {
      refund,
      owner: this.owner,
      idempotency: { scope: 'refunds', key: key ?? `key-${this.#made}`, fingerprint },
    };
  }
}

export const chargeState: Charge['state'] = {
  phase: 'authorizing',
  calls: 1,
  inFlight: { act: 'authorize', call: 1 },
  dueAt: null,
  rounds: 0,
  reason: null,
  cause: null,
  channelCode: null,
  evidence: null,
  changedAt: start,
  finalWord: null,
  finalWordAt: null,
  abandonedAt: null,
};

export const refundState: Refund['state'] = {
  phase: 'requesting',
  calls: 1,
  inFlight: { act: 'refund', call: 1 },
  dueAt: null,
  rounds: 0,
  reason: null,
  cause: null,
  channelCode: null,
  evidence: null,
  changedAt: start,
  refusedAt: null,
};

export function approvedState({ identity, state }: Charge): Charge['state'] {
  const evidence = {
    channelReference: '2026011522001',
    amount: identity.amount,
    paidAt: seconds(1),
    payerAccount: null,
  };
  const done = { inFlight: null, dueAt: null, evidence, finalWord: 'paid', finalWordAt: seconds(1) } as const;
  return { ...state, phase: 'approved', changedAt: seconds(1), ...done };
}

export const atRest = { inFlight: null, dueAt: null } as const;

export function opened<Kind extends Attempt>(
  result:
    | { readonly ok: true; readonly value: { readonly kind: string; readonly attempt: Kind } }
    | { readonly ok: false },
): Kind {
  assert.ok(result.ok, 'the opening was refused');
  assert.equal(result.value.kind, 'opened');
  return result.value.attempt;
}

export function moved<Kind>(attempt: Kind | undefined): Kind {
  assert.ok(attempt !== undefined, 'the write lost to another');
  return attempt;
}

/** What each group of tests works with. */
export type Context = { journal(): PaymentJournal; subject(): PaymentJournalSubject; shop(): Shop };
