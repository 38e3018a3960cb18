// After the deadline a reader is told a word that is written, never one that is only likely. When nobody has written one (every server
// was down, or the journal stood still) an approval may be on its way into the journal at this very moment: so "not paid" is first
// written, against whatever else is being written, and what stands then is told.

import { plus } from '#foundation/instant.ts';
import type { Attempt, Charge } from '#payment/index.ts';
import { ProblemError } from './problem-reply.ts';
import type { StoreParts } from './routes/store-parts.ts';

type Parts = Pick<StoreParts, 'payment' | 'policy' | 'clock' | 'patience'>;

/** The charge with its final word if its deadline has passed. Throws `busy` when no word can be written now. */
export async function withWord(parts: Parts, charge: Charge): Promise<Charge> {
  const { payment, policy, clock, patience } = parts;
  const isOverdue =
    charge.state.finalWord === null && clock.now() >= plus(charge.identity.createdAt, policy.finalWordMs);
  if (!isOverdue) return charge;
  const settled = await payment.settleOverdue(charge, patience);
  if (settled.state.finalWord !== null) return settled;
  throw new ProblemError('busy', 'Whether this payment is paid cannot be written down now.');
}

/** The same for all attempts of a sale. */
export async function withWords(parts: Parts, attempts: readonly Attempt[]): Promise<readonly Attempt[]> {
  return await Promise.all(
    attempts.map(async (attempt) => (attempt.kind === 'charge' ? await withWord(parts, attempt) : attempt)),
  );
}
