// PostgreSQL goes away under load: stopped fast, stopped at once, killed, one of its processes killed, or standing still. The
// embedded engine's keeper starts it again; the store server is not restarted. Every answer meanwhile is either right or `busy`
// with the advice to repeat, and in the end nothing is lost. Durability is on here: what was answered must be on disk.

import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedPostgres } from '#journal/index.ts';
import { type Audited, auditPayment, auditShop } from './shop/audit.ts';
import { Cashiers } from './shop/cashiers.ts';
import { KillableStore } from './shop/killable-store.ts';
import { type Ground, openGround } from './shop/open-shop.ts';
import {
  backendsOf,
  endPostgres,
  killBackend,
  makeDatabase,
  type OwnPostgres,
  signal,
  startOwnPostgres,
} from './shop/postgres-blows.ts';
import { Till, viewOf } from './shop/till.ts';
import { until } from './shop/until.ts';
import { letItStorm, seed } from './shop/weather.ts';

const restMs = 30_000;
const backMs = 20_000;

type Blow = { readonly name: string; readonly strike: (database: EmbeddedPostgres) => Promise<void> };

const blows: readonly Blow[] = [
  { name: 'a fast stop', strike: async (database) => await endPostgres(database, 'a fast stop') },
  { name: 'a killed backend', strike: killBackend },
  { name: 'four seconds of standing still', strike: standStill },
  { name: 'a kill', strike: async (database) => await endPostgres(database, 'a kill') },
];

describe('when PostgreSQL goes away under load', () => {
  let own: OwnPostgres;
  before(async () => {
    own = await startOwnPostgres(60);
  });
  after(async () => await own.close());

  it('no word is told before it is written, though an approval waits to be written past the deadline', async () => {
    const ground = await openGround({ channel: 'alipay-openapi' }, await makeDatabase(own.postgres, 'stalled'));
    try {
      await stallAnApproval(ground);
    } finally {
      await ground.close();
    }
  });

  it(`every answer is right or busy, and nothing is lost, seed ${seed}`, async (context) => {
    const ground = await openGround({ channel: 'alipay-openapi' }, await makeDatabase(own.postgres, 'struck'));
    try {
      await sellThrough(ground, own.postgres, context);
    } finally {
      await ground.close();
    }
  });
});

// The approval is known in time, but the connection of the server that knows it stands still until after the deadline. A reader at
// another server then asks. Whatever that reader is told must stay true when the connection moves again.
async function stallAnApproval(ground: Ground): Promise<void> {
  const { control, order } = ground;
  const first = await KillableStore.start({ ...order, databaseUrl: `${order.databaseUrl}?application_name=stalled` });
  const second = await KillableStore.start(order);
  const frozen = new Set<number>();
  try {
    const walletId = await control.openWallet();
    const late = { kind: 'delay', ms: 1_000, moment: 'after-booking' };
    await control.addFault({ match: { method: 'pay', walletId }, effect: late });
    await control.addFault({ match: { method: 'notify', walletId }, effect: { kind: 'notice-lost', forGood: true } });
    const till = new Till(first.url, order.apiKey);
    const { saleId } = await till.openSale('12.30');
    const answered = till.pay(saleId, await control.showCode(walletId), saleId).catch(() => undefined);
    await sleep(500);
    const reader = new Till(second.url, order.apiKey);
    const [payment] = (await reader.sale(saleId)).payments;
    assert.ok(payment !== undefined, 'the payment is in the journal before it is sent');
    while (Date.now() < Date.parse(payment.finalWordBy) + 300) {
      for (const pid of await backendsOf(order.databaseUrl, 'stalled')) freeze(pid, frozen);
      await sleep(100);
    }
    const told = viewOf(await reader.payment(payment.paymentId));
    assert.equal(told.status, 'not-paid');
    thaw(frozen);
    await answered;
    const { word, last } = await reader.follow(payment.paymentId);
    assert.equal(word, told.status, 'what was told stays true');
    const { trades } = await auditPayment(control, last);
    assert.deepEqual([trades.length, trades[0]?.closedBecause], [1, 'cancelled']);
  } finally {
    thaw(frozen);
    await first.kill();
    await second.kill();
  }
}

function freeze(pid: number, frozen: Set<number>): void {
  if (frozen.has(pid)) return;
  frozen.add(pid);
  signal(pid, 'SIGSTOP');
}

function thaw(frozen: Set<number>): void {
  for (const pid of frozen) signal(pid, 'SIGCONT');
  frozen.clear();
}

async function sellThrough(ground: Ground, database: EmbeddedPostgres, context: TestContext): Promise<void> {
  const { control, order } = ground;
  const store = await KillableStore.start(order);
  const till = new Till(store.url, order.apiKey);
  try {
    await letItStorm(control, seed);
    const cashiers = new Cashiers({ control, till: () => till }, 10, seed);
    for (const { name, strike } of blows) {
      await sleep(1_000);
      const before = cashiers.book.rung.length;
      await strike(database);
      await until(
        { withinMs: backMs },
        async () => (cashiers.book.answeredSince(before) > 3 ? true : undefined),
        () => `the shop did not go on after ${name}`,
      );
    }
    await cashiers.close();
    await control.clearFaults();
    const { book } = cashiers;
    assert.ok(book.busyCount > 0, 'the blows were felt');
    const tell = ({ sales }: Audited): void => context.diagnostic(`${sales} sales, busy ${book.busyCount} times`);
    await auditShop({ control, till, databaseUrl: order.databaseUrl, book }, { restMs, tell });
  } finally {
    await store.kill();
  }
}

async function standStill({ url }: EmbeddedPostgres): Promise<void> {
  const frozen = new Set<number>();
  for (const pid of await backendsOf(url)) freeze(pid, frozen);
  await sleep(4_000);
  thaw(frozen);
}
