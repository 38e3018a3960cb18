// What group commit brings: payments' two writes (openCharge, advance) at a given concurrency, by the commit lanes and by the
// straightforward way, a pool and a transaction for each write, on the same durable PostgreSQL in the same run. The two take
// turns, so that neither has the quiet machine to itself. Run it by hand: node src/journal/journal.bench.ts [concurrency]

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { makeId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { silentLog } from '#foundation/log.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import type { Charge, Fact } from '#payment/index.ts';
import { identityRow, stateRow } from './attempt-rows.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { type Journal, openJournal } from './open-journal.ts';

const concurrency = Number(process.argv[2] ?? 64);
const lanes = Number(process.argv[3] ?? 2);
const seconds = Number(process.argv[4] ?? 4);
const rounds = 3;
const poolMax = 20;

const random = seededRandom(1);
const at = instant(Date.UTC(2026, 0, 15));
const merchantId = makeId('merchant', at, random);
const storeId = makeId('store', at, random);
const deviceId = makeId('device', at, random);

function makeCharge(): Charge {
  const now = instant(Date.now());
  return {
    kind: 'charge',
    identity: {
      id: makeId('attempt', now, random),
      merchantId,
      storeId,
      deviceId,
      saleId: makeId('sale', now, random),
      intentId: makeId('intent', now, random),
      channel: 'alipay-openapi',
      amount: money('CNY', 12_345n),
      description: 'Groceries',
      createdAt: now,
    },
    state: {
      phase: 'authorizing',
      calls: 1,
      inFlight: { act: 'authorize', call: 1 },
      dueAt: instant(now + 5000),
      rounds: 0,
      reason: null,
      cause: null,
      channelCode: null,
      evidence: null,
      changedAt: now,
      finalWord: null,
      finalWordAt: null,
      abandonedAt: null,
    },
    version: 1,
    payerCodeMasked: '28************1234',
  };
}

function approved(charge: Charge): Charge['state'] {
  const now = instant(Date.now());
  const evidence = {
    channelReference: '20260115',
    amount: charge.identity.amount,
    paidAt: now,
    payerAccount: '159****5620',
  };
  const done = { inFlight: null, dueAt: null, evidence, finalWord: 'paid', finalWordAt: now } as const;
  return { ...charge.state, phase: 'approved', changedAt: now, ...done };
}

function factOf(charge: Charge): Fact {
  return {
    type: 'payment.charge.approved',
    data: { attemptId: charge.identity.id, amountMinor: '12345', currency: 'CNY' },
  };
}

type Way = { readonly name: string; pay(charge: Charge): Promise<void> };

/** The lanes: what the program runs. */
function laneWay(journal: Journal): Way {
  return {
    name: `group commit, ${lanes} lanes`,
    async pay(charge) {
      const idempotency = { scope: 'payments', key: charge.identity.id, fingerprint: 'f' };
      const opened = await journal.payments.openCharge({ charge, owner: 'bench', idempotency });
      if (!opened.ok) throw new Error(opened.failure.kind);
      const { attempt } = opened.value;
      if (!(await journal.payments.advance(attempt, approved(attempt), [factOf(attempt)])))
        throw new Error('overtaken');
    },
  };
}

/** The straightforward way: the same rows by a pool and BEGIN … COMMIT, with prepared statements. */
function poolWay(pool: pg.Pool): Way {
  const insert = (client: pg.PoolClient, table: string, row: Readonly<Record<string, unknown>>) => {
    const names = Object.keys(row);
    const text = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`;
    return client.query({ name: `insert-${table}`, text, values: Object.values(row) });
  };
  const transaction = async (work: (client: pg.PoolClient) => Promise<unknown>) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await work(client);
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  };
  return {
    name: `one by one, pool of ${poolMax}`,
    async pay(charge) {
      const { id, saleId, intentId } = charge.identity;
      await transaction(async (client) => {
        const where = {
          name: 'sale',
          text: 'SELECT id FROM sale WHERE merchant_id = $1 AND id = $2',
          values: [merchantId, saleId],
        };
        if ((await client.query(where)).rows.length === 0) throw new Error('no sale');
        const created = identityRow(charge.identity).created_at;
        await insert(client, 'payment_intent', {
          merchant_id: merchantId,
          id: intentId,
          sale_id: saleId,
          created_at: created,
        });
        const idempotency = { idempotency_scope: 'payments', idempotency_key: id, idempotency_fingerprint: 'f' };
        const own = {
          kind: 'charge',
          version: 1,
          owner: 'bench',
          write_mark: 'm',
          payer_code_masked: charge.payerCodeMasked,
        };
        await insert(client, 'payment_attempt', {
          ...identityRow(charge.identity),
          ...stateRow(charge.state),
          ...own,
          ...idempotency,
        });
      });
      await transaction(async (client) => {
        const row: Readonly<Record<string, unknown>> = stateRow(approved(charge));
        const sets = Object.keys(row).map((name, index) => `${name} = $${index + 3}`);
        const text = `UPDATE payment_attempt SET ${sets.join(', ')}, version = 2, owner = NULL WHERE merchant_id = $1 AND id = $2 AND version = 1`;
        await client.query({ name: 'advance', text, values: [merchantId, id, ...Object.values(row)] });
        const fact = factOf(charge);
        await insert(client, 'outbox', { merchant_id: merchantId, type: fact.type, data: fact.data });
      });
    },
  };
}

type Figures = { count: number; elapsedMs: number; waitsMs: number[] };

async function measure(way: Way, journal: Journal, figures: Figures): Promise<void> {
  // Sales are made before the clock starts: both ways need the same ones.
  const charges: Charge[] = Array.from({ length: 2500 * seconds }, makeCharge);
  for (let start = 0; start < charges.length; start += 1000)
    await Promise.all(
      charges.slice(start, start + 1000).map(({ identity }) => {
        const { saleId: id, amount, description, createdAt } = identity;
        return journal.sales.openSale({ id, merchantId, storeId, deviceId, amount, description, createdAt }, null);
      }),
    );
  const start = performance.now();
  const end = start + seconds * 1000;
  let next = 0;
  const worker = async () => {
    for (let charge = charges[next++]; charge !== undefined && performance.now() < end; charge = charges[next++]) {
      const began = performance.now();
      await way.pay(charge);
      figures.waitsMs.push(performance.now() - began);
      figures.count += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  figures.elapsedMs += performance.now() - start;
}

const home = await mkdtemp(join(tmpdir(), 'tillway-bench-'));
await chmod(home, 0o711);
const server = await startEmbeddedPostgres({ home, log: silentLog });
const journal = await openJournal({ url: server.url, log: silentLog, lanes: { lanes } });
const pool = new pg.Pool({ connectionString: server.url, max: poolMax });
const ways = [poolWay(pool), laneWay(journal)];
const figures = ways.map((): Figures => ({ count: 0, elapsedMs: 0, waitsMs: [] }));
for (let round = 0; round < rounds; round += 1)
  for (const [index, way] of ways.entries()) {
    const own = figures[index];
    if (own !== undefined) await measure(way, journal, own);
  }
for (const [index, { count, elapsedMs, waitsMs }] of figures.entries()) {
  waitsMs.sort((left, right) => left - right);
  const quantile = (share: number) => (waitsMs[Math.floor(waitsMs.length * share)] ?? 0).toFixed(1);
  const rate = ((count * 1000) / elapsedMs).toFixed(0);
  console.log(
    `${ways[index]?.name}: ${rate} payments/s, p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms (${concurrency} at once)`,
  );
}
await pool.end();
await journal.close();
await server.close();
await rm(home, { recursive: true, force: true });
