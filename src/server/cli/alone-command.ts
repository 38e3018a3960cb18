// `tillway sandbox` and `tillway store`: one process alone, in the foreground, logging to stderr, as a service manager runs it.

import { formatInstant } from '#foundation/instant.ts';
import { redact } from '#foundation/redacted.ts';
import { systemClock } from '../ambient.ts';
import { type Config, portSetting } from '../config.ts';
import { createLog } from '../log.ts';
import { openEmbeddedDatabase } from '../start/open-database.ts';
import { openSandbox } from '../start/open-sandbox.ts';
import { openStore } from '../start/open-store.ts';
import { removeRunFile, writeRunFile } from '../start/run-file.ts';
import { openSecrets } from '../start/secrets.ts';
import { Stack } from '../start/stack.ts';
import { explainListenTrouble, StartTrouble } from '../start/start-trouble.ts';
import { takeHome } from '../start/take-home.ts';
import { storeConfig } from '../store-settings.ts';
import { readSettings } from './read-settings.ts';
import { onSignals } from './signals.ts';
import { type ExitCode, exitCode, type Terminal } from './terminal.ts';

type Alone = { readonly name: string; readonly portSetting: string; open(config: Config, stack: Stack): Promise<void> };

async function runAlone(alone: Alone, terminal: Terminal): Promise<ExitCode> {
  const reading = readSettings(terminal);
  if (reading === null) return exitCode.usage;
  const stack = new Stack();
  const signalled = Promise.withResolvers<void>();
  const release = onSignals(
    systemClock,
    () => signalled.resolve(),
    () => process.exit(exitCode.trouble),
  );
  try {
    await alone.open(reading.config, stack);
    await signalled.promise;
    return exitCode.done;
  } catch (error) {
    const sentence =
      error instanceof StartTrouble ? error.message : explainListenTrouble(error, alone.name, alone.portSetting);
    if (sentence === null) throw error;
    terminal.note(sentence);
    return exitCode.trouble;
  } finally {
    await stack.close();
    release();
  }
}

// The home belongs to this process: its run.json is its own to write, and its database folder its own to start.
function holdHome(config: Config, stack: Stack): void {
  const lock = takeHome(config.home, formatInstant(systemClock.now()));
  stack.add({ name: 'lock', close: async () => lock.release(), kill: () => lock.release() });
  const forget = () => void removeRunFile(config.home);
  forget();
  stack.add({ name: 'run file', close: async () => forget(), kill: forget });
}

/** The sandbox alone, for any team's Alipay integration. */
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

/** The store server alone, against the configured gateway. Several may share one database. */
export function runStore(terminal: Terminal): Promise<ExitCode> {
  const open = async (config: Config, stack: Stack) => {
    const { gateway } = config.alipay;
    if (gateway === null) {
      throw new StartTrouble(
        'No Alipay gateway is configured, and "tillway store" brings no sandbox. Set alipay.gatewayUrl and what belongs ' +
          'to it (see tillway config), or use "tillway start".',
      );
    }
    const log = createLog('store');
    let databaseUrl = config.databaseUrl;
    // With a database of its own the home can have one owner only; stores that share a DATABASE_URL can be many.
    if (databaseUrl === null) {
      holdHome(config, stack);
      const database = await openEmbeddedDatabase(config.home, log);
      stack.add({ name: 'PostgreSQL', close: () => database.close(), kill: () => {} });
      databaseUrl = redact(database.url);
    }
    const { bindHost: host, home } = config;
    const own = { host, home, port: config.store.port, config: storeConfig(config) };
    const store = await openStore({ ...own, databaseUrl, gateway, sandboxUrl: null }, log);
    stack.add({ name: 'store server', close: () => store.close(), kill: () => {} });
    const apiKey = config.demo ? { apiKey: openSecrets(home).demoApiKey.reveal() } : {};
    if (config.databaseUrl === null) writeRunFile(home, { store: { url: store.url, ...apiKey } });
    terminal.out(`The store server is ready: ${store.url}`);
  };
  return runAlone({ name: 'store server', portSetting: portSetting('store'), open }, terminal);
}
