// Giving money back: the doubtful cases, one sentence each.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeviceId, MerchantId, PaymentAttemptId, PaymentIntentId, SaleId, StoreId } from '#foundation/id.ts';
import { durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { success } from '#foundation/result.ts';
import type { Refund } from './attempt.ts';
import type { RefundInquiryReply, RefundReply } from './channel.port.ts';
import { defaultPolicy } from './policy.ts';
import { beginRefund, decideRefund, type RefundEvent } from './refund-protocol.ts';

const start = instant(1_795_428_000_000);
const done = { outcome: 'refunded', refundedAt: null } as const;
const refused = { outcome: 'declined', reason: 'closed', channelCode: 'ACQ.TRADE_HAS_CLOSE' } as const;
const unclear = { outcome: 'outcome-unknown', cause: 'timeout' } as const;

class Desk {
  refund: Refund;
  now: Instant = start;
  act: string | null = 'refund';

  constructor() {
    const identity = {
      id: 'pa_2' as PaymentAttemptId,
      merchantId: 'mer_1' as MerchantId,
      storeId: 'sto_1' as StoreId,
      deviceId: 'dev_1' as DeviceId,
      saleId: 'sale_1' as SaleId,
      intentId: 'pi_1' as PaymentIntentId,
      channel: 'alipay-openapi' as const,
      amount: money('CNY', 500n),
      description: 'Tea',
      createdAt: start,
    };
    const charge = { id: 'pa_1' as PaymentAttemptId, amount: money('CNY', 1_230n), channelReference: 'T1' };
    this.refund = { kind: 'refund', identity, state: beginRefund(start, defaultPolicy), version: 1, charge };
  }

  tell(event: RefundEvent): this {
    const decision = decideRefund(this.refund, event, this.now, defaultPolicy);
    this.act = decision?.act ?? null;
    if (decision !== null) this.refund = { ...this.refund, state: decision.state };
    return this;
  }

  answered(reply: RefundReply): this {
    return this.tell({ type: 'refund-answered', call: this.refund.state.inFlight?.call ?? -1, reply: success(reply) });
  }

  inquired(reply: RefundInquiryReply): this {
    const call = this.refund.state.inFlight?.call ?? -1;
    return this.tell({ type: 'inquire-refund-answered', call, reply: success(reply) });
  }

  wake(): this {
    this.now = this.refund.state.dueAt ?? this.now;
    return this.tell({ type: 'woken' });
  }

  get phase(): string {
    return this.refund.state.phase;
  }
}

test('a proven refund is done', () => {
  assert.equal(new Desk().answered(done).phase, 'refunded');
});

test('a refusal is no decline before the channel has denied the refund until no request can arrive any more', () => {
  const desk = new Desk().answered(refused);
  assert.deepEqual([desk.phase, desk.act, desk.refund.state.reason], ['unclear', 'inquire-refund', 'closed']);
  const certainAt = plus(start, defaultPolicy.refusalWatchMs);
  for (let looks = 1; desk.now < certainAt; looks += 1) {
    desk.inquired({ outcome: 'never-received' });
    assert.deepEqual([desk.phase, desk.act, looks <= 8], ['unclear', null, true]);
    desk.wake();
    assert.equal(desk.act, 'inquire-refund');
  }
  assert.equal(desk.now, certainAt);
  desk.inquired({ outcome: 'never-received' });
  assert.deepEqual([desk.phase, desk.refund.state.reason, desk.refund.state.dueAt], ['declined', 'closed', null]);
});

test('a refused refund that was carried out after all is done, however it came about', () => {
  const desk = new Desk().answered(refused).inquired({ outcome: 'never-received' }).wake().inquired(done);
  assert.deepEqual([desk.phase, desk.refund.state.reason, desk.refund.state.refusedAt], ['refunded', null, null]);
});

test('nothing is sent after a refusal, and neither a lost answer nor a dead process shortens the watch', () => {
  const desk = new Desk().answered(refused);
  for (let round = 0; round < 4; round += 1) {
    desk.inquired(unclear).wake();
    assert.equal(desk.act, 'inquire-refund');
    desk.tell({ type: 'taken-up' });
    assert.deepEqual([desk.phase, desk.act, desk.refund.state.refusedAt], ['unclear', 'inquire-refund', start]);
  }
  assert.ok(desk.now < plus(start, defaultPolicy.refusalWatchMs));
  assert.equal(desk.inquired({ outcome: 'never-received' }).phase, 'unclear');
});

test('an unclear refund is asked about, and sent again only when the channel never got it', () => {
  const desk = new Desk().answered(unclear);
  assert.deepEqual([desk.phase, desk.act], ['unclear', null]);
  desk.wake();
  assert.equal(desk.act, 'inquire-refund');
  assert.equal(desk.inquired({ outcome: 'never-received' }).act, 'refund');
  assert.equal(desk.answered(done).phase, 'refunded');
});

test('a refusal of a second try may only mean that the first one worked', () => {
  const desk = new Desk().answered(unclear).wake().inquired({ outcome: 'never-received' }).answered(refused);
  assert.equal(desk.act, 'inquire-refund');
  const proven = desk.inquired(done);
  assert.deepEqual([proven.phase, proven.refund.state.reason], ['refunded', null]);
});

test('without an answer it goes on for good, ever slower, and a dead process changes nothing', () => {
  const desk = new Desk();
  desk.tell({ type: 'taken-up' });
  assert.equal(desk.act, 'inquire-refund');
  let last = start;
  for (let round = 0; round < 30; round += 1) {
    desk.inquired(unclear).wake();
    assert.equal(desk.act, 'inquire-refund');
    assert.ok(desk.now > last);
    last = desk.now;
  }
  assert.ok(desk.now <= plus(start, durationMs(30 * 300_000)));
});
