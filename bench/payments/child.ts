// Starts one process of the bench and talks to it: it answers its first message when it is ready, and stops when told.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export type Child = {
  readonly ready: Record<string, string>;
  ask(what: string): Promise<unknown>;
  stop(): Promise<void>;
};

export async function startChild(file: string, order: Readonly<Record<string, string>>): Promise<Child> {
  const child: ChildProcess = fork(new URL(file, import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  child.send(order);
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${code} before it was ready`);
  });
  const [ready] = (await Promise.race([once(child, 'message'), exited])) as [Record<string, string>];
  exited.catch(() => {});
  return {
    ready,
    async ask(what) {
      child.send({ ask: what });
      const [answer] = await once(child, 'message');
      return answer;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** In the child: takes the order, starts, tells that it is ready, and answers what is asked. */
export function runChild(
  start: (order: Record<string, string>) => Promise<Record<string, string>>,
  answer: (what: string) => unknown = () => null,
): void {
  let started = false;
  process.on('message', (message: Record<string, string>) => {
    if (started) {
      process.send?.(answer(message['ask'] ?? ''));
      return;
    }
    started = true;
    void start(message).then((ready) => process.send?.(ready));
  });
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
}
