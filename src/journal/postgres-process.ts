// Runs the server and watches over it. The server leads a process group of its own, so that ^C in a terminal reaches Tillway
// alone, which then stops things in order. And it never outlives Tillway for long, whatever ends Tillway: a small shell beside
// it waits on a pipe whose other end only this process holds; when that closes, even by SIGKILL, the shell asks the server for
// a fast shutdown. (Windows has no such shell: there the next start finds the server and stops it.)

import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { JournalError, sqlStateOf } from './journal-error.ts';
import type { PostgresProgram } from './postgres-program.ts';
import type { RunAs } from './postgres-user.ts';

export type ServerStart = {
  readonly program: PostgresProgram;
  readonly runAs: RunAs | null;
  readonly data: string;
  readonly logFile: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string | number>>;
  /** To the database `postgres`, for the first look whether it answers. */
  readonly url: string;
};

export interface RunningServer {
  readonly exited: Promise<void>;
  isRunning(): boolean;
  /** Fast shutdown: open transactions are rolled back, what was committed is on disk. */
  stop(): Promise<void>;
}

// In the subshell `$$` is still the outer shell, which becomes the server.
const guarded = `exec 3<&0
(while read -r _ <&3; do :; done; kill -INT $$) >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-`;

const readyMs = 30_000;
const recoveryMs = 300_000;
const fastStopMs = 20_000;
const logBytesMax = 8 * 1024 * 1024;

/** Starts the server and waits until it answers. Throws with the server's own last words when it does not. */
export async function startServer(start: ServerStart): Promise<RunningServer> {
  const logEnd = await prepareLog(start.logFile);
  const log = await open(start.logFile, 'a', 0o600);
  const settings = Object.entries(start.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [start.program.postgres, '-D', start.data, '-p', `${start.port}`, ...settings];
  const child = spawnGuarded(command, start.runAs, log.fd);
  await log.close();
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  }).finally(() => child.stdin?.destroy());
  // The pipe breaks when the server is gone; that is what `exited` tells.
  child.stdin?.on('error', () => undefined);
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const server: RunningServer = { exited, isRunning, stop: () => stopServer(child, exited, isRunning) };
  const problem = await untilReady(start.url, isRunning);
  if (problem === undefined) return server;
  await server.stop();
  throw new JournalError(
    'database-unreachable',
    `The embedded PostgreSQL did not start: ${(await lastWords(start.logFile, logEnd)) || problem} (see ${start.logFile})`,
  );
}

function spawnGuarded(command: readonly string[], runAs: RunAs | null, log: number): ChildProcess {
  const options = {
    cwd: process.platform === 'win32' ? process.cwd() : '/',
    env: { ...plainEnvironment(), LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['pipe', log, log] as ('pipe' | number)[],
    ...runAs?.ids,
  };
  const [program = '', ...rest] = command;
  if (process.platform === 'win32') return spawn(program, rest, { ...options, windowsHide: true });
  return spawn('/bin/sh', ['-c', guarded, 'sh', ...command], { ...options, detached: true });
}

// PostgreSQL reads PGPORT, PGDATA and their like from the environment: only what programs need to run at all goes on.
export function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR', 'LD_LIBRARY_PATH'];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

async function untilReady(url: string, isRunning: () => boolean): Promise<string | undefined> {
  const start = performance.now();
  for (let problem = 'no answer'; ; ) {
    if (!isRunning()) return 'it ended at once';
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return undefined;
    } catch (error) {
      const state = sqlStateOf(error);
      // 57P03: it replays its log after a crash. That takes as long as it takes.
      const limit = state === '57P03' ? recoveryMs : readyMs;
      problem = error instanceof Error ? error.message : problem;
      if (performance.now() - start > limit || (state !== undefined && state !== '57P03')) return problem;
      await sleep(25);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function stopServer(child: ChildProcess, exited: Promise<void>, isRunning: () => boolean): Promise<void> {
  if (isRunning()) child.kill('SIGINT');
  const late = new AbortController();
  await Promise.race([exited, sleep(fastStopMs, undefined, { signal: late.signal }).catch(() => undefined)]);
  late.abort();
  // Immediate shutdown: nothing that was committed is lost; the next start replays the log.
  if (isRunning()) child.kill('SIGQUIT');
  await exited;
}

async function prepareLog(file: string): Promise<number> {
  const size = (await readFile(file).catch(() => Buffer.alloc(0))).length;
  if (size <= logBytesMax) return size;
  await truncate(file, 0);
  return 0;
}

async function lastWords(file: string, from: number): Promise<string> {
  const text = (await readFile(file).catch(() => Buffer.alloc(0))).subarray(from).toString('utf8');
  const telling = text.split('\n').filter((line) => /FATAL|PANIC|ERROR|HINT|postgres:|sh:/.test(line));
  return telling.slice(-3).join(' ').trim();
}

/** A TCP port of 127.0.0.1 that is free now, `wanted` when it can be had. */
export async function freePort(wanted: number): Promise<number> {
  for (const port of wanted > 0 ? [wanted, 0] : [0]) {
    const found = await new Promise<number | undefined>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(undefined));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
      });
    });
    if (found !== undefined) return found;
  }
  throw new JournalError('database-unreachable', 'No free TCP port on 127.0.0.1 for the embedded PostgreSQL.');
}
