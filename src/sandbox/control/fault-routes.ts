// Faults by hand or by script: add a rule, see how often each fired, take one or all away.

import type { FastifyInstance } from 'fastify';
import { formatInstant } from '#foundation/instant.ts';
import type { FaultCount } from '../faults/fault-book.ts';
import { faultRulesMax } from '../faults/fault-book.ts';
import { parseFaultRule } from '../faults/parse-rule.ts';
import type { FaultRule } from '../faults/rule.ts';
import type { Sandbox } from '../sandbox.ts';
import { Problem } from './problem.ts';

export function serveFaults(scope: FastifyInstance, sandbox: Sandbox): void {
  const { faults } = sandbox;
  scope.post('/faults', async (request, reply) =>
    reply.code(201).send(faultView({ ...addFault(sandbox, request.body), matched: 0, fired: 0 })),
  );
  scope.get('/faults', async () => ({ faults: faults.list().map(faultView) }));
  scope.delete('/faults', async () => ({ removed: faults.clear() }));
  scope.delete<{ Params: { faultId: string } }>('/faults/:faultId', async ({ params }) => {
    if (faults.remove(params.faultId)) return { removed: 1 };
    throw new Problem(404, 'fault-not-found', 'No rule has this id. GET /control/v1/faults lists them.');
  });
}

/** Reads a rule and adds it. Throws a FieldProblem for a rule that cannot work, a Problem when there are too many. */
export function addFault({ faults, clock }: Sandbox, body: unknown): FaultRule {
  const { match, effect } = parseFaultRule(body);
  if (faults.isFull)
    throw new Problem(409, 'too-many-faults', `At most ${faultRulesMax} rules; DELETE /control/v1/faults clears them.`);
  return faults.add(match, effect, clock.now());
}

function faultView(rule: FaultRule & FaultCount): object {
  return { ...rule, addedAt: formatInstant(rule.addedAt) };
}
