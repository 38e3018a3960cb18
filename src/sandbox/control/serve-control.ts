// The control API under /control/v1 and the page at /. Both are for people and scripts at this machine, and guarded as such.

import { readFile } from 'node:fs/promises';
import type { FastifyError, FastifyInstance } from 'fastify';
import type { SettableClock } from '../clock.ts';
import { FieldProblem } from '../field-reader.ts';
import type { Sandbox } from '../sandbox.ts';
import { serveFaults } from './fault-routes.ts';
import { guardControl } from './guard.ts';
import { Problem, problemBody } from './problem.ts';
import { serveState } from './state-routes.ts';
import { serveWallets } from './wallet-routes.ts';

export function serveControl(sandbox: Sandbox, settable: SettableClock | undefined) {
  return async (scope: FastifyInstance): Promise<void> => {
    guardControl(scope, sandbox.settings.controlHosts);
    acceptEmptyJson(scope);
    scope.addHook('onSend', async () => sandbox.written());
    scope.setErrorHandler<FastifyError | Problem | FieldProblem>((error, _request, reply) => {
      const problem = asProblem(error);
      if (problem.status === 500) sandbox.log.event('sandbox.control.failed', { code: problem.code });
      return reply.code(problem.status).type('application/problem+json').send(problemBody(problem));
    });
    scope.setNotFoundHandler((_request, reply) =>
      reply
        .code(404)
        .type('application/problem+json')
        .send(problemBody({ status: 404, code: 'route-not-found', detail: 'No such path in the control API.' })),
    );
    serveWallets(scope, sandbox);
    serveFaults(scope, sandbox);
    serveState(scope, sandbox, settable);
  };
}

const pageFiles = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page/page.mjs': ['page.mjs', 'text/javascript; charset=utf-8'],
  '/page/words.mjs': ['words.mjs', 'text/javascript; charset=utf-8'],
  '/page/panels.mjs': ['panels.mjs', 'text/javascript; charset=utf-8'],
} as const;

const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:";

export function servePage(sandbox: Sandbox) {
  return async (scope: FastifyInstance): Promise<void> => {
    guardControl(scope, sandbox.settings.controlHosts);
    scope.setErrorHandler<FastifyError | Problem>((error, _request, reply) => {
      const problem = asProblem(error);
      return reply.code(problem.status).type('application/problem+json').send(problemBody(problem));
    });
    for (const [path, [file, type]] of Object.entries(pageFiles)) {
      const content = await readFile(new URL(`../page/${file}`, import.meta.url));
      scope.get(path, async (_request, reply) =>
        reply.headers({ 'content-security-policy': pagePolicy, 'cache-control': 'no-cache' }).type(type).send(content),
      );
    }
  };
}

// A POST that needs no options may come without a body, also when a client sets the content type.
function acceptEmptyJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const text = body.toString();
    if (text.trim() === '') return done(null, undefined);
    try {
      done(null, JSON.parse(text));
    } catch {
      done(new Problem(400, 'malformed-json', 'The body is not JSON.'), undefined);
    }
  });
}

function asProblem(error: FastifyError | Problem | FieldProblem): Pick<Problem, 'status' | 'code' | 'detail'> {
  if (error instanceof Problem) return error;
  if (error instanceof FieldProblem) return { status: 400, code: 'invalid-field', detail: error.message };
  const status = error.statusCode ?? 500;
  if (status === 415) return { status, code: 'not-json', detail: 'Send the body as application/json.' };
  if (status === 413) return { status, code: 'too-large', detail: 'The body is larger than the sandbox reads.' };
  if (status < 500) return { status, code: 'bad-request', detail: 'The request could not be read.' };
  return { status: 500, code: 'internal-error', detail: 'A defect of the sandbox. Its log says more.' };
}
