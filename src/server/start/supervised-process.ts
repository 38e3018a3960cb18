// The child's side of supervision: takes its order, starts, says that it is ready, stops when told, and never outlives its
// supervisor: the IPC channel closes when that dies, however it dies.

import { type ChildWord, isSupervisorWord } from './child-messages.ts';
import { explainListenTrouble, StartTrouble } from './start-trouble.ts';

export type Started = { readonly url: string; readonly details?: unknown; close(): Promise<void> };

export type ProcessPlan = {
  /** For messages: "store server". */
  readonly name: string;
  /** The setting that changes its port. */
  readonly portSetting: string;
  /** Throws StartTrouble with a sentence when it cannot. */
  start(order: unknown): Promise<Started>;
};

const stopWithinMs = 7_000;
// Without a supervisor nobody waits for a slow goodbye, and the next start wants the ports.
const orphanStopWithinMs = 1_500;

function say(word: ChildWord): Promise<void> {
  return new Promise((sent) => {
    if (process.send === undefined || !process.connected) sent();
    else process.send(word, () => sent());
  });
}

/** Runs one supervised process; call it once, at the end of an entry file. */
export function runSupervised(plan: ProcessPlan): void {
  if (process.send === undefined) {
    process.stderr.write(`This file is started by Tillway itself. Use: tillway ${plan.name.split(' ')[0]}\n`);
    process.exit(2);
  }
  let started: Started | null = null;
  let stopping = false;

  const stop = (withinMs: number) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), withinMs).unref();
    Promise.resolve(started?.close()).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  };

  const obey = async (order: unknown) => {
    try {
      started = await plan.start(order);
      // A stop that came while it was starting had nothing to close yet.
      if (stopping) await started.close();
      else await say({ kind: 'ready', url: started.url, details: started.details });
    } catch (error) {
      const sentence =
        error instanceof StartTrouble ? error.message : explainListenTrouble(error, plan.name, plan.portSetting);
      if (sentence === null) throw error;
      await say({ kind: 'failed', sentence });
      process.exit(1);
    }
  };

  process.on('message', (word) => {
    if (!isSupervisorWord(word)) return;
    if (word.kind === 'stop') stop(stopWithinMs);
    // What it throws is a defect: Node prints it and ends the process, and the supervisor starts it again.
    else void obey(word.order);
  });
  process.on('disconnect', () => stop(orphanStopWithinMs));
  // Ctrl+C reaches every process of the terminal, and service managers signal a whole group; the supervisor, which is among them,
  // decides the order in which they stop.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
}
