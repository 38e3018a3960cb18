// SIGINT and SIGTERM: the first asks for an orderly stop, a later one for an end at once. And the end of npm or of the launcher,
// which cannot always pass a signal on.

import { type Clock, durationMs } from '#foundation/instant.ts';

// One Ctrl+C often arrives twice: from the terminal, and passed on by the launcher or by npm.
const sameSignalMs = 400;

/** Calls `first` for the first signal and `again` for one that comes later; the returned function stops listening. */
export function onSignals(clock: Clock, first: (signal: string) => void, again: () => void): () => void {
  let firstAt: number | null = null;
  const hear = (signal: string) => {
    if (firstAt === null) {
      firstAt = clock.monotonicMs();
      first(signal);
    } else if (clock.monotonicMs() - firstAt > sameSignalMs) again();
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, hear);
  return () => {
    for (const name of names) process.off(name, hear);
  };
}

const lookEveryMs = 250;

/**
 * Calls `gone` once when the process that started this one has ended. Only for a start by npm or by the launcher: elsewhere a
 * parent may well end before its child. The returned function stops looking.
 */
export function onParentGone(clock: Clock, gone: () => void): () => void {
  const parent = process.ppid;
  let callOff = () => {};
  const look = () => {
    // An orphan is given another parent (on Windows it keeps the number, and npm ends its children itself).
    if (process.ppid !== parent) gone();
    else callOff = clock.after(durationMs(lookEveryMs), look);
  };
  look();
  return () => callOff();
}
