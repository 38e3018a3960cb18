// The global JSON API: POST /ams/api/v1/payments/* and the same under /ams/sandbox/api. The signature covers the raw bytes of the
// body; answers carry theirs in lower-case headers; HTTP is 200 whatever the result says.
// @see facts B.1 to B.3, G.2

import type { FastifyInstance } from 'fastify';
import { unreachable } from '#foundation/result.ts';
import { beijingIso } from '../beijing-time.ts';
import type { AnswerFault, CallPlan } from '../faults/plan.ts';
import { FieldProblem, Fields } from '../field-reader.ts';
import type { MerchantApp } from '../merchant-apps.ts';
import { runCall, type VagueAnswer } from '../run-call.ts';
import type { Sandbox } from '../sandbox.ts';
import { sendAnswer, wireCallOf } from '../send-answer.ts';
import { type WireAnswer, type WireCall, wireAnswer } from '../wire.ts';
import { withMagicAmount } from './magic-amounts.ts';
import { type GlobalNode, type MethodHandler, paymentMethods } from './payment-methods.ts';
import { GlobalRefusal, result } from './result.ts';
import { contentOf, parseSignatureHeader, signatureHeader } from './signature.ts';

const bases = ['/ams/api/v1/payments/', '/ams/sandbox/api/v1/payments/'] as const;

const handlerAt: ReadonlyMap<string, MethodHandler> = new Map(
  bases.flatMap((base) =>
    Object.entries(paymentMethods).map(([name, handler]) => [`${base}${name}`, handler] as const),
  ),
);

export function isGlobalPath(path: string): boolean {
  return bases.some((base) => path.startsWith(base));
}

/**
 * Answers one POST under the payments' paths. Rejects only by a defect of the sandbox, or when its event file cannot be
 * written.
 */
export function answerGlobal(sandbox: Sandbox, call: WireCall): Promise<WireAnswer> {
  return answerAs(sandbox, call, handlerAt.get(pathOf(call)));
}

export function serveGlobal(sandbox: Sandbox): (scope: FastifyInstance) => Promise<void> {
  return async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    for (const [path, handler] of handlerAt) {
      scope.post(path, async (request, reply) =>
        sendAnswer(reply, await answerAs(sandbox, { ...wireCallOf(request), path }, handler)),
      );
    }
    for (const base of bases) {
      scope.all(`${base}*`, async (request, reply) =>
        sendAnswer(reply, await answerAs(sandbox, wireCallOf(request), undefined)),
      );
    }
  };
}

type Asked = {
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: WireCall['body'];
};

async function answerAs(sandbox: Sandbox, call: WireCall, handler: MethodHandler | undefined): Promise<WireAnswer> {
  const asked: Asked = {
    path: pathOf(call),
    clientId: headerOf(call, 'client-id'),
    time: headerOf(call, 'request-time'),
    body: call.body,
  };
  const { node, fault, signed } = await handle(sandbox, asked, handler, headerOf(call, 'signature'));
  const body = JSON.stringify(node);
  const time = beijingIso(sandbox.clock.now());
  const signature = signed ? await signatureOf(sandbox, asked, time, body, fault) : undefined;
  await sandbox.written();
  return wireAnswer(
    {
      body,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'client-id': asked.clientId,
        'response-time': time,
        tracerid: call.traceId,
        ...(signature === undefined ? {} : { signature }),
      },
    },
    fault,
  );
}

async function signatureOf(
  sandbox: Sandbox,
  asked: Asked,
  time: string,
  body: string,
  fault: AnswerFault | undefined,
): Promise<string | undefined> {
  if (fault?.kind === 'answer-unsigned') return undefined;
  // A wrong signature is a good one of other words: only checking it shows the difference.
  const words = fault?.kind === 'answer-wrongly-signed' ? `${body} ` : body;
  return signatureHeader(
    await sandbox.signer.sign('RSA2', contentOf(asked.path, asked.clientId, time, words), sandbox.alipayKey),
  );
}

type Answer = { readonly node: GlobalNode; readonly fault: AnswerFault | undefined; readonly signed: boolean };

async function handle(
  sandbox: Sandbox,
  asked: Asked,
  handler: MethodHandler | undefined,
  signature: string,
): Promise<Answer> {
  try {
    const app = await authenticate(sandbox, asked, signature);
    if (handler === undefined) throw new GlobalRefusal('NO_INTERFACE_DEF');
    const carried = await carryOut(sandbox, asked, app, handler);
    return { ...carried, signed: true };
  } catch (error) {
    if (!(error instanceof GlobalRefusal)) throw error;
    const { resultCode } = error.result;
    // Alipay may leave the signature out when it could not check the caller's.
    const unknownCaller = resultCode === 'INVALID_SIGNATURE' || resultCode === 'INVALID_CLIENT';
    return {
      node: { result: error.result },
      fault: undefined,
      signed: !unknownCaller || sandbox.settings.signGatewayErrors,
    };
  }
}

async function authenticate(sandbox: Sandbox, asked: Asked, header: string): Promise<MerchantApp> {
  const app = sandbox.apps.find('global', asked.clientId);
  if (app === undefined) throw new GlobalRefusal('INVALID_CLIENT');
  const signature = parseSignatureHeader(header);
  if (signature === undefined)
    throw new GlobalRefusal(
      'INVALID_SIGNATURE',
      'The header signature must be algorithm=RSA256,keyVersion=1,signature=<URL-encoded base64>.',
    );
  if (asked.time === '') throw new GlobalRefusal('PARAM_ILLEGAL', 'The header request-time is missing.');
  const content = contentOf(asked.path, asked.clientId, asked.time, asked.body);
  if (await sandbox.signer.verify('RSA2', content, signature, app.publicKey)) return app;
  throw new GlobalRefusal('INVALID_SIGNATURE', `Signed is POST ${asked.path}, client-id.request-time.body as sent.`);
}

async function carryOut(
  sandbox: Sandbox,
  asked: Asked,
  app: MerchantApp,
  handler: MethodHandler,
): Promise<{ readonly node: GlobalNode; readonly fault: AnswerFault | undefined }> {
  try {
    const read = handler.read(sandbox, new Fields(parseBody(asked.body)), app.appId, sandbox.clock.now());
    const also = sandbox.settings.magicAmounts
      ? (plan: CallPlan) => withMagicAmount(plan, handler.method, read.amount, sandbox.settings.silenceMs)
      : undefined;
    return await runCall<GlobalNode>(
      sandbox,
      {
        merchantId: app.appId,
        subject: () => ({ protocol: 'global', method: handler.method, ...read }),
        book: (at, plan) => orRefusal(() => read.book(at, plan)),
        vague: vagueNode,
        codeOf: (node) => `${node.result.resultStatus} ${node.result.resultCode}`,
      },
      also,
    );
  } catch (error) {
    if (error instanceof FieldProblem)
      return { node: { result: result('PARAM_ILLEGAL', error.message) }, fault: undefined };
    throw error;
  }
}

function orRefusal(book: () => GlobalNode): GlobalNode {
  try {
    return book();
  } catch (error) {
    if (error instanceof GlobalRefusal) return { result: error.result };
    throw error;
  }
}

function vagueNode(kind: VagueAnswer): GlobalNode {
  switch (kind) {
    case 'unknown':
    case 'cancel-retry':
      return { result: result('UNKNOWN_EXCEPTION') };
    case 'system-error':
      return { result: result('SYSTEM_ERROR') };
    default:
      return unreachable(kind);
  }
}

function parseBody(body: WireCall['body']): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'));
  } catch {
    throw new GlobalRefusal('PARAM_ILLEGAL', 'The body is not JSON.');
  }
}

function headerOf(call: WireCall, name: string): string {
  const value = call.headers[name];
  return typeof value === 'string' ? value : '';
}

function pathOf(call: WireCall): string {
  return call.path.split('?')[0] ?? '';
}
