// PostgreSQL for a home that names none: the embedded one of the journal.

import type { Log } from '#foundation/log.ts';
import { JournalError, startEmbeddedPostgres } from '#journal/index.ts';
import { StartTrouble } from './start-trouble.ts';

/** Throws StartTrouble with the sentence of what is wrong. */
export async function openEmbeddedDatabase(
  home: string,
  log: Log,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  try {
    return await startEmbeddedPostgres({ home, log });
  } catch (error) {
    throw error instanceof JournalError ? new StartTrouble(error.message) : error;
  }
}
