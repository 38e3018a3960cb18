// The store server as its own process and `tillway store` both run it.

import { fileURLToPath } from 'node:url';
import type { Log } from '#foundation/log.ts';
import type { Redacted } from '#foundation/redacted.ts';
import { JournalError } from '#journal/index.ts';
import type { AlipayGateway } from '../config.ts';
import { startStoreServer } from '../store-server.ts';
import type { StoreConfig, StoreServer } from '../store-settings.ts';
import { openSecrets } from './secrets.ts';
import { StartTrouble } from './start-trouble.ts';

export type StorePlace = {
  readonly host: string;
  readonly port: number;
  readonly home: string;
  readonly config: StoreConfig;
  readonly databaseUrl: Redacted<string>;
  readonly gateway: AlipayGateway;
  readonly sandboxUrl: string | null;
};

const screensFolder = fileURLToPath(new URL('../../../dist/screens', import.meta.url));

/** Throws StartTrouble with a sentence when the database says no. */
export async function openStore(place: StorePlace, log: Log): Promise<StoreServer> {
  const { host, port, config, databaseUrl, gateway, sandboxUrl } = place;
  const secrets = openSecrets(place.home);
  const demoApiKey = config.demo ? secrets.demoApiKey : null;
  const { fingerprintKey, demoPins } = secrets;
  try {
    return await startStoreServer({
      config,
      log,
      host,
      port,
      databaseUrl,
      gateway,
      sandboxUrl,
      demoApiKey,
      demoPins,
      fingerprintKey,
      screensFolder,
    });
  } catch (error) {
    throw error instanceof JournalError ? new StartTrouble(error.message) : error;
  }
}
