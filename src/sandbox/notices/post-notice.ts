// Signs a notice in its protocol's way and posts it. The answer counts only in the exact form that the protocol asks for.
// @see facts A.11 (form, `success`), B.6 (JSON, result S)

import type { KeyObject } from 'node:crypto';
import { stringify } from 'node:querystring';
import type { Instant } from '#foundation/instant.ts';
import { beijingIso, beijingText } from '../beijing-time.ts';
import { signatureHeader } from '../global/signature.ts';
import { contentOf } from '../openapi/signature.ts';
import type { Signer } from '../signer.ts';
import type { Notice, NoticeSend } from './notice.ts';
import type { NoticePost } from './notice-desk.ts';
import type { NoticeSender } from './notice-sender.port.ts';

const answerCharactersMax = 200;

export type NoticePosterParts = {
  readonly alipayKey: KeyObject;
  readonly signer: Signer;
  readonly sender: NoticeSender;
};

export function noticePoster(parts: NoticePosterParts): NoticePost {
  return async (notice, { at, wronglySigned, timeoutMs }) => {
    try {
      const { headers, body } = await signed(notice, parts, at, wronglySigned);
      const receipt = await parts.sender.post({ url: notice.url, headers, body }, timeoutMs);
      const good = receipt.status === 200 && acknowledges(notice, receipt.body);
      return {
        outcome: good ? 'acknowledged' : 'not-acknowledged',
        detail: `${receipt.status} ${receipt.body.slice(0, answerCharactersMax)}`,
      };
    } catch (error) {
      return { outcome: 'unreachable', detail: reasonOf(error) };
    }
  };
}

type Signed = { readonly body: string; readonly headers: Record<string, string> };

async function signed(
  notice: Notice,
  { alipayKey, signer }: NoticePosterParts,
  at: Instant,
  wrongly: boolean,
): Promise<Signed> {
  // A wrong signature is a good one of other words: only checking it shows the difference.
  const spoil = (content: string): string => (wrongly ? `${content} ` : content);
  if ('form' in notice.content) {
    const form = { ...notice.content.form, notify_time: beijingText(at) };
    const sign = await signer.sign('RSA2', spoil(contentOf(form)), alipayKey);
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
      signature: signatureHeader(await signer.sign('RSA2', spoil(content), alipayKey)),
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

function reasonOf(error: unknown): NoticeSend['detail'] {
  if (!(error instanceof Error)) return 'unknown trouble';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message.slice(0, answerCharactersMax);
}
