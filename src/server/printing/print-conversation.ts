// One receipt, one conversation with the printer: look whether it can print, send, and wait until it says that all is out. Until the
// first byte is sent any trouble only means "later"; after it, whatever is not confirmed is unknown.

import { type Clock, durationMs } from '#foundation/instant.ts';
import { askJobNumber, askWhenPrinted, type PrinterAnswer } from './escpos.ts';
import type { PrintProgress, UnknownCause } from './print-job.ts';
import type { PrinterConnection } from './printer-connection.ts';
import type { PrinterSettings } from './printer-settings.ts';
import type { PrinterStatus, PrinterTrouble } from './printer-status.ts';

/** Limits of every wait, in milliseconds. */
export type PrinterTimes = {
  /** To reach the printer. */
  readonly connectMs: number;
  /** For one answer to a status question. */
  readonly answerMs: number;
  /** Between looks at a printer that cannot print, or that has not confirmed yet. */
  readonly lookMs: number;
  /** For a confirmation while the printer reports no trouble. */
  readonly confirmMs: number;
  /** For bytes that the printer does not take, and for a trouble that nobody mends while it prints. */
  readonly stalledMs: number;
  /** A receipt that could not be begun for so long is given up: nobody wants it any more. */
  readonly keepMs: number;
  /** A drawer opens within this time or not at all. */
  readonly drawerMs: number;
  /**
   * Silence after which an earlier receipt's late confirmation has surely come: longer than a printer's network may hold a small
   * answer back until the one before it is acknowledged (at most 500 ms, RFC 1122 section 4.2.3.2).
   */
  readonly settleMs: number;
};

export const usualTimes: PrinterTimes = {
  connectMs: 2_000,
  answerMs: 1_500,
  lookMs: 1_000,
  confirmMs: 30_000,
  stalledMs: 600_000,
  keepMs: 600_000,
  drawerMs: 3_000,
  settleMs: 600,
};

export type Conversation = {
  readonly connection: PrinterConnection;
  readonly settings: PrinterSettings;
  readonly times: PrinterTimes;
  readonly clock: Clock;
  /** Told of every status that is read on the way. */
  onStatus(status: PrinterStatus): void;
};

type Over = Extract<PrintProgress, { state: 'printed' | 'handed-over' | 'outcome-unknown' }>;

const isPrinted = (answer: PrinterAnswer) => answer.kind === 'printed';

/** Why printing cannot begin now, or null. Nothing is printed by asking. */
export async function findTrouble(conversation: Conversation): Promise<PrinterTrouble | null> {
  const { connection, settings, times } = conversation;
  const answer = await connection.status(settings.drawer?.openLevel ?? null, times.answerMs);
  if (answer.ok) {
    conversation.onStatus(answer.value);
    return answer.value.trouble;
  }
  if (answer.failure === 'closed') return 'unreachable';
  return settings.confirmation === 'none' ? null : 'silent';
}

/**
 * Takes up confirmations that an earlier receipt still owed, so that none is taken for the next one's: asks for one more, and
 * waits until no other follows.
 */
export async function settleDebt({ connection, times }: Conversation): Promise<'settled' | 'unsettled'> {
  const first = connection.wait(isPrinted, times.answerMs);
  await connection.send(askWhenPrinted, times.answerMs);
  if (!(await first).ok) return 'unsettled';
  while ((await connection.wait(isPrinted, times.settleMs)).ok) {
    if (connection.isClosed) break;
  }
  return 'settled';
}

/** Sends a receipt and waits for its end. `mark` names it to printers that give a job's number back. */
export async function printNow(conversation: Conversation, bytes: Uint8Array, mark: string): Promise<Over> {
  const { connection, settings, times } = conversation;
  if (settings.confirmation === 'none') {
    const handed = await connection.handOver(bytes, times.stalledMs, times.answerMs);
    return handed ? { state: 'handed-over' } : unknown('connection-lost');
  }
  const isByNumber = settings.confirmation === 'job-number';
  const wanted = (answer: PrinterAnswer) =>
    isByNumber ? answer.kind === 'job-number' && answer.mark === mark : answer.kind === 'printed';
  const question = isByNumber ? askJobNumber(mark) : askWhenPrinted;
  const confirmation = connection.wait(wanted, times.stalledMs + times.confirmMs);
  const sent = await connection.send(Buffer.concat([bytes, question]), times.stalledMs);
  if (!sent.ok) return unknown(sent.failure === 'closed' ? 'connection-lost' : 'no-confirmation');
  return await watchToTheEnd(conversation, confirmation);
}

async function watchToTheEnd(
  conversation: Conversation,
  confirmation: ReturnType<PrinterConnection['wait']>,
): Promise<Over> {
  const { connection, settings, times, clock } = conversation;
  const begin = clock.monotonicMs();
  let quietSince = begin;
  for (;;) {
    const first = await within(clock, times.lookMs, confirmation);
    if (first !== null) return toOver(first);
    const status = await connection.status(settings.drawer?.openLevel ?? null, times.answerMs);
    const now = clock.monotonicMs();
    if (status.ok) {
      conversation.onStatus(status.value);
      if (status.value.trouble !== null) quietSince = now;
    }
    if (now - quietSince >= times.confirmMs || now - begin >= times.stalledMs) return unknown('no-confirmation');
  }
}

function toOver(answer: Awaited<ReturnType<PrinterConnection['wait']>>): Over {
  if (!answer.ok) return unknown(answer.failure === 'closed' ? 'connection-lost' : 'no-confirmation');
  const isPaperOut = answer.value.kind === 'printed' && answer.value.isPaperOut;
  return isPaperOut ? unknown('paper-ran-out') : { state: 'printed' };
}

function unknown(cause: UnknownCause): Over {
  return { state: 'outcome-unknown', cause };
}

/** What `act` comes to, or null when that takes longer than `ms`; no timer is left behind. */
export function within<Answer>(clock: Clock, ms: number, act: Promise<Answer>): Promise<Answer | null> {
  return new Promise((resolve, reject) => {
    const callOff = clock.after(durationMs(ms), () => resolve(null));
    act.then(
      (answer) => {
        callOff();
        resolve(answer);
      },
      (error: unknown) => {
        callOff();
        reject(error);
      },
    );
  });
}
