// POST|GET /gateway.do: OpenAPI v2. Query and form are merged, the signature is checked before anything is believed, the answer is
// HTTP 200 whatever happened, and what is signed is the exact text of the node that is sent.
// @see facts A.2 to A.5, H

import { parse } from 'node:querystring';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Instant } from '#foundation/instant.ts';
import { unreachable } from '#foundation/result.ts';
import { parseBeijing } from '../beijing-time.ts';
import type { AnswerFault } from '../faults/plan.ts';
import { FieldProblem, Fields } from '../field-reader.ts';
import type { MerchantApp } from '../merchant-apps.ts';
import { runCall, type VagueAnswer } from '../run-call.ts';
import type { Sandbox } from '../sandbox.ts';
import { sendAnswer, wireCallOf } from '../send-answer.ts';
import { isSignType } from '../signer.ts';
import { type WireAnswer, type WireCall, wireAnswer } from '../wire.ts';
import { BusinessRefusal, GatewayRefusal, gatewayMessages } from './business-error.ts';
import { type Parameters, verifyParameters } from './signature.ts';
import { type MethodHandler, refusalNode, tradeMethods } from './trade-methods.ts';
import type { ResponseNode } from './trade-node.ts';

export const openapiPath = '/gateway.do';

export function serveOpenapi(sandbox: Sandbox): (scope: FastifyInstance) => Promise<void> {
  return async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    const handle = async (request: FastifyRequest, reply: FastifyReply) =>
      sendAnswer(reply, await answerOpenapi(sandbox, wireCallOf(request)));
    scope.post(openapiPath, handle);
    scope.get(openapiPath, handle);
  };
}

type Answer = { readonly node: ResponseNode; readonly fault: AnswerFault | undefined; readonly signed: boolean };

/** Answers one call to the gateway. Rejects only by a defect of the sandbox, or when its event file cannot be written. */
export async function answerOpenapi(sandbox: Sandbox, call: WireCall): Promise<WireAnswer> {
  const parameters = mergeParameters(call);
  const method = parameters['method'] ?? '';
  const { node, fault, signed } = await handle(sandbox, parameters);
  const text = nodeText(node);
  const sign =
    signed && fault?.kind !== 'answer-unsigned' ? await signText(sandbox, parameters, text, fault) : undefined;
  await sandbox.written();
  const key = method === '' || !/^[a-z0-9.]{1,128}$/.test(method) ? 'error' : method.replaceAll('.', '_');
  return wireAnswer(
    {
      body: `{"${key}_response":${text}${sign === undefined ? '' : `,"sign":"${sign}"`}}`,
      headers: { 'content-type': 'text/html;charset=utf-8', trace_id: call.traceId },
    },
    fault,
  );
}

// Alipay writes slashes as \/ inside the node, and what is signed is the text as written.
function nodeText(node: ResponseNode): string {
  const text = JSON.stringify(node);
  return text.includes('/') ? text.replaceAll('/', '\\/') : text;
}

function signText(
  sandbox: Sandbox,
  parameters: Parameters,
  text: string,
  fault: AnswerFault | undefined,
): Promise<string> {
  const asked = parameters['sign_type'] ?? '';
  const signType = isSignType(asked) ? asked : 'RSA2';
  // A wrong signature is a good one of other words: only checking it shows the difference.
  const content = fault?.kind === 'answer-wrongly-signed' ? `${text} ` : text;
  return sandbox.signer.sign(signType, content, sandbox.alipayKey);
}

async function handle(sandbox: Sandbox, parameters: Parameters): Promise<Answer> {
  try {
    const app = await authenticate(sandbox, parameters);
    const now = sandbox.clock.now();
    checkForm(sandbox, parameters, now);
    const method = parameters['method'] ?? '';
    const handler = Object.hasOwn(tradeMethods, method) ? tradeMethods[method] : undefined;
    if (handler === undefined) throw new GatewayRefusal('40002', 'isv.invalid-method', '不存在的方法名');
    const carried = await carryOut(sandbox, parameters, app, handler, now);
    return { ...carried, signed: true };
  } catch (error) {
    if (!(error instanceof GatewayRefusal)) throw error;
    const { code, subCode, subMsg } = error;
    const node = { code, msg: gatewayMessages[code], sub_code: subCode, sub_msg: subMsg };
    return { node, fault: undefined, signed: sandbox.settings.signGatewayErrors };
  }
}

// The order of the checks is Alipay's: app_id, then the presence of the signature, then the signature itself.
async function authenticate(sandbox: Sandbox, parameters: Parameters): Promise<MerchantApp> {
  const appId = required(parameters, 'app_id', 'isv.missing-app-id', '缺少AppID参数');
  const app = sandbox.apps.find('openapi', appId);
  if (app === undefined) throw new GatewayRefusal('40002', 'isv.invalid-app-id', '无效的AppID参数');
  required(parameters, 'sign', 'isv.missing-signature', '缺少签名参数');
  const signType = required(parameters, 'sign_type', 'isv.missing-signature-type', '缺少签名类型参数');
  if (!isSignType(signType)) throw new GatewayRefusal('40002', 'isv.invalid-signature-type', '无效的签名类型');
  if (await verifyParameters(sandbox.signer, parameters, signType, app.publicKey)) return app;
  const names = Object.keys(parameters).filter((name) => name !== 'sign' && parameters[name] !== '');
  throw new GatewayRefusal(
    '40002',
    'isv.invalid-signature',
    `验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，参与验签的参数：${names.sort().join(',')}`,
  );
}

function checkForm(sandbox: Sandbox, parameters: Parameters, now: Instant): void {
  const timestamp = parseBeijing(required(parameters, 'timestamp', 'isv.missing-timestamp', '缺少时间戳参数'));
  const skewMsMax = sandbox.settings.clockSkewMsMax;
  if (timestamp === undefined || (skewMsMax !== undefined && Math.abs(timestamp - now) > skewMsMax))
    throw new GatewayRefusal('40002', 'isv.invalid-timestamp', '非法的时间戳参数');
  required(parameters, 'method', 'isv.missing-method', '缺少方法名参数');
  required(parameters, 'version', 'isv.missing-version', '缺少版本参数');
  const charset = (parameters['charset'] ?? 'utf-8').toLowerCase();
  if (charset !== 'utf-8' && charset !== 'utf8')
    throw new GatewayRefusal('40002', 'isv.invalid-charset', '字符集错误，沙箱只支持 utf-8');
  if ((parameters['format'] ?? 'JSON').toUpperCase() !== 'JSON')
    throw new GatewayRefusal('40002', 'isv.invalid-format', '无效的数据格式');
  if ((parameters['encrypt_type'] ?? '') !== '')
    throw new GatewayRefusal('40002', 'isv.invalid-encrypt-type', '沙箱不支持内容加密');
}

async function carryOut(
  sandbox: Sandbox,
  parameters: Parameters,
  app: MerchantApp,
  handler: MethodHandler,
  now: Instant,
): Promise<{ readonly node: ResponseNode; readonly fault: AnswerFault | undefined }> {
  try {
    const caller = { merchantId: app.appId, notifyUrl: readNotifyUrl(parameters) };
    const read = handler.read(sandbox, new Fields(readBizContent(parameters), ''), caller, now);
    return await runCall<ResponseNode>(sandbox, {
      merchantId: app.appId,
      subject: () => ({ protocol: 'openapi', method: handler.method, ...read }),
      book: (at, plan) => orRefusal(() => read.book(at, plan)),
      vague: (kind) => vagueNode(kind, read.outTradeNo),
      codeOf,
    });
  } catch (error) {
    if (error instanceof FieldProblem)
      return { node: refusalNode(new BusinessRefusal('ACQ.INVALID_PARAMETER', error.message)), fault: undefined };
    if (error instanceof BusinessRefusal) return { node: refusalNode(error), fault: undefined };
    throw error;
  }
}

function orRefusal(book: () => ResponseNode): ResponseNode {
  try {
    return book();
  } catch (error) {
    if (error instanceof BusinessRefusal) return refusalNode(error);
    throw error;
  }
}

function vagueNode(kind: VagueAnswer, outTradeNo: string | undefined): ResponseNode {
  switch (kind) {
    case 'unknown':
      return {
        code: '20000',
        msg: 'Service Currently Unavailable',
        sub_code: 'isp.unknow-error',
        sub_msg: '系统繁忙',
      };
    case 'system-error':
      return refusalNode(new BusinessRefusal('ACQ.SYSTEM_ERROR'));
    case 'cancel-retry':
      return {
        code: '10000',
        msg: 'Success',
        ...(outTradeNo === undefined ? {} : { out_trade_no: outTradeNo }),
        retry_flag: 'Y',
      };
    default:
      return unreachable(kind);
  }
}

function codeOf(node: ResponseNode): string {
  const { code, sub_code: subCode } = node;
  return [code, subCode].filter((part) => typeof part === 'string').join(' ');
}

function readBizContent(parameters: Parameters): unknown {
  const text = parameters['biz_content'] ?? '';
  if (text === '') throw new GatewayRefusal('40002', 'isv.invalid-parameter', '缺少 biz_content 参数');
  try {
    return JSON.parse(text);
  } catch {
    throw new GatewayRefusal('40002', 'isv.illegal-json', 'biz_content 不是合法的 JSON');
  }
}

function readNotifyUrl(parameters: Parameters): string | undefined {
  const text = parameters['notify_url'] ?? '';
  if (text === '') return undefined;
  if (text.length <= 256 && /^https?:\/\/[^\s]+$/.test(text) && URL.canParse(text)) return text;
  throw new GatewayRefusal('40002', 'isv.invalid-parameter', 'notify_url 不是合法的地址');
}

function required(parameters: Parameters, name: string, subCode: string, subMsg: string): string {
  const value = parameters[name] ?? '';
  if (value === '') throw new GatewayRefusal('40001', subCode, subMsg);
  return value;
}

const formParametersMax = 200;

function mergeParameters({ path, body }: WireCall): Parameters {
  const query = path.slice(path.indexOf('?') + 1 || path.length);
  const merged: Record<string, string> = {};
  for (const part of [query, typeof body === 'string' ? body : '']) {
    if (part === '') continue;
    const parsed = parse(part, '&', '=', { maxKeys: formParametersMax });
    for (const [name, value] of Object.entries(parsed)) {
      const text = Array.isArray(value) ? value[0] : value;
      if (text !== undefined) merged[name] = text;
    }
  }
  return merged;
}
