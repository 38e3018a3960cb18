// The small HTTP client of the commands: JSON in, JSON out, and every failure a sentence.

import { z } from 'zod';
import { failure, type Result, success } from '#foundation/result.ts';

export type JsonCall = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly apiKey?: string | undefined;
  readonly idempotencyKey?: string;
  readonly body?: Readonly<Record<string, unknown>>;
};

const problemSchema = z.object({ detail: z.string(), code: z.string().optional() });
const waitMs = 15_000;

async function send(call: JsonCall): Promise<{ readonly status: number; readonly text: string } | string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  if (call.apiKey !== undefined) headers['authorization'] = `Bearer ${call.apiKey}`;
  if (call.idempotencyKey !== undefined) headers['idempotency-key'] = call.idempotencyKey;
  try {
    const answer = await fetch(call.url, {
      method: call.method,
      headers,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: AbortSignal.timeout(waitMs),
    });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return `did not answer within ${waitMs / 1000} s`;
    return 'cannot be reached';
  }
}

/** Makes the call and reads the answer with `schema`. The failure is a sentence for the person at the terminal. */
export async function callJson<T>(call: JsonCall, schema: z.ZodType<T>): Promise<Result<T, string>> {
  const where = new URL(call.url);
  const sent = await send(call);
  if (typeof sent === 'string') {
    return failure(`${where.origin} ${sent}. See what runs with: tillway status`);
  }
  let body: unknown;
  try {
    body = JSON.parse(sent.text);
  } catch {
    return failure(`${where.origin}${where.pathname} answered ${sent.status} with something that is not JSON.`);
  }
  if (sent.status >= 400) {
    const problem = problemSchema.safeParse(body);
    const code = problem.data?.code === undefined ? '' : ` (${problem.data.code})`;
    return failure(problem.success ? `${problem.data.detail}${code}` : `${where.pathname} answered ${sent.status}.`);
  }
  const parsed = schema.safeParse(body);
  return parsed.success
    ? success(parsed.data)
    : failure(`${where.pathname} answered in words that are not known here.`);
}
