// A server of the same data that is still there from before: its Tillway was killed, or another Tillway runs on this home. Two
// servers on one data folder would destroy it, so a leftover is stopped first, and one in use is left alone with a clear word.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '#foundation/log.ts';
import { JournalError } from './journal-error.ts';
import type { Place } from './postgres-place.ts';

// A server whose Tillway died is told so at once and needs a moment to write its last checkpoint.
const ownEndMs = 4000;
const stopMs = 15_000;

/** Returns when no server runs on the data. Throws when a living Tillway holds it. */
export async function clearLeftover(place: Place, log: Log): Promise<void> {
  const pidFile = join(place.data, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return;
  const command = await commandOf(pid);
  if (command !== undefined && !command.includes(place.data)) {
    // The machine or container was restarted, and the number now belongs to something else.
    await rm(pidFile, { force: true });
    return;
  }
  if (command === undefined) throw stillRuns(pid, place);
  const starter = place.record?.startedBy;
  const held = starter !== undefined && isAlive(starter);
  if (held && (starter === process.pid || !(await ends(pid, ownEndMs))))
    throw new JournalError(
      'database-refused',
      `Another Tillway (process ${starter}) runs on ${place.home}. Stop it, or give this one a TILLWAY_HOME of its own.`,
    );
  if (!isAlive(pid)) return;
  log.event('journal.postgres.leftover-stopped', { pid });
  signal(pid, 'SIGINT');
  if (await ends(pid, stopMs)) return;
  signal(pid, 'SIGQUIT');
  if (await ends(pid, stopMs)) return;
  throw stillRuns(pid, place);
}

function stillRuns(pid: number, place: Place): JournalError {
  return new JournalError(
    'database-refused',
    `Process ${pid} seems to be a PostgreSQL of an earlier Tillway on ${place.data} and does not stop. End it, then start again.`,
  );
}

async function ends(pid: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += 50) {
    if (!isAlive(pid)) return true;
    await sleep(50);
  }
  return !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return !isZombie(pid);
}

// In a container whose first process buries no orphans, the dead keep their numbers.
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

// What runs under a process number; `undefined` where the machine does not tell.
async function commandOf(pid: number): Promise<string | undefined> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (command !== undefined) return command;
  const answer = spawnSync('ps', ['-ww', '-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout : undefined;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return;
    throw error;
  }
}
