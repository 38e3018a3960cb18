// Follows one payment to its end: the server's stream tells at once, and a slow poll beside it notices a stream that has gone
// quiet without saying so. Only the payment in front has a stream, because a browser grants a page six connections.

import type { PaymentView } from '#server/contract/ecr.ts';
import type { Problem } from '#server/contract/problem.ts';
import { paymentEventsUrl, readPaymentEvent, type StoreClient } from './store-client.ts';
import { type Ambient, waitAfter } from './try-again.ts';

export interface Listener {
  payment(view: PaymentView): void;
  silence(): void;
  /** The server does not know this payment (any more). */
  refused(problem: Problem): void;
}

export interface Follower {
  /** Follows until nothing can change any more, or until the answer is called. */
  follow(paymentId: string, inFront: boolean, listener: Listener): () => void;
}

const besideStreamMs = 4_000;
const withoutStreamMs = 1_000;
const behindMs = 2_500;
const custodyMs = 10_000;

export function makeFollower(client: StoreClient, ambient: Ambient): Follower {
  return {
    follow(paymentId, inFront, listener) {
      const following = new Following(client, ambient, paymentId, listener);
      following.begin(inFront);
      return () => following.end();
    },
  };
}

class Following {
  readonly #client: StoreClient;
  readonly #ambient: Ambient;
  readonly #paymentId: string;
  readonly #listener: Listener;
  #stream: EventSource | undefined;
  #inFront = false;
  #cancelWait: () => void = () => {};
  #misses = 0;
  #ended = false;

  constructor(client: StoreClient, ambient: Ambient, paymentId: string, listener: Listener) {
    this.#client = client;
    this.#ambient = ambient;
    this.#paymentId = paymentId;
    this.#listener = listener;
  }

  begin(inFront: boolean): void {
    this.#inFront = inFront;
    if (inFront) this.#openStream();
    this.#wait(inFront ? withoutStreamMs : 0);
  }

  end(): void {
    this.#ended = true;
    this.#cancelWait();
    this.#closeStream();
  }

  #openStream(): void {
    const stream = new EventSource(paymentEventsUrl(this.#paymentId));
    this.#stream = stream;
    stream.addEventListener('payment', (event: MessageEvent<string>) => {
      const view = readPaymentEvent(event.data);
      if (view !== undefined) this.#heard(view);
    });
    // Ended, refused or broken: the next look tells which, and opens a new stream when there is more to come.
    stream.addEventListener('error', () => {
      this.#closeStream();
      if (!this.#ended) this.#wait(Math.min(withoutStreamMs, 100 + this.#misses * 500));
    });
  }

  #closeStream(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }

  #wait(waitMs: number): void {
    this.#cancelWait();
    this.#cancelWait = this.#ambient.after(waitMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const answer = await this.#client.payment(this.#paymentId);
    if (this.#ended) return;
    if (answer.ok) {
      this.#misses = 0;
      this.#heard(answer.value);
      return;
    }
    if (answer.failure.kind === 'refused') {
      this.end();
      this.#listener.refused(answer.failure.problem);
      return;
    }
    this.#misses += 1;
    this.#listener.silence();
    this.#wait(waitAfter(this.#misses, answer.failure.retryAfterMs));
  }

  #heard(view: PaymentView): void {
    if (this.#ended) return;
    const final = view.status === 'paid' || view.status === 'not-paid';
    if (final && !view.custody) this.end();
    this.#listener.payment(view);
    if (this.#ended) return;
    if (final) {
      this.#closeStream();
      this.#wait(custodyMs);
      return;
    }
    if (this.#inFront && this.#stream === undefined && this.#misses === 0) this.#openStream();
    this.#wait(this.#stream === undefined ? behindMs : besideStreamMs);
  }
}
