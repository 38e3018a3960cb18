// All mutants, room by room.
//
// Left out, because nothing that can be seen changes with them; each was tried:
//   a late notice is thrown away             the look backs find the same payment, up to 23 hours after the scan; thrown away by both is a mutant
//   a "closed" notice ends any payment       what Alipay has closed keeps no money, so the shorter way is as true
//   stale answers are believed               what an answer proves does not become untrue, and what it does not prove is asked about again
//   there is no last query                   the last moment for the word comes all the same, and reverses
//   a request is sent however late           it is watched for twice the life of its code, and cancelled
//   an opening in doubt is not looked for    custody takes up its own lost attempts; when neither looks it is a mutant
//   each try of a return has a new number    a payment that was returned in full cannot be returned again
//   refund without `fund_change` is done     Alipay answers so only when the same refund was carried out before
//   one taken-up attempt has two takers      compare-and-set lets one of them write; who looks at calm times sees the double queries
//   amounts are not compared (alone)         Alipay's side books what was signed for; numbers and amounts together are a mutant, and the
//                                            channel's own tests hold each amount by itself

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
