// The world's one clock. Nothing waits: the next thing that is due is done at once, and the time is then what it was due at. Between two
// things every promise that can go on goes on (the code of a world knows no other way to wait), so the order of everything
// follows from the order of the queue: by time, and at the same time in the order of asking.

import { nextTick } from 'node:process';
import { type DurationMs, type Instant, plus } from '#foundation/instant.ts';

type Entry = { readonly at: Instant; readonly turn: number; act: (() => void) | null };

export class VirtualTime {
  #now: Instant;
  #turns = 0;
  #done = 0;
  /** A binary heap: the next entry is the first. */
  readonly #heap: Entry[] = [];

  constructor(start: Instant) {
    this.#now = start;
  }

  get now(): Instant {
    return this.#now;
  }

  /** Number of things done so far. */
  get done(): number {
    return this.#done;
  }

  /** Does `act` once, after `wait`; returns a function that calls it off. */
  after(wait: DurationMs, act: () => void): () => void {
    const entry: Entry = { at: plus(this.#now, wait), turn: this.#turns, act };
    this.#turns += 1;
    this.#push(entry);
    return () => {
      entry.act = null;
    };
  }

  rest(wait: DurationMs): Promise<void> {
    return new Promise((resolve) => this.after(wait, resolve));
  }

  /** Does what is due, one after another, until `isOver` says so before the next thing, or nothing is left. */
  async run(isOver: (next: Instant) => boolean): Promise<void> {
    await settled();
    for (let entry = this.#heap[0]; entry !== undefined; entry = this.#heap[0]) {
      if (entry.act !== null && isOver(entry.at)) return;
      this.#pop();
      if (entry.act === null) continue;
      this.#now = entry.at;
      this.#done += 1;
      entry.act();
      await settled();
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isEarlier(entry, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const leftChild = heap[left];
      if (leftChild === undefined) break;
      const rightChild = heap[left + 1];
      const isRight = rightChild !== undefined && isEarlier(rightChild, leftChild);
      const child = isRight ? rightChild : leftChild;
      if (!isEarlier(child, last)) break;
      heap[place] = child;
      place = isRight ? left + 1 : left;
    }
    heap[place] = last;
  }
}

function isEarlier(left: Entry, right: Entry): boolean {
  return left.at < right.at || (left.at === right.at && left.turn < right.turn);
}

/**
 * Lets every promise that needs nothing from outside come to its end. Asked for by a promise, a tick of Node's comes after all
 * promises that can go on, and costs far less than a turn of the event loop.
 */
export function settled(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve));
}
