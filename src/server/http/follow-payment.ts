// A payment as server-sent events. This process's own moves are told at once; those of another process are seen by looking
// every two seconds. A stream ends when nothing can change any more.

import type { FastifyReply } from 'fastify';
import { durationMs } from '#foundation/instant.ts';
import type { Charge } from '#payment/index.ts';
import type { PaymentView } from '../contract/ecr.ts';
import type { StoreParts } from './routes/store-parts.ts';

const lookMs = durationMs(2_000);
const keepAliveEvery = 7;

export async function followPayment(
  reply: FastifyReply,
  resumed: boolean,
  parts: StoreParts,
  charge: Charge,
  load: () => Promise<PaymentView>,
): Promise<FastifyReply> {
  const first = await load();
  // An EventSource asks again when a stream ends; 204 tells it that there is no more to come.
  if (resumed && isEnded(first)) return reply.code(204).send();
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  new PaymentStream(reply, parts, charge, load).start(first);
  return reply;
}

function isEnded(view: PaymentView): boolean {
  return (view.status === 'paid' || view.status === 'not-paid') && !view.custody;
}

class PaymentStream {
  readonly #reply: FastifyReply;
  readonly #parts: StoreParts;
  readonly #charge: Charge;
  readonly #load: () => Promise<PaymentView>;
  #sent = '';
  #looks = 0;
  #ended = false;
  #unfollow: () => void = () => {};
  #callOff: () => void = () => {};

  constructor(reply: FastifyReply, parts: StoreParts, charge: Charge, load: () => Promise<PaymentView>) {
    this.#reply = reply;
    this.#parts = parts;
    this.#charge = charge;
    this.#load = load;
  }

  start(first: PaymentView): void {
    this.#reply.raw.on('close', () => this.#end());
    this.#tell(first);
    if (this.#ended) return;
    this.#unfollow = this.#parts.payment.follow(this.#charge.identity.id, () => void this.#refresh());
    this.#lookLater();
    // A move between the first load and the following would be missed otherwise.
    void this.#refresh();
  }

  async #refresh(): Promise<void> {
    try {
      this.#tell(await this.#load());
    } catch {
      // The journal cannot be read now; the next look tells what became true meanwhile.
    }
  }

  #tell(view: PaymentView): void {
    if (this.#ended) return;
    const text = JSON.stringify(view);
    if (text !== this.#sent) {
      this.#sent = text;
      this.#looks = 0;
      this.#reply.raw.write(`id: ${view.paymentId}-${this.#parts.clock.now()}\nevent: payment\ndata: ${text}\n\n`);
    }
    if (isEnded(view)) this.#end();
  }

  #lookLater(): void {
    this.#callOff = this.#parts.clock.after(lookMs, () => {
      if (this.#ended) return;
      this.#looks += 1;
      if (this.#looks % keepAliveEvery === 0) this.#reply.raw.write(': still here\n\n');
      const own = this.#parts.payment.drives(this.#charge.identity.id);
      const looked = own ? Promise.resolve() : this.#refresh();
      void looked.then(() => this.#lookLater());
    });
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#unfollow();
    this.#callOff();
    this.#reply.raw.end();
  }
}
