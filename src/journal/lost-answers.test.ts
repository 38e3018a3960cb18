// The hazard: PostgreSQL commits, and the connection dies before it says so. A proxy stands between journal and server; it
// passes a request on, swallows the answer and cuts the line. Whatever happens, the caller must be told what is in the database.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { makeId } from '#foundation/id.ts';
import { durationMs, instant, plus } from '#foundation/instant.ts';
import { silentLog } from '#foundation/log.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import type { Charge, Fact, Refund } from '#payment/index.ts';
import { openDatabase } from './database.ts';
import type { JournalError } from './journal-error.ts';
import { type Journal, openJournal } from './open-journal.ts';
import { LossyProxy } from './testing/lossy-proxy.ts';
import { withDatabase } from './with-database.ts';

const random = seededRandom(Number(process.hrtime.bigint() % 2n ** 32n));
const at = instant(Date.UTC(2026, 0, 15));
const later = plus(at, durationMs(60_000));

withDatabase('a journal whose answers get lost', (database) => {
  let proxy: LossyProxy;
  let journal: Journal;
  let direct: Journal;

  before(async () => {
    const target = new URL(database.url);
    direct = await openJournal({ url: database.url, log: silentLog });
    proxy = new LossyProxy({ host: target.hostname, port: Number(target.port || 5432) });
    target.hostname = '127.0.0.1';
    target.port = `${await proxy.listen()}`;
    const limits = { waitMs: 1500, statementMs: 400 };
    journal = await openJournal({ url: target.href, log: silentLog, limits });
  });

  after(async () => {
    proxy.cutAll();
    await Promise.all([journal.close(), direct.close()]);
    await proxy.close();
  });

  const merchantId = makeId('merchant', at, random);
  const storeId = makeId('store', at, random);
  const deviceId = makeId('device', at, random);
  const makeSale = () => ({
    id: makeId('sale', at, random),
    merchantId,
    storeId,
    deviceId,
    amount: money('CNY', 1_000n),
    description: 'Groceries',
    createdAt: at,
  });

  async function opening(minor = 1_000n) {
    const sale = makeSale();
    assert.ok((await direct.sales.openSale(sale, null)).ok);
    const own = { id: makeId('attempt', at, random), intentId: makeId('intent', at, random), saleId: sale.id };
    const { id: _, ...place } = sale;
    const charge: Charge = {
      kind: 'charge',
      identity: { ...place, ...own, amount: money('CNY', minor), channel: 'alipay-openapi' },
      state: {
        phase: 'authorizing',
        calls: 1,
        inFlight: { act: 'authorize', call: 1 },
        dueAt: at,
        rounds: 0,
        reason: null,
        cause: null,
        channelCode: null,
        evidence: null,
        changedAt: at,
        finalWord: null,
        finalWordAt: null,
        abandonedAt: null,
      },
      version: 1,
      payerCodeMasked: '28************1234',
    };
    return { charge, owner: 'one', idempotency: { scope: 'payments', key: own.id, fingerprint: 'print' } };
  }

  const approved = (charge: Charge): Charge['state'] => ({
    ...charge.state,
    phase: 'approved',
    inFlight: null,
    dueAt: null,
    finalWord: 'paid',
    finalWordAt: at,
  });

  async function standing(): Promise<Charge> {
    const opened = await direct.payments.openCharge(await opening());
    assert.ok(opened.ok);
    return opened.value.attempt;
  }

  async function factsOf(id: string): Promise<number> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const answer = await client.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM outbox WHERE data->>'attemptId' = $1",
      [id],
    );
    await client.end();
    return answer.rows[0]?.count ?? 0;
  }

  const fact = (id: string): Fact => ({ type: 'test.moved', data: { attemptId: id } });

  test('a charge whose commit was not acknowledged is read back and answered as opened', async () => {
    const ask = await opening();
    const lost = proxy.lost;
    proxy.loseAnswerOf('open-charges');
    assert.deepEqual(await journal.payments.openCharge(ask), {
      ok: true,
      value: { kind: 'opened', attempt: ask.charge },
    });
    assert.equal(proxy.lost, lost + 1);
    assert.deepEqual(await direct.payments.listOfSale(merchantId, ask.charge.identity.saleId), [ask.charge]);
    const again = await journal.payments.openCharge(ask);
    assert.equal(again.ok && again.value.kind, 'repeated');
  });

  test('charges of one batch whose answer was lost each get their own', async () => {
    const asks = await Promise.all(Array.from({ length: 20 }, () => opening()));
    const stands = await standing();
    const refused = { ...(await opening()), charge: { ...(await opening()).charge } };
    const rival = {
      ...refused,
      charge: { ...refused.charge, identity: { ...refused.charge.identity, saleId: stands.identity.saleId } },
    };
    proxy.loseAnswerOf('open-charges');
    const results = await Promise.all([...asks, rival].map((ask) => journal.payments.openCharge(ask)));
    assert.deepEqual(results.pop(), { ok: false, failure: { kind: 'attempt-stands', attempt: stands } });
    const expected = asks.map(({ charge }) => ({ ok: true, value: { kind: 'opened', attempt: charge } }));
    assert.deepEqual(results, expected);
  });

  test('a move whose commit was not acknowledged is done once, with its fact once', async () => {
    const charge = await standing();
    const lost = proxy.lost;
    proxy.loseAnswerOf('advance-charges');
    const moved = await journal.payments.advance(charge, approved(charge), [fact(charge.identity.id)]);
    assert.equal(proxy.lost, lost + 1);
    assert.deepEqual(moved, { ...charge, state: approved(charge), version: 2 });
    assert.deepEqual(await direct.payments.findByNumber(charge.identity.id), moved);
    assert.equal(await factsOf(charge.identity.id), 1);
  });

  test('a move that lost to another, and its answer too, is still told that it lost', async () => {
    const charge = await standing();
    const other = await direct.payments.advance(charge, { ...charge.state, phase: 'unclear' }, []);
    proxy.loseAnswerOf('advance-charges');
    const moved = await journal.payments.advance(charge, approved(charge), [fact(charge.identity.id)]);
    assert.equal(moved, undefined);
    assert.deepEqual(await direct.payments.findByNumber(charge.identity.id), other);
    assert.equal(await factsOf(charge.identity.id), 0);
  });

  test('a sale whose commit was not acknowledged is answered as opened, with a key and without', async () => {
    for (const idempotency of [null, { scope: 'sales', key: 'lost', fingerprint: 'print' }]) {
      const sale = makeSale();
      proxy.loseAnswerOf('open-sales');
      const result = await journal.sales.openSale(sale, idempotency);
      assert.deepEqual(result, { ok: true, value: { kind: 'opened', sale } });
      assert.deepEqual(await direct.sales.findSale(merchantId, sale.id), sale);
    }
  });

  test('a refund whose commit was not acknowledged reserves its amount once, and moves once', async () => {
    const charge = await standing();
    const paid = await direct.payments.advance(charge, approved(charge), []);
    assert.ok(paid !== undefined);
    const refund: Refund = {
      kind: 'refund',
      identity: { ...paid.identity, id: makeId('attempt', at, random), amount: money('CNY', 600n) },
      state: {
        phase: 'requesting',
        calls: 1,
        inFlight: { act: 'refund', call: 1 },
        dueAt: at,
        rounds: 0,
        reason: null,
        cause: null,
        channelCode: null,
        evidence: null,
        changedAt: at,
        refusedAt: null,
      },
      version: 1,
      charge: { id: paid.identity.id, amount: paid.identity.amount, channelReference: null },
    };
    const ask = {
      refund,
      owner: 'one',
      idempotency: { scope: 'refunds', key: refund.identity.id, fingerprint: 'print' },
    };
    proxy.loseAnswerOf('commit');
    const opened = await journal.payments.openRefund(ask);
    assert.deepEqual(opened, { ok: true, value: { kind: 'opened', attempt: refund } });
    const next = { ...refund.state, phase: 'declined', inFlight: null, dueAt: null } as const;
    proxy.loseAnswerOf('commit');
    const moved = await journal.payments.advance(refund, next, [fact(refund.identity.id)]);
    assert.deepEqual(moved, { ...refund, state: next, version: 2 });
    assert.equal(await factsOf(refund.identity.id), 1);
    const second = {
      ...refund,
      identity: { ...refund.identity, id: makeId('attempt', at, random), amount: money('CNY', 1_001n) },
    };
    const tooMuch = await direct.payments.openRefund({
      ...ask,
      refund: second,
      idempotency: { ...ask.idempotency, key: 'b' },
    });
    assert.deepEqual(tooMuch, { ok: false, failure: { kind: 'exceeds', refundable: money('CNY', 1_000n) } });
  });

  test('attempts that were taken up without an acknowledgement are handed to their taker all the same', async () => {
    const charge = await standing();
    await direct.payments.beat('taker', plus(later, durationMs(60_000)));
    proxy.loseAnswerOf('commit');
    const soon = plus(at, durationMs(10_000));
    const taken = await journal.payments.takeUp('taker', soon, 1_000);
    assert.ok(taken.some((attempt) => attempt.identity.id === charge.identity.id));
    assert.deepEqual(await direct.payments.takeUp('taker', soon, 1_000), []);
  });

  test('a process that is cut off within a transaction keeps its locks for seconds only', async () => {
    const charge = await standing();
    const limits = { connectionsMax: 1, waitMs: 1_000, statementMs: 100, lockMs: 100 };
    const cutOff = openDatabase(database.url, limits, silentLog);
    const lock = { name: 'lock', text: 'SELECT id FROM payment_attempt WHERE id = $1 FOR UPDATE' };
    const asleep = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const transaction = cutOff.transaction(async (connection) => {
      await connection.query(lock, [charge.identity.id]);
      locked.resolve();
      await asleep.promise;
      await connection.query(lock, [charge.identity.id]);
    });
    const rejected = assert.rejects(transaction, { code: 'database-unreachable' });
    await locked.promise;
    const taken = await direct.payments.takeUp('another', later, 1_000);
    assert.ok(taken.every((attempt) => attempt.identity.id !== charge.identity.id));
    assert.ok(await direct.payments.advance(charge, approved(charge), []));
    asleep.resolve();
    await rejected;
    await cutOff.close();
  });

  test('a read whose line breaks is read again', async () => {
    const charge = await standing();
    proxy.loseAnswerOf('find-attempt');
    assert.deepEqual(await journal.payments.find(merchantId, charge.identity.id), charge);
  });

  test('a batch with one row that the database refuses fails for that one only', async () => {
    const good = await Promise.all(Array.from({ length: 5 }, () => opening()));
    const bad = await opening(0n);
    const results = await Promise.allSettled([bad, ...good].map((ask) => journal.payments.openCharge(ask)));
    const [refused, ...opened] = results;
    assert.equal(refused?.status, 'rejected');
    assert.match(String(refused?.status === 'rejected' && refused.reason), /amount_minor/);
    const expected = good.map(({ charge }) => ({ ok: true, value: { kind: 'opened', attempt: charge } }));
    assert.deepEqual(
      opened.map((result) => result.status === 'fulfilled' && result.value),
      expected,
    );
  });

  test('text that PostgreSQL cannot hold stops no payment', async () => {
    const ask = await opening();
    const identity = { ...ask.charge.identity, description: 'nul \0 half \ud83d end' };
    const opened = await journal.payments.openCharge({ ...ask, charge: { ...ask.charge, identity } });
    assert.ok(opened.ok);
    const { attempt } = opened.value;
    const evidence = { channelReference: '\0', amount: identity.amount, paidAt: at, payerAccount: '\udc00' };
    const next = { ...approved(attempt), channelCode: '\0', evidence };
    assert.ok(await journal.payments.advance(attempt, next, [{ type: 'test', data: { text: '\0' } }]));
    const stored = await direct.payments.findByNumber(identity.id);
    assert.equal(stored?.identity.description, 'nul \ufffd half \ufffd end');
    assert.equal(stored?.state.channelCode, '\ufffd');
    assert.deepEqual(stored?.state.evidence, { ...evidence, channelReference: '\ufffd', payerAccount: '\ufffd' });
  });

  test('while every connection is cut again and again, each payment is written exactly once', async () => {
    const asks = await Promise.all(Array.from({ length: 120 }, () => opening()));
    let busy = true;
    const cutting = (async () => {
      while (busy) {
        await sleep(120);
        proxy.cutAll();
      }
    })();
    const pay = async (ask: Awaited<ReturnType<typeof opening>>) => {
      for (;;) {
        try {
          const opened = await journal.payments.openCharge(ask);
          assert.ok(opened.ok);
          const { attempt } = opened.value;
          // An earlier try was given up and had been written all the same.
          if (attempt.version === 2) return;
          const moved = await journal.payments.advance(attempt, approved(attempt), [fact(attempt.identity.id)]);
          // Overtaken, by such a try.
          if (moved === undefined) assert.equal((await direct.payments.findByNumber(attempt.identity.id))?.version, 2);
          return;
        } catch (error) {
          assert.equal((error as JournalError).code, 'database-unreachable');
        }
      }
    };
    await Promise.all(asks.map(pay));
    busy = false;
    await cutting;
    for (const { charge } of asks) {
      const now = await direct.payments.findByNumber(charge.identity.id);
      assert.equal(now?.version, 2);
      assert.equal(await factsOf(charge.identity.id), 1);
    }
  });

  test('a database that says nothing is given up after a bounded wait, and used again when it speaks', async () => {
    const ask = await opening();
    const start = performance.now();
    proxy.silent = true;
    const trouble = await Promise.allSettled([journal.payments.openCharge(ask), journal.ping()]);
    for (const each of trouble) {
      assert.equal(each.status, 'rejected');
      assert.ok(['database-busy', 'database-unreachable'].includes((each.reason as JournalError).code));
    }
    assert.ok(performance.now() - start < 12_000);
    proxy.silent = false;
    proxy.cutAll();
    const opened = await journal.payments.openCharge(ask);
    assert.ok(opened.ok);
  });

  test('more callers than may wait are refused at once by name', async () => {
    const small = await openJournal({ url: database.url, log: silentLog, lanes: { queueMax: 3 } });
    const asks = await Promise.all(Array.from({ length: 10 }, () => opening()));
    const results = await Promise.allSettled(asks.map((ask) => small.payments.openCharge(ask)));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
    assert.deepEqual(refused, Array(7).fill('database-busy'));
    await small.close();
    await assert.rejects(small.payments.openCharge(await opening()), { code: 'closed' });
  });
});
