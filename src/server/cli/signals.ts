// SIGINT and SIGTERM: the first asks for an orderly stop, a later one for an end at once.

import type { Clock } from '#foundation/instant.ts';

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
