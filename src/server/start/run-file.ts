// TILLWAY_HOME/run.json: every address and the demo credentials, for scripts and tests. It is there exactly while everything is
// ready. It holds keys, so only its owner may read it; it is moved into place whole, so that nobody reads half of it.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { failure, type Result, success } from '#foundation/result.ts';

export const sandboxCredentialsSchema = z.object({
  openapi: z.object({ appId: z.string(), appPrivateKey: z.string(), alipayPublicKey: z.string() }),
  global: z.object({ clientId: z.string(), privateKey: z.string(), alipayPublicKey: z.string() }),
});

/** Somebody of the demo who can sign in at the till. */
const demoPersonSchema = z.object({ personId: z.string(), name: z.string(), role: z.string(), pin: z.string() });

const runSchema = z.object({
  store: z
    .object({ url: z.string(), apiKey: z.string().optional(), people: z.array(demoPersonSchema).optional() })
    .optional(),
  sandbox: sandboxCredentialsSchema.extend({ url: z.string() }).optional(),
});

export type SandboxCredentials = z.infer<typeof sandboxCredentialsSchema>;
export type Run = z.infer<typeof runSchema>;

export function runFilePath(home: string): string {
  return join(home, 'run.json');
}

export function writeRunFile(home: string, run: Run): void {
  const path = runFilePath(home);
  const next = `${path}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, path);
}

/** True when there was one to remove. */
export function removeRunFile(home: string): boolean {
  try {
    rmSync(runFilePath(home));
    return true;
  } catch {
    return false;
  }
}

/** What runs in this home; the failure is a sentence that says what to do. */
export function readRunFile(home: string): Result<Run, string> {
  try {
    const parsed = runSchema.safeParse(JSON.parse(readFileSync(runFilePath(home), 'utf8')));
    if (parsed.success) return success(parsed.data);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return failure(`Nothing runs in ${home} (there is no run.json). Start it with: tillway start`);
    }
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') {
      return failure(`${runFilePath(home)} belongs to another user. Run this command as the user who started Tillway.`);
    }
  }
  return failure(`${runFilePath(home)} cannot be read as a run file. Stop Tillway, remove the file and start again.`);
}
