// Worlds in which a rule was once broken, as the lines that replay them, and what was wrong. They stay as tests.

export type PastFailure = {
  /** What stands after `npm run simulate --`. */
  readonly line: string;
  readonly was: string;
};

export const pastFailures: readonly PastFailure[] = [];
