// Explores the named scopes and prints what was covered, or the shortest story of what is wrong.
//
//   node simulation/explorer/run.ts                  the quick scopes
//   --scope charge                                   only this one
//   --long                                           the long scopes too, and every two kinds of trouble at two processes (minutes)
//   --json                                           one line of JSON a scope

import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type Exploration, explore } from './explore.ts';
import { invariants } from './invariants.ts';
import { formatBounds, type Scope } from './scope.ts';
import { longScopes, pairScopes, quickScopes } from './scopes.ts';

type Outcome = { readonly scope: Scope; readonly exploration: Exploration; readonly seconds: number };

function main(): void {
  const { values } = parseArgs({
    options: {
      scope: { type: 'string' },
      long: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const all = [...quickScopes, ...longScopes, ...pairScopes];
  const named = all.filter(({ name }) => name === values.scope);
  if (values.scope !== undefined && named.length === 0) {
    process.stderr.write(
      `There is no scope called ${values.scope}. Known: ${[...quickScopes, ...longScopes].map(({ name }) => name).join(', ')}, and pair-…-….\n`,
    );
    process.exitCode = 2;
    return;
  }
  let broken = 0;
  const totals = { states: 0, transitions: 0 };
  for (const scope of named.length > 0 ? named : values.long ? all : quickScopes) {
    const begin = performance.now();
    const exploration = explore(scope);
    const outcome = { scope, exploration, seconds: (performance.now() - begin) / 1000 };
    process.stdout.write(values.json ? `${toJson(outcome)}\n` : toText(outcome));
    if (exploration.violation !== null) broken += 1;
    totals.states += exploration.states;
    totals.transitions += exploration.transitions;
  }
  if (!values.json)
    process.stdout.write(`\n${totals.states} states, ${totals.transitions} transitions, ${broken} scopes broken\n`);
  process.exitCode = broken === 0 ? 0 : 1;
}

function toText({ scope, exploration, seconds }: Outcome): string {
  const { states, transitions, ends, depth, restMs, violation } = exploration;
  const lines = [
    `\n${scope.name}: ${scope.title}`,
    `  bounds       ${formatBounds(scope)}`,
    `  states       ${states}, transitions ${transitions}, ends ${ends}, depth ${depth}, ${seconds.toFixed(1)} s`,
  ];
  if (violation === null) {
    lines.push(
      `  all states within these bounds hold; a calm continuation rests within ${(restMs / 1000).toFixed(0)} s`,
    );
  } else {
    lines.push(`  BROKEN: ${violation.invariant} (${invariants[violation.invariant]})`);
    lines.push(...violation.story.map((line) => `  ${line}`));
  }
  return `${lines.join('\n')}\n`;
}

function toJson({ scope, exploration, seconds }: Outcome): string {
  return JSON.stringify({ scope: scope.name, bounds: formatBounds(scope), ...exploration, seconds });
}

main();
