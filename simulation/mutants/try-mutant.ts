// Tries one mutant, or the code as it is, in a process of its own.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { quickScopes } from '../explorer/scopes.ts';
import type { Place, Verdict } from './judge.ts';
import type { Mutant } from './mutant.ts';
import type { TrialOrder } from './trial.ts';

const worldCount = 40;
const trialMsMax = 240_000;

/** The worlds that are looked through: the same for every mutant, and for the code as it is. */
export const worlds: readonly number[] = Array.from({ length: worldCount }, (_, index) => index + 1);
/** The scopes of `npm test`, and one of the long suite: what Alipay books late, and a notice of it that is lost. */
export const scopes: readonly string[] = [...quickScopes.map(({ name }) => name), 'pair-losses-held'];

/** Where a mutant is looked for, the likely place first. */
export function placesFor({ expectedBy, first }: Mutant): readonly Place[] {
  const all: readonly Place[] =
    expectedBy === 'simulation' ? worlds : expectedBy === 'explorer' ? scopes : [...scopes, ...worlds];
  if (first === undefined) return all;
  if (!all.includes(first)) throw new Error(`${first} is no place where everything is looked through`);
  return [first, ...all.filter((place) => place !== first)];
}

/** Judges in a process of its own; rejects when it does not answer. */
export function tryOut(order: TrialOrder): Promise<Verdict> {
  const trial = fileURLToPath(new URL('trial.ts', import.meta.url));
  const child = spawn(process.execPath, [trial, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: trialMsMax,
    killSignal: 'SIGKILL',
  });
  let [answer, trouble] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (answer += text.toString()));
  child.stderr.on('data', (text: Buffer) => (trouble += text.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(answer));
      else
        reject(
          new Error(`the trial of ${order.mutant ?? 'the code as it is'} ended with ${signal ?? code}: ${trouble}`),
        );
    });
  });
}
