// One start per home: two would share a database folder and a run.json.

import { type Lock, takeLock } from './home-lock.ts';
import { StartTrouble } from './start-trouble.ts';

/** Takes the home, or throws StartTrouble that says who has it and what to do. */
export function takeHome(home: string, since: string): Lock {
  let taken: ReturnType<typeof takeLock>;
  try {
    taken = takeLock(home, since);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new StartTrouble(
      `The folder ${home} cannot be written (${code}). Set TILLWAY_HOME to a folder that this user may write.`,
    );
  }
  if (taken.ok) return taken.value;
  const holder = taken.failure;
  const who = holder === null ? 'another process' : `process ${holder.pid}, since ${holder.since}`;
  throw new StartTrouble(
    `Tillway already runs in ${home} (${who}). See it with "tillway status", stop it with Ctrl+C or SIGTERM, ` +
      'or set TILLWAY_HOME to another folder to run a second one beside it.',
  );
}
