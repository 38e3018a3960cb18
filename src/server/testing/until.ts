// Waits for something to become true, and says what was awaited when it does not.

import { setTimeout as sleep } from 'node:timers/promises';

const lookMs = 10;

export async function until(what: string, isTrue: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
  const begin = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - begin > withinMs) throw new Error(`${what}: not within ${withinMs} ms`);
    await sleep(lookMs);
  }
}
