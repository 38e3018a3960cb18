// The streams themselves, with a payment and a clock made by hand: races, silence, readers that leave or do not read, and the limits.

import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import type { DeviceId, MerchantId, PaymentAttemptId, PaymentIntentId, SaleId, StoreId } from '#foundation/id.ts';
import { type Instant, instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import type { Attempt, Charge } from '#payment/index.ts';
import { ManualClock, settle } from '#payment/testing/manual-clock.ts';
import type { PaymentView } from '../contract/ecr.ts';
import { type EventStream, openEventStream } from '../testing/event-stream.fixture.ts';
import { until } from '../testing/until.ts';
import type { Device } from './authenticate.ts';
import { type FollowLimits, PaymentFollowers } from './follow-payment.ts';
import { answerProblems } from './problem-reply.ts';

const paymentId = 'pa_1' as PaymentAttemptId;
const device: Device = {
  ...{ merchantId: 'mer_1' as MerchantId, storeId: 'sto_1' as StoreId, deviceId: 'dev_1' as DeviceId },
  ...{ name: 'Till 1', storeName: 'Corner shop', currency: 'CNY', timeZone: 'Asia/Shanghai' },
};

const at = instant(1_795_428_000_000);
const charge: Charge = {
  kind: 'charge',
  identity: {
    ...{ id: paymentId, merchantId: device.merchantId, storeId: device.storeId, deviceId: device.deviceId },
    ...{ saleId: 'sale_1' as SaleId, intentId: 'pi_1' as PaymentIntentId, channel: 'alipay-openapi' },
    ...{ amount: money('CNY', 100n), description: 'Tea', createdAt: at },
  },
  state: {
    ...{ phase: 'awaiting-payer', calls: 1, inFlight: null, dueAt: at, rounds: 0, reason: null, cause: null },
    ...{ channelCode: null, evidence: null, changedAt: at, finalWord: null, finalWordAt: null, abandonedAt: null },
  },
  version: 1,
  payerCodeMasked: '28****',
};
const chargeOf = (version: number): Charge => ({ ...charge, version });

function viewOf(version: number, more: Partial<PaymentView> = {}): PaymentView {
  return {
    ...{ paymentId, saleId: 'sale_1', status: 'awaiting-payer', custody: false, amount: '1.00', currency: 'CNY' },
    ...{
      refunded: '0.00',
      reason: null,
      channelCode: `v${version}`,
      channel: 'alipay-openapi',
      channelReference: null,
    },
    ...{ payerAccount: null, payerCode: '28****', paidAt: null },
    ...{ createdAt: '2026-11-23T10:00:00.000Z', finalWordBy: '2026-11-23T10:00:30.000Z' },
    ...more,
  };
}

/** A payment made by hand. */
class Stage {
  readonly clock = new ManualClock();
  readonly listeners = new Set<(attempt: Attempt) => void>();
  /** What a look at the journal answers. */
  load = async (): Promise<Charge> => chargeOf(1);
  view = async (charge: Charge): Promise<PaymentView> => viewOf(charge.version);
  drives = false;
  wordDueAt: Instant | null = null;

  readonly payment = {
    follow: (_id: string, listener: (attempt: Attempt) => void) => {
      this.listeners.add(listener);
      return () => void this.listeners.delete(listener);
    },
    drives: () => this.drives,
    wordDueAt: () => this.wordDueAt,
  };

  move(version: number): void {
    for (const listener of this.listeners) listener(chargeOf(version));
  }
}

let stage: Stage;
let app: FastifyInstance;
let followers: PaymentFollowers;
let url = '';
const streams: EventStream[] = [];

async function open(limits: Partial<FollowLimits> = {}): Promise<void> {
  app = fastify();
  answerProblems(app, { event() {} });
  followers = new PaymentFollowers(stage.payment, stage.clock, limits);
  app.get('/api/v1/payments/:id/events', (_request, reply) =>
    followers.follow(reply, {
      ...{ device, charge: chargeOf(1), resumed: false },
      load: () => stage.load(),
      view: (charge) => stage.view(charge),
    }),
  );
  url = await app.listen({ port: 0, host: '127.0.0.1' });
}
async function follow(): Promise<EventStream> {
  const stream = await openEventStream(url, paymentId, 'key');
  streams.push(stream);
  return stream;
}
const versions = (stream: EventStream) => stream.views.map((view) => view.channelCode);

beforeEach(() => {
  stage = new Stage();
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.leave();
  followers.close();
  await app.close();
});

test('a look that was overtaken by a move is not told after it', async () => {
  await open();
  const slow = Promise.withResolvers<Charge>();
  stage.load = () => slow.promise;
  const stream = await follow();
  stage.move(3);
  await until('the move', () => versions(stream).includes('v3'));
  slow.resolve(chargeOf(2));
  stage.move(4);
  await until('the next move', () => versions(stream).includes('v4'));
  assert.deepEqual(versions(stream), ['v1', 'v3', 'v4']);
});

test('a view that took long is not told after a newer one', async () => {
  await open();
  const slow = Promise.withResolvers<void>();
  stage.view = async (charge) => {
    if (charge.version === 2) await slow.promise;
    return viewOf(charge.version);
  };
  const stream = await follow();
  await until('the first event', () => stream.views.length === 1);
  stage.move(2);
  stage.move(3);
  await until('the newer one', () => versions(stream).includes('v3'));
  slow.resolve();
  stage.move(4);
  await until('the next', () => versions(stream).includes('v4'));
  assert.deepEqual(versions(stream), ['v1', 'v3', 'v4']);
});

test('a journal that cannot be read for a while costs time only', async () => {
  await open();
  const stream = await follow();
  stage.load = () => Promise.reject(new Error('no journal'));
  await stage.clock.advance(10_000);
  stage.load = async () => chargeOf(5);
  await stage.clock.advance(2_000);
  await until('what became true meanwhile', () => versions(stream).includes('v5'));
});

test('what is overdue by time alone is told by the process that drives the payment, without a look', async () => {
  await open();
  stage.drives = true;
  stage.view = async (charge) =>
    stage.clock.monotonicMs() < 30_000
      ? viewOf(charge.version)
      : viewOf(charge.version, { status: 'not-paid', custody: true });
  const stream = await follow();
  await until('the first event', () => stream.views.length === 1);
  stage.load = () => Promise.reject(new Error('nobody looks'));
  await stage.clock.advance(31_000);
  await until('the word', () => stream.views.length === 2);
  assert.deepEqual([stream.views[1]?.status, stream.views[1]?.custody], ['not-paid', true]);
});

/** The word is there from the moment on when it is due, for whoever looks then. */
function giveWordWhenDue(): void {
  stage.wordDueAt = instant(at + 29_000);
  stage.view = async (charge) =>
    stage.clock.monotonicMs() < 29_000
      ? viewOf(charge.version)
      : viewOf(charge.version, { status: 'not-paid', custody: true });
}

test('a word is told in the moment when it is due, whoever drives the payment', async () => {
  await open();
  giveWordWhenDue();
  const stream = await follow();
  await until('the first event', () => stream.views.length === 1);
  await stage.clock.advance(28_999);
  assert.equal(stream.views.length, 1);
  await stage.clock.advance(1);
  await until('the word', () => stream.views.length === 2);
  assert.equal(stream.views[1]?.status, 'not-paid');
});

test('a look that began before the word was due, and ended after it, is followed by another at once', async () => {
  await open();
  giveWordWhenDue();
  const stream = await follow();
  await until('the first event', () => stream.views.length === 1);
  await stage.clock.advance(27_000);
  const slow = Promise.withResolvers<Charge>();
  const { view } = stage;
  stage.load = () => slow.promise;
  stage.view = async (charge) => viewOf(charge.version);
  await stage.clock.advance(2_500);
  stage.load = async () => chargeOf(1);
  slow.resolve(chargeOf(1));
  await settle();
  stage.view = view;
  await stage.clock.advance(1);
  await until('the word', () => stream.views.length === 2);
});

test('a silent stream is kept alive, and a telling one needs it not', async () => {
  await open();
  const stream = await follow();
  await stage.clock.advance(13_000);
  stage.move(2);
  await settle();
  await stage.clock.advance(13_000);
  assert.deepEqual(stream.comments, []);
  await stage.clock.advance(30_000);
  await until('three comments', () => stream.comments.length === 3);
  assert.deepEqual(new Set(stream.comments), new Set(['still here']));
});

test('a reader that leaves takes its listener, its timer and its place with it', async () => {
  await open({ ofDeviceMax: 3 });
  for (let round = 0; round < 5; round += 1) {
    const three = [await follow(), await follow(), await follow()];
    assert.deepEqual([followers.count, stage.listeners.size, stage.clock.timerCount], [3, 3, 3]);
    assert.equal((await follow()).status, 429);
    for (const stream of three) stream.leave();
    await until('all are gone', () => followers.count === 0);
    assert.deepEqual([stage.listeners.size, stage.clock.timerCount], [0, 0]);
  }
});

test('a reader that left before the payment was read leaves nothing behind', async () => {
  await open();
  const slow = Promise.withResolvers<void>();
  let asked = 0;
  stage.view = async (charge) => {
    asked += 1;
    await slow.promise;
    return viewOf(charge.version);
  };
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
  socket.write(`GET /api/v1/payments/${paymentId}/events HTTP/1.1\r\nHost: till\r\n\r\n`);
  await until('the request', () => asked === 1);
  const gone = new Promise((resolve) => app.server.once('connection', (other) => other.once('close', resolve)));
  socket.destroy();
  const second = createConnection(Number(new URL(url).port), '127.0.0.1');
  second.once('connect', () => second.destroy());
  await gone;
  slow.resolve();
  await settle();
  await until('nothing is left', () => followers.count === 0);
  assert.deepEqual([stage.listeners.size, stage.clock.timerCount], [0, 0]);
});

test('a reader that does not read is let go', async () => {
  await open();
  const large = 'x'.repeat(30 * 1024);
  stage.view = async (charge) => viewOf(charge.version, { payerAccount: large });
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
  socket.pause();
  socket.write(`GET /api/v1/payments/${paymentId}/events HTTP/1.1\r\nHost: till\r\n\r\n`);
  await until('the stream', () => stage.listeners.size === 1);
  let version = 1;
  // The system takes some megabytes before the reader's slowness is felt.
  while (followers.count === 1 && version < 2_000) {
    version += 1;
    stage.move(version);
    await settle();
  }
  socket.destroy();
  assert.deepEqual([followers.count, stage.listeners.size, stage.clock.timerCount], [0, 0, 0]);
});

test('all streams together have a limit', async () => {
  await open({ countMax: 2 });
  assert.deepEqual([(await follow()).status, (await follow()).status, (await follow()).status], [200, 200, 429]);
});

test('when the server stops every stream ends, and none begins', async () => {
  await open();
  const stream = await follow();
  await until('the first event', () => stream.views.length === 1);
  followers.close();
  await stream.ended;
  assert.deepEqual([(await follow()).status, stage.listeners.size, stage.clock.timerCount], [503, 0, 0]);
});
