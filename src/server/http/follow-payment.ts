// A payment as server-sent events. This process's own moves are told at once and in their order; those of another process are
// seen by looking every two seconds. One look falls on the moment when the final word is due, whoever drives the payment. A stream
// ends when nothing can change any more, when its reader is gone or too slow, and when the server stops (an EventSource then asks
// the next one). Streams are counted: a reader that opens them without end is refused.

import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { DeviceId } from '#foundation/id.ts';
import { between, type Clock, type DurationMs, durationMs, type Instant } from '#foundation/instant.ts';
import type { Charge, PaymentService } from '#payment/index.ts';
import type { PaymentView } from '../contract/ecr.ts';
import type { Device } from './authenticate.ts';
import { ProblemError } from './problem-reply.ts';

export type FollowLimits = {
  readonly lookMs: number;
  readonly keepAliveMs: number;
  /** Streams of one device, and of this process. */
  readonly ofDeviceMax: number;
  readonly countMax: number;
};

const standardLimits: FollowLimits = { lookMs: 2_000, keepAliveMs: 14_000, ofDeviceMax: 256, countMax: 4_096 };

// Events wait in memory for a reader that is slow; one that does not read this much is let go, and may ask again.
const unreadBytesMax = 64 * 1024;

export type Following = {
  readonly device: Device;
  readonly charge: Charge;
  /** True when the reader had a stream of this payment before. */
  readonly resumed: boolean;
  load(): Promise<Charge>;
  view(charge: Charge): Promise<PaymentView>;
};

type FollowedPayment = Pick<PaymentService, 'follow' | 'drives' | 'wordDueAt'>;

/** Every stream that this process has open. */
export class PaymentFollowers {
  readonly #payment: FollowedPayment;
  readonly #clock: Clock;
  readonly #limits: FollowLimits;
  readonly #streams = new Map<PaymentStream, DeviceId>();
  #closed = false;

  constructor(payment: FollowedPayment, clock: Clock, limits: Partial<FollowLimits> = {}) {
    this.#payment = payment;
    this.#clock = clock;
    this.#limits = { ...standardLimits, ...limits };
  }

  get count(): number {
    return this.#streams.size;
  }

  /** Answers with the payment now and after every change. Throws `too-many-followers` at the limit. */
  async follow(reply: FastifyReply, following: Following): Promise<FastifyReply> {
    const first = await following.view(following.charge);
    // An EventSource asks again when a stream ends; 204 tells it that there is no more to come.
    if (following.resumed && isEnded(first)) return reply.code(204).send();
    this.#admit(following.device.deviceId);
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
    });
    const parts = { payment: this.#payment, clock: this.#clock, limits: this.#limits };
    const stream = new PaymentStream(reply.raw, parts, following, () => this.#streams.delete(stream));
    this.#streams.set(stream, following.device.deviceId);
    stream.start(first);
    return reply;
  }

  /** Ends every stream: the server stops. */
  close(): void {
    this.#closed = true;
    for (const stream of this.#streams.keys()) stream.end();
  }

  #admit(deviceId: DeviceId): void {
    const { ofDeviceMax, countMax } = this.#limits;
    if (this.#closed) throw new ProblemError('busy', 'This server stops.');
    if (this.#streams.size >= countMax) throw new ProblemError('too-many-followers');
    let own = 0;
    for (const each of this.#streams.values()) if (each === deviceId) own += 1;
    if (own >= ofDeviceMax) {
      throw new ProblemError('too-many-followers', `This device has ${own} event streams open, the most it may have.`);
    }
  }
}

function isEnded(view: PaymentView): boolean {
  return (view.status === 'paid' || view.status === 'not-paid') && !view.custody;
}

type StreamParts = {
  readonly payment: FollowedPayment;
  readonly clock: Clock;
  readonly limits: FollowLimits;
};

class PaymentStream {
  readonly #raw: ServerResponse;
  readonly #parts: StreamParts;
  readonly #following: Following;
  readonly #onEnd: () => void;
  /** The newest state that was taken in. A look that was overtaken by a move brings an older one. */
  #newest: Charge;
  #sent = '';
  #wroteAtMs = 0;
  #lookedAt: Instant;
  #ended = false;
  #unfollow: () => void = () => {};
  #callOff: () => void = () => {};

  constructor(raw: ServerResponse, parts: StreamParts, following: Following, onEnd: () => void) {
    this.#raw = raw;
    this.#parts = parts;
    this.#following = following;
    this.#newest = following.charge;
    this.#lookedAt = parts.clock.now();
    this.#onEnd = onEnd;
  }

  start(first: PaymentView): void {
    this.#raw.on('close', () => this.end());
    this.#raw.on('error', () => this.end());
    // The reader may have gone while the payment was read; its `close` has then been told already.
    if (this.#raw.destroyed) this.end();
    if (this.#ended) return;
    this.#tell(first);
    if (this.#ended) return;
    this.#unfollow = this.#parts.payment.follow(this.#newest.identity.id, (attempt) => {
      if (attempt.kind === 'charge') void this.#take(attempt);
    });
    this.#lookLater();
    // A move between the first load and the following would be missed otherwise.
    void this.#refresh();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#unfollow();
    this.#callOff();
    this.#onEnd();
    this.#raw.end();
  }

  async #refresh(): Promise<void> {
    const charge = await this.#following.load().catch(() => this.#newest);
    await this.#take(charge);
  }

  async #take(charge: Charge): Promise<void> {
    if (charge.version < this.#newest.version) return;
    this.#newest = charge;
    try {
      const view = await this.#following.view(charge);
      // The view may have waited for the journal, and a newer state may have been told meanwhile.
      if (charge.version === this.#newest.version) this.#tell(view);
    } catch {
      // The journal cannot be read now; the next look tells what became true meanwhile.
    }
  }

  #tell(view: PaymentView): void {
    if (this.#ended) return;
    const text = JSON.stringify(view);
    if (text !== this.#sent) {
      this.#sent = text;
      this.#write(`id: ${view.paymentId}-${this.#newest.version}\nevent: payment\ndata: ${text}\n\n`);
    }
    if (isEnded(view)) this.end();
  }

  #write(text: string): void {
    this.#wroteAtMs = this.#parts.clock.monotonicMs();
    this.#raw.write(text);
    if (this.#raw.writableLength > unreadBytesMax) this.#raw.destroy();
  }

  #lookLater(): void {
    const { clock, limits } = this.#parts;
    this.#callOff = clock.after(this.#waitBeforeLook(), () => {
      if (this.#ended) return;
      this.#lookedAt = clock.now();
      if (clock.monotonicMs() - this.#wroteAtMs >= limits.keepAliveMs) this.#write(': still here\n\n');
      // What this process drives needs no look; but time alone may have made it overdue.
      const own = this.#parts.payment.drives(this.#newest.identity.id);
      void (own ? this.#take(this.#newest) : this.#refresh()).then(() => {
        if (!this.#ended) this.#lookLater();
      });
    });
  }

  // A look that began before the word was due is followed by one at that moment: the view then has the word made.
  #waitBeforeLook(): DurationMs {
    const { clock, limits, payment } = this.#parts;
    const dueAt = payment.wordDueAt(this.#newest);
    const isAhead = dueAt !== null && this.#lookedAt < dueAt;
    return durationMs(isAhead ? Math.min(limits.lookMs, between(clock.now(), dueAt)) : limits.lookMs);
  }
}
