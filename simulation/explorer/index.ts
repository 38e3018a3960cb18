// The door of the explorer: exhaustive exploration of the payment protocol within stated bounds.

export { type Exploration, explore, type Violation } from './explore.ts';
export { type Invariant, invariants } from './invariants.ts';
export { calm, formatBounds, makeScope, type Scope, type Weather } from './scope.ts';
export { type ProtocolRules, realRules } from './world.ts';
