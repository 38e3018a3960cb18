// The desk against a store server in memory whose requests and answers can be lost, on a clock that passes when told. What is
// shown: one scan is one payment, nothing is forgotten, and silence is never taken for an outcome.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Follower } from './follow-payment.ts';
import { PaymentDesk } from './payment-desk.ts';
import type { Entry } from './payment-entry.ts';
import { FakeStore, TestClock, TestMemory, tenYuan } from './testing/fake-store.ts';

const code = '283456789012345678';
const otherCode = '289876543210987654';

function open(memory = new TestMemory(), store = new FakeStore(), clock = new TestClock()) {
  const ended: Entry[] = [];
  // Polls as the real follower does without a stream.
  const follower: Follower = {
    follow(paymentId, _inFront, listener) {
      let gone = false;
      const look = async () => {
        const answer = await store.payment(paymentId);
        if (gone) return;
        if (answer.ok) listener.payment(answer.value);
        else listener.silence();
        if (!gone) clock.after(1_000, () => void look());
      };
      void look();
      return () => {
        gone = true;
      };
    },
  };
  const desk = new PaymentDesk({
    client: store,
    ambient: clock,
    memory,
    follower,
    onEnd: (entry) => ended.push(entry),
  });
  return { desk, store, clock, memory, ended };
}

describe('a scan', () => {
  it('becomes a sale and a payment, and the sheet follows it to paid', async () => {
    const { desk, store, clock, ended } = open();
    assert.equal(desk.scan(code, tenYuan), 'started');
    assert.equal(desk.state.get().front?.phase, 'sending');
    await clock.pass(100);
    assert.equal(desk.state.get().front?.phase, 'awaiting-payer');
    store.move('pa_1', { status: 'paid' });
    await clock.pass(1_500);
    assert.equal(desk.state.get().front?.phase, 'paid');
    assert.deepEqual(
      ended.map((entry) => entry.phase),
      ['paid'],
    );
    assert.equal(store.startedWith.length, 1);
  });

  it('sends the payment in the same turn when its sale was opened as the scan began', async () => {
    const { desk, store, clock } = open();
    desk.prepare(tenYuan);
    await clock.pass(10);
    assert.equal(store.opened.size, 1);
    desk.scan(code, tenYuan);
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(store.startedWith.length, 1);
    await clock.pass(100);
    assert.equal(store.opened.size, 1);
  });

  it('repeated, or of another code while a payment runs, starts no second payment', async () => {
    const { desk, store, clock } = open();
    desk.scan(code, tenYuan);
    assert.equal(desk.scan(code, tenYuan), 'same-code');
    await clock.pass(100);
    assert.equal(desk.scan(code, tenYuan), 'same-code');
    assert.equal(desk.scan(otherCode, tenYuan), 'busy');
    await clock.pass(5_000);
    assert.equal(store.payments.size, 1);
  });

  it('of a code that is already in the strip is not taken again', async () => {
    const { desk, clock } = open();
    desk.scan(code, tenYuan);
    await clock.pass(100);
    desk.nextCustomer();
    assert.equal(desk.scan(code, tenYuan), 'same-code');
  });
});

describe('a network that loses', () => {
  it('the request: it is sent again under the same key until it arrives', async () => {
    const { desk, store, clock } = open();
    desk.prepare(tenYuan);
    await clock.pass(10);
    store.reach = 'request-lost';
    desk.scan(code, tenYuan);
    await clock.pass(2_000);
    assert.equal(desk.state.get().front?.inTouch, false);
    assert.equal(desk.state.get().front?.phase, 'sending');
    store.reach = 'there';
    await clock.pass(4_000);
    assert.equal(desk.state.get().front?.phase, 'awaiting-payer');
    assert.equal(store.payments.size, 1);
  });

  it('the answers: many sends, one key, one payment', async () => {
    const { desk, store, clock } = open();
    desk.prepare(tenYuan);
    await clock.pass(10);
    store.reach = 'answer-lost';
    desk.scan(code, tenYuan);
    await clock.pass(6_000);
    assert.ok(store.startedWith.length > 2);
    assert.equal(new Set(store.startedWith.map((start) => start.key)).size, 1);
    assert.equal(store.payments.size, 1);
    store.reach = 'there';
    await clock.pass(4_000);
    assert.equal(desk.state.get().front?.phase, 'awaiting-payer');
  });

  it('everything past the last moment to send: the till only looks, and says that nothing was sent when that is proven', async () => {
    const { desk, store, clock } = open();
    desk.prepare(tenYuan);
    await clock.pass(10);
    store.reach = 'request-lost';
    desk.scan(code, tenYuan);
    await clock.pass(60_000);
    assert.equal(desk.state.get().front?.phase, 'sending');
    assert.equal(desk.state.get().front?.inTouch, false);
    store.reach = 'there';
    await clock.pass(10_000);
    assert.equal(desk.state.get().front?.phase, 'never-sent');
    assert.deepEqual(store.startedWith, []);
    // The code was never used, so it may pay now.
    assert.equal(desk.scan(code, tenYuan), 'started');
  });

  it('all answers past the last moment to send: the payment that stands at the server is found', async () => {
    const { desk, store, clock } = open();
    desk.prepare(tenYuan);
    await clock.pass(10);
    store.reach = 'answer-lost';
    store.starts = { status: 'paid' };
    desk.scan(code, tenYuan);
    await clock.pass(60_000);
    assert.notEqual(desk.state.get().front?.phase, 'paid');
    store.reach = 'there';
    await clock.pass(10_000);
    assert.equal(desk.state.get().front?.phase, 'paid');
    assert.equal(store.payments.size, 1);
  });
});

describe('the next customer', () => {
  it('is served at once, and the payment left behind resolves by itself', async () => {
    const { desk, store, clock, ended } = open();
    desk.scan(code, tenYuan);
    await clock.pass(100);
    desk.nextCustomer();
    assert.equal(desk.state.get().front, null);
    assert.equal(desk.scan(otherCode, tenYuan), 'started');
    await clock.pass(100);
    store.move('pa_1', { status: 'paid' });
    await clock.pass(2_000);
    assert.equal(desk.state.get().left[0]?.phase, 'paid');
    assert.equal(desk.state.get().front?.phase, 'awaiting-payer');
    assert.equal(ended.length, 1);
    assert.equal(store.opened.size, 2);
    await clock.pass(61_000);
    assert.deepEqual(desk.state.get().left, []);
  });

  it('may come before the request has even arrived', async () => {
    const { desk, store, clock } = open();
    store.reach = 'request-lost';
    desk.scan(code, tenYuan);
    await clock.pass(500);
    desk.nextCustomer();
    store.reach = 'there';
    await clock.pass(3_000);
    assert.equal(desk.state.get().left[0]?.phase, 'awaiting-payer');
  });
});

describe('after a payment that ended unpaid', () => {
  it('another code pays the same sale', async () => {
    const { desk, store, clock } = open();
    store.starts = { status: 'not-paid', reason: 'insufficient-funds' };
    desk.scan(code, tenYuan);
    await clock.pass(100);
    assert.equal(desk.state.get().front?.phase, 'not-paid');
    store.starts = { status: 'paid' };
    assert.equal(desk.scan(otherCode, tenYuan), 'started');
    await clock.pass(100);
    assert.deepEqual(
      store.startedWith.map((start) => start.saleId),
      ['sale_1', 'sale_1'],
    );
  });

  it('whose reversal is in custody, another code pays a new sale', async () => {
    const { desk, store, clock } = open();
    store.starts = { status: 'not-paid', custody: true, reason: 'timed-out' };
    desk.scan(code, tenYuan);
    await clock.pass(100);
    desk.scan(otherCode, tenYuan);
    await clock.pass(100);
    assert.deepEqual(
      store.startedWith.map((start) => start.saleId),
      ['sale_1', 'sale_2'],
    );
  });
});

describe('a reload', () => {
  it('brings the payment back, and the payer code was never written down', async () => {
    const first = open();
    first.desk.scan(code, tenYuan);
    await first.clock.pass(100);
    assert.ok(![...first.memory.slots.values()].join().includes(code));
    const second = open(first.memory, first.store, first.clock);
    second.desk.resume();
    first.store.move('pa_1', { status: 'paid' });
    await second.clock.pass(2_000);
    assert.equal(second.desk.state.get().front?.phase, 'paid');
    assert.equal(first.store.payments.size, 1);
  });

  it('in the middle of a send that never arrived ends as not sent', async () => {
    const first = open();
    first.desk.prepare(tenYuan);
    await first.clock.pass(10);
    first.store.reach = 'request-lost';
    first.desk.scan(code, tenYuan);
    await first.clock.pass(100);
    first.store.reach = 'there';
    const second = open(first.memory, first.store, new TestClock());
    second.desk.resume();
    await second.clock.pass(40_000);
    assert.equal(second.desk.state.get().front?.phase, 'never-sent');
  });

  it('forgets payments that had ended, and survives a memory that holds rubbish', async () => {
    const { desk, store, clock, memory } = open();
    store.starts = { status: 'paid' };
    desk.scan(code, tenYuan);
    await clock.pass(100);
    assert.equal(memory.read('open-payments'), '[]');
    memory.write('open-payments', '{"broken":');
    const again = open(memory, store, clock);
    again.desk.resume();
    assert.deepEqual(again.desk.state.get(), { front: null, left: [] });
  });
});
