// The exploration: breadth first from the beginning, every move from every state, equal states merged. Breadth first, so that the first
// violation found is a shortest story. Of each state only its fingerprint, its parent and the number of the move are kept: a story is told by
// making the moves again.

import { invariant } from '#foundation/result.ts';
import type { ChargePhase, RefundPhase } from '#payment/index.ts';
import { fingerprintOf } from './fingerprint.ts';
import { brokenAtRest, brokenBy, type Invariant } from './invariants.ts';
import { isAtRest, movesOf } from './moves.ts';
import type { Scope } from './scope.ts';
import { tellMove } from './story.ts';
import { firstWorld, itemAt, type ProtocolRules, realRules, type Setting, type World } from './world.ts';

export type Violation = { readonly invariant: Invariant; readonly story: readonly string[] };

export type Exploration = {
  readonly states: number;
  readonly transitions: number;
  /** States at rest: where a path may end. */
  readonly ends: number;
  /** Steps of the longest shortest path. */
  readonly depth: number;
  /** The longest that a calm continuation from any state takes to come to rest, in virtual ms. */
  readonly restMs: number;
  /** Phases that were reached: a claim about what never came up would be empty. */
  readonly phases: readonly (ChargePhase | RefundPhase)[];
  readonly violation: Violation | null;
};

type Found = { readonly world: World; readonly place: number };

/** What is kept of every state found, by its place in the order of finding. */
class Discoveries {
  readonly #places = new Map<string, number>();
  readonly #parents: number[] = [];
  readonly #moves: number[] = [];
  /** Where the calm move leads, -1 at rest, and how long it takes. */
  readonly calmNext: number[] = [];
  readonly calmMs: number[] = [];
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  get count(): number {
    return this.#places.size;
  }

  /** The place of a world, and whether it was not known before. */
  add(world: World, parent: number, move: number): { readonly place: number; readonly isNew: boolean } {
    const fingerprint = fingerprintOf(world, this.#scope);
    const known = this.#places.get(fingerprint);
    if (known !== undefined) return { place: known, isNew: false };
    const place = this.#places.size;
    const { statesMax } = this.#scope;
    invariant(place < statesMax, `more than ${statesMax} states: raise the scope's bound or narrow its weather`);
    this.#places.set(fingerprint, place);
    this.#parents.push(parent);
    this.#moves.push(move);
    this.calmNext.push(-1);
    this.calmMs.push(0);
    return { place, isNew: true };
  }

  /** The moves from the beginning to a place. */
  pathTo(place: number): readonly number[] {
    const path: number[] = [];
    for (let at = place; at > 0; at = itemAt(this.#parents, at)) path.push(itemAt(this.#moves, at));
    return path.reverse();
  }
}

/** Explores every state within a scope's bounds. Stops at the first violation, with its shortest story. */
export function explore(scope: Scope, rules: ProtocolRules = realRules): Exploration {
  const setting: Setting = { scope, rules };
  const discoveries = new Discoveries(scope);
  const begin = firstWorld(scope, rules);
  discoveries.add(begin, -1, 0);
  let level: readonly Found[] = [{ world: begin, place: 0 }];
  const phases = new Set<ChargePhase | RefundPhase>();
  const counts = { transitions: 0, ends: 0, depth: 0 };
  const end = (violation: Violation | null, restMs: number): Exploration => ({
    states: discoveries.count,
    ...counts,
    restMs,
    phases: [...phases].sort(),
    violation,
  });
  while (level.length > 0) {
    const next: Found[] = [];
    for (const { world, place } of level) {
      const { moves, progress } = movesOf(world, setting);
      for (const { attempt } of world.rows) phases.add(attempt.state.phase);
      const isResting = isAtRest(world);
      const broken = isResting ? brokenAtRest(world) : progress === 0 ? 'never-stuck' : null;
      if (broken !== null) return end({ invariant: broken, story: retell(setting, discoveries.pathTo(place)) }, 0);
      if (isResting) counts.ends += 1;
      counts.transitions += moves.length;
      for (const [number, move] of moves.entries()) {
        const harm = brokenBy(world, move.world, scope);
        if (harm !== null)
          return end({ invariant: harm, story: retell(setting, [...discoveries.pathTo(place), number]) }, 0);
        const found = discoveries.add(move.world, place, number);
        if (number === 0 && !isResting) {
          discoveries.calmNext[place] = found.place;
          discoveries.calmMs[place] = move.world.now - world.now;
        }
        if (found.isNew) next.push({ world: move.world, place: found.place });
      }
    }
    level = next;
    if (level.length > 0) counts.depth += 1;
  }
  const { longestMs, slowest } = calmRest(discoveries);
  if (longestMs <= scope.restWithinMs) return end(null, longestMs);
  const path = discoveries.pathTo(slowest);
  return end({ invariant: 'rests-in-time', story: retell(setting, path, calmStepsTold) }, longestMs);
}

// Every state has at most one calm continuation, so these form trees whose roots are at rest; a ring would never come to rest.
function calmRest({ count, calmNext, calmMs }: Discoveries): { readonly longestMs: number; readonly slowest: number } {
  const restMs = new Float64Array(count).fill(-1);
  let slowest = 0;
  for (let first = 0; first < count; first += 1) {
    const path: number[] = [];
    let at = first;
    while (at >= 0 && restMs[at] === -1) {
      restMs[at] = Number.POSITIVE_INFINITY;
      path.push(at);
      at = itemAt(calmNext, at);
    }
    let ms = at < 0 ? 0 : (restMs[at] ?? 0);
    for (const place of path.reverse()) {
      ms += itemAt(calmMs, place);
      restMs[place] = ms;
    }
    if ((restMs[first] ?? 0) > (restMs[slowest] ?? 0)) slowest = first;
  }
  return { longestMs: restMs[slowest] ?? 0, slowest };
}

const calmStepsTold = 40;

// Makes the moves of a path again, and then some calm ones, and tells each.
function retell(setting: Setting, path: readonly number[], calmSteps = 0): readonly string[] {
  const story: string[] = [];
  let world = firstWorld(setting.scope, setting.rules);
  for (const number of [...path, ...Array.from({ length: calmSteps }, () => 0)]) {
    const move = movesOf(world, setting).moves[number];
    if (move === undefined) break;
    story.push(...tellMove(world, move));
    world = move.world;
  }
  return story;
}
