// Sends the server what it lacks of the till's journal, in order, for as long as it takes. One tab at a time does it; if two did, the
// server would only say that it has it already. On the first contact it compares what the server knows with what is here, because
// that is when lost storage, a cloned profile or an older backup shows.

import type { TillEntry } from '#checkout/index.ts';
import type { Trouble } from '../store-client.ts';
import type { Ambient } from '../try-again.ts';
import type { WhileAlone } from './alone.ts';
import type { KeptChain } from './chain-store.port.ts';
import type { JournalClient, ServerChain, Taken } from './journal-client.ts';
import type { TillChain } from './till-chain.ts';

export const batchMax = 100;
/** Letters of the bodies of one batch; a single entry may have more. */
export const batchLettersMax = 400_000;
/** From here on a clock makes days and prices wrong, and somebody must set it. */
export const clockOffMs = 120_000;
const restMs = 15_000;
const retryFirstMs = 500;
const retryMsMax = 30_000;
/** Batches of one run; then another tab may have its turn. */
const batchesMax = 1_000;
const lockName = 'tillway-journal-sender';

type SenderParts = {
  readonly chain: TillChain;
  readonly client: JournalClient;
  readonly ambient: Pick<Ambient, 'after'>;
  readonly whileAlone: WhileAlone;
  /** Spreads the tills of a store that come back at the same moment: 0 … 1. */
  readonly chance: () => number;
};

type Round = 'sent-all' | 'sent-some' | Trouble;

export class EntrySender {
  readonly #parts: SenderParts;
  #callOff: () => void = () => {};
  #running: Promise<void> | null = null;
  #isWanted = false;
  #isStopped = true;
  #isCompared = false;
  #misses = 0;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#isStopped = false;
    this.kick();
  }

  stop(): void {
    this.#isStopped = true;
    this.#callOff();
  }

  /** Something was written, or the network is back: sends at once. */
  kick(): void {
    if (this.#isStopped) return;
    this.#isWanted = true;
    this.#callOff();
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  /** Until the run that is under way has ended. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    let waitMs = restMs;
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      let trouble: Trouble | null = null;
      await this.#parts.whileAlone(lockName, async () => {
        trouble = await this.#sendAll();
      });
      waitMs = this.#waitAfter(trouble);
    }
    if (!this.#isStopped) this.#callOff = this.#parts.ambient.after(waitMs, () => this.kick());
  }

  #waitAfter(trouble: Trouble | null): number {
    if (trouble === null) {
      this.#misses = 0;
      return restMs;
    }
    this.#misses += 1;
    const doubled = Math.min(retryMsMax, retryFirstMs * 2 ** Math.min(this.#misses - 1, 10));
    const asked = trouble.kind === 'unreachable' ? trouble.retryAfterMs : retryMsMax;
    return Math.max(doubled * (0.5 + this.#parts.chance() / 2), asked);
  }

  async #sendAll(): Promise<Trouble | null> {
    if (!this.#isCompared) {
      const trouble = await this.#compare();
      if (trouble !== null) return trouble;
      this.#isCompared = true;
    }
    for (let batches = 0; batches < batchesMax && !this.#isStopped; batches += 1) {
      const round = await this.#sendSome();
      if (round === 'sent-all') return null;
      if (round !== 'sent-some') return round;
    }
    return null;
  }

  /** What the server knows of this device, beside what is here. */
  async #compare(): Promise<Trouble | null> {
    const heard = await this.#parts.client.known();
    if (!heard.ok) return heard.failure;
    this.#hearClock(heard.value.aheadMs);
    const { chain } = this.#parts;
    const here = await chain.chainIds();
    const unsent = await chain.unsent(1);
    if (!here.ok || !unsent.ok) return null;
    for (const known of heard.value.value) {
      if (known.chainId === unsent.value.chain.chainId) await this.#compareCurrent(unsent.value.chain, known);
      else if (!here.value.includes(known.chainId) && known.lastNumber > 0) {
        chain.raise({ kind: 'storage-lost', chainId: known.chainId, knownUpTo: known.lastNumber });
      }
    }
    return null;
  }

  async #compareCurrent({ chainId, head, acknowledged }: KeptChain, known: ServerChain): Promise<void> {
    const { chain } = this.#parts;
    if (known.lastNumber < acknowledged) {
      await chain.serverLost(chainId, known.lastNumber + 1, acknowledged);
      return;
    }
    const isAllKnown = acknowledged === head.lastNumber;
    // What was not acknowledged may have arrived all the same, its answer lost: it is sent again, and what differs shows by itself.
    if (!isAllKnown) return;
    if (known.lastNumber > head.lastNumber) await chain.replaceChain(chainId, 'till-lost', head.lastNumber + 1);
    // Where they begin to differ the server says when it gets them again.
    else if (head.lastNumber > 0 && known.lastHash !== head.lastHash) await chain.sendAgain(chainId);
  }

  async #sendSome(): Promise<Round> {
    const { chain, client } = this.#parts;
    const read = await chain.unsent(batchMax);
    // The chain tells why it cannot be read; there is nothing to send.
    if (!read.ok) return 'sent-all';
    const batch = cutBatch(read.value.entries);
    if (batch.length === 0) return 'sent-all';
    const heard = await client.send(read.value.chain.chainId, batch);
    if (!heard.ok) return heard.failure;
    this.#hearClock(heard.value.aheadMs);
    return await this.#hear(read.value.chain, batch, heard.value.value);
  }

  async #hear(sent: KeptChain, batch: readonly TillEntry[], { head, trouble }: Taken): Promise<Round> {
    const { chain } = this.#parts;
    const { chainId } = sent;
    if (head.chainId !== chainId) return { kind: 'unreachable', retryAfterMs: 0 };
    const last = batch.at(-1)?.number ?? 0;
    const upTo = Math.min(head.lastNumber, last, trouble === null ? last : endBefore(trouble));
    const ours = batch.find((entry) => entry.number === upTo);
    // It says that it has an entry that is not ours, and does not call it a fork: nothing is taken for acknowledged.
    if (head.lastNumber === upTo && ours !== undefined && ours.hash !== head.lastHash) {
      await chain.replaceChain(chainId, 'forked', upTo);
      return { kind: 'unreachable', retryAfterMs: 0 };
    }
    const isFurther = upTo > sent.acknowledged;
    if (isFurther) {
      const noted = await chain.acknowledged(chainId, upTo);
      if (!noted.ok) return 'sent-all';
    }
    if (trouble?.kind === 'gap') await chain.serverLost(chainId, trouble.from, trouble.to);
    else if (trouble?.kind === 'fork') await chain.replaceChain(chainId, 'forked', trouble.number);
    else if (trouble?.kind === 'broken') await chain.replaceChain(chainId, 'broken', trouble.number);
    // The server has more of this chain than we do: another profile writes it as well, or this one is an old copy.
    else if (head.lastNumber > last && last === sent.head.lastNumber) {
      await chain.replaceChain(chainId, 'till-lost', last + 1);
    } else if (isFurther) return 'sent-some';
    // What was mended is sent after a pause: a server that is never content must not be asked without end.
    return { kind: 'unreachable', retryAfterMs: 0 };
  }

  #hearClock(aheadMs: number | null): void {
    if (aheadMs === null) return;
    if (Math.abs(aheadMs) > clockOffMs) this.#parts.chain.raise({ kind: 'clock-off', aheadMs });
    else this.#parts.chain.calmClock();
  }
}

function endBefore(trouble: NonNullable<Taken['trouble']>): number {
  return (trouble.kind === 'gap' ? trouble.from : trouble.number) - 1;
}

/** As many from the beginning as one message takes; at least one, however long it is. */
function cutBatch(entries: readonly TillEntry[]): readonly TillEntry[] {
  let letters = 0;
  const end = entries.findIndex(({ body }, index) => {
    letters += body.length;
    return letters > batchLettersMax && index > 0;
  });
  return end < 0 ? entries : entries.slice(0, end);
}
