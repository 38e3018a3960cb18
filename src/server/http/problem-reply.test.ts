// What a caller and the log learn of a defect, and of a database that is away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import type { Log } from '#foundation/log.ts';
import { JournalError } from '#journal/index.ts';
import { answerProblems, ProblemError } from './problem-reply.ts';

async function answerTo(trouble: Error) {
  const events: unknown[] = [];
  const log: Log = { event: (name, fields) => void events.push([name, fields]) };
  const app = fastify({ genReqId: () => 'req_1' });
  answerProblems(app, log);
  app.get('/payments/:id', async () => {
    throw trouble;
  });
  const { statusCode, headers, body } = await app.inject('/payments/281234567890123456');
  return { status: statusCode, headers, problem: JSON.parse(body), body, events };
}

test('a defect is told to its caller without its inside, and to the log without anything that may be a secret', async () => {
  const words = 'no row for 281234567890123456 with key MIIEvQIBADANBgkqhkiG9w0BAQEFAASC at step 3';
  const { status, problem, body, events } = await answerTo(new TypeError(words));
  assert.deepEqual([status, problem.code, problem.traceId], [500, 'internal', 'req_1']);
  assert.doesNotMatch(body, /TypeError|no row|2812345|MIIE/);
  const fault = 'TypeError: no row for <hidden> with key <hidden> at step 3';
  assert.deepEqual(events, [['server.request.faulted', { traceId: 'req_1', route: '/payments/:id', fault }]]);
});

test('a long fault is told in short', async () => {
  const { events } = await answerTo(new Error('a b '.repeat(1_000)));
  assert.ok(JSON.stringify(events).length < 400);
});

test('a database that is away is told as busy, with the advice to ask again', async () => {
  const trouble = new JournalError('database-unreachable', 'PostgreSQL at db.internal:5432 does not answer.');
  const { status, headers, problem, body, events } = await answerTo(trouble);
  assert.deepEqual([status, headers['retry-after'], problem.code], [503, '1', 'busy']);
  assert.match(problem.detail, /same Idempotency-Key again in a second; nothing is lost/);
  assert.doesNotMatch(body, /db\.internal|PostgreSQL/);
  assert.deepEqual(events, [
    ['server.request.unavailable', { traceId: 'req_1', route: '/payments/:id', trouble: 'database-unreachable' }],
  ]);
});

test('a refusal is no event', async () => {
  const { status, events } = await answerTo(new ProblemError('sale-not-found'));
  assert.deepEqual([status, events], [404, []]);
});
