// The products of packed goods as the map that a search looks into. Each look unpacks one, which a search of a long name does
// thousands of times a keystroke; so the last ones stay at hand, and no more of them than a search needs.

import type { Product } from '#catalog/index.ts';
import type { ProductId } from '#foundation/id.ts';
import type { Goods } from './goods.ts';

const atHandMax = 20_000;

export class GlancedProducts implements ReadonlyMap<ProductId, Product> {
  readonly #goods: Goods;
  readonly #atHand = new Map<ProductId, Product>();
  #version: number;

  constructor(goods: Goods) {
    this.#goods = goods;
    this.#version = goods.version;
  }

  get size(): number {
    return [...this.keys()].length;
  }

  get(id: ProductId): Product | undefined {
    if (this.#version !== this.#goods.version || this.#atHand.size > atHandMax) {
      this.#atHand.clear();
      this.#version = this.#goods.version;
    }
    const known = this.#atHand.get(id);
    if (known !== undefined) return known;
    const product = this.#goods.glance(id);
    if (product !== undefined) this.#atHand.set(id, product);
    return product;
  }

  has(id: ProductId): boolean {
    return this.get(id) !== undefined;
  }

  forEach(act: (product: Product, id: ProductId, map: ReadonlyMap<ProductId, Product>) => void): void {
    for (const [id, product] of this) act(product, id, this);
  }

  *entries(): MapIterator<[ProductId, Product]> {
    for (const { product } of this.#goods.all()) yield [product.id, product];
  }

  *keys(): MapIterator<ProductId> {
    for (const { product } of this.#goods.all()) yield product.id;
  }

  *values(): MapIterator<Product> {
    for (const { product } of this.#goods.all()) yield product;
  }

  [Symbol.iterator](): MapIterator<[ProductId, Product]> {
    return this.entries();
  }
}
