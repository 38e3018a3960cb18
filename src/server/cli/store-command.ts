// `tillway store`: the store server alone, against the configured gateway. Several may share one database.

import { redact } from '#foundation/redacted.ts';
import { type Config, portSetting } from '../config.ts';
import { createLog } from '../log.ts';
import { openEmbeddedDatabase } from '../start/open-database.ts';
import { openStore } from '../start/open-store.ts';
import { writeRunFile } from '../start/run-file.ts';
import { openSecrets } from '../start/secrets.ts';
import type { Stack } from '../start/stack.ts';
import { StartTrouble } from '../start/start-trouble.ts';
import { storeConfig } from '../store-settings.ts';
import { holdHome, runAlone } from './run-alone.ts';
import type { ExitCode, Terminal } from './terminal.ts';

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
