// Turns trouble into problem+json. A refusal is thrown as ProblemError by a route and answered here; anything else that is
// thrown is a defect, told to the log by its trace id and to the caller without its inside.

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Log } from '#foundation/log.ts';
import { JournalError } from '#journal/index.ts';
import { type Problem, type ProblemCode, problems } from '../contract/problem.ts';

type ProblemMore = Partial<Pick<Problem, 'errors' | 'paymentId' | 'refundable'>>;

/** A refusal of the API. `detail` says what is wrong with this very request; what to do is added from the catalogue. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly more: ProblemMore;
  constructor(code: ProblemCode, detail = '', more: ProblemMore = {}) {
    super(detail);
    this.code = code;
    this.more = more;
  }
}

const byStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed-json',
  404: 'not-found',
  413: 'body-too-large',
  415: 'unsupported-media-type',
};

export function makeProblem(code: ProblemCode, detail: string, traceId: string, more: ProblemMore = {}): Problem {
  const { status, title, remedy } = problems[code];
  const sentence = detail === '' ? `${title}.` : detail;
  return { type: `/docs#${code}`, title, status, code, detail: `${sentence} ${remedy}`, traceId, ...more };
}

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
}

/** Makes every error and every unknown address of the app answer as problem+json. */
export function answerProblems(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError | Error, request, reply) => send(reply, explain(error, request, log)));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const methods = (['GET', 'POST', 'DELETE'] as const).filter((method) => knows(app, method, path));
    const code = methods.length > 0 ? 'method-not-allowed' : 'not-found';
    if (methods.length > 0) void reply.header('allow', methods.join(', '));
    return send(reply, makeProblem(code, '', request.id));
  });
}

function knows(app: FastifyInstance, method: 'GET' | 'POST' | 'DELETE', path: string): boolean {
  const found = app.findRoute({ method, url: path });
  return found !== null && found !== undefined;
}

function explain(error: FastifyError | Error, request: FastifyRequest, log: Log): Problem {
  if (error instanceof ProblemError) return makeProblem(error.code, error.message, request.id, error.more);
  if (error instanceof JournalError) return makeProblem('busy', '', request.id);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((issue) => ({
      field: issue.instancePath.replace(/^\//, '').replaceAll('/', '.') || (error.validationContext ?? 'request'),
      message: issue.message ?? 'is not valid',
    }));
    const list = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
    return makeProblem('invalid-request', `${list}.`, request.id, { errors });
  }
  const status = 'statusCode' in error && error.statusCode !== undefined ? error.statusCode : 500;
  const code = byStatus[status];
  if (code !== undefined) return makeProblem(code, '', request.id);
  log.event('server.request.faulted', {
    traceId: request.id,
    route: request.routeOptions.url ?? '',
    fault: error.message,
  });
  return makeProblem('internal', '', request.id);
}
