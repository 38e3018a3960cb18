// Closes in time what nobody looks at, and sleeps until there is something to close: one timer for the earliest closing time of
// the open trades, none when no trade is open. Each look walks through all of them, so looks keep a rest between them.

import { type Clock, durationMs, type Instant, instant } from '#foundation/instant.ts';
import type { TradeEngine } from './trade-engine.ts';
import type { TradingEvent } from './trading-event.ts';
import type { TradingState } from './trading-state.ts';

const restMs = 1_000;
/** A machine that slept, or whose clock was set, is noticed after so long at the latest. */
const sleepMsMax = 60_000;

export type ClosingWatchParts = {
  readonly engine: Pick<TradeEngine, 'closeDue'>;
  readonly state: TradingState;
  readonly clock: Clock;
};

export class ClosingWatch {
  readonly #parts: ClosingWatchParts;
  #lookedAt: Instant;
  /** When the timer that is armed was to look; `undefined` when none is. */
  #looksAt: Instant | undefined;
  #callOff: () => void = () => {};

  constructor(parts: ClosingWatchParts) {
    this.#parts = parts;
    this.#lookedAt = parts.clock.now();
  }

  /** Looks at once and from then on whenever it is time. */
  start(): void {
    const { engine, state, clock } = this.#parts;
    const now = clock.now();
    this.#looksAt = undefined;
    this.#lookedAt = now;
    engine.closeDue(now);
    const closesAt = earliestClosing(state);
    if (closesAt !== undefined) this.#lookAt(closesAt, now);
  }

  /** Must hear of every event, after it was applied: a trade with a nearer closing time wakes the watch earlier. */
  hear(event: TradingEvent): void {
    if (event.type === 'trade-opened') this.#lookAt(event.trade.closesAt, this.#parts.clock.now());
    else if (event.type === 'trade-scanned') this.#lookAt(event.closesAt, this.#parts.clock.now());
  }

  #lookAt(closesAt: Instant, now: Instant): void {
    const looksAt = instant(Math.max(closesAt, this.#lookedAt + restMs));
    if (this.#looksAt !== undefined && this.#looksAt <= looksAt) return;
    this.#callOff();
    this.#looksAt = looksAt;
    const wait = durationMs(Math.min(looksAt - now, sleepMsMax));
    this.#callOff = this.#parts.clock.after(wait, () => this.start());
  }
}

function earliestClosing(state: TradingState): Instant | undefined {
  let earliest: Instant | undefined;
  for (const tradeNo of state.open) {
    const { closesAt } = state.trade(tradeNo);
    if (earliest === undefined || closesAt < earliest) earliest = closesAt;
  }
  return earliest;
}
