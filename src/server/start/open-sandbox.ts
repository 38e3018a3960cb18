// The Alipay sandbox as its own process and `tillway sandbox` both run it: state in TILLWAY_HOME/sandbox, one process at a time.

import { join } from 'node:path';
import type { Log } from '#foundation/log.ts';
import { startSandbox } from '#sandbox/index.ts';
import { systemClock, systemRandom } from '../ambient.ts';
import type { SandboxCredentials } from './run-file.ts';
import { takeHome } from './take-home.ts';

export type OpenSandbox = {
  readonly url: string;
  readonly credentials: SandboxCredentials;
  close(): Promise<void>;
};

export type SandboxPlace = { readonly host: string; readonly port: number; readonly home: string };

export async function openSandbox(place: SandboxPlace, since: string, log: Log): Promise<OpenSandbox> {
  const dataDir = join(place.home, 'sandbox');
  const lock = takeHome(dataDir, since);
  try {
    const { host, port } = place;
    // The control API may move this sandbox's clock: closing times and cancel windows are tried in seconds.
    const clock = { clock: systemClock, settableClock: true };
    const sandbox = await startSandbox({ host, port, dataDir, ...clock, random: systemRandom(), log });
    return {
      url: sandbox.url,
      credentials: sandbox.credentials,
      async close() {
        await sandbox.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
