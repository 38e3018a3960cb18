// A store server that can be killed like a machine whose plug is pulled, and started again where it was.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { StoreOrder } from './store-order.ts';

const entry = fileURLToPath(new URL('store-process.ts', import.meta.url));
const messageSchema = z.union([
  z.object({ url: z.string() }),
  z.object({ trouble: z.string() }),
  z.object({ event: z.string(), detail: z.string() }),
]);
const startMsMax = 30_000;

// Half of a start is compiling, and a test that kills starts again a thousand times: what one server compiled the next ones read.
const compiled = mkdtempSync(join(tmpdir(), 'tillway-test-compiled-'));
process.once('exit', () => rmSync(compiled, { recursive: true, force: true }));

/** Hears what a store server says of itself: the name of a log event, and the fault's own words or the phase of what was taken up. */
export type StoreListener = (event: string, detail: string) => void;

export class KillableStore {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Resolves when it answers. With the port of a killed one it stands at the same address, as the supervisor does it. */
  static async start(order: StoreOrder, hear: StoreListener = () => undefined): Promise<KillableStore> {
    const child = launch(order);
    const tooLate = setTimeout(() => child.kill('SIGKILL'), startMsMax);
    try {
      return new KillableStore(await listening(child, hear), child);
    } catch (trouble) {
      child.kill('SIGKILL');
      throw trouble;
    } finally {
      clearTimeout(tooLate);
    }
  }

  /** Starts one and kills it `afterMs` later, wherever it has got to. Resolves when it is gone. */
  static async startAndKill(order: StoreOrder, afterMs: number): Promise<void> {
    const child = launch(order);
    await sleep(afterMs);
    await end(child, () => child.kill('SIGKILL'));
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** SIGKILL: nothing is finished, nothing is said. */
  async kill(): Promise<void> {
    await end(this.#child, () => this.#child.kill('SIGKILL'));
  }

  /** An orderly stop, as by SIGTERM in a shop. */
  async stop(): Promise<void> {
    await end(this.#child, () => this.#child.send('stop'));
  }

  /** Stops it in time but not in being: timers and sockets stand still until `wake`. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  wake(): void {
    this.#child.kill('SIGCONT');
  }
}

function launch(order: StoreOrder): ChildProcess {
  const child = fork(entry, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compiled },
    // The switches of the test runner are not for the shop's own processes.
    execArgv: [],
  });
  child.on('error', () => undefined);
  child.send(order, () => undefined);
  return child;
}

// Where it listens. From then on what it says is passed to `hear`.
async function listening(child: ChildProcess, hear: StoreListener): Promise<string> {
  return await new Promise((resolve, reject) => {
    child.on('message', (told) => {
      const message = messageSchema.parse(told);
      if ('event' in message) hear(message.event, message.detail);
      else if ('url' in message) resolve(message.url);
      else reject(new Error(`a store server did not start: ${message.trouble}`));
    });
    child.once('exit', (code, signal) => {
      reject(new Error(`a store server ended while it started: ${String(code ?? signal)}`));
    });
  });
}

async function end(child: ChildProcess, strike: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  strike();
  await gone;
}
