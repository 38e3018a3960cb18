// A run: so many sales of one seed, as worlds of some thousands, on as many threads as there are cores. Only what a world came to is kept,
// so memory does not grow with the number of sales.

import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WorldReport } from '../shop/world.ts';
import { salesOfWorld, worldOrder } from '../shop/world-seeds.ts';
import type { WorkerAnswer } from './world-worker.ts';

export type RunOrder = {
  readonly seed: number;
  readonly sales: number;
  readonly threads?: number;
  /** Called after every world. */
  onWorld?(progress: RunProgress): void;
};

export type RunProgress = { readonly worlds: number; readonly worldCount: number; readonly counts: RunCounts };

export type RunCounts = {
  sales: number;
  charges: number;
  refunds: number;
  crashes: number;
  fates: number;
  happenings: number;
  virtualHours: number;
};

export type RunReport = {
  readonly seed: number;
  readonly counts: RunCounts;
  /** How often each thing was met, over all worlds. */
  readonly met: ReadonlyMap<string, number>;
  /** Over the hashes of all worlds, in order. */
  readonly hash: string;
  /** The first failing worlds, at most ten. */
  readonly failing: readonly WorldReport[];
  readonly seconds: number;
};

const failingMax = 10;

/** Lives through all worlds of a run; rejects when a world cannot be lived through. */
export async function run(order: RunOrder): Promise<RunReport> {
  const begin = performance.now();
  const worldCount = Math.ceil(order.sales / salesOfWorld);
  const tally = new Tally(order, worldCount);
  const threads = Math.min(order.threads ?? availableParallelism(), worldCount);
  let next = 0;
  const take = (): number | undefined => (next < worldCount && !tally.isHopeless ? next++ : undefined);
  await Promise.all(Array.from({ length: threads }, () => workThrough(order, take, tally)));
  return tally.report((performance.now() - begin) / 1000);
}

function workThrough(order: RunOrder, take: () => number | undefined, tally: Tally): Promise<void> {
  const worker = new Worker(new URL('./world-worker.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const give = (): void => {
      const number = take();
      if (number === undefined) {
        void worker.terminate().then(() => resolve());
        return;
      }
      const sales = Math.min(salesOfWorld, order.sales - number * salesOfWorld);
      worker.postMessage({ number, order: worldOrder(order.seed, number, sales) });
    };
    worker.on('message', ({ number, report }: WorkerAnswer) => {
      tally.add(number, report);
      give();
    });
    worker.on('error', reject);
    give();
  });
}

class Tally {
  readonly #order: RunOrder;
  readonly #hashes: string[];
  readonly #failing: WorldReport[] = [];
  readonly #counts: RunCounts = {
    sales: 0,
    charges: 0,
    refunds: 0,
    crashes: 0,
    fates: 0,
    happenings: 0,
    virtualHours: 0,
  };
  readonly #met = new Map<string, number>();
  #worlds = 0;

  constructor(order: RunOrder, worldCount: number) {
    this.#order = order;
    this.#hashes = Array.from({ length: worldCount }, () => '');
  }

  get isHopeless(): boolean {
    return this.#failing.length >= failingMax;
  }

  add(number: number, report: WorldReport): void {
    const { counts } = report;
    this.#worlds += 1;
    this.#hashes[number] = report.hash;
    for (const name of ['sales', 'charges', 'refunds', 'crashes', 'happenings'] as const)
      this.#counts[name] += counts[name];
    this.#counts.fates += report.struck.length;
    this.#counts.virtualHours += counts.virtualMs / 3_600_000;
    for (const [what, count] of Object.entries(counts.met)) this.#met.set(what, (this.#met.get(what) ?? 0) + count);
    if (report.violations.length > 0 && !this.isHopeless) this.#failing.push(report);
    const progress = { worlds: this.#worlds, worldCount: this.#hashes.length, counts: this.#counts };
    this.#order.onWorld?.(progress);
  }

  report(seconds: number): RunReport {
    const hash = createHash('sha256').update(this.#hashes.join('\n')).digest('hex');
    const [counts, met, failing] = [this.#counts, this.#met, this.#failing];
    return { seed: this.#order.seed, counts, met, hash, failing, seconds };
  }
}
