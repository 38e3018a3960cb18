// What the server does with the entries that a till sends, in any order and as often as it likes. Each entry is taken in a transaction
// of its own with what follows from it, so that a crash between two leaves a shorter chain and nothing half done; the till sends
// again, and what is there is a repeat. Two servers that get the same entries meet at the chain's head: whoever comes second looks
// again.

import { failure, type Result, success } from '#foundation/result.ts';
import type { TillChain, TillJournal } from '../till-journal.port.ts';
import {
  type ChainHead,
  type ChainTrouble,
  type Received,
  receiveEntries,
  type Sha256,
  startChain,
  type TillEntry,
  verifyChain,
} from '../till-journal.ts';
import type { EntryStanding, Till } from './judge-entry.ts';

export type EntryOutcome = {
  readonly number: number;
  readonly outcome: 'accepted' | 'repeated';
  readonly standing: EntryStanding;
  readonly question: string | null;
};

/** What the till is told. `head` is what the server acknowledges; entries that are in the chain have an outcome each, by number. */
export type TillReceipt = {
  readonly head: ChainHead;
  readonly entries: readonly EntryOutcome[];
  readonly trouble: ChainTrouble | null;
};

/** `entry-of-another-chain`: one message is for one chain. `chain-of-another-till`: another device began it. */
export type ReceiveRefusal = 'entry-of-another-chain' | 'chain-of-another-till';

/** Takes what follows on the chain, keeps apart what forks from it, and says what came of each entry. */
export async function receiveTillEntries(
  { journal, sha256 }: { readonly journal: TillJournal; readonly sha256: Sha256 },
  till: Till,
  chainId: string,
  entries: readonly TillEntry[],
): Promise<Result<TillReceipt, ReceiveRefusal>> {
  if (entries.some((entry) => entry.chainId !== chainId)) return failure('entry-of-another-chain');
  const chain = await journal.beginChain(till, await startChain(chainId, sha256));
  if (chain.deviceId !== till.deviceId) return failure('chain-of-another-till');
  const taken = new Set<number>();
  const { head, trouble } = await takeWhatFollows(journal, sha256, till, chain, entries, taken);
  const numbers = [...new Set(entries.map(({ number }) => number))].sort((a, b) => a - b);
  const kept = new Map((await journal.marksAt(till.merchantId, chainId, numbers)).map((mark) => [mark.number, mark]));
  if (trouble?.kind === 'fork') {
    const others = entries.filter((entry) => kept.get(entry.number)?.hash !== entry.hash);
    await journal.keepApart(till, await genuine(others, trouble.number, sha256));
  }
  const sent = new Set(entries.map(({ hash }) => hash));
  const outcomes = numbers.flatMap((number): readonly EntryOutcome[] => {
    const found = kept.get(number);
    if (found === undefined || !sent.has(found.hash)) return [];
    const { standing, question } = found;
    return [{ number, outcome: taken.has(number) ? 'accepted' : 'repeated', standing, question }];
  });
  return success({ head, entries: outcomes, trouble });
}

async function takeWhatFollows(
  journal: TillJournal,
  sha256: Sha256,
  till: Till,
  begun: TillChain,
  entries: readonly TillEntry[],
  taken: Set<number>,
): Promise<Pick<Received, 'head' | 'trouble'>> {
  const { chainId } = begun;
  let chain: ChainHead = begun;
  // Each time round another server has taken at least one of these entries, or one that makes them a fork.
  for (let turn = 0; turn <= entries.length; turn += 1) {
    const known = entries.map(({ number }) => number).filter((number) => number <= chain.lastNumber);
    const hashes = new Map(
      (await journal.marksAt(till.merchantId, chainId, known)).map((mark) => [mark.number, mark.hash]),
    );
    const { accepted, trouble, head } = await receiveEntries(
      { ...chain, hashAt: (number) => hashes.get(number) },
      entries,
      sha256,
    );
    if (await takeAll(journal, till, accepted, taken)) return { head, trouble };
    chain = (await journal.findChain(till.merchantId, chainId)) ?? chain;
  }
  return { head: chain, trouble: null };
}

async function takeAll(
  journal: TillJournal,
  till: Till,
  accepted: readonly TillEntry[],
  taken: Set<number>,
): Promise<boolean> {
  for (const entry of accepted) {
    if ((await journal.takeEntry(till, entry)) === 'moved-on') return false;
    taken.add(entry.number);
  }
  return true;
}

/** From the fork on, the entries whose hash is their own: what was only garbled on its way is not evidence of a clone. */
async function genuine(entries: readonly TillEntry[], from: number, sha256: Sha256): Promise<readonly TillEntry[]> {
  const found: TillEntry[] = [];
  for (const entry of entries.filter(({ number }) => number >= from)) {
    const { chainId, number, previousHash } = entry;
    const before = { chainId, lastNumber: number - 1, lastHash: previousHash };
    if ((await verifyChain(before, [entry], sha256)) === null) found.push(entry);
  }
  return found;
}
