// A store server that can be killed like a machine whose plug is pulled, and started again where it was.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { StoreOrder } from './store-order.ts';

const entry = fileURLToPath(new URL('store-process.ts', import.meta.url));
const answerSchema = z.union([z.object({ url: z.string() }), z.object({ trouble: z.string() })]);
const startMsMax = 30_000;

export class KillableStore {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Resolves when it answers. With the port of a killed one it stands at the same address, as the supervisor does it. */
  static async start(order: StoreOrder): Promise<KillableStore> {
    const child = fork(entry, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: { PATH: process.env['PATH'] } });
    const tooLate = setTimeout(() => child.kill('SIGKILL'), startMsMax);
    try {
      child.send(order);
      const ended = once(child, 'exit').then(([code, signal]: unknown[]) => {
        throw new Error(`a store server ended while it started: ${String(code ?? signal)}`);
      });
      const message = await Promise.race([once(child, 'message').then(([told]: unknown[]) => told), ended]);
      ended.catch(() => undefined);
      const answer = answerSchema.parse(message);
      if ('trouble' in answer) throw new Error(`a store server did not start: ${answer.trouble}`);
      return new KillableStore(answer.url, child);
    } catch (trouble) {
      child.kill('SIGKILL');
      throw trouble;
    } finally {
      clearTimeout(tooLate);
    }
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** SIGKILL: nothing is finished, nothing is said. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** An orderly stop, as by SIGTERM in a shop. */
  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.send('stop');
    await gone;
  }

  /** Stops it in time but not in being: timers and sockets stand still until `wake`. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  wake(): void {
    this.#child.kill('SIGCONT');
  }
}
