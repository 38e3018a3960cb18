// The list of today's sales as the till shows it. The server's list is the truth; this keeps a copy and asks again after each
// payment, at intervals, and when the page comes back into view.

import type { SaleView } from '#server/contract/ecr.ts';
import { Observable } from '../style/observable.ts';
import type { StoreClient } from './store-client.ts';
import { isSameDay } from './store-time.ts';

export type DayBookState = {
  readonly sales: readonly SaleView[];
  readonly state: 'loading' | 'ready' | 'away';
  /** True when older sales of today are on the server. */
  readonly more: boolean;
};

const pagesMax = 10;

export class DayBook {
  readonly state = new Observable<DayBookState>({ sales: [], state: 'loading', more: false });
  readonly #client: StoreClient;
  readonly #nowMs: () => number;
  #timeZone = 'UTC';
  #next: string | null = null;
  #pages = 1;
  #asked = 0;

  constructor(client: StoreClient, nowMs: () => number) {
    this.#client = client;
    this.#nowMs = nowMs;
  }

  setTimeZone(timeZone: string): void {
    this.#timeZone = timeZone;
  }

  /** Loads the newest sales again, as many pages as are shown. */
  async refresh(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const sales: SaleView[] = [];
    let next: string | null = null;
    for (let page = 0; page < this.#pages; page += 1) {
      const answer = await this.#client.sales(next);
      if (asked !== this.#asked) return;
      if (!answer.ok) {
        this.state.change({ state: 'away' });
        return;
      }
      sales.push(...answer.value.sales);
      next = answer.value.next;
      if (next === null || !this.#isToday(sales.at(-1))) break;
    }
    this.#next = next;
    const today = sales.filter((sale) => this.#isToday(sale) && sale.payments.length > 0);
    this.state.set({ sales: today, state: 'ready', more: next !== null && this.#isToday(sales.at(-1)) });
  }

  async showMore(): Promise<void> {
    if (this.#next === null || this.#pages >= pagesMax) return;
    this.#pages += 1;
    await this.refresh();
  }

  #isToday(sale: SaleView | undefined): boolean {
    if (sale === undefined) return false;
    return isSameDay(Date.parse(sale.createdAt), this.#nowMs(), this.#timeZone);
  }
}
