// Long work in short pieces: whoever does it asks now and then whether its time is up, and then rests until the browser has had a turn.
// On the page that keeps every key and scan prompt; in a worker it lets a search come in between.

import { runSteps } from '#catalog/index.ts';

export interface Pace {
  isTimeUp(): boolean;
  rest(): Promise<void>;
}

/** Works for `sliceMs` at a time. `pause` ends after the browser has had a turn. */
export function makePace(sliceMs: number, nowMs: () => number, pause: () => Promise<void>): Pace {
  let endMs = nowMs() + sliceMs;
  return {
    isTimeUp: () => nowMs() >= endMs,
    async rest() {
      await pause();
      endMs = nowMs() + sliceMs;
    },
  };
}

/** Runs all steps, resting whenever the time is up. */
export async function runPaced<Value>(steps: Generator<void, Value, void>, pace: Pace): Promise<Value> {
  for (;;) {
    if (pace.isTimeUp()) await pace.rest();
    const value = runSteps(steps, pace.isTimeUp);
    if (value !== undefined) return value;
  }
}

/** A pause as short as the browser has: timers wait at least 4 ms when they follow each other. */
export function makePause(): () => Promise<void> {
  const channel = new MessageChannel();
  let resume = () => {};
  channel.port1.onmessage = () => resume();
  return async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = resume;
    resume = () => {
      before();
      resume = () => {};
      resolve();
    };
    channel.port2.postMessage(null);
    await promise;
  };
}
