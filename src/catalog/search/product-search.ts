// The search of a catalogue that goes on changing: a large index, built once and in steps, and a small one of what has changed since. When
// the small one has grown, the large one is built anew in the background and takes its place.

import type { ProductId } from '#foundation/id.ts';
import type { CatalogKey } from '../catalog-change.ts';
import type { Product } from '../product.ts';
import { buildIndex } from './build-index.ts';
import type { SearchParts } from './index-parts.ts';
import { hitCountMax, SearchIndex } from './search-index.ts';

/** Changed products from which on the whole index is worth building anew. */
export const changedCountMax = 1_000;

export class ProductSearch {
  readonly #products: ReadonlyMap<ProductId, Product>;
  #main: SearchIndex;
  #recent: SearchIndex | null = null;
  readonly #changed = new Set<ProductId>();

  /** `products` is the catalogue's own map: it is looked into whenever something is found. */
  constructor(products: ReadonlyMap<ProductId, Product>, main: SearchParts) {
    this.#products = products;
    this.#main = new SearchIndex(main, (id) => products.get(id));
  }

  /** Whether so much has changed that the whole should be built anew: see `buildIndex` and `replace`. */
  get isStale(): boolean {
    return this.#changed.size > changedCountMax;
  }

  /** Products for what was typed, the best first. Among equally good ones, those that changed lately come last. */
  search(query: string, limit = hitCountMax): readonly Product[] {
    const older = this.#main.search(query, limit, (id) => this.#changed.has(id));
    const newer = this.#recent?.search(query, limit) ?? [];
    return [...older, ...newer]
      .toSorted((left, right) => right.level - left.level)
      .flatMap(({ id }) => this.#products.get(id) ?? [])
      .slice(0, limit);
  }

  /** Takes note of what `applyChanges` has changed. Costs a few milliseconds a hundred changed products. */
  noteChanges(keys: readonly CatalogKey[]): void {
    let isTouched = false;
    for (const key of keys) {
      if (key.kind !== 'product') continue;
      this.#changed.add(key.id);
      isTouched = true;
    }
    if (!isTouched) return;
    const changed = [...this.#changed].flatMap((id) => this.#products.get(id) ?? []);
    this.#recent = new SearchIndex(finish(buildIndex(changed)), (id) => this.#products.get(id));
  }

  /** Puts an index of the whole catalogue in place of both; `changedSince` are the products that changed while it was built. */
  replace(main: SearchParts, changedSince: readonly CatalogKey[]): void {
    this.#main = new SearchIndex(main, (id) => this.#products.get(id));
    this.#changed.clear();
    this.#recent = null;
    this.noteChanges(changedSince);
  }
}

/** Runs all steps at once: in a worker, on a server, or for few products. */
export function finish<Value>(steps: Generator<void, Value, void>): Value {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Runs steps until `isTimeUp` says so; answers the value when the last is done, else `undefined`, to be called again in the next
 * frame.
 */
export function runSteps<Value>(steps: Generator<void, Value, void>, isTimeUp: () => boolean): Value | undefined {
  do {
    const step = steps.next();
    if (step.done === true) return step.value;
  } while (!isTimeUp());
  return undefined;
}
