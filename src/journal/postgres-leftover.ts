// A server of the same data that is still there from before: its Tillway was killed, or another Tillway runs on this home. Two
// servers on one data folder would destroy it, so a leftover is stopped first, and one in use is left alone with a clear word.

import { spawnSync } from 'node:child_process';
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
  if (!isServerOf(pid, place.data)) {
    // The machine or container was restarted, and the number now belongs to something else.
    await rm(pidFile, { force: true });
    return;
  }
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
  throw new JournalError(
    'database-refused',
    `A PostgreSQL of an earlier Tillway (process ${pid}) still runs on ${place.data} and does not stop. End it, then start again.`,
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
    return true;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isServerOf(pid: number, data: string): boolean {
  const answer = spawnSync('ps', ['-ww', '-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' });
  if (answer.status === 0) return answer.stdout.includes(data);
  // Small containers have no ps. A server that cannot be told apart is taken for one.
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return;
    throw error;
  }
}
