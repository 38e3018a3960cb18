// One way to start a sandbox in a test and to act as its buyers. The keys are made once for each test process.

import { ok } from 'node:assert/strict';
import { loadSandboxKeys, type SandboxKeys } from '../keys.ts';
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../start-sandbox.ts';

let keys: Promise<SandboxKeys> | undefined;

export function testKeys(): Promise<SandboxKeys> {
  keys ??= loadSandboxKeys(undefined);
  return keys;
}

export async function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<RunningSandbox> {
  return startSandbox({ port: 0, keys: await testKeys(), ...options });
}

export type Json = Readonly<Record<string, unknown>>;

export async function control(
  sandbox: Pick<RunningSandbox, 'url'>,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: Json }> {
  const response = await fetch(`${sandbox.url}/control/v1/${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: asJson(await response.json()) };
}

/** Posts and expects it to work. */
export async function postJson(sandbox: Pick<RunningSandbox, 'url'>, path: string, body: unknown = {}): Promise<Json> {
  const answer = await control(sandbox, 'POST', path, body);
  ok(answer.status < 300, `POST ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export async function getJson(sandbox: Pick<RunningSandbox, 'url'>, path: string): Promise<Json> {
  const answer = await control(sandbox, 'GET', path);
  ok(answer.status < 300, `GET ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export async function openWallet(
  sandbox: Pick<RunningSandbox, 'url'>,
  balance: string,
  more: Json = {},
): Promise<string> {
  return textOf((await postJson(sandbox, 'wallets', { balance, currency: 'CNY', ...more }))['walletId']);
}

export async function showCode(
  sandbox: Pick<RunningSandbox, 'url'>,
  walletId: string,
  more: Json = {},
): Promise<{ readonly code: string; readonly expiresAt: string }> {
  const shown = await postJson(sandbox, `wallets/${walletId}/codes`, more);
  return { code: textOf(shown['code']), expiresAt: textOf(shown['expiresAt']) };
}

/** The balance of a wallet as decimal text. */
export async function balanceOf(sandbox: Pick<RunningSandbox, 'url'>, walletId: string): Promise<string> {
  return textOf((await getJson(sandbox, `wallets/${walletId}`))['balance']);
}

export function textOf(value: unknown): string {
  ok(typeof value === 'string', `${String(value)} is text`);
  return value;
}

export function asJson(value: unknown): Json {
  ok(typeof value === 'object' && value !== null && !Array.isArray(value), 'a JSON object');
  return value as Json;
}

export function listOf(value: unknown): readonly Json[] {
  ok(Array.isArray(value), 'a JSON list');
  return value.map(asJson);
}
