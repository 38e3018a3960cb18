// One owner for a folder at a time. The lock is a file lock of the operating system (taken through SQLite, which is how Node
// reaches it on every platform): the system gives it back when its process ends in whatever way, so that there is no stale
// lock to judge after a SIGKILL and no process id to mistake for another.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { failure, type Result, success } from '#foundation/result.ts';

export type Lock = { release(): void };

/** Who holds the lock, as it wrote itself down; null when it had no time to. */
export type LockHolder = { readonly pid: number; readonly since: string };

function readHolder(path: string): LockHolder | null {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof holder !== 'object' || holder === null) return null;
    const pid: unknown = Reflect.get(holder, 'pid');
    const since: unknown = Reflect.get(holder, 'since');
    return typeof pid === 'number' && typeof since === 'string' ? { pid, since } : null;
  } catch {
    return null;
  }
}

/** Takes the folder (made when missing), or tells who has it. Throws when the folder cannot be written. */
export function takeLock(folder: string, since: string): Result<Lock, LockHolder | null> {
  mkdirSync(folder, { recursive: true });
  const holderPath = join(folder, 'holder.json');
  const database = new DatabaseSync(join(folder, 'lock'));
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    // 5 is SQLITE_BUSY; its extended forms carry it in the low byte.
    if (error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === 5) {
      return failure(readHolder(holderPath));
    }
    throw error;
  }
  writeFileSync(holderPath, `${JSON.stringify({ pid: process.pid, since })}\n`, { mode: 0o600 });
  return success({
    release() {
      rmSync(holderPath, { force: true });
      database.close();
    },
  });
}
