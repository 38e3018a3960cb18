// How soon the outcome of an unclear payment is known, at the real deadline of 30 s and with the sandbox misbehaving on every call:
//   node bench/payments/unclear.ts [--payments 400]
// "The word" is what the till is told. "Known" is when the journal holds the proof of it: approved, declined, reversed, returned, or
// cancelled as an order that Alipay does not have.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { silentLog } from '#foundation/log.ts';
import { startEmbeddedPostgres } from '#journal/index.ts';
import { type Child, startChild } from './child.ts';
import { figuresOf, row } from './figures.ts';
import { closeShop, openShop, type Prepared, prepare, type Shop } from './till-load.ts';

const { values } = parseArgs({ options: { payments: { type: 'string', default: '400' } } });
const payments = Number(values.payments);
const boundMs = 180_000;

// Most payments' own calls go wrong in some way or wait for a payer who never comes, and so does one later call in three.
const weather = [
  { match: { method: 'pay', probability: 0.35, seed: 1 }, effect: { kind: 'answer-lost', booked: true } },
  { match: { method: 'pay', probability: 0.2, seed: 2 }, effect: { kind: 'answer-lost', booked: false } },
  { match: { method: 'pay', probability: 0.2, seed: 3 }, effect: 'answer-garbled' },
  { match: { method: 'pay', probability: 0.2, seed: 4 }, effect: { kind: 'unknown', booked: true } },
  { match: { method: 'pay', probability: 0.5, seed: 8 }, effect: { kind: 'buyer-asked', answer: 'never' } },
  { match: { method: 'query', probability: 0.3, seed: 5 }, effect: 'answer-lost' },
  { match: { method: 'cancel', probability: 0.2, seed: 6 }, effect: 'answer-lost' },
  { match: { method: 'cancel', probability: 0.1, seed: 7 }, effect: 'cancel-retry' },
  { match: { method: 'notify' }, effect: { kind: 'notice-lost', forGood: true } },
];

const known = new Map<string, number>();
const home = mkdtempSync(join(tmpdir(), 'tillway-bench-'));
const database = await startEmbeddedPostgres({ home, log: silentLog });
const children: Child[] = [];
const client = new pg.Client({ connectionString: database.url });
try {
  await client.connect();
  const apiKey = randomBytes(32).toString('base64url');
  const sandbox = await startChild('./sandbox-process.ts', {});
  children.push(sandbox);
  const sandboxUrl = sandbox.ready['url'] ?? '';
  const store = await startChild('./store-process.ts', {
    ...sandbox.ready,
    sandboxUrl,
    databaseUrl: database.url,
    apiKey,
  });
  children.push(store);
  const shop = await openShop(store.ready['url'] ?? '', sandboxUrl, apiKey);
  const prepared = await prepare(shop, payments, '1.00');
  for (const rule of weather) await send(shop, shop.sandbox, '/control/v1/faults', rule);
  await Promise.all(prepared.map((next, index) => startPayment(shop, next, index * 25)));
  await waitUntilKnown();
  await report();
  await closeShop(shop);
} finally {
  for (const child of children) await child.stop();
  await client.end().catch(() => {});
  await database.close();
  rmSync(home, { recursive: true, force: true });
}

async function startPayment(shop: Shop, { saleId, payerCode }: Prepared, afterMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  await send(shop, shop.backend, `/api/v1/sales/${saleId}/payments`, { payerCode }, { 'idempotency-key': saleId });
}

async function send(
  shop: Shop,
  pool: Shop['backend'],
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<void> {
  const response = await pool.request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${shop.apiKey}`, ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.body.text();
  if (response.statusCode >= 300) throw new Error(`${path} answered ${response.statusCode}: ${text}`);
}

// The journal's own times tell when: the moment of the last move into a phase that holds the proof.
async function waitUntilKnown(): Promise<void> {
  const giveUpAt = performance.now() + boundMs;
  while (known.size < payments && performance.now() < giveUpAt) {
    const found = await client.query(
      `SELECT id, extract(epoch FROM changed_at - created_at) * 1000 AS took FROM payment_attempt
       WHERE phase IN ('approved', 'declined', 'reversed', 'returned', 'watching')`,
    );
    for (const { id, took } of found.rows) if (!known.has(id)) known.set(id, Number(took));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function report(): Promise<void> {
  const words = await client.query(
    `SELECT final_word, phase, extract(epoch FROM final_word_at - created_at) AS took FROM payment_attempt`,
  );
  const word = figuresOf(words.rows.map(({ took }) => Number(took)));
  const knownS = figuresOf([...known.values()].map((took) => took / 1_000));
  const paid = words.rows.filter(({ final_word }) => final_word === 'paid').length;
  console.log(row(`${payments} payments, every call at fault`, ['p50', 'p99', 'max']));
  const cells = ({ p50, p99, max }: typeof word): string[] => [p50, p99, max].map((value) => `${value.toFixed(1)} s`);
  console.log(row("the till's word (before 30 s)", cells(word)));
  console.log(row('outcome known (target p99 ≤ 35 s)', cells(knownS)));
  console.log(row('known within the bound', [`${known.size}/${payments}`, `${paid} paid`]));
}
