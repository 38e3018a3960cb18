// The machine's clock, and a clock over it that can be moved forward, so that cancel windows and closing times can be tried
// in a moment. Nothing else in this room reads the time by itself.

import { type Clock, durationMs, type Instant, instant } from '#foundation/instant.ts';

const timerMsMax = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => instant(Date.now()),
  monotonicMs: () => performance.now(),
  after(wait, act) {
    // A longer wait would fire at once (Node wraps it to 1 ms), so it is cut to 24.8 days and then goes on.
    if (wait > timerMsMax) {
      let callOff = () => {};
      const timer = setTimeout(() => {
        callOff = systemClock.after(durationMs(wait - timerMsMax), act);
      }, timerMsMax);
      timer.unref();
      callOff = () => clearTimeout(timer);
      return () => callOff();
    }
    const timer = setTimeout(act, wait);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that runs with the one under it and can be put forward. */
export interface SettableClock extends Clock {
  /** Moves the time forward and runs, in order, what falls due on the way. */
  advance(byMs: number): void;
}

type Waiting = { readonly dueAt: number; readonly act: () => void; callOff: () => void };

/** Makes `base` settable. Timers asked of it follow its own time, so an advance makes them due. */
export function settableClock(base: Clock): SettableClock {
  let ahead = 0;
  const waiting = new Set<Waiting>();
  const now = (): Instant => instant(base.now() + ahead);
  const fire = (entry: Waiting): void => {
    if (!waiting.delete(entry)) return;
    entry.callOff();
    entry.act();
  };
  return {
    now,
    monotonicMs: () => base.monotonicMs() + ahead,
    after(wait, act) {
      const entry: Waiting = { dueAt: now() + wait, act, callOff: () => {} };
      waiting.add(entry);
      entry.callOff = base.after(wait, () => fire(entry));
      return () => {
        waiting.delete(entry);
        entry.callOff();
      };
    },
    advance(byMs) {
      const until = now() + byMs;
      for (;;) {
        const due = [...waiting].filter((entry) => entry.dueAt <= until).sort((a, b) => a.dueAt - b.dueAt)[0];
        if (due === undefined) break;
        ahead += Math.max(0, due.dueAt - now());
        fire(due);
      }
      ahead += Math.max(0, until - now());
      // What is left was armed for the old distance: arm it again for the shorter one.
      for (const entry of waiting) {
        entry.callOff();
        entry.callOff = base.after(durationMs(entry.dueAt - now()), () => fire(entry));
      }
    },
  };
}
