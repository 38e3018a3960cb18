// Measures payments through the store server against the straightforward back end, in one run, on one database and one sandbox:
//   node bench/payments/run.ts [--payments 1500] [--rounds 5]
// Rounds alternate between the two, so that a noisy machine is noisy for both; the ratio is the median of the rounds' ratios.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { silentLog } from '#foundation/log.ts';
import { startEmbeddedPostgres } from '#journal/index.ts';
import { type Child, startChild } from './child.ts';
import { figuresOf, median, ms, row } from './figures.ts';
import { measureLimit } from './limit.ts';
import { closedLoop, closeShop, openLoop, openShop, prepare, type Shop } from './till-load.ts';

const { values } = parseArgs({
  options: { payments: { type: 'string', default: '1500' }, rounds: { type: 'string', default: '5' } },
});
const payments = Number(values.payments);
const rounds = Number(values.rounds);
const tills = 64;

const home = mkdtempSync(join(tmpdir(), 'tillway-bench-'));
const database = await startEmbeddedPostgres({ home, log: silentLog });
const children: Child[] = [];
const start = async (file: string, order: Record<string, string>): Promise<Child> => {
  const child = await startChild(file, order);
  children.push(child);
  return child;
};

try {
  const apiKey = randomBytes(32).toString('base64url');
  const sandbox = await start('./sandbox-process.ts', {});
  const order = { ...sandbox.ready, sandboxUrl: sandbox.ready['url'] ?? '', databaseUrl: database.url, apiKey };
  const store = await start('./store-process.ts', order);
  const baseline = await start('./baseline-process.ts', order);
  const ours = await openShop(store.ready['url'] ?? '', order.sandboxUrl, apiKey);
  const naive = await openShop(baseline.ready['url'] ?? '', order.sandboxUrl, apiKey);
  await throughput(ours, naive);
  await Promise.all([closeShop(ours), closeShop(naive), store.stop(), baseline.stop()]);

  const noting = await start('./store-process.ts', { ...order, note: 'yes' });
  const shop = await openShop(noting.ready['url'] ?? '', order.sandboxUrl, apiKey);
  await addedTime(shop, noting);
  await closeShop(shop);
  await noting.stop();

  await waitingPayers(order, apiKey);
} finally {
  for (const child of children) await child.stop();
  await database.close();
  rmSync(home, { recursive: true, force: true });
}

async function throughput(ours: Shop, naive: Shop): Promise<void> {
  for (const shop of [ours, naive]) await closedLoop(shop, await prepare(shop, 300, '0.01'), tills);
  const ratios: number[] = [];
  const p99Ratios: number[] = [];
  const rates: { ours: number[]; naive: number[] } = { ours: [], naive: [] };
  console.log(row(`${tills} tills, ${payments} payments a round`, ['ours', 'naive', 'ratio', 'p99 ours', 'p99 naive']));
  for (let round = 1; round <= rounds; round += 1) {
    const first = await closedLoop(naive, await prepare(naive, payments, '0.01'), tills);
    const second = await closedLoop(ours, await prepare(ours, payments, '0.01'), tills);
    const [naiveP99, oursP99] = [figuresOf(first.tookMs).p99, figuresOf(second.tookMs).p99];
    rates.ours.push(second.perSecond);
    rates.naive.push(first.perSecond);
    ratios.push(second.perSecond / first.perSecond);
    p99Ratios.push(oursP99 / naiveP99);
    const ratio = (second.perSecond / first.perSecond).toFixed(2);
    const cells = [
      `${second.perSecond.toFixed(0)}/s`,
      `${first.perSecond.toFixed(0)}/s`,
      ratio,
      ms(oursP99),
      ms(naiveP99),
    ];
    console.log(row(`  round ${round}`, cells));
  }
  const limit = await measureLimit(database.url, payments);
  console.log(row('median ratio of throughput (target ≥ 1.5)', [median(ratios).toFixed(2)]));
  console.log(row('median ratio of p99 (target ≤ 1)', [median(p99Ratios).toFixed(2)]));
  console.log(
    row('share of the limit (signatures and commits)', [
      (median(rates.ours) / limit).toFixed(2),
      `${limit.toFixed(0)}/s`,
    ]),
  );
}

async function addedTime(shop: Shop, store: Child): Promise<void> {
  await openLoop(shop, await prepare(shop, 300, '0.01'), 100);
  const paid = await openLoop(shop, await prepare(shop, 2_000, '0.01'), 100);
  const alipayMs = (await store.ask('alipay-ms')) as Record<string, number>;
  const added = paid.map(({ paymentId, tookMs }) => tookMs - (alipayMs[paymentId] ?? Number.NaN));
  const { p50, p99 } = figuresOf(added);
  const whole = figuresOf(paid.map(({ tookMs }) => tookMs));
  console.log(
    row('100 payments/s: what we add to Alipay', [`p50 ${ms(p50)}`, `p99 ${ms(p99)}`, `whole ${ms(whole.p50)}`]),
  );
}

// A thousand payers who look at their phones must not slow the others down.
async function waitingPayers(order: Record<string, string>, apiKey: string): Promise<void> {
  const asking = await start('./sandbox-process.ts', { passwordAboveMinor: '1000' });
  const waiting = { ...order, ...asking.ready, sandboxUrl: asking.ready['url'] ?? '' };
  const store = await start('./store-process.ts', waiting);
  const shop = await openShop(store.ready['url'] ?? '', waiting.sandboxUrl, apiKey);
  await openLoop(shop, await prepare(shop, 200, '0.01'), 50);
  const idle = await openLoop(shop, await prepare(shop, 500, '0.01'), 50);
  const others = await prepare(shop, 500, '0.01');
  const undecided = await prepare(shop, 1_000, '20.00');
  // Payers come one by one, not fifty at a stroke.
  await openLoop(shop, undecided, 200, 'awaiting-payer');
  const busy = await openLoop(shop, others, 50);
  const [before, during] = [idle, busy].map((paid) => figuresOf(paid.map(({ tookMs }) => tookMs)));
  const ratio = (during?.p99 ?? Number.NaN) / (before?.p99 ?? Number.NaN);
  const cells = [`idle ${ms(before?.p99 ?? 0)}`, `busy ${ms(during?.p99 ?? 0)}`, ratio.toFixed(2)];
  console.log(row('p99 with 1,000 waiting payers (target ≤ 1.2)', cells));
  await closeShop(shop);
  await store.stop();
}
