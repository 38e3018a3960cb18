// The receipt printer of a till. Receipts queue in front of it and never hold up a sale; what became of each is told as it happens.
// A receipt that could not be begun waits and is tried again; one that was begun is never sent a second time by itself. The
// queue lives with the process: what was waiting when it ends was surely not printed.

import type { Clock } from '#foundation/instant.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import { askWhenPrinted, drawerPulse, drawerPulseNow, jobMark } from './escpos.ts';
import {
  type Conversation,
  findTrouble,
  type PrinterTimes,
  printNow,
  settleDebt,
  usualTimes,
  within,
} from './print-conversation.ts';
import { isOver, type PrintJob, type PrintProgress, type PrintRefusal, type PrintView } from './print-job.ts';
import { openConnection, type PrinterConnection } from './printer-connection.ts';
import type { PrinterSettings } from './printer-settings.ts';
import { type PrinterStatus, type PrinterTrouble, unknownStatus } from './printer-status.ts';

export type DrawerOutcome =
  /** The drawer's switch says so, or the printer that it gave the pulse. */
  | { readonly outcome: 'opened' }
  /** The pulse was sent; nothing says whether the drawer opened. */
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'not-opened'; readonly cause: PrinterTrouble | 'no-drawer' | 'busy' };

export interface ReceiptPrinter {
  /** Queues a receipt and answers at once. The same job again is the same job: its view, and no second print. */
  print(job: PrintJob): Result<PrintView, PrintRefusal>;
  /** What became of a job; undefined when it was never known or is long over. */
  find(id: string): PrintView | undefined;
  /** Takes back a receipt of which nothing was sent; false when it is too late. */
  cancel(id: string): boolean;
  /** Calls `listener` with every change; returns a function that ends it. */
  follow(listener: (view: PrintView) => void): () => void;
  /** Opens the drawer now, also while the printer is out of paper; never later. */
  openDrawer(): Promise<DrawerOutcome>;
  /** How the printer is; while it prints, how it was a moment ago. */
  status(): Promise<PrinterStatus>;
  /** Ends after at most `graceMs` for the receipt that is being printed; waiting ones are not printed. */
  stop(graceMs: number): Promise<void>;
}

const queueLengthMax = 100;
const rememberedMax = 1_000;
const bytesMax = 512 * 1024;

type Drawer = NonNullable<PrinterSettings['drawer']>;
type Entry = { readonly job: PrintJob; view: PrintView };

export class NetworkPrinter implements ReceiptPrinter {
  readonly #settings: PrinterSettings;
  readonly #clock: Clock;
  readonly #times: PrinterTimes;
  /** In the order of asking, which is the order of printing; those that are over stay to answer repeats. */
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<(view: PrintView) => void>();
  /** The conversation in which a receipt is being printed: a drawer is opened in it too. */
  #live: PrinterConnection | null = null;
  #last: PrinterStatus | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #work: Promise<void> | null = null;
  #wake: () => void = () => {};
  #isStopping = false;
  /** An earlier confirmation may still come, and must not be taken for the next receipt's. */
  #mayOwe = false;
  #marks: number;

  constructor(settings: PrinterSettings, clock: Clock, times: PrinterTimes = usualTimes) {
    this.#settings = settings;
    this.#clock = clock;
    this.#times = times;
    // Another process may have left its jobs in the printer.
    this.#owe();
    this.#marks = clock.now() % 36 ** 4;
  }

  print(job: PrintJob): Result<PrintView, PrintRefusal> {
    const known = this.#entries.get(job.id);
    if (known !== undefined) {
      return Buffer.compare(known.job.bytes, job.bytes) === 0 ? success(known.view) : failure('id-reused');
    }
    if (this.#isStopping) return failure('stopped');
    if (job.bytes.length > bytesMax) return failure('too-long');
    if (this.#waiting().length >= queueLengthMax) return failure('queue-full');
    const view: PrintView = { id: job.id, queuedAt: this.#clock.now(), progress: { state: 'waiting', trouble: null } };
    this.#entries.set(job.id, { job, view });
    this.#forgetOldest();
    this.#wake();
    this.#work ??= this.#workOff();
    return success(view);
  }

  find(id: string): PrintView | undefined {
    return this.#entries.get(id)?.view;
  }

  cancel(id: string): boolean {
    const entry = this.#entries.get(id);
    if (entry?.view.progress.state !== 'waiting') return false;
    this.#tell(entry, { state: 'not-printed', cause: 'cancelled' });
    this.#wake();
    return true;
  }

  follow(listener: (view: PrintView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async openDrawer(): Promise<DrawerOutcome> {
    const { drawer } = this.#settings;
    if (drawer === null) return { outcome: 'not-opened', cause: 'no-drawer' };
    if (this.#live !== null) return await this.#pulse(this.#live, drawer, true);
    const begin = this.#clock.monotonicMs();
    const opening = this.#inTurn(async (): Promise<DrawerOutcome> => {
      // An opening drawer with nobody in front of it is worse than one that stays shut.
      if (this.#clock.monotonicMs() - begin >= this.#times.drawerMs) return { outcome: 'not-opened', cause: 'busy' };
      const outcome = await this.#converse(({ connection }) => this.#pulse(connection, drawer, false));
      return outcome === 'unreachable' ? { outcome: 'not-opened', cause: 'unreachable' } : outcome;
    });
    return await opening;
  }

  async status(): Promise<PrinterStatus> {
    if (this.#live !== null && this.#last !== null) return this.#last;
    return await this.#inTurn(async () => {
      const answer = await this.#converse(async (conversation) => {
        const { drawer } = this.#settings;
        return await conversation.connection.status(drawer?.openLevel ?? null, this.#times.answerMs);
      });
      if (answer === 'unreachable') return unknownStatus('unreachable');
      return answer.ok ? answer.value : unknownStatus(answer.failure === 'closed' ? 'unreachable' : 'silent');
    });
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    for (const entry of this.#waiting()) {
      if (entry.view.progress.state === 'waiting') this.#tell(entry, { state: 'not-printed', cause: 'stopped' });
    }
    this.#wake();
    const done = Promise.all([this.#work, this.#turn]);
    await within(this.#clock, graceMs, done);
    this.#live?.close();
    await done;
  }

  async #workOff(): Promise<void> {
    for (let entry = this.#waiting()[0]; entry !== undefined; entry = this.#waiting()[0]) {
      const { view } = entry;
      if (this.#clock.now() - view.queuedAt >= this.#times.keepMs) {
        this.#tell(entry, { state: 'not-printed', cause: 'expired' });
        continue;
      }
      const begun = entry;
      const trouble = await this.#inTurn(() => this.#attempt(begun));
      if (trouble === null) continue;
      for (const each of this.#waiting()) this.#tell(each, { state: 'waiting', trouble });
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await within(this.#clock, this.#times.lookMs, woken);
    }
    this.#work = null;
  }

  /** Prints an entry to its end and answers null, or says why it could not be begun. */
  async #attempt(entry: Entry): Promise<PrinterTrouble | null> {
    return await this.#converse(async (conversation) => {
      const trouble = await findTrouble(conversation);
      if (trouble !== null) return trouble;
      if (this.#mayOwe && (await settleDebt(conversation)) === 'unsettled') return 'unsettled';
      this.#mayOwe = false;
      // It may have been cancelled while the printer was asked.
      if (isOver(entry.view.progress)) return null;
      this.#tell(entry, { state: 'printing', trouble: null });
      if (this.#settings.confirmation !== 'none') this.#live = conversation.connection;
      this.#marks += 1;
      const over = await printNow(
        { ...conversation, onStatus: (status) => this.#onStatus(status, entry) },
        entry.job.bytes,
        jobMark(this.#marks),
      );
      this.#live = null;
      const isUnknown = over.state === 'outcome-unknown';
      if (isUnknown) this.#owe();
      this.#tell(entry, isUnknown && this.#isStopping ? { state: 'outcome-unknown', cause: 'stopped' } : over);
      return null;
    });
  }

  // In a conversation that prints, the pulse is one that the printer obeys at once: in its turn it would wait for the paper. The status
  // before it shows that the printer is reading; else the pulse could come minutes later.
  async #pulse(connection: PrinterConnection, { pin, openLevel }: Drawer, isPrinting: boolean): Promise<DrawerOutcome> {
    const { answerMs } = this.#times;
    const before = await connection.status(openLevel, answerMs);
    const isMute = this.#settings.confirmation === 'none' && !before.ok && before.failure === 'silent';
    if (!before.ok && !isMute) {
      return { outcome: 'not-opened', cause: before.failure === 'closed' ? 'unreachable' : 'silent' };
    }
    const isInTurn = !isPrinting && (!before.ok || before.value.trouble === null);
    const confirming = isInTurn && !isMute ? connection.wait(({ kind }) => kind === 'printed', answerMs) : null;
    const bytes = isInTurn ? drawerPulse(pin) : drawerPulseNow(pin);
    const sent = await connection.send(confirming === null ? bytes : Buffer.concat([bytes, askWhenPrinted]), answerMs);
    if (!sent.ok) return { outcome: 'not-opened', cause: 'unreachable' };
    const isConfirmed = confirming !== null && (await confirming).ok;
    if (confirming !== null && !isConfirmed) this.#owe();
    if (openLevel === null) return { outcome: isConfirmed ? 'opened' : 'sent' };
    const after = await connection.status(openLevel, answerMs);
    return { outcome: after.ok && after.value.drawer === 'open' ? 'opened' : 'sent' };
  }

  async #converse<Answer>(talk: (conversation: Conversation) => Promise<Answer>): Promise<Answer | 'unreachable'> {
    const opened = await openConnection(this.#settings, this.#times.connectMs);
    if (!opened.ok) return 'unreachable';
    const connection = opened.value;
    try {
      const onStatus = (status: PrinterStatus) => {
        this.#last = status;
      };
      return await talk({
        connection,
        settings: this.#settings,
        times: this.#times,
        clock: this.#clock,
        onStatus,
      });
    } finally {
      connection.close();
    }
  }

  /** Conversations one after another: a printer has one partner at a time. */
  #inTurn<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#turn.then(act, act);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  // A job's number is its own; the paper's status is not.
  #owe(): void {
    this.#mayOwe = this.#settings.confirmation === 'paper-status';
  }

  #onStatus(status: PrinterStatus, entry: Entry): void {
    this.#last = status;
    this.#tell(entry, { state: 'printing', trouble: status.trouble });
  }

  #waiting(): readonly Entry[] {
    return [...this.#entries.values()].filter(({ view }) => !isOver(view.progress));
  }

  #tell(entry: Entry, progress: PrintProgress): void {
    const { progress: before } = entry.view;
    const isSame = before.state === progress.state && troubleOf(before) === troubleOf(progress);
    if (isSame || isOver(before)) return;
    entry.view = { ...entry.view, progress };
    for (const listener of this.#listeners) listener(entry.view);
  }

  #forgetOldest(): void {
    if (this.#entries.size <= rememberedMax) return;
    for (const [id, { view }] of this.#entries) {
      if (!isOver(view.progress)) continue;
      this.#entries.delete(id);
      return;
    }
  }
}

function troubleOf(progress: PrintProgress): PrinterTrouble | null {
  return 'trouble' in progress ? progress.trouble : null;
}
