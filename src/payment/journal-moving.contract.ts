// Moving attempts: by version, with their facts, and with every field as it was written.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import type { ChannelName, Charge, ChargeAct, ChargePhase, RefundPhase } from './attempt.ts';
import type { DeclineReason, UnclearCause } from './channel.port.ts';
import type { Fact } from './journal.port.ts';
import { approvedState, atRest, type Context, moved, opened, start } from './journal-subject.contract.ts';

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

export function advanceTests({ journal, subject, shop: makeShop }: Context): void {
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

  test('an ended charge goes back to custody also when another of its sale has been paid since', async () => {
    const shop = makeShop();
    for (const ended of ['declined', 'reversed'] as const) {
      const saleId = await shop.sale();
      const first = opened(await journal().openCharge(shop.opening(saleId)));
      const rest = moved(await journal().advance(first, { ...first.state, ...atRest, phase: ended }, []));
      const second = opened(await journal().openCharge(shop.opening(saleId)));
      const paid = moved(await journal().advance(second, approvedState(second), []));
      const late = moved(await journal().advance(rest, { ...rest.state, phase: 'reversing' }, []));
      const third = await journal().openCharge(shop.opening(saleId));
      assert.equal(third.ok ? 'opened' : third.failure.kind, 'attempt-stands');
      const returning = moved(await journal().advance(late, { ...late.state, phase: 'returning' }, []));
      moved(await journal().advance(returning, { ...returning.state, ...atRest, phase: 'returned' }, []));
      const refused = await journal().openCharge(shop.opening(saleId));
      assert.deepEqual(refused, { ok: false, failure: { kind: 'attempt-stands', attempt: paid } });
    }
  });

  test('an unknown attempt cannot be moved', async () => {
    const shop = makeShop();
    const { charge } = shop.opening(await shop.sale());
    assert.equal(await journal().advance(charge, approvedState(charge), [fact('test.none')]), undefined);
    assert.deepEqual(await subject().factsOf(shop.merchantId), []);
  });
}

export function fieldTests({ journal, shop: makeShop }: Context): void {
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
