// A clock that stands until a test moves it. What a timer sets off is given turns of promises and nothing else, so that
// whatever needs the machine (a timer, a thread, a socket) is seen to be missing.

import { ok } from 'node:assert/strict';
import { type Clock, type DurationMs, instant } from '#foundation/instant.ts';

type Timer = { readonly at: number; readonly act: () => void };

const promiseTurnsMax = 200;

export class HandClock implements Clock {
  #now = Date.parse('2026-11-23T10:00:00+08:00');
  readonly #timers = new Set<Timer>();

  now() {
    return instant(this.#now);
  }

  monotonicMs(): number {
    return this.#now;
  }

  after(wait: DurationMs, act: () => void): () => void {
    const timer = { at: this.#now + wait, act };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get timerCount(): number {
    return this.#timers.size;
  }

  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (let due = this.#next(end); due !== undefined; due = this.#next(end)) {
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.act();
      await promiseTurns();
    }
    this.#now = end;
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers].filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0];
  }
}

/** Lets promises go on, and nothing else. */
export async function promiseTurns(isDone: () => boolean = () => false): Promise<void> {
  for (let turn = 0; turn < promiseTurnsMax && !isDone(); turn += 1) await Promise.resolve();
}

/** What a promise comes to within turns of promises; one that needs more of the machine fails. */
export async function atOnce<Value>(promise: Promise<Value>): Promise<Value> {
  const settled: Value[] = [];
  void promise.then((value) => settled.push(value));
  await promiseTurns(() => settled.length > 0);
  const [value] = settled;
  ok(value !== undefined, `settled within ${promiseTurnsMax} turns of promises`);
  return value;
}
