// `tillway status`: what runs in this home, where, whether it can do its work, and what is in custody.

import { storeSchema } from '../contract/ecr.ts';
import { type Run, readRunFile } from '../start/run-file.ts';
import { callJson } from './json-client.ts';
import { readSettings } from './read-settings.ts';
import { type ExitCode, exitCode, type Terminal } from './terminal.ts';

type Seen = { readonly name: string; readonly url: string; readonly ready: boolean };

async function look(name: string, url: string, path: string): Promise<Seen> {
  try {
    const answer = await fetch(`${url.replace(/\/$/, '')}${path}`, { signal: AbortSignal.timeout(3_000) });
    await answer.arrayBuffer();
    return { name, url, ready: answer.status === 200 };
  } catch {
    return { name, url, ready: false };
  }
}

async function custodyCount(store: NonNullable<Run['store']>): Promise<number | null> {
  const url = `${store.url.replace(/\/$/, '')}/api/v1/store`;
  const about = await callJson({ method: 'GET', url, apiKey: store.apiKey }, storeSchema.pick({ custodyCount: true }));
  return about.ok ? about.value.custodyCount : null;
}

/** Exit code 0 when everything that runs is ready. */
export async function showStatus(options: { readonly json: boolean }, terminal: Terminal): Promise<ExitCode> {
  const reading = readSettings(terminal);
  if (reading === null) return exitCode.usage;
  const { home } = reading.config;
  const run = readRunFile(home);
  if (!run.ok) {
    if (options.json) terminal.out(JSON.stringify({ home, running: false, parts: [], custodyCount: null }));
    terminal.note(run.failure);
    return exitCode.trouble;
  }
  const { store, sandbox } = run.value;
  const parts = await Promise.all([
    ...(store === undefined ? [] : [look('store', store.url, '/readyz')]),
    ...(sandbox === undefined ? [] : [look('sandbox', sandbox.url, '/healthz')]),
  ]);
  const custody = store === undefined ? null : await custodyCount(store);
  const allReady = parts.every((part) => part.ready);
  if (options.json) {
    terminal.out(JSON.stringify({ home, running: true, parts, custodyCount: custody }));
    return allReady ? exitCode.done : exitCode.trouble;
  }
  terminal.out(`home      ${home}`);
  for (const part of parts) terminal.out(`${part.name.padEnd(10)}${part.url}  ${part.ready ? 'ready' : 'NOT READY'}`);
  if (store !== undefined)
    terminal.out(`custody   ${custody === null ? 'not known: the store server did not tell' : custodyWords(custody)}`);
  if (!allReady)
    terminal.note('What is not ready is started again by itself; if it stays so, see its log in the logs folder.');
  return allReady ? exitCode.done : exitCode.trouble;
}

function custodyWords(count: number): string {
  if (count === 0) return 'no payment';
  return `${count} ${count === 1 ? 'payment' : 'payments'} being brought to an end by itself`;
}
