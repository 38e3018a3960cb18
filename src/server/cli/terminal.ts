// The terminal as a command sees it: where it may write, what it may read. Passed in, so that tests look at the words.

import type { Environment } from '../config/environment.ts';

export type Terminal = {
  /** Results: what a script would read. */
  out(line: string): void;
  /** Everything said beside the result: progress, warnings, errors. */
  note(line: string): void;
  /** Says a line that the next one is written over; absent where nobody looks. */
  overwrite?(line: string): void;
  readonly env: Environment;
  readonly folder: string;
};

/** Exit codes: scripts may rely on them. */
export const exitCode = {
  done: 0,
  /** It could not be done; the sentence before says why. */
  trouble: 1,
  /** The command was not understood, or the settings are wrong. */
  usage: 2,
  /** `pay`: the payment ended as not paid. */
  notPaid: 3,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

// Who read our lines may be gone (a pipe into head, an npm that was killed); that is no reason to stop in disorder.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

export const systemTerminal: Terminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
  ...(process.stderr.isTTY ? { overwrite: (line: string) => void process.stderr.write(`\r${line}`) } : {}),
  env: process.env,
  folder: process.cwd(),
};
