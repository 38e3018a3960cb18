// The sandbox's memory on disk: one JSON line for each event, appended in the order of happening and read again at start.
// Lines are gathered and written together, away from the event loop; `written` tells when all so far have been handed to the
// operating system, so that no answer leaves before its booking does. A line torn by a crash is the last one and is dropped.

import { close, open, readFile, truncate, write } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const openFile = promisify(open);
const closeFile = promisify(close);
const readWhole = promisify(readFile);
const truncateTo = promisify(truncate);

export interface EventLog {
  append(event: object): void;
  /** Resolves when everything appended before this call is with the operating system. */
  written(): Promise<void>;
  close(): Promise<void>;
}

/** Keeps nothing: for a sandbox without a folder. */
export const noEventLog: EventLog = { append() {}, written: () => Promise.resolve(), close: () => Promise.resolve() };

export type OpenedLog = { readonly log: EventLog; readonly events: readonly unknown[] };

/**
 * Opens the event file of a folder and reads what is in it. A torn last line is cut off; a damaged line before the last is an
 * error that names it, because leaving it out would unbalance the books.
 */
export async function openEventLog(folder: string): Promise<OpenedLog> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'events.jsonl');
  const bytes = await readWhole(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const whole = bytes.lastIndexOf(0x0a) + 1;
  if (whole < bytes.length) await truncateTo(file, whole);
  return { log: new EventFile(await openFile(file, 'a', 0o600)), events: readLines(bytes.subarray(0, whole), file) };
}

// Line by line from the bytes: a long benchmark's file is larger than the longest string.
function readLines(bytes: Buffer, file: string): readonly unknown[] {
  const events: unknown[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    if (end > start) events.push(parseLine(bytes.toString('utf8', start, end), events.length + 1, file));
    start = end + 1;
  }
  return events;
}

// Minor units are bigint in memory and text in the file.
function parseLine(line: string, number: number, file: string): unknown {
  try {
    return JSON.parse(line, (key, value: unknown) =>
      typeof value === 'string' && (key === 'minor' || key.endsWith('Minor')) ? BigInt(value) : value,
    );
  } catch {
    throw new Error(`Line ${number} of ${file} is damaged. Move the file away to start with empty books.`);
  }
}

function toLine(event: object): string {
  return `${JSON.stringify(event, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))}\n`;
}

type Waiter = { resolve(): void; reject(error: Error): void };

class EventFile implements EventLog {
  readonly #descriptor: number;
  #gathered = '';
  #waiting: Waiter[] = [];
  #writing = false;
  #closed = false;
  #broken: Error | undefined;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  append(event: object): void {
    // What is still under way when the sandbox stops has not been answered, so it has not happened.
    if (this.#closed) return;
    this.#gathered += toLine(event);
    this.#start();
  }

  written(): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    if (!this.#writing && this.#gathered === '') return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.written();
    await closeFile(this.#descriptor);
  }

  #start(): void {
    if (this.#writing) return;
    this.#writing = true;
    // A microtask later, so that the events of one call leave as one write.
    queueMicrotask(() => this.#writeGathered());
  }

  #writeGathered(): void {
    const bytes = Buffer.from(this.#gathered, 'utf8');
    const served = this.#waiting;
    this.#gathered = '';
    this.#waiting = [];
    this.#writeFrom(bytes, 0, (error) => {
      this.#writing = false;
      if (error !== null) this.#broken = error;
      for (const waiter of served) error === null ? waiter.resolve() : waiter.reject(error);
      if (this.#gathered !== '' && this.#broken === undefined) this.#start();
      else for (const waiter of this.#waiting.splice(0)) error === null ? waiter.resolve() : waiter.reject(error);
    });
  }

  #writeFrom(bytes: Buffer, offset: number, done: (error: Error | null) => void): void {
    write(this.#descriptor, bytes, offset, bytes.length - offset, null, (error, count) => {
      if (error !== null) done(error);
      else if (offset + count < bytes.length) this.#writeFrom(bytes, offset + count, done);
      else done(null);
    });
  }
}
