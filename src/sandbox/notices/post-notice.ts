// Signs a notice in its protocol's way and posts it. The answer counts only in the exact form that the protocol asks for.
// @see facts A.11 (form, `success`), B.6 (JSON, result S)

import type { KeyObject } from 'node:crypto';
import { stringify } from 'node:querystring';
import { type Agent, request } from 'undici';
import type { Instant } from '#foundation/instant.ts';
import { beijingIso, beijingText } from '../beijing-time.ts';
import { signatureHeader } from '../global/signature.ts';
import { contentOf } from '../openapi/signature.ts';
import { signRsa } from '../signer.ts';
import type { Notice, NoticeSend } from './notice.ts';
import type { NoticePost } from './notice-desk.ts';

const answerCharactersMax = 200;
const answerBytesMax = 65_536;

export function noticePoster(alipayKey: KeyObject, agent: Agent): NoticePost {
  return async (notice, { at, wronglySigned, timeoutMs }) => {
    try {
      const { body, headers } = await signed(notice, alipayKey, at, wronglySigned);
      const response = await request(notice.url, {
        method: 'POST',
        headers,
        body,
        dispatcher: agent,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const text = await readAnswer(response.body);
      const good = response.statusCode === 200 && acknowledges(notice, text);
      return {
        outcome: good ? 'acknowledged' : 'not-acknowledged',
        detail: `${response.statusCode} ${text.slice(0, answerCharactersMax)}`,
      };
    } catch (error) {
      return { outcome: 'unreachable', detail: reasonOf(error) };
    }
  };
}

type Signed = { readonly body: string; readonly headers: Record<string, string> };

async function signed(notice: Notice, key: KeyObject, at: Instant, wrongly: boolean): Promise<Signed> {
  // A wrong signature is a good one of other words: only checking it shows the difference.
  const spoil = (content: string): string => (wrongly ? `${content} ` : content);
  if ('form' in notice.content) {
    const form = { ...notice.content.form, notify_time: beijingText(at) };
    const sign = await signRsa('RSA2', spoil(contentOf(form)), key);
    return {
      body: stringify({ ...form, sign_type: 'RSA2', sign }),
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    };
  }
  const time = beijingIso(at);
  const { json } = notice.content;
  const content = `POST ${new URL(notice.url).pathname}\n${notice.merchantId}.${time}.${json}`;
  return {
    body: json,
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'client-id': notice.merchantId,
      'request-time': time,
      signature: signatureHeader(await signRsa('RSA2', spoil(content), key)),
    },
  };
}

function acknowledges(notice: Notice, text: string): boolean {
  if (notice.protocol === 'openapi') return text === 'success';
  try {
    const answer: unknown = JSON.parse(text);
    return resultStatusOf(answer) === 'S';
  } catch {
    return false;
  }
}

function resultStatusOf(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('result' in answer)) return undefined;
  const { result } = answer;
  return typeof result === 'object' && result !== null && 'resultStatus' in result ? result.resultStatus : undefined;
}

async function readAnswer(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > answerBytesMax) throw new Error('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function reasonOf(error: unknown): NoticeSend['detail'] {
  if (!(error instanceof Error)) return 'unknown trouble';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message.slice(0, answerCharactersMax);
}
