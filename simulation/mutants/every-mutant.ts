// All mutants, room by room.

import { channelMutants } from './channel-mutants.ts';
import { custodyMutants } from './custody-mutants.ts';
import { journalMutants } from './journal-mutants.ts';
import type { Mutant } from './mutant.ts';
import { refundMutants } from './refund-mutants.ts';
import { runnerMutants } from './runner-mutants.ts';
import { waitingMutants } from './waiting-mutants.ts';

export const mutants: readonly Mutant[] = [
  ...waitingMutants,
  ...custodyMutants,
  ...refundMutants,
  ...runnerMutants,
  ...journalMutants,
  ...channelMutants,
];
