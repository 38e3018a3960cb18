// Puts the till's journal together from what the browser has: the page calls this once and holds on to the answer.

import { Observable } from '../../style/observable.ts';
import type { Memory } from '../../style/preference.ts';
import type { Ambient } from '../try-again.ts';
import { makeClaims, makeWhileAlone } from './alone.ts';
import { BasketDraft } from './basket-draft.ts';
import type { ChainStore, DraftStore } from './chain-store.port.ts';
import { EntrySender } from './entry-sender.ts';
import { makeIndexedChainStore } from './indexed-chain-store.ts';
import { makeJournalClient } from './journal-client.ts';
import { journalDatabaseName, openJournalDatabase } from './journal-database.ts';
import type { ServerCall } from './server-call.ts';
import { makeSha256 } from './sha256.ts';
import { TillChain } from './till-chain.ts';

export type TillJournal = {
  readonly chain: TillChain;
  readonly sender: EntrySender;
  readonly draft: BasketDraft;
  /** Whether the browser has promised not to evict the storage by itself; `null`: not known. */
  readonly isPersistent: Observable<boolean | null>;
  /** Stops sending and listening. */
  close(): void;
};

type JournalParts = {
  readonly call: ServerCall;
  readonly ambient: Ambient;
  readonly memory: Memory;
  readonly makeRoom: () => Promise<void>;
  readonly databaseName?: string;
};

/** Opens the journal, begins to send what waits, and asks the browser to keep the storage. */
export async function openTillJournal({
  call,
  ambient,
  memory,
  makeRoom,
  ...more
}: JournalParts): Promise<TillJournal> {
  // Outside a secure origin browsers have neither, whatever the types say.
  const locks = 'locks' in navigator ? navigator.locks : undefined;
  const storage = 'storage' in navigator ? navigator.storage : undefined;
  const subtle = window.isSecureContext ? crypto.subtle : undefined;
  type Opened = Promise<ChainStore & DraftStore>;
  let opened: Opened | null = null;
  const openStore = (): Opened => {
    const onGone = () => {
      opened = null;
      chain.forgetStore();
    };
    if (opened !== null) return opened;
    const opening = openJournalDatabase(onGone, more.databaseName ?? journalDatabaseName).then(makeIndexedChainStore);
    opening.catch(() => {
      opened = null;
    });
    opened = opening;
    return opening;
  };
  let givenToChain: Opened | null = null;
  const openAnew = (): Opened => {
    // The chain asks again only when what it was given does not work any more.
    if (opened === givenToChain) opened = null;
    givenToChain = openStore();
    return givenToChain;
  };
  const nowMs = ambient.nowMs;
  const chain = new TillChain({
    openStore: openAnew,
    sha256: makeSha256(subtle),
    nowMs,
    makeKey: ambient.makeKey,
    makeRoom,
  });
  const client = makeJournalClient(call, nowMs);
  const chance = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
  const sender = new EntrySender({ chain, client, ambient, whileAlone: makeWhileAlone(locks), chance });
  const draft = new BasketDraft({ openStore, memory, ambient, claims: makeClaims(locks) });
  const isPersistent = new Observable<boolean | null>(null);
  await chain.open();
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener('online', () => sender.kick(), { signal });
  window.addEventListener('pagehide', () => draft.flush(), { signal });
  document.addEventListener(
    'visibilitychange',
    () => (document.visibilityState === 'hidden' ? draft.flush() : sender.kick()),
    { signal },
  );
  sender.start();
  void storage?.persist().then(
    (isGranted) => isPersistent.set(isGranted),
    () => undefined,
  );
  void chain.check();
  const close = () => {
    stop.abort();
    sender.stop();
  };
  return { chain, sender, draft, isPersistent, close };
}
