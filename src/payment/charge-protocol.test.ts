// The protocol's doubtful cases, one sentence each. `Shop` plays one charge by hand: it keeps the state, tells events and
// shows what the protocol wants done.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeviceId, MerchantId, PaymentAttemptId, PaymentIntentId, SaleId, StoreId } from '#foundation/id.ts';
import { durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { success } from '#foundation/result.ts';
import type { Charge, ChargePhase } from './attempt.ts';
import type { Approved, AuthorizeReply, Declined, InquiryReply, RefundReply, ReversalReply } from './channel.port.ts';
import { type ChargeEvent, chargePhases } from './charge-phases.ts';
import { beginCharge, decideCharge } from './charge-protocol.ts';
import { defaultPolicy } from './policy.ts';

const start = instant(1_795_428_000_000);
const amount = money('CNY', 1_230n);

const approved: Approved = {
  outcome: 'approved',
  evidence: { channelReference: '2026112322001', amount, paidAt: start, payerAccount: '159****5620' },
};
const refused: Declined = { outcome: 'declined', reason: 'insufficient-funds', channelCode: 'ACQ.X' };
const waiting = { outcome: 'awaiting-payer' } as const;
const timeout = { outcome: 'outcome-unknown', cause: 'timeout' } as const;
const neverReceived = { outcome: 'never-received' } as const;

class Shop {
  charge: Charge;
  now: Instant = start;
  act: string | null = 'authorize';

  constructor() {
    const identity = {
      id: 'pa_1' as PaymentAttemptId,
      merchantId: 'mer_1' as MerchantId,
      storeId: 'sto_1' as StoreId,
      deviceId: 'dev_1' as DeviceId,
      saleId: 'sale_1' as SaleId,
      intentId: 'pi_1' as PaymentIntentId,
      channel: 'alipay-openapi' as const,
      amount,
      description: 'Tea',
      createdAt: start,
    };
    const state = beginCharge(start, defaultPolicy);
    this.charge = { kind: 'charge', identity, state, version: 1, payerCodeMasked: '28****' };
  }

  get phase(): ChargePhase {
    return this.charge.state.phase;
  }

  get word(): string | null {
    return this.charge.state.finalWord;
  }

  tell(event: ChargeEvent): this {
    const decision = decideCharge(this.charge, event, this.now, defaultPolicy);
    this.act = decision === null ? null : decision.act;
    if (decision === null) return this;
    const from = this.phase;
    const to = decision.state.phase;
    const lawful: readonly ChargePhase[] = chargePhases[from].next;
    assert.ok(from === to || lawful.includes(to), `${from} → ${to} is not in the table`);
    this.charge = { ...this.charge, state: decision.state, version: this.charge.version + 1 };
    return this;
  }

  get call(): number {
    return this.charge.state.inFlight?.call ?? -1;
  }

  authorized(reply: AuthorizeReply): this {
    return this.tell({ type: 'authorize-answered', call: this.call, reply: success(reply) });
  }

  inquired(reply: InquiryReply): this {
    return this.tell({ type: 'inquire-answered', call: this.call, reply: success(reply) });
  }

  reversed(reply: ReversalReply): this {
    return this.tell({ type: 'reverse-answered', call: this.call, reply: success(reply) });
  }

  refunded(reply: RefundReply): this {
    return this.tell({ type: 'refund-answered', call: this.call, reply: success(reply) });
  }

  notSent(): this {
    const failure = { kind: 'not-sent', detail: 'ECONNREFUSED' } as const;
    return this.tell({ type: 'authorize-answered', call: this.call, reply: { ok: false, failure } });
  }

  at(seconds: number): this {
    this.now = plus(start, durationMs(seconds * 1_000));
    return this;
  }

  /** Sleeps to the next due moment and is woken there. */
  wake(): this {
    const { dueAt } = this.charge.state;
    assert.ok(dueAt !== null, 'nothing is due');
    if (dueAt > this.now) this.now = dueAt;
    return this.tell({ type: 'woken' });
  }

  get seconds(): number {
    return (this.now - start) / 1_000;
  }
}

test('given up while no request could leave it ends at once, and keeps its sale from nothing', () => {
  const shop = new Shop().at(0.1).notSent().at(0.5).tell({ type: 'abandoned' });
  assert.deepEqual([shop.phase, shop.word, shop.act], ['declined', 'not-paid', null]);
  assert.equal(shop.charge.state.reason, 'channel-unreachable');
  assert.equal(shop.charge.state.abandonedAt, shop.now);
});

test('an approved answer is the till\'s "paid", at once and for good', () => {
  const shop = new Shop().at(0.4).authorized(approved);
  assert.equal(shop.phase, 'approved');
  assert.equal(shop.word, 'paid');
  assert.equal(shop.charge.state.dueAt, null);
  assert.equal(shop.tell({ type: 'noticed', reply: approved }).act, null);
});

test('a verified refusal is "not paid" and leaves nothing to do', () => {
  const shop = new Shop().authorized(refused);
  assert.deepEqual([shop.phase, shop.word, shop.charge.state.reason], ['declined', 'not-paid', 'insufficient-funds']);
  assert.equal(shop.charge.state.dueAt, null);
});

test('a waiting payer is asked about from 5 s on, then every 3 s, and paid when he confirms', () => {
  const shop = new Shop().at(0.5).authorized(waiting).wake();
  assert.deepEqual([shop.phase, shop.act, shop.seconds], ['awaiting-payer', 'inquire', 5.5]);
  shop.inquired(waiting).wake();
  assert.equal(shop.seconds, 8.5);
  shop.inquired(approved);
  assert.deepEqual([shop.phase, shop.word], ['approved', 'paid']);
});

test('a lost answer is asked about after one second', () => {
  const shop = new Shop().at(2).authorized({ outcome: 'outcome-unknown', cause: 'connection-lost' }).wake();
  assert.deepEqual([shop.phase, shop.act, shop.seconds], ['unclear', 'inquire', 3]);
});

test('a payer who walks away: the last query at 24 s, the cancel in the same moment, the word before 30 s', () => {
  const shop = new Shop().at(0.5).authorized(waiting);
  while (shop.word === null) shop.wake().inquired(waiting);
  assert.deepEqual([shop.seconds, shop.phase, shop.act, shop.word], [24, 'reversing', 'reverse', 'not-paid']);
  shop.reversed({ outcome: 'reversed', moneyReturned: false });
  assert.deepEqual([shop.phase, shop.charge.state.dueAt], ['reversed', null]);
});

test('no answer to anything: the word still comes before the deadline, and custody goes on', () => {
  const shop = new Shop().at(6).authorized(timeout);
  while (shop.word === null) {
    shop.wake();
    if (shop.act === 'inquire' && shop.word === null) shop.at(shop.seconds + 2.5).inquired(timeout);
  }
  assert.ok(shop.seconds <= 26.5, `the word came at ${shop.seconds} s`);
  assert.equal(shop.act, 'reverse');
  for (let round = 0; round < 20; round += 1) {
    shop.reversed(timeout).wake();
    assert.equal(shop.act, 'inquire');
    shop.inquired(timeout);
    assert.equal(shop.act, 'reverse');
  }
  shop.reversed({ outcome: 'reversed', moneyReturned: true });
  assert.deepEqual([shop.phase, shop.word], ['reversed', 'not-paid']);
});

test('an inquiry that hangs past the last moment does not hold the word back', () => {
  const shop = new Shop().authorized(waiting);
  while (shop.charge.state.inFlight === null || shop.seconds < 24) {
    shop.wake();
    if (shop.seconds < 24) shop.inquired(waiting);
  }
  assert.equal(shop.act, 'inquire');
  shop.wake();
  assert.deepEqual([shop.seconds, shop.word, shop.act], [26.5, 'not-paid', 'reverse']);
});

test('an approval that comes with the last inquiry is still paid', () => {
  const shop = new Shop().authorized(waiting);
  while (shop.seconds < 24) shop.wake().inquired(shop.seconds < 24 ? waiting : approved);
  assert.deepEqual([shop.phase, shop.word], ['approved', 'paid']);
});

test('a late approval never turns "not paid" into a sale: it goes back', () => {
  const shop = new Shop().authorized(waiting).at(24);
  shop.tell({ type: 'woken' }).inquired(waiting).reversed(timeout);
  assert.deepEqual([shop.phase, shop.word], ['reversing', 'not-paid']);
  shop.wake().inquired(approved);
  assert.deepEqual([shop.phase, shop.act], ['reversing', 'reverse']);
  shop.reversed({ outcome: 'reversed', moneyReturned: true });
  assert.deepEqual([shop.phase, shop.word], ['reversed', 'not-paid']);
});

test('an approval noticed after everything was at rest is reversed all the same', () => {
  for (const shop of [
    new Shop().authorized(refused),
    new Shop().authorized(waiting).at(24).tell({ type: 'woken' }).inquired({ outcome: 'closed' }),
  ]) {
    assert.equal(shop.charge.state.dueAt, null);
    shop.at(300).tell({ type: 'noticed', reply: approved });
    assert.deepEqual([shop.phase, shop.act, shop.word], ['reversing', 'inquire', 'not-paid']);
    shop.inquired(approved).reversed({ outcome: 'reversed', moneyReturned: true });
    assert.equal(shop.phase, 'reversed');
  }
});

test('too late to cancel means refund, asked about until it is proven', () => {
  const shop = new Shop().authorized(waiting).at(24).tell({ type: 'woken' }).inquired(waiting);
  shop.reversed({ outcome: 'too-late' });
  assert.deepEqual([shop.phase, shop.act], ['returning', 'inquire']);
  shop.inquired(approved);
  assert.equal(shop.act, 'refund');
  shop.refunded(timeout).wake();
  assert.equal(shop.act, 'inquire-refund');
  shop.tell({ type: 'inquire-refund-answered', call: shop.call, reply: success({ outcome: 'never-received' }) });
  shop.inquired(approved);
  assert.equal(shop.act, 'refund');
  shop.refunded({ outcome: 'refunded', refundedAt: null });
  assert.deepEqual([shop.phase, shop.charge.state.dueAt], ['returned', null]);
});

test('a request that Alipay never got is watched until its code is dead, for it may only be late', () => {
  const shop = new Shop().authorized({ outcome: 'outcome-unknown', cause: 'connection-lost' }).at(24);
  shop.tell({ type: 'woken' }).inquired(neverReceived).reversed(neverReceived);
  assert.deepEqual([shop.phase, shop.word], ['watching', 'not-paid']);
  while (shop.phase === 'watching') shop.wake().inquired(neverReceived);
  assert.deepEqual([shop.phase, shop.seconds], ['reversed', 120]);
});

test('closed as never received, it is looked at again until the cancel window ends, and a late booking goes back', () => {
  const close = (): Shop => {
    const shop = new Shop().authorized(timeout).at(24).tell({ type: 'woken' }).inquired(neverReceived);
    shop.reversed(neverReceived);
    while (shop.phase === 'watching') shop.wake().inquired(neverReceived);
    return shop;
  };
  const quiet = close();
  const looks: number[] = [];
  while (quiet.charge.state.dueAt !== null) {
    quiet.wake();
    looks.push(Math.round(quiet.seconds / 60));
    assert.deepEqual([quiet.phase, quiet.act], ['reversed', 'inquire']);
    quiet.inquired(neverReceived);
  }
  assert.deepEqual(looks, [12, 62, 362, 1362]);
  const late = close().wake().inquired(approved);
  assert.deepEqual([late.phase, late.act, late.word], ['reversing', 'reverse', 'not-paid']);
});

test('a request that arrives after its cancel is seen by the watch and reversed', () => {
  const shop = new Shop().authorized(timeout).at(24).tell({ type: 'woken' }).inquired(neverReceived);
  shop.reversed(neverReceived).wake().inquired(approved);
  assert.deepEqual([shop.phase, shop.act], ['reversing', 'reverse']);
  shop.reversed({ outcome: 'reversed', moneyReturned: true });
  assert.equal(shop.phase, 'reversed');
});

test('what provably was not sent is sent again under the same id, and given up within four seconds', () => {
  const shop = new Shop().notSent();
  assert.deepEqual([shop.phase, shop.act], ['authorizing', null]);
  let sent = 1;
  while (shop.phase === 'authorizing') {
    shop.wake();
    if (shop.act === 'authorize') sent += 1;
    shop.notSent();
  }
  assert.deepEqual([shop.phase, shop.charge.state.reason, sent], ['declined', 'channel-unreachable', 5]);
  assert.ok(shop.seconds <= 4);
});

test('taken up from a dead process before the deadline: asked, not sent again', () => {
  const shop = new Shop().at(8).tell({ type: 'taken-up' });
  assert.deepEqual([shop.phase, shop.act], ['unclear', 'inquire']);
  shop.inquired(approved);
  assert.deepEqual([shop.phase, shop.word], ['approved', 'paid']);
});

test('taken up after the deadline: whatever is found, it is not paid', () => {
  const shop = new Shop().at(40).tell({ type: 'taken-up' });
  assert.deepEqual([shop.phase, shop.act, shop.word], ['reversing', 'inquire', 'not-paid']);
  shop.inquired(approved);
  assert.equal(shop.act, 'reverse');
});

test('abandoning asks once more and reverses at once; what is proven paid by then is paid', () => {
  const left = new Shop().authorized(waiting).at(3).tell({ type: 'abandoned' });
  assert.equal(left.act, 'inquire');
  left.inquired(waiting);
  assert.deepEqual([left.phase, left.act, left.word], ['reversing', 'reverse', 'not-paid']);
  const paid = new Shop().authorized(waiting).at(3).tell({ type: 'abandoned' }).inquired(approved);
  assert.deepEqual([paid.phase, paid.word], ['approved', 'paid']);
});

test('a stale answer changes nothing, but a stale approval is news', () => {
  const shop = new Shop().at(7).tell({ type: 'woken' });
  assert.equal(shop.act, 'inquire');
  assert.equal(shop.tell({ type: 'authorize-answered', call: 1, reply: success(waiting) }).act, null);
  assert.equal(shop.phase, 'unclear');
  shop.tell({ type: 'authorize-answered', call: 1, reply: success(approved) });
  assert.deepEqual([shop.phase, shop.word], ['approved', 'paid']);
});

test('every phase can be reached, and only phases at rest without kept money lead nowhere or back', () => {
  const reached = new Set<ChargePhase>(['authorizing']);
  for (const { next } of Object.values(chargePhases)) for (const phase of next) reached.add(phase);
  assert.deepEqual([...reached].sort(), Object.keys(chargePhases).sort());
  for (const [phase, { duty, next }] of Object.entries(chargePhases)) {
    if (duty === 'none') assert.ok(next.length === 0 || (next.length === 1 && next[0] === 'reversing'), phase);
    else assert.ok(next.length > 0, phase);
  }
});
