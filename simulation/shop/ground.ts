// What every part of a world stands on: its time, its fates, its weather, what is told of it, and the names of things.

import type { PaymentAttemptId, SaleId } from '#foundation/id.ts';
import { durationMs, type Instant } from '#foundation/instant.ts';
import type { Random } from '#foundation/random.ts';
import type { Attempt } from '#payment/index.ts';
import { Fates } from '../faults/fates.ts';
import { type Weather, WeatherReport } from '../faults/weather.ts';
import { VirtualTime } from '../time/virtual-time.ts';
import type { Happening, SaleNumber, Witness } from './happening.ts';

export class Ground {
  readonly time: VirtualTime;
  readonly fates: Fates;
  readonly names = new Names();
  readonly start: Instant;
  readonly #report: WeatherReport;
  readonly #witnesses: readonly Witness[];
  readonly #counts = new Map<string, number>();
  /** Messages that have left and not arrived. */
  underWay = 0;

  constructor(seed: number, start: Instant, allowed: ReadonlySet<string> | null, witnesses: readonly Witness[]) {
    this.start = start;
    this.time = new VirtualTime(start);
    this.#witnesses = witnesses;
    this.fates = new Fates(seed, allowed, (key) => this.tell({ type: 'struck', key }));
    this.#report = new WeatherReport(this.fates, start);
  }

  get weather(): Weather {
    return this.#report.at(this.time.now);
  }

  get stretch(): number {
    return this.#report.stretchAt(this.time.now);
  }

  tell(happening: Happening): void {
    const witnessed = { at: this.time.now, happening };
    for (const witness of this.#witnesses) witness.hear(witnessed);
  }

  /** The name with its number: the first, the second … of this name. */
  numbered(name: string): string {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return `${name} ${count}`;
  }

  random(name: string): Random {
    return this.fates.random(name);
  }

  /** Lets a message be under way for so long, then arrive. */
  async travel(ms: number): Promise<void> {
    this.underWay += 1;
    await this.time.rest(durationMs(ms));
    this.underWay -= 1;
  }
}

/** Names for people: "charge 1 of sale 17" for what has an id. */
export class Names {
  readonly #sales = new Map<SaleId, SaleNumber>();
  readonly #attempts = new Map<PaymentAttemptId, { readonly sale: SaleNumber; readonly name: string }>();
  readonly #counts = new Map<string, number>();

  nameSale(id: SaleId, sale: SaleNumber): void {
    this.#sales.set(id, sale);
  }

  nameAttempt({ kind, identity }: Attempt): void {
    if (this.#attempts.has(identity.id)) return;
    const sale = this.saleOf(identity.saleId) ?? -1;
    const counted = `${kind} ${sale}`;
    const count = (this.#counts.get(counted) ?? 0) + 1;
    this.#counts.set(counted, count);
    this.#attempts.set(identity.id, { sale, name: `${kind} ${count} of sale ${sale}` });
  }

  saleOf(id: SaleId): SaleNumber | null {
    return this.#sales.get(id) ?? null;
  }

  saleOfAttempt(id: PaymentAttemptId): SaleNumber | null {
    return this.#attempts.get(id)?.sale ?? null;
  }

  attempt(id: PaymentAttemptId): string {
    return this.#attempts.get(id)?.name ?? 'an unknown attempt';
  }

  /** The first attempt that a text speaks of: our numbers stand in every request to Alipay. */
  attemptIn(text: string): PaymentAttemptId | null {
    const id = /pa_[0-9a-hjkmnp-tv-z]{24}/.exec(text)?.[0] as PaymentAttemptId | undefined;
    return id === undefined || !this.#attempts.has(id) ? null : id;
  }
}
