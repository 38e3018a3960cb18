// Worlds in which a rule was once broken, as the lines that replay them, and what was wrong. They stay as tests.

export type PastFailure = {
  /** What stands after `npm run simulate --`, its quotes included. */
  readonly line: string;
  readonly was: string;
};

export const pastFailures: readonly PastFailure[] = [
  {
    line:
      "--world 8 --only 176,181 --fates 'lost answer pay of charge 1 of sale 181 1; late notice of charge 1 of sale 181 1; " +
      "garbled answer pay of charge 1 of sale 176 1; crossed answer query of charge 1 of sale 181 1'",
    was: "another payment's signed refusal, which did not say whose it was, was believed",
  },
];
