// The journal, and in it the directory of stores and devices, for commands: on DATABASE_URL, on the embedded database that runs in this home, or, when nothing runs,
// on one that is started for the moment.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { formatInstant } from '#foundation/instant.ts';
import { silentLog } from '#foundation/log.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import { type Directory, type Journal, JournalError, openJournal } from '#journal/index.ts';
import { systemClock } from '../ambient.ts';
import type { Config } from '../config.ts';
import { takeLock } from '../start/home-lock.ts';
import { openEmbeddedDatabase } from '../start/open-database.ts';
import { StartTrouble } from '../start/start-trouble.ts';

type OpenDatabase = { readonly url: string; close(): Promise<void> };

/** Runs `work` on the directory. The failure is a sentence for the person at the terminal. */
export async function withDirectory<Value>(
  config: Pick<Config, 'home' | 'databaseUrl'>,
  work: (directory: Directory) => Promise<Value>,
): Promise<Result<Value, string>> {
  return await withJournal(config, (journal) => work(journal.directory));
}

/** Runs `work` on the whole journal, in the same way. */
export async function withJournal<Value>(
  config: Pick<Config, 'home' | 'databaseUrl'>,
  work: (journal: Journal) => Promise<Value>,
): Promise<Result<Value, string>> {
  try {
    const database = await openDatabase(config);
    try {
      const journal = await openJournal({ url: database.url, log: silentLog });
      try {
        return success(await work(journal));
      } finally {
        await journal.close();
      }
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof JournalError || error instanceof StartTrouble) return failure(error.message);
    throw error;
  }
}

async function openDatabase({ home, databaseUrl }: Pick<Config, 'home' | 'databaseUrl'>): Promise<OpenDatabase> {
  if (databaseUrl !== null) return { url: databaseUrl.reveal(), close: async () => {} };
  const lock = lockHome(home);
  // Somebody else has the home: its database runs, and is used beside it.
  if (!lock.ok) return { url: runningUrl(home), close: async () => {} };
  try {
    const database = await openEmbeddedDatabase(home, silentLog);
    return {
      url: database.url,
      async close() {
        await database.close();
        lock.value.release();
      },
    };
  } catch (error) {
    lock.value.release();
    throw error;
  }
}

function lockHome(home: string): ReturnType<typeof takeLock> {
  try {
    return takeLock(home, formatInstant(systemClock.now()));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new StartTrouble(`The folder ${home} cannot be used (${code}). Run this as the user who started Tillway.`);
  }
}

// What the embedded database writes down of itself, for its owner only.
const recordSchema = z.object({ password: z.string(), port: z.number().int().min(1) });

function runningUrl(home: string): string {
  try {
    const { password, port } = recordSchema.parse(JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8')));
    return `postgres://tillway:${password}@127.0.0.1:${port}/tillway`;
  } catch {
    throw new StartTrouble(
      `Tillway runs in ${home}, but its database cannot be found. Wait until "tillway status" says that it is ready, or set ` +
        'DATABASE_URL to the database that it was started with.',
    );
  }
}
