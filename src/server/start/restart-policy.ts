// When a crashed process is started again: at once at first, more slowly while it keeps failing, and not for ever.

export type RestartPolicy = {
  readonly firstWaitMs: number;
  readonly waitMaxMs: number;
  /** A process that lived shorter than this crashed quickly. */
  readonly quickMs: number;
  readonly quickCrashesMax: number;
};

export const defaultRestartPolicy: RestartPolicy = {
  firstWaitMs: 200,
  waitMaxMs: 10_000,
  quickMs: 10_000,
  quickCrashesMax: 10,
};

export type AfterCrash =
  | { readonly kind: 'restart'; readonly waitMs: number; readonly quickCrashes: number }
  | { readonly kind: 'give-up'; readonly quickCrashes: number };

/** `quickCrashes` counts those in a row before this one; a life that was long enough starts the count anew. */
export function afterCrash(quickCrashes: number, livedMs: number, policy: RestartPolicy): AfterCrash {
  const count = livedMs < policy.quickMs ? quickCrashes + 1 : 0;
  if (count >= policy.quickCrashesMax) return { kind: 'give-up', quickCrashes: count };
  const doublings = Math.max(0, count - 1);
  return {
    kind: 'restart',
    waitMs: Math.min(policy.firstWaitMs * 2 ** doublings, policy.waitMaxMs),
    quickCrashes: count,
  };
}
