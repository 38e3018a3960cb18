// `tillway start`: the whole house, until a signal or a part that had to be given up. The first signal stops in order, a second
// one at once.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { destination } from 'pino';
import { type Log, silentLog } from '#foundation/log.ts';
import { systemClock } from '../ambient.ts';
import type { Config } from '../config.ts';
import { createLog } from '../log.ts';
import { bannerLines } from '../start/banner.ts';
import { openChildLog } from '../start/child-log.ts';
import { type House, type HouseTools, openHouse } from '../start/house.ts';
import { openEmbeddedDatabase } from '../start/open-database.ts';
import { defaultRestartPolicy } from '../start/restart-policy.ts';
import { StartTrouble } from '../start/start-trouble.ts';
import { readSettings } from './read-settings.ts';
import { onParentGone, onSignals } from './signals.ts';
import { type ExitCode, exitCode, type Terminal } from './terminal.ts';

const entry = (name: string) => fileURLToPath(new URL(`../start/${name}`, import.meta.url));

export async function start(terminal: Terminal): Promise<ExitCode> {
  const reading = readSettings(terminal);
  if (reading === null) return exitCode.usage;
  const log = openStartLog(reading.config.home);
  return superviseUntilSignal(
    reading.config,
    {
      clock: systemClock,
      log,
      restart: defaultRestartPolicy,
      entries: { sandbox: entry('sandbox-process.ts'), store: entry('store-process.ts') },
      startDatabase: (home) => openEmbeddedDatabase(home, log),
      say: (line) => terminal.note(line),
    },
    terminal,
  );
}

// The supervisor's own events go beside its children's, so that the terminal holds sentences only. A home that cannot be written
// is told by the start itself.
function openStartLog(home: string): Log {
  try {
    // Made before the closed folders within it: PostgreSQL runs as another user when Tillway is root, and must get through here.
    mkdirSync(home, { recursive: true });
    const { descriptor } = openChildLog(join(home, 'logs', 'start.log'));
    return createLog('start', destination({ fd: descriptor, sync: true }));
  } catch {
    return silentLog;
  }
}

/** Runs the house until a signal or until a part is given up. */
export async function superviseUntilSignal(config: Config, tools: HouseTools, terminal: Terminal): Promise<ExitCode> {
  const breakOff = new AbortController();
  let house: House | null = null;
  const signalled = Promise.withResolvers<string>();
  const stop = (why: string) => {
    terminal.note(`${why}: stopping. A second signal ends everything at once.`);
    breakOff.abort();
    signalled.resolve(why);
  };
  const { env } = terminal;
  const byAnother = env['npm_lifecycle_event'] !== undefined || env['TILLWAY_LAUNCHED'] !== undefined;
  const releaseParent = byAnother ? onParentGone(tools.clock, () => stop('What started this has ended')) : () => {};
  const release = onSignals(
    tools.clock,
    (signal) => {
      releaseParent();
      stop(signal);
    },
    () => {
      terminal.note('Ended at once. The next start puts everything in order.');
      house?.kill();
      process.exit(exitCode.trouble);
    },
  );
  try {
    house = await openHouse(config, tools, breakOff.signal);
    for (const line of bannerLines(house.run, config)) terminal.out(line);
    const givenUp = await Promise.race([house.givenUp, signalled.promise.then(() => null)]);
    if (givenUp !== null) terminal.note(givenUp);
    const failed = await house.close();
    for (const name of failed) terminal.note(`The ${name} did not stop as it should; the next start takes care of it.`);
    terminal.note('Stopped.');
    return givenUp === null ? exitCode.done : exitCode.trouble;
  } catch (error) {
    if (breakOff.signal.aborted) {
      terminal.note('Stopped before everything was ready.');
      return exitCode.done;
    }
    if (!(error instanceof StartTrouble)) throw error;
    terminal.note(error.message);
    return exitCode.trouble;
  } finally {
    releaseParent();
    release();
  }
}
