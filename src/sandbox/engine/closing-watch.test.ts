// The watch that closes what time has closed: one timer while a trade is open, none otherwise, and at most one look a second.

import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Instant, instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { HandClock } from '../testing/hand-clock.fixture.ts';
import { ClosingWatch } from './closing-watch.ts';
import type { Trade } from './trade.ts';
import { TradingState } from './trading-state.ts';

const minute = 60_000;

function watched() {
  const clock = new HandClock();
  const start = clock.now();
  const state = new TradingState(100);
  const looks: number[] = [];
  // Closes like the engine: everything that is due.
  const closeDue = (now: Instant): void => {
    looks.push(now - start);
    for (const tradeNo of state.open) {
      if (state.trade(tradeNo).closesAt <= now)
        state.apply({ type: 'trade-closed', at: now, tradeNo, because: 'timeout' });
    }
  };
  const watch = new ClosingWatch({ engine: { closeDue }, state, clock });
  watch.start();
  const open = (tradeNo: string, lifeMs: number): void => {
    const event = { type: 'trade-opened', trade: tradeOf(tradeNo, clock.now(), lifeMs) } as const;
    state.apply(event);
    watch.hear(event);
  };
  return { clock, state, looks, open };
}

function tradeOf(tradeNo: string, now: Instant, lifeMs: number): Trade {
  return {
    protocol: 'openapi',
    merchantId: 'M',
    outTradeNo: tradeNo,
    amount: money('CNY', 100n),
    subject: '',
    context: '',
    notifyUrl: undefined,
    echoes: {},
    tradeNo,
    createdAt: now,
    closesAt: instant(now + lifeMs),
    qrCode: undefined,
    walletId: undefined,
    state: 'waiting',
    paidAt: undefined,
    closedAt: undefined,
    closedBecause: undefined,
    refunds: [],
  };
}

describe('the closing watch', () => {
  it('has nothing to wake for while no trade is open', async () => {
    const { clock, looks } = watched();
    strictEqual(clock.timerCount, 0);
    await clock.advance(86_400_000);
    deepStrictEqual(looks, [0]);
  });

  it('looks when the first trade closes, and sleeps again when none is left', async () => {
    const { clock, looks, state, open } = watched();
    open('late', minute);
    open('early', minute / 2);
    strictEqual(clock.timerCount, 1);
    await clock.advance(86_400_000);
    deepStrictEqual(looks, [0, minute / 2, minute]);
    strictEqual(state.open.size, 0);
    strictEqual(clock.timerCount, 0);
  });

  it('rests a second between two looks', async () => {
    const { clock, looks, open } = watched();
    for (let n = 0; n < 10; n += 1) open(`trade ${n}`, 2_000 + n * 100);
    await clock.advance(minute);
    deepStrictEqual(looks, [0, 2_000, 3_000]);
  });

  it('looks once a minute while it waits for long, as the machine may have slept', async () => {
    const { clock, looks, open } = watched();
    open('long', 2.5 * minute);
    await clock.advance(10 * minute);
    deepStrictEqual(looks, [0, minute, 2 * minute, 2.5 * minute]);
  });
});
