// What every PaymentJournal must do, whatever it stands on. Each test makes its own merchant and owners, so that many run on
// one journal; races are run with real concurrency against the implementation, never with a mock of it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  type DeviceId,
  type MerchantId,
  makeId,
  type PaymentAttemptId,
  type SaleId,
  type StoreId,
} from '#foundation/id.ts';
import { durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import { type Currency, type Money, money } from '#foundation/money.ts';
import { type Random, seededRandom } from '#foundation/random.ts';
import type { Attempt, ChannelName, Charge, ChargeAct, ChargePhase, Refund, RefundPhase } from './attempt.ts';
import type { DeclineReason, UnclearCause } from './channel.port.ts';
import type { Fact, OpenCharge, OpenRefund, PaymentJournal } from './journal.port.ts';

/** What a journal under test brings with it. */
export type PaymentJournalSubject = {
  readonly journal: PaymentJournal;
  /** Makes a sale durable, so that it can be paid. */
  openSale(merchantId: MerchantId, saleId: SaleId, amount: Money): Promise<void>;
  /** Every fact written so far for a merchant, in order. */
  factsOf(merchantId: MerchantId): Promise<readonly Fact[]>;
  close(): Promise<void>;
};

const start = instant(Date.UTC(2026, 0, 15, 3, 4, 5, 678));
const seconds = (count: number) => plus(start, durationMs(count * 1000));

// One source of ids for a run: told, so that a failing run's ids can be found in the database.
const seed = Number(process.hrtime.bigint() % 2n ** 32n);

/** One merchant's store at work: makes what a test needs and names only what matters to it. */
class Shop {
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

const chargeState: Charge['state'] = {
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

const refundState: Refund['state'] = {
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
};

function approvedState({ identity, state }: Charge): Charge['state'] {
  const evidence = {
    channelReference: '2026011522001',
    amount: identity.amount,
    paidAt: seconds(1),
    payerAccount: null,
  };
  const done = { inFlight: null, dueAt: null, evidence, finalWord: 'paid', finalWordAt: seconds(1) } as const;
  return { ...state, phase: 'approved', changedAt: seconds(1), ...done };
}

const atRest = { inFlight: null, dueAt: null } as const;

function opened<Kind extends Attempt>(
  result:
    | { readonly ok: true; readonly value: { readonly kind: string; readonly attempt: Kind } }
    | { readonly ok: false },
): Kind {
  assert.ok(result.ok, 'the opening was refused');
  assert.equal(result.value.kind, 'opened');
  return result.value.attempt;
}

function moved<Kind>(attempt: Kind | undefined): Kind {
  assert.ok(attempt !== undefined, 'the write lost to another');
  return attempt;
}

// Each value of each closed set; a set that grows does not compile until it is here, and then not pass until it is stored.
const channels = Object.keys({ 'alipay-openapi': 0, 'alipay-global': 0 } satisfies Record<
  ChannelName,
  0
>) as ChannelName[];
const chargePhases = Object.keys({
  authorizing: 0,
  'awaiting-payer': 0,
  unclear: 0,
  approved: 0,
  declined: 0,
  reversing: 0,
  watching: 0,
  reversed: 0,
  returning: 0,
  returned: 0,
} satisfies Record<ChargePhase, 0>) as ChargePhase[];
const refundPhases = Object.keys({
  requesting: 0,
  unclear: 0,
  refunded: 0,
  declined: 0,
} satisfies Record<RefundPhase, 0>) as RefundPhase[];
const acts = Object.keys({
  authorize: 0,
  inquire: 0,
  reverse: 0,
  refund: 0,
  'inquire-refund': 0,
} satisfies Record<ChargeAct, 0>) as ChargeAct[];
const reasons = Object.keys({
  'insufficient-funds': 0,
  'code-invalid': 0,
  'code-expired': 0,
  'refused-by-payer': 0,
  'payer-limit': 0,
  'payer-account': 0,
  risk: 0,
  closed: 0,
  'merchant-setup': 0,
  'request-refused': 0,
  'channel-unreachable': 0,
  other: 0,
} satisfies Record<DeclineReason, 0>) as DeclineReason[];
const causes = Object.keys({
  timeout: 0,
  'connection-lost': 0,
  garbled: 0,
  'bad-signature': 0,
  'system-error': 0,
  'unknown-code': 0,
  mismatch: 0,
} satisfies Record<UnclearCause, 0>) as UnclearCause[];

/** Runs the suite against a journal. `makeSubject` is called once; the seed in the suite's name repeats its ids. */
export function paymentJournalContract(name: string, makeSubject: () => Promise<PaymentJournalSubject>): void {
  describe(`${name} keeps the payment journal's contract (seed ${seed})`, () => {
    const random = seededRandom(seed);
    let subject: PaymentJournalSubject;
    before(async () => {
      subject = await makeSubject();
    });
    after(async () => {
      await subject.close();
    });
    const context: Context = {
      journal: () => subject.journal,
      subject: () => subject,
      shop: () => new Shop(subject, random),
    };
    openingTests(context);
    advanceTests(context);
    fieldTests(context);
    refundTests(context);
    custodyTests(context);
    listTests(context);
  });
}

type Context = { journal(): PaymentJournal; subject(): PaymentJournalSubject; shop(): Shop };

function openingTests({ journal, shop: makeShop }: Context): void {
  test('an opened charge is found as it was given', async () => {
    const shop = makeShop();
    const opening = shop.opening(await shop.sale());
    assert.deepEqual(await journal().openCharge(opening), {
      ok: true,
      value: { kind: 'opened', attempt: opening.charge },
    });
    assert.deepEqual(await journal().find(shop.merchantId, opening.charge.identity.id), opening.charge);
    assert.deepEqual(await journal().findByNumber(opening.charge.identity.id), opening.charge);
  });

  test('a charge is found under its own merchant only', async () => {
    const charge = await makeShop().charge();
    assert.equal(await journal().find(makeShop().merchantId, charge.identity.id), undefined);
  });

  test('a charge for an unknown sale is refused and leaves nothing', async () => {
    const shop = makeShop();
    const unknown = makeId('sale', start, seededRandom(1));
    const opening = shop.opening(unknown);
    assert.deepEqual(await journal().openCharge(opening), { ok: false, failure: { kind: 'sale-unknown' } });
    assert.equal(await journal().findByNumber(opening.charge.identity.id), undefined);
    assert.equal(await journal().findIntent(shop.merchantId, unknown), undefined);
  });

  test('the same request again answers what the first one made, as it stands now', async () => {
    const shop = makeShop();
    const saleId = await shop.sale();
    const first = opened(await journal().openCharge(shop.opening(saleId, { key: 'k' })));
    const now = moved(await journal().advance(first, approvedState(first), []));
    const again = await journal().openCharge(shop.opening(saleId, { key: 'k' }));
    assert.deepEqual(again, { ok: true, value: { kind: 'repeated', attempt: now } });
  });

  test('the very same opening again is a repeat as well', async () => {
    const shop = makeShop();
    const opening = shop.opening(await shop.sale());
    opened(await journal().openCharge(opening));
    const again = await journal().openCharge(opening);
    assert.deepEqual(again, { ok: true, value: { kind: 'repeated', attempt: opening.charge } });
  });

  test('one key with another body is refused, on the same sale and on another', async () => {
    const shop = makeShop();
    const saleId = await shop.sale();
    opened(await journal().openCharge(shop.opening(saleId, { key: 'k' })));
    const refused = { ok: false, failure: { kind: 'key-reused' } };
    assert.deepEqual(await journal().openCharge(shop.opening(saleId, { key: 'k', fingerprint: 'other' })), refused);
    const other = await shop.sale();
    assert.deepEqual(await journal().openCharge(shop.opening(other, { key: 'k', fingerprint: 'other' })), refused);
    assert.equal(await journal().findIntent(shop.merchantId, other), undefined);
  });

  test('one key of two merchants is two keys', async () => {
    for (const shop of [makeShop(), makeShop()])
      opened(await journal().openCharge(shop.opening(await shop.sale(), { key: 'k' })));
  });

  test('a second charge is refused while the first stands, whatever its phase', async () => {
    const shop = makeShop();
    const undone: readonly ChargePhase[] = ['declined', 'reversed', 'returned'];
    for (const phase of chargePhases) {
      const saleId = await shop.sale();
      const first = opened(await journal().openCharge(shop.opening(saleId)));
      const stands = moved(await journal().advance(first, { ...first.state, phase }, []));
      const second = await journal().openCharge(shop.opening(saleId));
      if (undone.includes(phase)) assert.equal(opened(second).identity.intentId, first.identity.intentId);
      else assert.deepEqual(second, { ok: false, failure: { kind: 'attempt-stands', attempt: stands } });
    }
  });

  test('all charges of a sale belong to the intent of the first', async () => {
    const shop = makeShop();
    const saleId = await shop.sale();
    assert.equal(await journal().findIntent(shop.merchantId, saleId), undefined);
    const first = opened(await journal().openCharge(shop.opening(saleId)));
    moved(await journal().advance(first, { ...first.state, ...atRest, phase: 'declined' }, []));
    const second = opened(await journal().openCharge(shop.opening(saleId)));
    assert.equal(second.identity.intentId, first.identity.intentId);
    assert.equal(await journal().findIntent(shop.merchantId, saleId), first.identity.intentId);
    assert.deepEqual(await journal().find(shop.merchantId, second.identity.id), second);
  });

  test('of fifty openings of one sale at once exactly one succeeds and the others see it', async () => {
    const shop = makeShop();
    for (let round = 0; round < 5; round += 1) {
      const saleId = await shop.sale();
      const results = await Promise.all(Array.from({ length: 50 }, () => journal().openCharge(shop.opening(saleId))));
      const winners = results.flatMap((result) => (result.ok ? [result.value.attempt] : []));
      assert.equal(winners.length, 1);
      for (const result of results)
        if (!result.ok) assert.deepEqual(result.failure, { kind: 'attempt-stands', attempt: winners[0] });
      assert.deepEqual(await journal().listOfSale(shop.merchantId, saleId), winners);
    }
  });

  test('of fifty repeats of one request at once one opens and the others repeat it', async () => {
    const shop = makeShop();
    const saleId = await shop.sale();
    const results = await Promise.all(
      Array.from({ length: 50 }, () => journal().openCharge(shop.opening(saleId, { key: 'k' }))),
    );
    const kinds = results.map((result) => (result.ok ? result.value.kind : result.failure.kind));
    assert.deepEqual(kinds.toSorted(), ['opened', ...Array(49).fill('repeated')]);
    const ids = new Set(results.map((result) => (result.ok ? result.value.attempt.identity.id : '')));
    assert.equal(ids.size, 1);
  });

  test('openings of many sales at once each get their own answer', async () => {
    const shop = makeShop();
    const good = await Promise.all(Array.from({ length: 60 }, () => shop.sale()));
    const bad = makeId('sale', start, seededRandom(2));
    const openings = good.flatMap((saleId) => [shop.opening(saleId), shop.opening(bad)]);
    const results = await Promise.all(openings.map((opening) => journal().openCharge(opening)));
    for (const [index, result] of results.entries()) {
      const charge = openings[index]?.charge;
      if (index % 2 === 0) assert.deepEqual(result, { ok: true, value: { kind: 'opened', attempt: charge } });
      else assert.deepEqual(result, { ok: false, failure: { kind: 'sale-unknown' } });
    }
  });
}

function advanceTests({ journal, subject, shop: makeShop }: Context): void {
  const fact = (type: string): Fact => ({ type, data: { text: 'a "b" \n 汉', count: 7, flag: true, none: null } });

  test('a write moves the version on by one and is found', async () => {
    const charge = await makeShop().charge();
    const next = { ...charge.state, phase: 'unclear', calls: 2, cause: 'timeout' } as const;
    const after1 = moved(await journal().advance(charge, next, []));
    assert.deepEqual(after1, { ...charge, state: next, version: charge.version + 1 });
    assert.deepEqual(await journal().findByNumber(charge.identity.id), after1);
  });

  test('a write from an old version changes nothing and tells no fact', async () => {
    const shop = makeShop();
    const charge = await shop.charge();
    const now = moved(await journal().advance(charge, { ...charge.state, phase: 'unclear' }, [fact('test.one')]));
    const late = await journal().advance(charge, approvedState(charge), [fact('test.two')]);
    assert.equal(late, undefined);
    assert.deepEqual(await journal().findByNumber(charge.identity.id), now);
    assert.deepEqual(await subject().factsOf(shop.merchantId), [fact('test.one')]);
  });

  test('of twenty writes from one version exactly one is done, with exactly its facts', async () => {
    const shop = makeShop();
    const charge = await shop.charge();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        journal().advance(charge, { ...charge.state, calls: 100 + index }, [fact(`test.${index}`), fact('test.also')]),
      ),
    );
    const winners = results.filter((result) => result !== undefined);
    assert.equal(winners.length, 1);
    const now = await journal().findByNumber(charge.identity.id);
    assert.deepEqual(now, winners[0]);
    const winner = results.findIndex((result) => result !== undefined);
    assert.deepEqual(await subject().factsOf(shop.merchantId), [fact(`test.${winner}`), fact('test.also')]);
  });

  test('writes of many charges at once are each done once', async () => {
    const shop = makeShop();
    const charges = await Promise.all(Array.from({ length: 100 }, () => shop.charge()));
    const results = await Promise.all(
      charges.map((charge) => journal().advance(charge, approvedState(charge), [fact(charge.identity.id)])),
    );
    for (const [index, result] of results.entries()) {
      const charge = charges[index];
      assert.ok(charge !== undefined);
      assert.deepEqual(result, { ...charge, state: approvedState(charge), version: 2 });
    }
    const told = (await subject().factsOf(shop.merchantId)).map((each) => each.type);
    assert.deepEqual(told.toSorted(), charges.map((charge) => charge.identity.id).toSorted());
  });

  test('an unknown attempt cannot be moved', async () => {
    const shop = makeShop();
    const { charge } = shop.opening(await shop.sale());
    assert.equal(await journal().advance(charge, approvedState(charge), [fact('test.none')]), undefined);
    assert.deepEqual(await subject().factsOf(shop.merchantId), []);
  });
}

function fieldTests({ journal, shop: makeShop }: Context): void {
  test('every field of a charge comes back as it was written', async () => {
    const shop = makeShop();
    const huge = money('JPY', 9_007_199_254_740_993n);
    const full: Charge['state'] = {
      phase: 'returning',
      calls: 12,
      inFlight: { act: 'inquire-refund', call: 12 },
      dueAt: instant(start + 1),
      rounds: 3,
      reason: 'closed',
      cause: 'mismatch',
      channelCode: 'ACQ.汉',
      evidence: { channelReference: 'ref', amount: huge, paidAt: instant(start + 2), payerAccount: '159****5620' },
      changedAt: instant(start + 3),
      finalWord: 'not-paid',
      finalWordAt: instant(start + 4),
      abandonedAt: instant(start + 5),
    };
    const charge = await shop.charge({ amount: huge, state: full });
    assert.deepEqual(charge.state, full);
    assert.deepEqual(await journal().findByNumber(charge.identity.id), charge);
    const bare = { ...full, ...atRest, reason: null, cause: null, channelCode: null, evidence: null, finalWord: null };
    const now = moved(await journal().advance(charge, { ...bare, finalWordAt: null, abandonedAt: null }, []));
    assert.deepEqual(await journal().findByNumber(charge.identity.id), now);
  });

  test('every word of every closed set can be written', async () => {
    const shop = makeShop();
    for (const channel of channels) {
      const opening = shop.opening(await shop.sale());
      const charge = { ...opening.charge, identity: { ...opening.charge.identity, channel } };
      assert.deepEqual(opened(await journal().openCharge({ ...opening, charge })), charge);
    }
    let charge = await shop.charge();
    const states = [
      ...chargePhases.map((phase) => ({ phase })),
      ...acts.map((act) => ({ inFlight: { act, call: 1 } })),
      ...reasons.map((reason) => ({ reason })),
      ...causes.map((cause) => ({ cause })),
    ];
    for (const change of states) {
      charge = moved(await journal().advance(charge, { ...charge.state, ...change }, []));
      assert.deepEqual(await journal().findByNumber(charge.identity.id), charge);
    }
    const whole = await shop.approved(money('HKD', 100n));
    let refund = opened(await journal().openRefund(shop.refundOpening(whole, 1n)));
    for (const phase of refundPhases) {
      refund = moved(await journal().advance(refund, { ...refund.state, phase }, []));
      assert.deepEqual(await journal().findByNumber(refund.identity.id), refund);
    }
  });
}

function refundTests({ journal, subject, shop: makeShop }: Context): void {
  const cny = (minor: bigint) => money('CNY', minor);
  const exceeds = (minor: bigint, currency: Currency = 'CNY') => ({
    ok: false,
    failure: { kind: 'exceeds', refundable: money(currency, minor) },
  });

  test('an opened refund is found as it was given', async () => {
    const shop = makeShop();
    const opening = shop.refundOpening(await shop.approved(cny(1_000n)), 400n);
    assert.deepEqual(await journal().openRefund(opening), {
      ok: true,
      value: { kind: 'opened', attempt: opening.refund },
    });
    assert.deepEqual(await journal().findByNumber(opening.refund.identity.id), opening.refund);
  });

  test('a refund repeats, refuses a reused key, and knows its charge', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    const first = opened(await journal().openRefund(shop.refundOpening(charge, 1_000n, 'k')));
    const again = await journal().openRefund(shop.refundOpening(charge, 1_000n, 'k'));
    assert.deepEqual(again, { ok: true, value: { kind: 'repeated', attempt: first } });
    const reused = await journal().openRefund(shop.refundOpening(charge, 1n, 'k', 'other'));
    assert.deepEqual(reused, { ok: false, failure: { kind: 'key-reused' } });
    const open = await shop.charge();
    const early = await journal().openRefund(shop.refundOpening(open, 1n));
    assert.deepEqual(early, { ok: false, failure: { kind: 'charge-not-approved', charge: open } });
    const { charge: unmade } = shop.opening(await shop.sale());
    const unknown = await journal().openRefund(shop.refundOpening(unmade, 1n));
    assert.deepEqual(unknown, { ok: false, failure: { kind: 'charge-unknown' } });
  });

  test('refunds never exceed the charge, and a declined one gives its amount back', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    const first = opened(await journal().openRefund(shop.refundOpening(charge, 600n)));
    assert.deepEqual(await journal().openRefund(shop.refundOpening(charge, 401n)), exceeds(400n));
    const second = opened(await journal().openRefund(shop.refundOpening(charge, 400n)));
    assert.deepEqual(await journal().openRefund(shop.refundOpening(charge, 1n)), exceeds(0n));
    moved(await journal().advance(first, { ...first.state, ...atRest, phase: 'declined', reason: 'other' }, []));
    moved(await journal().advance(second, { ...second.state, ...atRest, phase: 'refunded' }, []));
    assert.deepEqual(await journal().openRefund(shop.refundOpening(charge, 601n)), exceeds(600n));
    opened(await journal().openRefund(shop.refundOpening(charge, 600n)));
  });

  test('a refund in another currency is refused', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    const opening = shop.refundOpening(charge, 1n);
    const refund = { ...opening.refund, identity: { ...opening.refund.identity, amount: money('USD', 1n) } };
    assert.deepEqual(await journal().openRefund({ ...opening, refund }), exceeds(1_000n));
  });

  test('forty refunds at once give back no more than was taken', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    const results = await Promise.all(
      Array.from({ length: 40 }, () => journal().openRefund(shop.refundOpening(charge, 70n))),
    );
    assert.equal(results.filter((result) => result.ok).length, 14);
    for (const result of results) if (!result.ok) assert.equal(result.failure.kind, 'exceeds');
    assert.deepEqual(await journal().openRefund(shop.refundOpening(charge, 21n)), exceeds(20n));
  });

  test('ten repeats of one refund at once make one', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    const results = await Promise.all(
      Array.from({ length: 10 }, () => journal().openRefund(shop.refundOpening(charge, 500n, 'k'))),
    );
    const kinds = results.map((result) => (result.ok ? result.value.kind : result.failure.kind));
    assert.deepEqual(kinds.toSorted(), ['opened', ...Array(9).fill('repeated')]);
  });

  test('a declined refund that is written twice gives its amount back once', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    let refund = opened(await journal().openRefund(shop.refundOpening(charge, 1_000n)));
    for (let round = 0; round < 2; round += 1)
      refund = moved(await journal().advance(refund, { ...refund.state, ...atRest, phase: 'declined' }, []));
    opened(await journal().openRefund(shop.refundOpening(charge, 1_000n)));
    assert.deepEqual(await journal().openRefund(shop.refundOpening(charge, 1n)), exceeds(0n));
  });

  test('a refund moves by version, and its facts go with the move that was done', async () => {
    const shop = makeShop();
    const charge = await shop.approved(cny(1_000n));
    const refund = opened(await journal().openRefund(shop.refundOpening(charge, 1_000n)));
    const next = { ...refund.state, ...atRest, phase: 'refunded' } as const;
    const results = await Promise.all(
      Array.from({ length: 5 }, (_, n) => journal().advance(refund, next, [{ type: 'test.refund', data: { n } }])),
    );
    assert.equal(results.filter((result) => result !== undefined).length, 1);
    assert.deepEqual(await journal().findByNumber(refund.identity.id), { ...refund, state: next, version: 2 });
    assert.equal((await subject().factsOf(shop.merchantId)).length, 1);
  });
}

function custodyTests({ journal, shop: makeShop }: Context): void {
  // The journal is shared, so a taker may see other tests' attempts: only this shop's count.
  const take = async (shop: Shop, taker: string, now: Instant, limit = 10_000) =>
    (await journal().takeUp(taker, now, limit)).filter((attempt) => attempt.identity.merchantId === shop.merchantId);
  const ids = (attempts: readonly Attempt[]) => attempts.map((attempt) => attempt.identity.id).toSorted();

  test('a living owner keeps what it holds, due or not', async () => {
    const shop = makeShop();
    await journal().beat(shop.owner, seconds(100));
    await shop.charge({ state: { dueAt: seconds(5) } });
    assert.deepEqual(await take(shop, `${shop.owner}-b`, seconds(99)), []);
  });

  test('what a dead owner holds is taken up at once, due or not, and only once', async () => {
    const shop = makeShop();
    await journal().beat(shop.owner, seconds(100));
    const charge = await shop.charge({ state: { dueAt: seconds(5_000) } });
    const [taken] = await take(shop, `${shop.owner}-b`, seconds(101));
    assert.deepEqual(taken, charge);
    await journal().beat(`${shop.owner}-b`, seconds(200));
    assert.deepEqual(await take(shop, `${shop.owner}-c`, seconds(102)), []);
    assert.deepEqual(await take(shop, `${shop.owner}-b`, seconds(102)), []);
  });

  test('a beat keeps an owner alive', async () => {
    const shop = makeShop();
    await journal().beat(shop.owner, seconds(100));
    await shop.charge();
    await journal().beat(shop.owner, seconds(300));
    assert.deepEqual(await take(shop, `${shop.owner}-b`, seconds(200)), []);
    assert.equal((await take(shop, `${shop.owner}-b`, seconds(301))).length, 1);
  });

  test('an owner that retires leaves all to others at once', async () => {
    const shop = makeShop();
    await journal().beat(shop.owner, seconds(100));
    const charges = await Promise.all(
      Array.from({ length: 3 }, () => shop.charge({ state: { dueAt: seconds(5_000) } })),
    );
    await journal().retire(shop.owner);
    assert.deepEqual(ids(await take(shop, `${shop.owner}-b`, seconds(1))), ids(charges));
  });

  test('what is at rest is nobody’s duty, even when its owner is dead', async () => {
    const shop = makeShop();
    const charge = await shop.charge();
    moved(await journal().advance(charge, approvedState(charge), []));
    assert.deepEqual(await take(shop, `${shop.owner}-b`, seconds(10_000)), []);
  });

  test('what a late notice woke is taken up when it is due, also by the one who once held it', async () => {
    const shop = makeShop();
    await journal().beat(shop.owner, seconds(100_000));
    const charge = await shop.charge();
    const rest = moved(await journal().advance(charge, { ...charge.state, ...atRest, phase: 'declined' }, []));
    const woken = moved(
      await journal().advance(rest, { ...rest.state, phase: 'reversing', inFlight: null, dueAt: seconds(50) }, []),
    );
    assert.deepEqual(await take(shop, shop.owner, seconds(49)), []);
    assert.deepEqual(await take(shop, shop.owner, seconds(50)), [woken]);
  });

  test('several takers at once each get what no other gets', async () => {
    const shop = makeShop();
    const charges = await Promise.all(Array.from({ length: 60 }, () => shop.charge()));
    const takers = ['b', 'c', 'd', 'e'].map((name) => `${shop.owner}-${name}`);
    for (const taker of takers) await journal().beat(taker, seconds(1_000));
    const taken = await Promise.all(
      takers.flatMap((taker) => [take(shop, taker, seconds(10)), take(shop, taker, seconds(10))]),
    );
    assert.deepEqual(ids(taken.flat()), ids(charges));
  });

  test('a taker takes no more than it asked for', async () => {
    const shop = makeShop();
    await Promise.all(Array.from({ length: 5 }, () => shop.charge()));
    assert.ok((await journal().takeUp(`${shop.owner}-b`, seconds(10), 3)).length <= 3);
  });

  test('a refund is taken up like a charge', async () => {
    const shop = makeShop();
    const charge = await shop.approved(money('CNY', 100n));
    const refund = opened(await journal().openRefund(shop.refundOpening(charge, 100n)));
    assert.deepEqual(await take(shop, `${shop.owner}-b`, seconds(10)), [refund]);
  });

  test('a write from before the taking up still counts, for the version did not move', async () => {
    const shop = makeShop();
    const charge = await shop.charge();
    await take(shop, `${shop.owner}-b`, seconds(10));
    assert.equal(moved(await journal().advance(charge, approvedState(charge), [])).version, 2);
  });
}

function listTests({ journal, shop: makeShop }: Context): void {
  const ids = (attempts: readonly Attempt[]): readonly PaymentAttemptId[] => attempts.map((each) => each.identity.id);

  test('the attempts of a sale are listed oldest first, charges and refunds', async () => {
    const shop = makeShop();
    const saleId = await shop.sale();
    const first = opened(await journal().openCharge(shop.opening(saleId)));
    moved(await journal().advance(first, { ...first.state, ...atRest, phase: 'declined' }, []));
    const second = opened(await journal().openCharge(shop.opening(saleId)));
    const approved = moved(await journal().advance(second, approvedState(second), []));
    const refund = opened(await journal().openRefund(shop.refundOpening(approved, 5n)));
    const listed = await journal().listOfSale(shop.merchantId, saleId);
    assert.deepEqual(ids(listed), [first.identity.id, approved.identity.id, refund.identity.id]);
    assert.deepEqual(listed.slice(1), [approved, refund]);
  });

  test('the attempts of a page of sales come in one answer, with an empty list where there are none', async () => {
    const shop = makeShop();
    const paid = await shop.charge();
    const empty = await shop.sale();
    const listed = await journal().listOfSales(shop.merchantId, [paid.identity.saleId, empty]);
    assert.deepEqual(
      [...listed],
      [
        [paid.identity.saleId, [paid]],
        [empty, []],
      ],
    );
    assert.equal((await journal().listOfSales(shop.merchantId, [])).size, 0);
  });

  test('custody lists what is still to be done although the till has its word, oldest first', async () => {
    const shop = makeShop();
    const charges = [];
    for (let count = 0; count < 4; count += 1) charges.push(await shop.charge());
    const [waiting, first, done, second] = charges;
    assert.ok(waiting && first && done && second);
    const told = { finalWord: 'not-paid', finalWordAt: seconds(30), phase: 'reversing' } as const;
    const later = moved(await journal().advance(second, { ...second.state, ...told }, []));
    const sooner = moved(await journal().advance(first, { ...first.state, ...told }, []));
    moved(await journal().advance(done, { ...done.state, ...told, ...atRest, phase: 'reversed' }, []));
    const whole = await shop.approved(money('CNY', 100n));
    const refund = opened(await journal().openRefund(shop.refundOpening(whole, 100n)));
    assert.deepEqual(await journal().listCustody(shop.merchantId, 10), [sooner, later]);
    const unclear = moved(await journal().advance(refund, { ...refund.state, phase: 'unclear' }, []));
    assert.deepEqual(await journal().listCustody(shop.merchantId, 10), [sooner, later, unclear]);
    assert.deepEqual(await journal().listCustody(shop.merchantId, 1), [sooner]);
  });
}
