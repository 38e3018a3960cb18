// The till's own journal: entries numbered without gaps, each with the hash of the one before, so that nothing can be left out,
// put in between or changed without the chain showing it. The till writes here first; the server takes what follows on what it
// has, knows what it lacks, and names what does not belong to the same chain.
//
// A chain has an id of its own, made when the till's storage was new: it is hashed into the first entry, so a till that lost its
// storage cannot be taken for the one it was. Storage and hashing are parameters; the same code runs in till and server.

import type { Instant } from '#foundation/instant.ts';
import { invariant } from '#foundation/result.ts';
import { readInstant } from './basket-reader.ts';
import { canonicalText } from './canonical-text.ts';
import { accepted, fields, list, oneOf, type Reader, text, wholeNumber } from './field-reader.ts';

/** SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. */
export type Sha256 = (text: string) => Promise<string>;

/** What an entry tells of. */
export const entryKinds = [
  'storage-started',
  'shift-opened',
  'sale',
  'return',
  'cash-movement',
  'cash-counted',
  'shift-report',
  'basket-voided',
  'drawer-opened',
  'note',
] as const;
export type EntryKind = (typeof entryKinds)[number];

export type TillEntry = {
  readonly chainId: string;
  /** From 1, without gaps. */
  readonly number: number;
  readonly previousHash: string;
  readonly at: Instant;
  readonly kind: EntryKind;
  /** The canonical text of what happened. */
  readonly body: string;
  /** Over all of the above. */
  readonly hash: string;
};

/** The end of a chain: its last number, 0 when it is empty, and that entry's hash. */
export type ChainHead = { readonly chainId: string; readonly lastNumber: number; readonly lastHash: string };

export const bodyLengthMax = 16_000_000;
export const batchLengthMax = 1_000;

/** The head of a chain in which nothing is written yet. */
export async function startChain(chainId: string, sha256: Sha256): Promise<ChainHead> {
  return { chainId, lastNumber: 0, lastHash: await sha256(`tillway till journal ${chainId}`) };
}

export type NewEntry = Pick<TillEntry, 'at' | 'kind' | 'body'>;

/** The entry that follows on a head. It is written before anything else is done about what it tells. */
export async function appendEntry(head: ChainHead, fresh: NewEntry, sha256: Sha256): Promise<TillEntry> {
  invariant(fresh.body.length <= bodyLengthMax, 'an entry is too long to be sent');
  const { at, kind, body } = fresh;
  const unhashed = { chainId: head.chainId, number: head.lastNumber + 1, previousHash: head.lastHash, at, kind, body };
  return { ...unhashed, hash: await hashOf(unhashed, sha256) };
}

function hashOf(entry: Omit<TillEntry, 'hash'>, sha256: Sha256): Promise<string> {
  const { chainId, number, previousHash, at, kind, body } = entry;
  return sha256(canonicalText({ chainId, number, previousHash, at, kind, body }));
}

/** The head after an entry. */
export function headAfter({ chainId, number, hash }: TillEntry): ChainHead {
  return { chainId, lastNumber: number, lastHash: hash };
}

/**
 * What stops a run of entries. `gap`: these numbers are lacking. `fork`: another entry than the known one has this number, or
 * follows on another one. `broken`: this entry's hash is not its own.
 */
export type ChainTrouble =
  | { readonly kind: 'gap'; readonly from: number; readonly to: number }
  | { readonly kind: 'fork'; readonly number: number }
  | { readonly kind: 'broken'; readonly number: number };

/** Goes through a chain from its beginning, in order; `null` when every entry follows on the one before. */
export async function verifyChain(
  start: ChainHead,
  entries: readonly TillEntry[],
  sha256: Sha256,
): Promise<ChainTrouble | null> {
  let head = start;
  for (const entry of entries) {
    const trouble = await troubleAfter(head, entry, sha256);
    if (trouble !== null) return trouble;
    head = headAfter(entry);
  }
  return null;
}

async function troubleAfter(head: ChainHead, entry: TillEntry, sha256: Sha256): Promise<ChainTrouble | null> {
  const { number } = entry;
  if (number > head.lastNumber + 1) return { kind: 'gap', from: head.lastNumber + 1, to: number - 1 };
  const follows =
    number === head.lastNumber + 1 && entry.previousHash === head.lastHash && entry.chainId === head.chainId;
  if (!follows) return { kind: 'fork', number };
  return (await hashOf(entry, sha256)) === entry.hash ? null : { kind: 'broken', number };
}

/** What the server has of a chain. `hashAt` answers the hash of each entry up to `lastNumber`. */
export type KnownChain = ChainHead & { hashAt(number: number): string | undefined };

export type Received = {
  /** What to write, in order; it follows on what is there. */
  readonly accepted: readonly TillEntry[];
  /** How many were there already, or twice in what came. */
  readonly repeated: number;
  /** What stopped the rest, or `null` when all of it is accepted or repeated. */
  readonly trouble: ChainTrouble | null;
  /** The head when `accepted` is written: what the server acknowledges. */
  readonly head: ChainHead;
};

/**
 * What the server does with entries that a till sent, in any order and as often as it likes. The same entry twice is nothing;
 * another entry under a known number is a fork. What stands before the trouble is accepted all the same.
 */
export async function receiveEntries(
  known: KnownChain,
  entries: readonly TillEntry[],
  sha256: Sha256,
): Promise<Received> {
  let head: ChainHead = { chainId: known.chainId, lastNumber: known.lastNumber, lastHash: known.lastHash };
  const fresh = new Map<number, string>();
  const taken: TillEntry[] = [];
  let repeated = 0;
  for (const entry of entries.toSorted((a, b) => a.number - b.number)) {
    if (entry.chainId === head.chainId && entry.number <= head.lastNumber) {
      const hash = fresh.get(entry.number) ?? known.hashAt(entry.number);
      invariant(hash !== undefined, `the hash of entry ${entry.number} is not known`);
      if (hash !== entry.hash)
        return { accepted: taken, repeated, trouble: { kind: 'fork', number: entry.number }, head };
      repeated += 1;
      continue;
    }
    const trouble = await troubleAfter(head, entry, sha256);
    if (trouble !== null) return { accepted: taken, repeated, trouble, head };
    taken.push(entry);
    fresh.set(entry.number, entry.hash);
    head = headAfter(entry);
  }
  return { accepted: taken, repeated, trouble: null, head };
}

/**
 * How a till's chain stands to what the server has of it. `till-lost`: the server has entries that the till does not have any
 * more (an older backup, a cut in its storage). `other-chain`: the till began anew; the server's last number says up to where the
 * old one is known. `fork`: both have as many entries, and not the same.
 */
export type ChainStanding =
  | { readonly kind: 'same' }
  | { readonly kind: 'server-lacks'; readonly from: number; readonly to: number }
  | { readonly kind: 'till-lost'; readonly from: number; readonly to: number }
  | { readonly kind: 'other-chain'; readonly knownUpTo: number }
  | { readonly kind: 'fork'; readonly number: number };

/** Compares the two ends when a till comes back. */
export function compareChains(till: ChainHead, server: KnownChain): ChainStanding {
  if (till.chainId !== server.chainId) return { kind: 'other-chain', knownUpTo: server.lastNumber };
  if (till.lastNumber > server.lastNumber) {
    return { kind: 'server-lacks', from: server.lastNumber + 1, to: till.lastNumber };
  }
  const here = till.lastNumber === server.lastNumber ? server.lastHash : server.hashAt(till.lastNumber);
  // An empty chain has no entry to compare; its head is its id.
  if (till.lastNumber > 0 && here !== till.lastHash) return { kind: 'fork', number: till.lastNumber };
  if (till.lastNumber === server.lastNumber) return { kind: 'same' };
  return { kind: 'till-lost', from: till.lastNumber + 1, to: server.lastNumber };
}

const readHash: Reader<string> = accepted('must be a hash: 64 hexadecimal digits', (value) =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : undefined,
);

/** Reads the entries of one message; the bodies are read by whoever they are for. */
export const entriesReader: Reader<readonly TillEntry[]> = list(
  fields({
    chainId: text(100),
    number: wholeNumber(1, Number.MAX_SAFE_INTEGER),
    previousHash: readHash,
    at: readInstant,
    kind: oneOf(entryKinds),
    body: text(bodyLengthMax),
    hash: readHash,
  }),
  batchLengthMax,
);
