// A server of till journals in memory, with the same rules as the real one (checkout's receiveEntries): it counts, loses answers and
// comes back from an old backup. It keeps what it accepted, so that tests can look for doubled or missing entries.

import {
  type ChainHead,
  type KnownChain,
  receiveEntries,
  type Sha256,
  startChain,
  type TillEntry,
} from '#checkout/index.ts';
import { failure, success } from '#foundation/result.ts';
import type { JournalClient } from '../journal-client.ts';

type Reach = 'there' | 'request-lost' | 'answer-lost';

export class JournalServer implements JournalClient {
  reach: Reach = 'there';
  aheadMs = 0;
  sent = 0;
  readonly chains = new Map<string, readonly TillEntry[]>();
  readonly #sha256: Sha256;

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  /** The bodies of all that was accepted, of all chains. */
  get bodies(): readonly string[] {
    return [...this.chains.values()].flat().map(({ body }) => body);
  }

  /** Comes back from a backup that knows the chain up to a number. */
  forgetAfter(chainId: string, number: number): void {
    this.chains.set(chainId, (this.chains.get(chainId) ?? []).slice(0, number));
  }

  readonly known: JournalClient['known'] = async () => {
    if (this.reach !== 'there') return failure({ kind: 'unreachable', retryAfterMs: 0 });
    const value = [...this.chains].flatMap(([chainId, entries]) => {
      const last = entries.at(-1);
      return last === undefined ? [] : [{ chainId, lastNumber: last.number, lastHash: last.hash, lastAt: last.at }];
    });
    return success({ value, aheadMs: this.aheadMs });
  };

  readonly send: JournalClient['send'] = async (chainId, entries) => {
    this.sent += 1;
    if (this.reach === 'request-lost') return failure({ kind: 'unreachable', retryAfterMs: 0 });
    const received = await receiveEntries(await this.#chain(chainId), entries, this.#sha256);
    this.chains.set(chainId, [...(this.chains.get(chainId) ?? []), ...received.accepted]);
    if (this.reach === 'answer-lost') return failure({ kind: 'unreachable', retryAfterMs: 0 });
    return success({ value: { head: received.head, trouble: received.trouble }, aheadMs: this.aheadMs });
  };

  async #chain(chainId: string): Promise<KnownChain> {
    const entries = this.chains.get(chainId) ?? [];
    const last = entries.at(-1);
    const start: ChainHead = await startChain(chainId, this.#sha256);
    const head = last === undefined ? start : { chainId, lastNumber: last.number, lastHash: last.hash };
    return { ...head, hashAt: (number) => entries[number - 1]?.hash };
  }
}
