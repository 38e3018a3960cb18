// A reader is told a word that is written, never one that is only likely; from a margin before the deadline on, payment sees to it that
// there is one (PaymentService.wordOf). Here is what the API says when there is none.

import type { Attempt, Charge } from '#payment/index.ts';
import { ProblemError } from './problem-reply.ts';
import type { StoreParts } from './routes/store-parts.ts';

type Parts = Pick<StoreParts, 'payment' | 'patience'>;

/** The charge, with its final word once that is due. Throws `busy` when no word can be written now. */
export async function withWord({ payment, patience }: Parts, charge: Charge): Promise<Charge> {
  const told = await payment.wordOf(charge, patience);
  if (told !== 'no-word') return told;
  throw new ProblemError('busy', 'Whether this payment is paid cannot be written down now.');
}

/** The same for all attempts of a sale. */
export async function withWords(parts: Parts, attempts: readonly Attempt[]): Promise<readonly Attempt[]> {
  return await Promise.all(
    attempts.map(async (attempt) => (attempt.kind === 'charge' ? await withWord(parts, attempt) : attempt)),
  );
}

/** The same for a list, which is shown all the same when one of its payments has no word: that one as it is written. */
export async function withWordsIfAny(
  { payment, patience }: Parts,
  attempts: readonly Attempt[],
): Promise<readonly Attempt[]> {
  return await Promise.all(
    attempts.map(async (attempt) => {
      const told = attempt.kind === 'charge' ? await payment.wordOf(attempt, patience) : attempt;
      return told === 'no-word' ? attempt : told;
    }),
  );
}
