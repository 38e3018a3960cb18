// The judge of a mutant: looks for a broken rule, in worlds of the simulation and in scopes of the explorer, in the order in which it is
// told to, and stops at the first. It does not know which mistake it is looking for, or whether there is any.

import { loadSandboxKeys } from '#sandbox/index.ts';
import { explore } from '../explorer/explore.ts';
import { pairScopes, quickScopes } from '../explorer/scopes.ts';
import { Roads } from '../shop/roads.ts';
import { liveThrough } from '../shop/world.ts';

/** Where to look, one after another: a world by its seed, a scope by its name. */
export type Place = number | string;

export type Catch =
  | {
      readonly by: 'simulation';
      readonly rule: string;
      readonly detail: string;
      readonly world: number;
      readonly sale: number | null;
    }
  | { readonly by: 'explorer'; readonly rule: string; readonly scope: string; readonly steps: number };

export type Verdict = {
  readonly caught: Catch | null;
  /** What was looked through until then. */
  readonly sales: number;
  readonly states: number;
  readonly seconds: number;
  /** Places that could not be looked through to their end, and why: they say neither yes nor no. */
  readonly unfinished: readonly string[];
};

export const salesOfWorld = 250;
// The largest quick scope has a third of this. A mistake may open far more states than the protocol has.
const statesMax = 400_000;

/** Looks through the places in order until a rule is broken. */
export async function judge(places: readonly Place[]): Promise<Verdict> {
  const begin = performance.now();
  const roads = new Roads(await loadSandboxKeys(undefined));
  const looked = { sales: 0, states: 0 };
  const unfinished: string[] = [];
  let caught: Catch | null = null;
  for (const place of places) {
    try {
      caught = typeof place === 'number' ? await lookAtWorld(place, roads, looked) : lookAtScope(place, looked);
    } catch (trouble) {
      unfinished.push(`${place}: ${trouble instanceof Error ? trouble.message : String(trouble)}`);
    }
    if (caught !== null) break;
  }
  return { caught, ...looked, seconds: (performance.now() - begin) / 1000, unfinished };
}

async function lookAtWorld(seed: number, roads: Roads, looked: { sales: number }): Promise<Catch | null> {
  const sales = Array.from({ length: salesOfWorld }, (_, sale) => sale);
  looked.sales += salesOfWorld;
  const { violations } = await liveThrough({ seed, sales, fates: null }, roads);
  const [first] = violations;
  if (first === undefined) return null;
  return { by: 'simulation', rule: first.rule, detail: first.detail, world: seed, sale: first.sale };
}

function lookAtScope(name: string, looked: { states: number }): Catch | null {
  const scope = [...quickScopes, ...pairScopes].find((each) => each.name === name);
  if (scope === undefined) throw new Error(`there is no scope called ${name}`);
  const { states, violation } = explore({ ...scope, statesMax });
  looked.states += states;
  if (violation === null) return null;
  return { by: 'explorer', rule: violation.invariant, scope: name, steps: violation.story.length };
}
