// Randomness, as a parameter. Production passes the system's generator (server/ambient.ts); tests, simulation and the
// sandbox's faults pass a seeded one, so that a run can be told again from its seed.

/** A source of uniform random numbers. */
export interface Random {
  /** A whole number in `0 … 2³² − 1`. */
  uint32(): number;
}

/**
 * A small seeded generator (mulberry32): fast, repeatable, fit for simulation and faults, never for secrets.
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    uint32() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return (mixed ^ (mixed >>> 14)) >>> 0;
    },
  };
}

/** A number in `[0, 1)`, for probabilities only. */
export function fraction(random: Random): number {
  return random.uint32() / 2 ** 32;
}

/** A whole number in `0 … bound − 1`, without the bias of a bare remainder. */
export function below(random: Random, bound: number): number {
  const limit = 2 ** 32 - (2 ** 32 % bound);
  for (;;) {
    const drawn = random.uint32();
    if (drawn < limit) return drawn % bound;
  }
}

/** `count` random decimal digits. */
export function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => below(random, 10)).join('');
}
