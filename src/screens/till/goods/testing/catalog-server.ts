// A server of catalogue changes in memory: what it is told it numbers, and it answers pages as the real one does.

import {
  type CatalogChange,
  type CatalogEdit,
  demoDepartments,
  demoPriceLists,
  demoTaxClasses,
  keyOfEdit,
  keyText,
  makeDemoProducts,
} from '#catalog/index.ts';
import { instant } from '#foundation/instant.ts';
import { formatDecimal } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { failure, success } from '#foundation/result.ts';
import type { ServerCall } from '../../chain/server-call.ts';

/** The day on which the demo store was filled. */
export const filledAt = instant(Date.parse('2026-11-01T00:00:00Z'));

export class CatalogServer {
  isAway = false;
  asked = 0;
  version = 0;
  #changes: CatalogChange[] = [];

  /** Writes edits; of a record's changes only the last stays, as in the real journal. */
  write(edits: readonly CatalogEdit[]): void {
    const keys = new Set(edits.map((edit) => keyText(keyOfEdit(edit))));
    const kept = this.#changes.filter((change) => !keys.has(keyText(keyOfEdit(change))));
    const last = new Map(edits.map((edit) => [keyText(keyOfEdit(edit)), edit]));
    for (const edit of last.values()) {
      this.version += 1;
      kept.push({ ...edit, version: this.version });
    }
    this.#changes = kept;
  }

  /** Comes back from a backup. */
  goBack(version: number): void {
    this.#changes = this.#changes.filter((change) => change.version <= version);
    this.version = version;
  }

  readonly call: ServerCall = async ({ path }) => {
    this.asked += 1;
    if (this.isAway) return failure({ kind: 'unreachable', retryAfterMs: 0 });
    return success({ text: this.answer(path), serverMs: null, tookMs: 1 });
  };

  /** The body of an answer to `/catalog/changes?after=&limit=`. */
  answer(path: string): string {
    const asked = new URL(path, 'http://store').searchParams;
    const after = Number(asked.get('after'));
    const changes = this.#changes.filter(({ version }) => version > after).slice(0, Number(asked.get('limit')));
    return JSON.stringify({ changes: changes.map(toWire), latest: this.version });
  }
}

/** The demo store, so many products large. */
export function* demoEdits(count: number): Generator<CatalogEdit, void, void> {
  for (const department of demoDepartments()) yield { act: 'upsert', record: { kind: 'department', department } };
  for (const taxClass of demoTaxClasses()) yield { act: 'upsert', record: { kind: 'tax-class', taxClass } };
  for (const priceList of demoPriceLists()) yield { act: 'upsert', record: { kind: 'price-list', priceList } };
  for (const { product, prices } of makeDemoProducts(count, seededRandom(1), filledAt)) {
    yield { act: 'upsert', record: { kind: 'product', product } };
    for (const price of prices) yield { act: 'upsert', record: { kind: 'price', price } };
  }
}

/** A change as it is on the wire: money as decimal text. */
export function toWire(change: CatalogChange): unknown {
  if (change.act === 'delete' || change.record.kind !== 'price') return change;
  const { price } = change.record;
  const amount = { currency: price.amount.currency, amount: formatDecimal(price.amount) };
  return { ...change, record: { kind: 'price', price: { ...price, amount } } };
}
