// Where the data lies. Normally in TILLWAY_HOME/postgres. When Tillway runs as root and the user that PostgreSQL gets cannot
// enter TILLWAY_HOME (it lies under /root, say), the data lies in a folder of its own, named by a hash of the home's path;
// TILLWAY_HOME/postgres.json says where. That file also binds the two: a home that was deleted and made anew starts afresh,
// and the old data is set aside, never deleted.

import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import type { Log } from '#foundation/log.ts';
import { JournalError } from './journal-error.ts';
import { canEnter, type RunAs } from './postgres-user.ts';

/** TILLWAY_HOME/postgres.json, readable by its owner only: it holds the password. */
export type PlaceRecord = {
  readonly home: string;
  readonly folder: string;
  readonly cluster: string;
  readonly password: string;
  readonly port: number;
  /** The process that started the server last. */
  readonly startedBy: number;
};

export type Place = {
  readonly home: string;
  /** Holds `data` and `server.log`. */
  readonly folder: string;
  readonly data: string;
  readonly record: PlaceRecord | undefined;
};

/** Folders that outlive a restart of the machine, best first. */
export const farFolders: readonly string[] = ['/var/lib/tillway', '/var/tmp/tillway', join(tmpdir(), 'tillway')];

const recordFile = (home: string) => join(home, 'postgres.json');

/** Looks where the data is or is to be; makes nothing yet. */
export async function findPlace(homeGiven: string): Promise<{ home: string; record: PlaceRecord | undefined }> {
  await mkdir(homeGiven, { recursive: true });
  const home = await realpath(homeGiven);
  return { home, record: await readRecord(home) };
}

async function readRecord(home: string): Promise<PlaceRecord | undefined> {
  const text = await readFile(recordFile(home), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const record: PlaceRecord = JSON.parse(text);
    // A home that was copied carries the original's record; it must not take over the original's data.
    return record.home === home ? record : undefined;
  } catch {
    return undefined;
  }
}

export async function writeRecord(record: PlaceRecord): Promise<void> {
  const file = recordFile(record.home);
  await writeFile(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Makes the folder for the data, where `runAs` can reach it. */
export async function makePlace(
  found: { readonly home: string; readonly record: PlaceRecord | undefined },
  runAs: RunAs | null,
  far: readonly string[],
  log: Log,
): Promise<Place> {
  const { home, record } = found;
  const near = join(home, 'postgres');
  await mkdir(near, { recursive: true, mode: 0o700 });
  if (runAs === null) return placeAt(home, near, record);
  await chown(near, runAs.ids.uid, runAs.ids.gid);
  if (canEnter(runAs, near)) return placeAt(home, near, record);
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16);
  for (const base of far) {
    const folder = join(base, name);
    if (!(await makeFar(base, folder, runAs))) continue;
    await setAsideForeign(folder, record, log);
    await writeFile(join(folder, 'home'), home, { mode: 0o600 });
    await sweepThrowaways(base);
    log.event('journal.postgres.placed-elsewhere', { folder, user: runAs.name, home });
    return placeAt(home, folder, record);
  }
  throw new JournalError(
    'database-refused',
    `PostgreSQL runs as ${runAs.name}, who can reach neither ${home} nor ${far.join(', ')}. Move TILLWAY_HOME to a folder that ${runAs.name} can enter, or set DATABASE_URL.`,
  );
}

function placeAt(home: string, folder: string, record: PlaceRecord | undefined): Place {
  return { home, folder, data: join(folder, 'data'), record };
}

async function makeFar(base: string, folder: string, runAs: RunAs): Promise<boolean> {
  try {
    await mkdir(base, { recursive: true });
    // Others may pass through it to what is theirs, and see nothing on the way.
    await chmod(base, 0o711);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chown(folder, runAs.ids.uid, runAs.ids.gid);
    return canEnter(runAs, folder);
  } catch {
    return false;
  }
}

async function setAsideForeign(folder: string, record: PlaceRecord | undefined, log: Log): Promise<void> {
  const cluster = await readFile(join(folder, 'cluster'), 'utf8').catch(() => undefined);
  if (cluster === undefined || cluster === record?.cluster) return;
  const { mtimeMs } = await stat(folder);
  const aside = `${folder}.before-${Math.floor(mtimeMs)}`;
  await mkdir(aside, { recursive: true });
  await rename(join(folder, 'data'), join(aside, 'data')).catch(() => undefined);
  await rename(join(folder, 'cluster'), join(aside, 'cluster'));
  log.event('journal.postgres.set-aside', { folder: aside });
}

// A home in the machine's folder for temporary files was made by a test or a trial. When it is gone, so is the need for its
// data; that of every other home is kept, for a home may be a disk that is not mounted just now.
async function sweepThrowaways(base: string): Promise<void> {
  const temporary = await realpath(tmpdir());
  for (const name of await readdir(base)) {
    const folder = join(base, name);
    const home = await readFile(join(folder, 'home'), 'utf8').catch(() => undefined);
    if (home === undefined || !home.startsWith(temporary + sep) || (await isThere(home))) continue;
    // A server that still runs is on its way out.
    if (!(await isThere(join(folder, 'data', 'postmaster.pid')))) await rm(folder, { recursive: true, force: true });
  }
}

async function isThere(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  );
}
