// Lawful worlds are found lawful, and a world that Alipay's books left one line out of is not.
// Method: sales draw one of the lawful stories each; their steps are mixed by a drawn order and told with drawn pauses. Then every
// booking of a small world is left out, one at a time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Witness, Witnessed } from '../shop/happening.ts';
import { Auditor, type Violation } from './index.ts';
import { lawfulStories, type Step, type Story } from './testing/lawful-stories.ts';
import { SmallWorld } from './testing/small-world.ts';

const seed = 20261123;
const stories: readonly Story[] = Object.values(lawfulStories);

/** Tells the stories, mixed by `order`; the pauses leave every story well inside its deadline. */
function tellMixed(world: SmallWorld, picks: readonly number[], order: readonly number[]): void {
  const queues: Step[][] = picks.map((pick, sale) => [...(stories[pick % stories.length]?.(sale) ?? [])]);
  let turn = 0;
  for (;;) {
    const open = queues.filter((queue) => queue.length > 0);
    const drawn = order[turn % order.length] ?? 0;
    const step = open[drawn % Math.max(1, open.length)]?.shift();
    if (step === undefined) return;
    step(world);
    world.wait(drawn % 97);
    turn += 1;
  }
}

test(`a lawful world of mixed sales is never found wrong (seed ${seed})`, () => {
  const numbers = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(numbers, numbers, (picks, order) => {
      const auditor = new Auditor({ finalWordMs: 30_000 });
      const world = new SmallWorld(auditor);
      tellMixed(world, picks, order);
      world.tell({ type: 'came-to-rest', isAtRest: true, stuck: [] });
      assert.deepEqual(auditor.conclude(world.end()), []);
    }),
    { seed, numRuns: 400 },
  );
});

/** Hears all but the n-th happening that `drops` picks. */
class Deaf implements Witness {
  readonly #auditor: Auditor;
  readonly #drops: (witnessed: Witnessed) => boolean;
  readonly #nth: number;
  count = 0;

  constructor(auditor: Auditor, drops: (witnessed: Witnessed) => boolean, nth: number) {
    this.#auditor = auditor;
    this.#drops = drops;
    this.#nth = nth;
  }

  hear(witnessed: Witnessed): void {
    if (this.#drops(witnessed)) this.count += 1;
    if (!this.#drops(witnessed) || this.count !== this.#nth) this.#auditor.hear(witnessed);
  }
}

function leavingOut(
  nth: number,
  drops: (witnessed: Witnessed) => boolean,
): { found: readonly Violation[]; count: number } {
  const auditor = new Auditor({ finalWordMs: 30_000 });
  const deaf = new Deaf(auditor, drops, nth);
  const world = new SmallWorld(deaf);
  tellMixed(
    world,
    stories.map((_story, index) => index),
    [0],
  );
  return { found: auditor.conclude(world.end()), count: deaf.count };
}

const movesMoney = ['wallet-funded', 'trade-opened', 'trade-paid', 'trade-refunded'];

test('leaving out any one movement of money that Alipay booked is found', () => {
  const drops = ({ happening }: Witnessed): boolean =>
    happening.type === 'booked' && movesMoney.includes(happening.event.type);
  const { found, count } = leavingOut(0, drops);
  assert.deepEqual(found, []);
  assert.equal(count, 26);
  for (let nth = 1; nth <= count; nth += 1) assert.notDeepEqual(leavingOut(nth, drops).found, [], `booking ${nth}`);
});

test('leaving out any one write of the journal is found', () => {
  const drops = ({ happening }: Witnessed): boolean =>
    happening.type === 'written' || happening.type === 'sale-written';
  const { count } = leavingOut(0, drops);
  for (let nth = 1; nth <= count; nth += 1) {
    const { found } = leavingOut(nth, drops);
    assert.notDeepEqual(found, [], `write ${nth}`);
  }
});
