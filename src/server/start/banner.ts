// What the terminal shows when everything is ready: where to go, where things are kept, how to stop.

import { join } from 'node:path';
import type { Config } from '../config.ts';
import { type Run, runFilePath } from './run-file.ts';

/** Lines for the terminal. */
export function bannerLines(run: Run, config: Config): readonly string[] {
  const store = run.store?.url.replace(/\/$/, '');
  const sandbox = run.sandbox?.url;
  const gateway = config.alipay.gateway;
  const addresses: [string, string | undefined][] = [
    ['Till', store && `${store}/till`],
    ['Wallet', store && sandbox && `${store}/wallet`],
    ['API', store && `${store}/docs`],
    ['Sandbox', sandbox],
    ['Alipay', gateway === null ? undefined : `${gateway.url} as ${gateway.applicationId}`],
  ];
  const shown = addresses.filter((row): row is [string, string] => Boolean(row[1]));
  return [
    '',
    `Tillway is ready: ${config.store.name}`,
    '',
    ...shown.map(([name, address]) => `  ${name.padEnd(9)}${address}`),
    '',
    ...peopleLines(run),
    `  Keys and addresses for scripts: ${runFilePath(config.home)}`,
    `  Logs: ${join(config.home, 'logs')}`,
    '  Stop with Ctrl+C.',
    '',
  ];
}

function peopleLines(run: Run): readonly string[] {
  const people = run.store?.people ?? [];
  if (people.length === 0) return [];
  const lines = people.map(({ name, role, pin }) => `    ${role.padEnd(12)}PIN ${pin.padEnd(9)}${name}`);
  return ['  Sign in at the till as one of the demo people:', ...lines, ''];
}
