import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '#foundation/instant.ts';
import type { WorldOrder, WorldReport } from '../shop/world.ts';
import { shrink } from './shrink.ts';

const allSales = Array.from({ length: 200 }, (_, sale) => sale);
const allFates = Array.from({ length: 90 }, (_, number) => `lost message ${number}`);

/** A world that breaks the rule when `isBroken` says so of what is left in it. */
function toyLive(isBroken: (sales: ReadonlySet<number>, fates: ReadonlySet<string>) => boolean) {
  let lived = 0;
  const live = async (order: WorldOrder): Promise<WorldReport> => {
    lived += 1;
    const struck = allFates.filter((key) => order.fates === null || order.fates.has(key));
    const broken = isBroken(new Set(order.sales), new Set(struck));
    const violation = { rule: 'one-ending', sale: 40, at: instant(0), detail: '' } as const;
    const counts = { sales: 0, charges: 0, refunds: 0, crashes: 0, happenings: 0, virtualMs: 0, met: {} };
    return { order, violations: broken ? [violation] : [], hash: '', struck, counts };
  };
  return { live, lived: () => lived };
}

test('a breach that needs one sale and two fates is told with these alone', async () => {
  const needed = ['lost message 13', 'lost message 77'];
  const toy = toyLive((sales, fates) => sales.has(40) && needed.every((key) => fates.has(key)));
  const failing = await toy.live({ seed: 1, sales: allSales, fates: null });
  const { order } = await shrink(failing, 'one-ending', toy.live);
  assert.deepEqual(order, { seed: 1, sales: [40], fates: new Set(needed) });
  assert.ok(toy.lived() < 150, `${toy.lived()} worlds`);
});

test('a breach that needs two sales keeps both, and no fate when none is needed', async () => {
  const toy = toyLive((sales) => sales.has(3) && sales.has(150));
  const failing = await toy.live({ seed: 1, sales: allSales, fates: null });
  const { order } = await shrink(failing, 'one-ending', toy.live);
  assert.deepEqual(order, { seed: 1, sales: [3, 150], fates: new Set() });
});

test('a breach of another rule does not count', async () => {
  const toy = toyLive((sales) => sales.size > 1);
  const failing = await toy.live({ seed: 1, sales: [1, 2, 3], fates: null });
  const { order } = await shrink(failing, 'word-in-time', toy.live);
  assert.deepEqual(order.sales, [1, 2, 3]);
});

test('it ends when the tries are used up', async () => {
  const toy = toyLive((sales) => sales.size > 190);
  const failing = await toy.live({ seed: 1, sales: allSales, fates: null });
  const { order } = await shrink(failing, 'one-ending', toy.live, 5);
  assert.equal(toy.lived(), 6);
  assert.equal(order.sales.length, 200);
});
