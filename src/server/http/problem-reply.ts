// Turns trouble into problem+json. A refusal is thrown as ProblemError by a route and answered here; anything else that is
// thrown is a defect, told to the log by its trace id and to the caller without its inside.

import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Log } from '#foundation/log.ts';
import { JournalError } from '#journal/index.ts';
import { makeProblem, type Problem, type ProblemCode } from '../contract/problem.ts';

type ProblemMore = Partial<Pick<Problem, 'errors' | 'paymentId' | 'refundable' | 'waitSeconds' | 'needs'>>;

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

const mediaType = 'application/problem+json';
// What a caller sent may stand in the messages about it; the answer stays small all the same.
const errorCountMax = 20;
const messageLengthMax = 200;

/** The framework's own refusals, by its error codes and then by status. */
const byErrorCode: Readonly<Record<string, readonly [code: ProblemCode, detail: string]>> = {
  FST_ERR_BAD_URL: ['invalid-request', 'The address is not well formed.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not-found', ''],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid-request', 'The body is not as long as Content-Length says.'],
};
const byStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed-json',
  // A file that may not be had is as good as none.
  403: 'not-found',
  404: 'not-found',
  413: 'body-too-large',
  415: 'unsupported-media-type',
};

const allMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Answers one problem. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 503 || problem.status === 429) void reply.header('retry-after', `${problem.waitSeconds ?? 1}`);
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  return reply.code(problem.status).header('content-type', mediaType).send(JSON.stringify(problem));
}

/** Makes every error and every unknown address of the app answer as problem+json. */
export function answerProblems(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError | Error, request, reply) =>
    sendProblem(reply, explain(error, request, log)),
  );
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const methods: readonly string[] = allMethods.filter((method) => knows(app, method, path));
    // A route that takes the method may still have nothing there: a file that is missing.
    const wrongMethod = methods.length > 0 && !methods.includes(request.method);
    if (wrongMethod) void reply.header('allow', methods.join(', '));
    return sendProblem(reply, makeProblem(wrongMethod ? 'method-not-allowed' : 'not-found', '', request.id));
  });
}

function knows(app: FastifyInstance, method: (typeof allMethods)[number], path: string): boolean {
  const found = app.findRoute({ method, url: path });
  return found !== null && found !== undefined;
}

/** The problem that an error is to its caller; defects and an unavailable journal are told to the log as well. */
export function explain(error: FastifyError | Error, request: FastifyRequest, log: Log): Problem {
  const { id } = request;
  if (error instanceof ProblemError) return makeProblem(error.code, error.message, id, error.more);
  const route = request.routeOptions.url ?? '';
  if (error instanceof JournalError) {
    log.event('server.request.unavailable', { traceId: id, route, trouble: error.code });
    return makeProblem('busy', '', id);
  }
  if (hasZodFastifySchemaValidationErrors(error)) return invalidFields(error, id);
  const own = 'code' in error ? byErrorCode[error.code] : undefined;
  if (own !== undefined) return makeProblem(own[0], own[1], id);
  const status = 'statusCode' in error && error.statusCode !== undefined ? error.statusCode : 500;
  const code = byStatus[status] ?? (status >= 400 && status < 500 ? 'invalid-request' : undefined);
  if (code !== undefined) return makeProblem(code, '', id);
  log.event('server.request.faulted', { traceId: id, route, fault: faultWords(error) });
  return makeProblem('internal', '', id);
}

type InvalidFields = {
  readonly validation: readonly { readonly instancePath: string; readonly message?: string | undefined }[];
  readonly validationContext?: string | undefined;
};

function invalidFields(error: InvalidFields, traceId: string): Problem {
  const errors = error.validation.slice(0, errorCountMax).map((issue) => ({
    field: shorten(
      issue.instancePath.replace(/^\//, '').replaceAll('/', '.') || (error.validationContext ?? 'request'),
    ),
    message: shorten(issue.message ?? 'is not valid'),
  }));
  const list = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return makeProblem('invalid-request', `${list}.`, traceId, { errors });
}

function shorten(text: string): string {
  return text.length > messageLengthMax ? `${text.slice(0, messageLengthMax)}…` : text;
}

// A defect's own words help whoever mends it, and may quote what was being worked on: whatever is as long as a payer code, a key or a
// signature is hidden.
function faultWords(error: Error): string {
  return shorten(`${error.name}: ${error.message}`.replaceAll(/[0-9A-Za-z+/=_-]{16,}/g, '<hidden>'));
}

/** Answers what is not even a request of HTTP, or comes too slowly, on its bare connection. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const code = connectionProblem(error.code);
  const body = JSON.stringify(
    makeProblem(code, code === 'invalid-request' ? 'This is not a request of HTTP.' : '', ''),
  );
  const { status } = makeProblem(code, '', '');
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, `Content-Type: ${mediaType}`, 'Connection: close'];
  socket.end(`${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function connectionProblem(code: string | undefined): ProblemCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-too-slow' : 'invalid-request';
}
