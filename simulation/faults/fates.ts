// Fates: what goes wrong with one message, one write, one process. Each has a key that names it, and its chance is drawn from the
// seed and the key alone: leaving out a sale, or another fate, changes nothing about it. So a failing world can be made smaller by
// leaving out, and told again from the keys that are left.

import { type Random, seededRandom } from '#foundation/random.ts';

/** Of several fates at most one strikes; the chances are those of each and sum to 1 at most. */
export type Chances<Kind extends string> = Readonly<Partial<Record<Kind, number>>>;

export class Fates {
  readonly #seed: number;
  readonly #allowed: ReadonlySet<string> | null;
  readonly #onStrike: (key: string) => void;
  #stopped = false;

  /** With `allowed` only the fates of these keys strike. */
  constructor(seed: number, allowed: ReadonlySet<string> | null, onStrike: (key: string) => void) {
    this.#seed = seed;
    this.#allowed = allowed;
    this.#onStrike = onStrike;
  }

  /** From now on nothing new goes wrong. */
  stop(): void {
    this.#stopped = true;
  }

  get areStopped(): boolean {
    return this.#stopped;
  }

  /** A number in [0, 1) that belongs to this name. */
  draw(name: string): number {
    return hashOf(this.#seed, name) / 2 ** 32;
  }

  /** A generator that belongs to this name. */
  random(name: string): Random {
    return seededRandom(hashOf(this.#seed, name));
  }

  /** The fate that strikes `name`, if any; its key is the kind and the name. */
  of<Kind extends string>(name: string, chances: Chances<Kind>): Kind | null {
    if (this.#stopped) return null;
    let left = this.draw(name);
    for (const kind in chances) {
      left -= chances[kind] ?? 0;
      if (left >= 0) continue;
      const key = `${kind} ${name}`;
      if (this.#allowed !== null && !this.#allowed.has(key)) return null;
      this.#onStrike(key);
      return kind;
    }
    return null;
  }
}

/** A whole number in 0 … 2³² − 1: FNV-1a over the letters, mixed well at the end. */
export function hashOf(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16) ^ seed, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
