// The trace of a world: every happening as a line that a person can read, and a hash over all of them. Names stand where ids would,
// so that a line says "charge 1 of sale 17", and the hash is the same on every machine.

import { createHash, type Hash } from 'node:crypto';
import { formatInstant, type Instant, instant } from '#foundation/instant.ts';
import type { Attempt } from '#payment/index.ts';
import type { SandboxEvent } from '#sandbox/index.ts';
import type { Names } from '../shop/ground.ts';
import type { Happening, Witness, Witnessed } from '../shop/happening.ts';
import type { TillReply, TillRequest } from '../shop/store-line.ts';

/** One line without its time. */
export function sentence(happening: Happening, names: Names): string {
  switch (happening.type) {
    case 'till-asked':
      return `till ${happening.till} asks: ${requestWords(happening.request, names)} (sale ${happening.sale})`;
    case 'till-told': {
      const { till, request, reply, sale } = happening;
      return `till ${till} is told: ${replyWords(reply, names)} (${request.kind} of sale ${sale})`;
    }
    case 'code-scanned':
      return `till ${happening.till} scans a code (sale ${happening.sale})`;
    case 'till-left':
      return `till ${happening.till} leaves sale ${happening.sale}`;
    case 'person-did':
      return `${happening.who} ${happening.what} (sale ${happening.sale})`;
    case 'written':
      return `${happening.by} writes ${attemptWords(happening.attempt, names)}`;
    case 'sale-written':
      return `sale ${happening.sale} is written: ${yuan(happening.amountMinor)}`;
    case 'booked':
      return `Alipay books ${bookedWords(happening.event, names)}`;
    case 'message':
      return `${happening.from} → ${happening.to}: ${happening.what}${happening.fate === 'sent' ? '' : `, ${happening.fate}`}`;
    case 'struck':
      return `fate: ${happening.key}`;
    case 'server-started':
      return `${happening.server} starts`;
    case 'server-crashed':
      return `${happening.server} crashes`;
    case 'server-paused':
      return `${happening.server} stands still for ${Math.round(happening.ms / 100) / 10} s`;
    case 'defect':
      return `${happening.server} has a defect: ${happening.what}`;
    case 'weather-changed':
      return `weather: ${happening.weather}`;
    case 'faults-stopped':
      return 'nothing new goes wrong from here on';
    case 'came-to-rest':
      return happening.isAtRest ? 'everything is at rest' : `not at rest: ${happening.stuck.join('; ')}`;
  }
}

export function line({ at, happening }: Witnessed, names: Names): string {
  return `${clockTime(at)}  ${sentence(happening, names)}`;
}

// Day of the month, and the time in UTC.
function clockTime(at: Instant): string {
  const ms = Math.floor(at);
  const day = Math.floor(ms / dayMs);
  if (day !== known.day) known = { day, text: formatInstant(instant(ms)).slice(8, 10) };
  const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
  const inDay = ms - day * dayMs;
  const [hours, minutes] = [Math.floor(inDay / 3_600_000), Math.floor(inDay / 60_000) % 60];
  const [seconds, millis] = [Math.floor(inDay / 1_000) % 60, inDay % 1_000];
  return `${known.text} ${two(hours)}:${two(minutes)}:${two(seconds)}.${millis < 100 ? `0${two(millis)}` : millis}`;
}

const dayMs = 86_400_000;
let known = { day: Number.NaN, text: '' };

function yuan(minor: bigint): string {
  return `¥${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
}

function requestWords(request: TillRequest, names: Names): string {
  switch (request.kind) {
    case 'open-sale':
      return `open a sale of ${yuan(request.amountMinor)}, key ${request.key}`;
    case 'pay':
      return `pay, key ${request.key}`;
    case 'refund':
      return `refund ${yuan(request.amountMinor)} of ${names.attempt(request.paymentId)}, key ${request.key}`;
    case 'look-at-payment':
    case 'abandon':
      return `${request.kind === 'abandon' ? 'abandon' : 'look at'} ${names.attempt(request.paymentId)}`;
    case 'look-at-sale':
      return 'look at the sale';
  }
}

function replyWords(reply: TillReply, names: Names): string {
  switch (reply.kind) {
    case 'sale':
      return `the sale is ${reply.sale.status}`;
    case 'payment': {
      const { paymentId, status, custody, refundedMinor } = reply.payment;
      const more = `${custody ? ', in custody' : ''}${refundedMinor === 0n ? '' : `, ${yuan(refundedMinor)} given back`}`;
      return `${names.attempt(paymentId)} is ${status}${more}`;
    }
    case 'refund':
      return `${names.attempt(reply.refund.refundId)} is ${reply.refund.status}`;
    case 'refused':
      return `refused, ${reply.problem}`;
    case 'no-answer':
      return 'nothing';
  }
}

function attemptWords(attempt: Attempt, names: Names): string {
  const { state, version } = attempt;
  const next = state.inFlight === null ? '' : `, to ${state.inFlight.act}`;
  const word = 'finalWord' in state && state.finalWord !== null ? `, word ${state.finalWord}` : '';
  return `${names.attempt(attempt.identity.id)} v${version}: ${state.phase}${next}${word}`;
}

function bookedWords(event: SandboxEvent, names: Names): string {
  const own = (text: string): string => {
    const id = names.attemptIn(text);
    return id === null ? '' : ` of ${names.attempt(id)}`;
  };
  switch (event.type) {
    case 'trade-opened':
      return `a trade${own(event.trade.outTradeNo)}: ${event.trade.state}`;
    case 'payment-declined':
      return `a refusal${own(event.decline.key)}: ${event.decline.reason}`;
    case 'trade-refunded':
      return `a refund of ${yuan(event.refund.amount.minor)} of trade ${event.tradeNo}${own(event.refund.requestNo)}`;
    case 'trade-closed':
      return `trade ${event.tradeNo} closed, ${event.because}`;
    case 'trade-paid':
      return `trade ${event.tradeNo} paid`;
    default:
      return event.type;
  }
}

/** Hashes every line as it comes; keeps none. */
export class TraceHash implements Witness {
  readonly #hash: Hash = createHash('sha256');
  #names: Names | null = null;
  #lines: string[] = [];

  use(names: Names): void {
    this.#names = names;
  }

  hear(witnessed: Witnessed): void {
    if (this.#names === null) return;
    this.#lines.push(line(witnessed, this.#names));
    if (this.#lines.length >= 500) this.#flush();
  }

  /** The hash in hexadecimal, of everything heard. Ends the hashing. */
  digest(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#lines.join('\n'));
    this.#lines = [];
  }
}

/** Keeps every line: for a story, not for a long run. */
export class Story implements Witness {
  readonly #lines: string[] = [];
  #names: Names | null = null;

  use(names: Names): void {
    this.#names = names;
  }

  hear(witnessed: Witnessed): void {
    if (this.#names !== null) this.#lines.push(line(witnessed, this.#names));
  }

  get lines(): readonly string[] {
    return this.#lines;
  }
}
