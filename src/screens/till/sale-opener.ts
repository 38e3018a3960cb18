// Opens the sale while the scanner is still sending its digits: the amount is final when a scan begins, so by the last digit
// the payment itself can leave at once. A sale opened for a scan that turned out to be no payment code waits for the next.

import { type Money, sameMoney } from '#foundation/money.ts';
import type { StoreClient } from './store-client.ts';
import { type Ambient, type Sent, sendUntilAnswered } from './try-again.ts';

type Prepared = {
  readonly amount: Money;
  readonly saleId: Promise<Sent<string>>;
  readonly told: { silence: () => void };
  failed: boolean;
};

const openingMsMax = 20_000;

export class SaleOpener {
  readonly #client: StoreClient;
  readonly #ambient: Ambient;
  #prepared: Prepared | undefined;

  constructor(client: StoreClient, ambient: Ambient) {
    this.#client = client;
    this.#ambient = ambient;
  }

  /** Begins to open a sale of this amount, unless one waits already. */
  prepare(amount: Money): Prepared {
    const waiting = this.#prepared;
    if (waiting !== undefined && !waiting.failed && sameMoney(waiting.amount, amount)) return waiting;
    const told = { silence: () => {} };
    const prepared: Prepared = { amount, saleId: this.#open(amount, () => told.silence()), told, failed: false };
    void prepared.saleId.then((sent) => {
      prepared.failed = !sent.ok;
    });
    this.#prepared = prepared;
    return prepared;
  }

  /** The sale of this amount, prepared or new. It is handed out once; `onSilence` hears of every try without an answer. */
  take(amount: Money, onSilence: () => void): Promise<Sent<string>> {
    const { saleId, told } = this.prepare(amount);
    told.silence = onSilence;
    this.#prepared = undefined;
    return saleId;
  }

  async #open(amount: Money, onSilence: () => void): Promise<Sent<string>> {
    const key = this.#ambient.makeKey();
    const endMs = this.#ambient.nowMs() + openingMsMax;
    const sent = await sendUntilAnswered(
      this.#ambient,
      () => this.#client.openSale(amount, key),
      () => this.#ambient.nowMs() < endMs,
      onSilence,
    );
    return sent.ok ? { ok: true, value: sent.value.saleId } : sent;
  }
}
