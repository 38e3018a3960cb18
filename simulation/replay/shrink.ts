// Makes a failing world smaller as long as the same rule of the auditor is broken: first fewer sales, then fewer fates, then fewer sales
// again. Parts are left out by halves, then by quarters, and so on (Zeller's delta debugging), until nothing more can go.
// @see https://doi.org/10.1109/32.988498

import type { RuleName } from '../auditor/index.ts';
import type { WorldOrder, WorldReport } from '../shop/world.ts';

export type Live = (order: WorldOrder) => Promise<WorldReport>;

/** The smallest world found that breaks `rule`. `triesMax` bounds the worlds that are lived through. */
export async function shrink(failing: WorldReport, rule: RuleName, live: Live, triesMax = 2_000): Promise<WorldReport> {
  const shrinking = new Shrinking(failing, rule, live, triesMax);
  await shrinking.trySaleOf(failing);
  await shrinking.leaveOutSales();
  await shrinking.nameFates();
  await shrinking.leaveOutFates();
  await shrinking.leaveOutSales();
  await shrinking.leaveOutFates();
  return shrinking.smallest;
}

class Shrinking {
  smallest: WorldReport;
  readonly #rule: RuleName;
  readonly #live: Live;
  #triesLeft: number;

  constructor(failing: WorldReport, rule: RuleName, live: Live, tries: number) {
    this.smallest = failing;
    this.#rule = rule;
    this.#live = live;
    this.#triesLeft = tries;
  }

  // Mostly the sale alone is enough.
  async trySaleOf({ violations, order }: WorldReport): Promise<void> {
    const sale = violations.find(({ rule }) => rule === this.#rule)?.sale ?? null;
    if (sale !== null) await this.#try({ ...order, sales: [sale] });
  }

  async leaveOutSales(): Promise<void> {
    await this.#reduce(this.smallest.order.sales, (sales) => ({ ...this.smallest.order, sales }));
  }

  // From here on only what struck may strike.
  async nameFates(): Promise<void> {
    await this.#try({ ...this.smallest.order, fates: new Set(this.smallest.struck) });
  }

  async leaveOutFates(): Promise<void> {
    const { fates } = this.smallest.order;
    if (fates === null) return;
    if (await this.#try({ ...this.smallest.order, fates: new Set() })) return;
    await this.#reduce([...fates], (kept) => ({ ...this.smallest.order, fates: new Set(kept) }));
  }

  async #reduce<Part>(all: readonly Part[], orderOf: (kept: readonly Part[]) => WorldOrder): Promise<void> {
    let parts = all;
    for (let count = 2; parts.length > 1 && this.#triesLeft > 0; ) {
      const size = Math.ceil(parts.length / count);
      let isSmaller = false;
      for (let start = 0; start < parts.length; start += size) {
        const kept = [...parts.slice(0, start), ...parts.slice(start + size)];
        if (kept.length === 0 || !(await this.#try(orderOf(kept)))) continue;
        parts = kept;
        isSmaller = true;
        break;
      }
      if (isSmaller) count = Math.max(2, count - 1);
      else if (size === 1) return;
      else count = Math.min(parts.length, count * 2);
    }
  }

  async #try(order: WorldOrder): Promise<boolean> {
    if (this.#triesLeft <= 0) return false;
    this.#triesLeft -= 1;
    const report = await this.#live(order);
    if (!report.violations.some(({ rule }) => rule === this.#rule)) return false;
    this.smallest = report;
    return true;
  }
}
