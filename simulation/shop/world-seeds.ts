// A run is many worlds of one seed: each has its own, made from the run's and its number.

import { hashOf } from '../faults/fates.ts';
import type { WorldOrder } from './world.ts';

/** So many that the days after them, in which hardly anything happens, cost little for each. */
export const salesOfWorld = 2_500;

/** The order of world `number` of a run; the last world of a run may have fewer sales. */
export function worldOrder(runSeed: number, number: number, sales = salesOfWorld): WorldOrder {
  const seed = hashOf(runSeed, `world ${number}`);
  return { seed, sales: Array.from({ length: sales }, (_, sale) => sale), fates: null };
}
