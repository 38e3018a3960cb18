// One process alone, in the foreground, as a service manager runs it: opened, kept until a signal, closed in order.

import { formatInstant } from '#foundation/instant.ts';
import { systemClock } from '../ambient.ts';
import type { Config } from '../config.ts';
import { removeRunFile } from '../start/run-file.ts';
import { Stack } from '../start/stack.ts';
import { explainListenTrouble, StartTrouble } from '../start/start-trouble.ts';
import { takeHome } from '../start/take-home.ts';
import { readSettings } from './read-settings.ts';
import { onSignals } from './signals.ts';
import { type ExitCode, exitCode, type Terminal } from './terminal.ts';

export type Alone = {
  readonly name: string;
  readonly portSetting: string;
  open(config: Config, stack: Stack): Promise<void>;
};

/** Opens it and waits for a signal. What it cannot do is told in a sentence, and the exit code is 1. */
export async function runAlone(alone: Alone, terminal: Terminal): Promise<ExitCode> {
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

/** Makes the home this process's own: its run.json is then its to write, and its database folder its to start. */
export function holdHome(config: Config, stack: Stack): void {
  const lock = takeHome(config.home, formatInstant(systemClock.now()));
  stack.add({ name: 'lock', close: async () => lock.release(), kill: () => lock.release() });
  const forget = () => void removeRunFile(config.home);
  forget();
  stack.add({ name: 'run file', close: async () => forget(), kill: forget });
}
