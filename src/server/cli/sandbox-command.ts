// `tillway sandbox`: the local Alipay alone, for any team's integration.

import { formatInstant } from '#foundation/instant.ts';
import { systemClock } from '../ambient.ts';
import { type Config, portSetting } from '../config.ts';
import { createLog } from '../log.ts';
import { openSandbox } from '../start/open-sandbox.ts';
import { writeRunFile } from '../start/run-file.ts';
import type { Stack } from '../start/stack.ts';
import { holdHome, runAlone } from './run-alone.ts';
import type { ExitCode, Terminal } from './terminal.ts';

export function runSandbox(terminal: Terminal): Promise<ExitCode> {
  const open = async (config: Config, stack: Stack) => {
    holdHome(config, stack);
    const since = formatInstant(systemClock.now());
    const place = { host: config.bindHost, port: config.sandbox.port, home: config.home };
    const sandbox = await openSandbox(place, since, createLog('sandbox'));
    stack.add({ name: 'sandbox', close: () => sandbox.close(), kill: () => {} });
    writeRunFile(config.home, { sandbox: { url: sandbox.url, ...sandbox.credentials } });
    const base = sandbox.url.replace(/\/$/, '');
    terminal.out('');
    terminal.out('The Alipay sandbox is ready.');
    terminal.out('');
    terminal.out(`  Control page   ${base}/`);
    terminal.out(`  OpenAPI        ${base}/gateway.do   app id ${sandbox.credentials.openapi.appId}`);
    terminal.out(`  Global API     ${base}/ams/api/v1/payments/   client id ${sandbox.credentials.global.clientId}`);
    terminal.out(`  Keys           in ${config.home}/run.json`);
    terminal.out('');
    terminal.out('  Make a payment code with: tillway codes');
  };
  return runAlone({ name: 'Alipay sandbox', portSetting: portSetting('sandbox'), open }, terminal);
}
