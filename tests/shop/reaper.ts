// The reaper: kills store servers of a fleet in every way that machines go away, drawn by lot, and lets them come back. One server at
// least stays alive, but for the blows that take all of them.

import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreFleet } from './store-fleet.ts';

type Draw = (below: number) => number;
type Blow = (fleet: StoreFleet, index: number, draw: Draw) => Promise<void>;

// Dead processes are taken for dead after five seconds.
const takenForDeadMs = 5_000;

const blows = {
  async killed(fleet, index, draw) {
    await fleet.kill(index);
    fleet.comeBack(index, { afterMs: draw(500) });
  },
  async replaced(fleet, index, draw) {
    await fleet.kill(index);
    fleet.comeBack(index, { afterMs: draw(500), elsewhere: true });
  },
  async 'away until others took over'(fleet, index, draw) {
    await fleet.kill(index);
    fleet.comeBack(index, { afterMs: takenForDeadMs + draw(2_000) });
  },
  async 'killed again while it starts'(fleet, index, draw) {
    await fleet.kill(index);
    await fleet.killAtStart(index, 100 + draw(800));
    fleet.comeBack(index, { afterMs: 0 });
  },
  async 'frozen, then killed'(fleet, index, draw) {
    await fleet.freezeAndKill(index, 200 + draw(1_000));
    fleet.comeBack(index, { afterMs: draw(500) });
  },
  async 'all killed at once'(fleet, _index, draw) {
    const standing = fleet.standing();
    await Promise.all(standing.map((each) => fleet.kill(each)));
    // Now and then so long that deadlines pass with no server at all.
    const afterMs = draw(3) === 0 ? draw(4_000) : 0;
    for (const each of standing) fleet.comeBack(each, { afterMs: afterMs + draw(200) });
  },
  async 'asleep until taken for dead'(fleet, index) {
    await fleet.freeze(index, takenForDeadMs + 1_000);
  },
  async 'stopped in order'(fleet, index, draw) {
    await fleet.stop(index);
    fleet.comeBack(index, { afterMs: draw(300) });
  },
} as const satisfies Record<string, Blow>;

type BlowName = keyof typeof blows;

const lots: readonly BlowName[] = [
  ...Array.from({ length: 10 }, (): BlowName => 'killed'),
  ...Array.from({ length: 4 }, (): BlowName => 'replaced'),
  ...Array.from({ length: 2 }, (): BlowName => 'away until others took over'),
  ...Array.from({ length: 2 }, (): BlowName => 'killed again while it starts'),
  ...(['frozen, then killed', 'all killed at once', 'asleep until taken for dead', 'stopped in order'] as const),
];

export type Reaping = {
  readonly draw: Draw;
  /** The longest pause between two blows; the shortest is none. */
  readonly pauseMsMax: number;
  /** Looked at before each blow. */
  readonly isOver: () => boolean;
};

/** Strikes until it is over. Whoever was struck last is on the way back when it resolves. */
export async function reap(fleet: StoreFleet, { draw, pauseMsMax, isOver }: Reaping): Promise<void> {
  // Blows that take long go on beside the others; each server is struck by one at a time.
  const struck = new Map<number, Promise<void>>();
  while (!isOver()) {
    await sleep(draw(pauseMsMax));
    const standing = fleet.standing().filter((index) => !struck.has(index));
    const index = standing[draw(Math.max(1, standing.length))];
    if (index === undefined || standing.length < 2) continue;
    const blow = lots[draw(lots.length)] ?? 'killed';
    const done = blows[blow](fleet, index, draw).finally(() => struck.delete(index));
    struck.set(index, done);
    done.catch(() => undefined);
    if (blow === 'all killed at once') await done;
  }
  await Promise.all(struck.values());
}
