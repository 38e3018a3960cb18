// One process that is kept running: started with its order, asked for its readiness, started again when it crashes, on the port
// that it had, and given up when it only crashes. Its first start is different: trouble there ends the whole start.

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { type Clock, durationMs } from '#foundation/instant.ts';
import type { Log } from '#foundation/log.ts';
import { boundChildLog, lastLines, openChildLog } from './child-log.ts';
import { type ChildWord, childWordSchema, type SupervisorWord } from './child-messages.ts';
import { afterCrash, type RestartPolicy } from './restart-policy.ts';
import { StartTrouble } from './start-trouble.ts';

export type ChildPlan = {
  /** One word: it names the log file and stands in messages. */
  readonly name: string;
  /** The TypeScript file to run. */
  readonly entry: string;
  readonly logPath: string;
  readonly port: number;
  /** Path that answers 200 when the process can do its work. */
  readonly readyPath: string;
  /** The order for a start on `port`. */
  order(port: number): unknown;
};

export type Keeping = {
  readonly clock: Clock;
  readonly log: Log;
  readonly restart: RestartPolicy;
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
  /** One calm line for the terminal. */
  say(line: string): void;
  /** Called once, when the process has crashed too often. The text says what to do. */
  giveUp(text: string): void;
};

export type KeptChild = {
  readonly url: string;
  readonly details: unknown;
  /** Null while it is down. */
  pid(): number | null;
  /** Asks it to stop, waits, and kills it when it does not. */
  close(): Promise<void>;
  kill(): void;
};

type Ready = Extract<ChildWord, { kind: 'ready' }>;
type Life = { readonly process: ChildProcess; readonly bornMs: number; readonly logFrom: number; ended: string | null };

const tick = (clock: Clock, ms: number) => new Promise<void>((resume) => clock.after(durationMs(ms), resume));

function howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `code ${code}` : `signal ${signal}`;
}

class Keeper {
  readonly #plan: ChildPlan;
  readonly #keeping: Keeping;
  #life: Life | null = null;
  #port: number;
  #quickCrashes = 0;
  #stopping = false;
  #first: Ready | null = null;
  #callOffRestart: () => void = () => {};

  constructor(plan: ChildPlan, keeping: Keeping) {
    this.#plan = plan;
    this.#keeping = keeping;
    this.#port = plan.port;
  }

  get pid(): number | null {
    return this.#life?.process.pid ?? null;
  }

  /** The first start. Throws StartTrouble when the process says why it cannot, ends, or is not ready in time. */
  async start(): Promise<Ready> {
    const ready = await this.#bear();
    this.#first = ready;
    this.#port = Number(new URL(ready.url).port);
    return ready;
  }

  #spawn(): Life {
    const { descriptor, from } = openChildLog(this.#plan.logPath);
    const child = spawn(process.execPath, [this.#plan.entry], {
      stdio: ['ignore', descriptor, descriptor, 'ipc'],
      windowsHide: true,
    });
    closeSync(descriptor);
    const life: Life = { process: child, bornMs: this.#keeping.clock.monotonicMs(), logFrom: from, ended: null };
    this.#life = life;
    child.once('exit', (code, signal) => this.#onExit(life, howItEnded(code, signal)));
    child.once('error', () => this.#onExit(life, 'no start'));
    // A word to a process that has just died is no trouble of ours: its exit is.
    child.send({ kind: 'order', order: this.#plan.order(this.#port) } satisfies SupervisorWord, () => {});
    return life;
  }

  async #bear(): Promise<Ready> {
    const life = this.#spawn();
    const { clock, readyWithinMs } = this.#keeping;
    const until = clock.monotonicMs() + readyWithinMs;
    const word = await this.#firstWord(life, readyWithinMs);
    if (word?.kind === 'failed') throw new StartTrouble(word.sentence);
    if (word === null) throw this.#notReady(life);
    while (life.ended === null && !this.#stopping && clock.monotonicMs() < until) {
      if (await answersOk(`${word.url.replace(/\/$/, '')}${this.#plan.readyPath}`)) return word;
      await tick(clock, 50);
    }
    throw this.#notReady(life);
  }

  // Its first word, or null when it ends or stays silent.
  #firstWord(life: Life, withinMs: number): Promise<ChildWord | null> {
    return new Promise((done) => {
      const callOff = this.#keeping.clock.after(durationMs(withinMs), () => done(null));
      const finish = (word: ChildWord | null) => {
        callOff();
        done(word);
      };
      life.process.once('message', (word) => {
        const parsed = childWordSchema.safeParse(word);
        finish(parsed.success ? parsed.data : null);
      });
      life.process.once('exit', () => finish(null));
    });
  }

  #notReady(life: Life): StartTrouble {
    const { name, logPath } = this.#plan;
    const what =
      life.ended === null
        ? `The ${name} was not ready within ${this.#keeping.readyWithinMs / 1000} s.`
        : `The ${name} ended (${life.ended}) before it was ready.`;
    const lines = lastLines(logPath, life.logFrom, 12).map((line) => `  | ${line}`);
    return new StartTrouble([what, `Its log is ${logPath}; the last lines:`, ...lines].join('\n'));
  }

  #onExit(life: Life, how: string): void {
    if (life.ended !== null) return;
    life.ended = how;
    if (this.#life === life) this.#life = null;
    if (this.#stopping || this.#first === null) return;
    const { clock, log, restart, say, giveUp } = this.#keeping;
    const livedMs = clock.monotonicMs() - life.bornMs;
    const next = afterCrash(this.#quickCrashes, livedMs, restart);
    this.#quickCrashes = next.quickCrashes;
    const lived = `The ${this.#plan.name} ended unexpectedly (${how}) after ${(livedMs / 1000).toFixed(1)} s`;
    log.event('start.child.crashed', { child: this.#plan.name, how, livedMs: Math.round(livedMs) });
    if (next.kind === 'give-up') {
      giveUp(
        `${lived}; that makes ${next.quickCrashes} quick crashes in a row, and it is not started again.\n` +
          `Why stands at the end of ${this.#plan.logPath}. Mend that, then start Tillway again.`,
      );
      return;
    }
    say(`${lived}; starting it again in ${next.waitMs / 1000} s. Log: ${this.#plan.logPath}`);
    this.#callOffRestart = clock.after(durationMs(next.waitMs), () => void this.#restart());
  }

  async #restart(): Promise<void> {
    if (this.#stopping) return;
    try {
      await this.#bear();
      this.#keeping.say(`The ${this.#plan.name} is back.`);
      this.#keeping.log.event('start.child.restarted', { child: this.#plan.name });
    } catch (error) {
      if (!(error instanceof StartTrouble)) throw error;
      this.#keeping.say(error.message);
      // Alive but never ready: it is ended, and its exit leads to the next try.
      this.kill();
    }
  }

  async close(): Promise<void> {
    this.#stopping = true;
    this.#callOffRestart();
    const life = this.#life;
    if (life === null) return;
    const gone = new Promise<void>((done) => life.process.once('exit', () => done()));
    life.process.send({ kind: 'stop' } satisfies SupervisorWord, () => {});
    const callOff = this.#keeping.clock.after(durationMs(this.#keeping.stopWithinMs), () =>
      life.process.kill('SIGKILL'),
    );
    await gone;
    callOff();
  }

  kill(): void {
    this.#life?.process.kill('SIGKILL');
  }

  boundLog(): void {
    boundChildLog(this.#plan.logPath);
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

/** Starts the process and keeps it running until it is closed. Throws StartTrouble when its first start fails. */
export async function keepChild(plan: ChildPlan, keeping: Keeping, signal: AbortSignal): Promise<KeptChild> {
  const keeper = new Keeper(plan, keeping);
  const stop = () => void keeper.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const ready = await keeper.start();
    const logCheck = setInterval(() => keeper.boundLog(), 60_000);
    logCheck.unref();
    return {
      url: ready.url,
      details: ready.details,
      pid: () => keeper.pid,
      async close() {
        clearInterval(logCheck);
        await keeper.close();
      },
      kill: () => keeper.kill(),
    };
  } catch (error) {
    await keeper.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
