// One conversation with a network printer: raw bytes over TCP, answers told apart, every wait limited. A printer talks with one
// partner at a time, so a conversation is short: a status, a drawer, one receipt.

import { connect, type Socket } from 'node:net';
import { failure, type Result, success } from '#foundation/result.ts';
import { AnswerReader, askStatus, type PrinterAnswer, type StatusQuestion, statusQuestions } from './escpos.ts';
import { type DrawerLevel, type PrinterStatus, readStatus } from './printer-status.ts';

export type PrinterAddress = { readonly host: string; readonly port: number };

type Waiter = (answer: PrinterAnswer | 'closed') => boolean;

const questions = Object.keys(statusQuestions) as readonly StatusQuestion[];

/** Reaches the printer, or says that it cannot be reached within `timeoutMs`. Nothing is sent. */
export function openConnection(
  { host, port }: PrinterAddress,
  timeoutMs: number,
): Promise<Result<PrinterConnection, 'unreachable'>> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    const giveUp = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(failure('unreachable'));
    };
    const timer = setTimeout(giveUp, timeoutMs);
    socket.once('error', giveUp);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', giveUp);
      resolve(success(new PrinterConnection(socket)));
    });
  });
}

export class PrinterConnection {
  readonly #socket: Socket;
  readonly #reader = new AnswerReader();
  readonly #waiters = new Set<Waiter>();
  #isClosed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => {
      for (const answer of this.#reader.read(bytes)) this.#tell(answer);
    });
    // What an error means is said by the close that follows it.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
      this.#tell('closed');
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Hands bytes over; answers when the last of them has left for the printer. `stalled` when the printer took nothing more for
   * `stallMs`: part of them may have been printed.
   */
  send(bytes: Uint8Array, stallMs: number): Promise<Result<null, 'closed' | 'stalled'>> {
    return new Promise((resolve) => {
      if (this.#isClosed) return resolve(failure('closed'));
      const waiter: Waiter = (answer) => answer === 'closed' && end(failure('closed'));
      const end = (result: Result<null, 'closed' | 'stalled'>) => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(result);
        return true;
      };
      const timer = setTimeout(() => end(failure('stalled')), stallMs);
      this.#waiters.add(waiter);
      this.#socket.write(bytes, (error) => end(error ? failure('closed') : success(null)));
    });
  }

  /**
   * Hands bytes over to a printer that never answers, and ends the conversation. True when they all left and the line did not break
   * within `answerMs` after that.
   */
  handOver(bytes: Uint8Array, stallMs: number, answerMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#isClosed) return resolve(false);
      let isAllSent = false;
      const end = (isTaken: boolean) => {
        clearTimeout(timer);
        this.#socket.destroy();
        resolve(isTaken);
      };
      let timer = setTimeout(() => end(false), stallMs);
      this.#socket.once('close', (hadError) => end(isAllSent && !hadError));
      this.#socket.end(bytes, () => {
        isAllSent = true;
        clearTimeout(timer);
        timer = setTimeout(() => end(true), answerMs);
      });
    });
  }

  /** The first answer that `wanted` takes, within `timeoutMs`. Listen before asking. */
  wait(
    wanted: (answer: PrinterAnswer) => boolean,
    timeoutMs: number,
  ): Promise<Result<PrinterAnswer, 'closed' | 'silent'>> {
    return new Promise((resolve) => {
      if (this.#isClosed) return resolve(failure('closed'));
      const end = (result: Result<PrinterAnswer, 'closed' | 'silent'>) => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(result);
        return true;
      };
      const waiter: Waiter = (answer) => {
        if (answer === 'closed') return end(failure('closed'));
        return wanted(answer) && end(success(answer));
      };
      const timer = setTimeout(() => end(failure('silent')), timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  /** Asks the four status questions one by one: some printers answer only the first of several that come together. */
  async status(openLevel: DrawerLevel, timeoutMs: number): Promise<Result<PrinterStatus, 'closed' | 'silent'>> {
    const bits = { printer: 0, offlineCause: 0, errorCause: 0, paper: 0 };
    for (const question of questions) {
      const answering = this.wait((answer) => answer.kind === 'status', timeoutMs);
      const sent = await this.send(askStatus(question), timeoutMs);
      const answer = await answering;
      if (!answer.ok) return answer;
      if (!sent.ok) return failure('closed');
      if (answer.value.kind === 'status') bits[question] = answer.value.bits;
    }
    return success(readStatus(bits, openLevel));
  }

  /** Ends the conversation. What the printer has taken it still prints. */
  close(): void {
    this.#socket.end();
    this.#socket.destroySoon();
  }

  // Each answer is for the first who wants it.
  #tell(answer: PrinterAnswer | 'closed'): void {
    for (const waiter of [...this.#waiters]) if (waiter(answer) && answer !== 'closed') return;
  }
}
