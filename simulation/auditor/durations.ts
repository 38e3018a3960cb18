// How long things took, counted in steps of 100 ms so that a world of any length takes the same memory.

const stepMs = 100;
const stepCount = 1_200;

export class Durations {
  readonly #counts = new Uint32Array(stepCount + 1);
  #count = 0;
  #mostMs = 0;

  get count(): number {
    return this.#count;
  }

  get mostMs(): number {
    return this.#mostMs;
  }

  note(ms: number): void {
    const step = Math.min(stepCount, Math.max(0, Math.floor(ms / stepMs)));
    this.#counts[step] = (this.#counts[step] ?? 0) + 1;
    this.#count += 1;
    this.#mostMs = Math.max(this.#mostMs, ms);
  }

  /** The time, rounded up to a whole step, within which this part of all was done; 0 when there were none. */
  withinMs(part: number): number {
    let left = Math.ceil(this.#count * part);
    for (let step = 0; step <= stepCount && left > 0; step += 1) {
      left -= this.#counts[step] ?? 0;
      if (left <= 0) return Math.min((step + 1) * stepMs, Math.ceil(this.#mostMs));
    }
    return 0;
  }
}
