// Waiting with a bound: every wait of the suites says what it waited for when it was in vain.

import { setTimeout as sleep } from 'node:timers/promises';

export type Patience = { readonly withinMs: number; readonly everyMs?: number };

/** Looks until there is something to see. Fails with what `explain` says when `withinMs` have passed. */
export async function until<Seen>(
  { withinMs, everyMs = 100 }: Patience,
  look: () => Promise<Seen | undefined>,
  explain: () => string | Promise<string>,
): Promise<Seen> {
  const end = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > end) throw new Error(`After ${withinMs} ms: ${await explain()}`);
    await sleep(everyMs);
  }
}
