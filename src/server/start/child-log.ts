// Where a child's log goes: TILLWAY_HOME/logs/<name>.log, so that the terminal stays calm. The file is bounded: past the limit
// it is moved to .log.1 and begun anew.

import { closeSync, copyFileSync, fstatSync, mkdirSync, openSync, readSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

const sizeMax = 32 * 1024 * 1024;

/** Opens the file for appending; the caller hands the descriptor to the child and closes its own. */
export function openChildLog(path: string): { readonly descriptor: number; readonly from: number } {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  boundChildLog(path);
  const descriptor = openSync(path, 'a', 0o600);
  return { descriptor, from: fstatSync(descriptor).size };
}

/** Copies and empties a file past its limit. The child goes on appending to the same file. */
export function boundChildLog(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= sizeMax) return;
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
}

/** The last lines since `from`, for the person who has to know why a process ended. */
export function lastLines(path: string, from: number, linesMax: number): readonly string[] {
  const descriptor = openSync(path, 'r');
  try {
    const size = fstatSync(descriptor).size;
    const start = Math.max(from, size - 8_192);
    const tail = Buffer.alloc(Math.max(0, size - start));
    readSync(descriptor, tail, 0, tail.length, start);
    return tail.toString('utf8').trimEnd().split('\n').slice(-linesMax);
  } finally {
    closeSync(descriptor);
  }
}
