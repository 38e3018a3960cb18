// What every store of the till's journal must do. The cases are plain functions that throw, because the same ones are played in Node
// against the store in memory and in a real browser against IndexedDB.

import { appendEntry, type ChainHead, headAfter, type Sha256, startChain, type TillEntry } from '#checkout/index.ts';
import { instant } from '#foundation/instant.ts';
import type { ChainStore, DraftStore, KeptChain } from './chain-store.port.ts';

type Store = ChainStore & DraftStore;
/** `tabs` are several openings of one new store. */
export type ChainStoreCase = {
  readonly name: string;
  play(tabs: readonly [Store, Store], sha256: Sha256): Promise<void>;
};

const at = instant(1_700_000_000_000);

function same(found: unknown, right: unknown, what: string): void {
  const [left, other] = [JSON.stringify(found), JSON.stringify(right)];
  if (left !== other) throw new Error(`${what}: found ${left}, but ${other} is right`);
}

async function chainNamed(chainId: string, sha256: Sha256, startedAt = at): Promise<KeptChain> {
  const head = await startChain(chainId, sha256);
  return { chainId, startedAt, head, acknowledged: 0, keptFrom: 1, neededFrom: null, setAside: null };
}

async function write(store: Store, head: ChainHead, count: number, sha256: Sha256): Promise<readonly TillEntry[]> {
  const entries: TillEntry[] = [];
  let end = head;
  for (let index = 0; index < count; index += 1) {
    const entry = await appendEntry(end, { at, kind: 'note', body: `"note ${end.lastNumber + 1}"` }, sha256);
    same(await store.append(end, entry, null), true, `entry ${entry.number} is written`);
    entries.push(entry);
    end = headAfter(entry);
  }
  return entries;
}

export const chainStoreCases: readonly ChainStoreCase[] = [
  {
    name: 'begins with nothing, and keeps the first of two chains that begin at once',
    async play([one, two], sha256) {
      same(await one.current(), null, 'a new store');
      const fresh = [await chainNamed('a', sha256), await chainNamed('b', sha256)] as const;
      const begun = await Promise.all([one.begin(fresh[0]), two.begin(fresh[1])]);
      same(begun[0].chainId, begun[1].chainId, 'both have one chain');
      same((await one.chains()).length, 1, 'chains');
      same((await two.current())?.head, begun[0].head, 'the head');
    },
  },
  {
    name: 'gives entries back as they were written, in their order, after a number and up to a limit',
    async play([one, two], sha256) {
      const { head } = await one.begin(await chainNamed('a', sha256));
      const entries = await write(one, head, 12, sha256);
      same(await two.entriesAfter('a', 0, 100), entries, 'all');
      same(await two.entriesAfter('a', 9, 2), entries.slice(9, 11), 'two after the ninth');
      same(await two.entriesAfter('a', 12, 100), [], 'none after the last');
      same(await two.entriesAfter('b', 0, 100), [], 'none of another chain');
      same((await two.current())?.head, { chainId: 'a', lastNumber: 12, lastHash: entries[11]?.hash }, 'the head');
    },
  },
  {
    name: 'writes nothing on a head that is not the end any more',
    async play([one, two], sha256) {
      const { head } = await one.begin(await chainNamed('a', sha256));
      const [first] = await write(one, head, 1, sha256);
      const late = await appendEntry(head, { at, kind: 'note', body: '"late"' }, sha256);
      same(await two.append(head, late, null), false, 'the late entry');
      same(await two.entriesAfter('a', 0, 10), [first], 'what is there');
    },
  },
  {
    name: 'lets one of two tabs have each number',
    async play(tabs, sha256) {
      const { head } = await tabs[0].begin(await chainNamed('a', sha256));
      const bodies = await Promise.all(
        tabs.map(async (_, index) => await appendEntry(head, { at, kind: 'note', body: `"tab ${index}"` }, sha256)),
      );
      const done = await Promise.all(bodies.map((entry, index) => (tabs[index] ?? tabs[0]).append(head, entry, null)));
      same(done.filter(Boolean).length, 1, 'tabs that wrote');
      same((await tabs[0].entriesAfter('a', 0, 10)).length, 1, 'entries');
    },
  },
  {
    name: 'notes what is acknowledged, which only grows until the server says that it lost it',
    async play([one, two], sha256) {
      const { head } = await one.begin(await chainNamed('a', sha256));
      await write(one, head, 5, sha256);
      await one.acknowledge('a', 4);
      await two.acknowledge('a', 2);
      same((await one.current())?.acknowledged, 4, 'after a late one');
      await one.unacknowledge('a', 1);
      same((await two.current())?.acknowledged, 1, 'after a loss');
    },
  },
  {
    name: 'prunes only what is acknowledged, not the last ones, and not what a shift needs',
    async play([one], sha256) {
      const { head } = await one.begin(await chainNamed('a', sha256));
      await write(one, head, 20, sha256);
      same(await one.prune('a', 5), 0, 'nothing acknowledged');
      await one.acknowledge('a', 10);
      await one.need(7);
      same(await one.prune('a', 5), 6, 'up to the shift');
      await one.need(null);
      same(await one.prune('a', 5), 4, 'up to the acknowledged');
      await one.acknowledge('a', 20);
      same(await one.prune('a', 5), 5, 'but the last five');
      same(
        (await one.entriesAfter('a', 0, 100)).map(({ number }) => number),
        [16, 17, 18, 19, 20],
        'what is left',
      );
      same((await one.current())?.keptFrom, 16, 'the first that is kept');
    },
  },
  {
    name: 'sets a chain aside and goes on with another in one step, or not at all',
    async play([one, two], sha256) {
      const { head } = await one.begin(await chainNamed('a', sha256));
      const entries = await write(one, head, 2, sha256);
      const second = await chainNamed('b', sha256, instant(at + 1));
      const carried = await appendEntry(second.head, { at, kind: 'note', body: '"carried"' }, sha256);
      const next = { ...second, head: headAfter(carried) };
      const aside = { why: 'forked', number: 2, successorId: 'b' } as const;
      same(await two.replace(head, aside, next, [carried]), false, 'on an old head');
      const last = entries[1];
      if (last === undefined) throw new Error('two entries were written');
      same(await two.replace(headAfter(last), aside, next, [carried]), true, 'on the end');
      same((await one.current())?.chainId, 'b', 'the current chain');
      const chains = await one.chains();
      same(
        chains.map(({ chainId, setAside }) => [chainId, setAside]),
        [
          ['a', aside],
          ['b', null],
        ],
        'the chains',
      );
      same(await one.entriesAfter('a', 0, 10), entries, 'the old entries');
      same(await one.entriesAfter('b', 0, 10), [carried], 'the new ones');
    },
  },
  {
    name: 'keeps the latest revision of a draft, and ends it with the entry that sells it',
    async play([one, two], sha256) {
      const { head } = await one.begin(await chainNamed('a', sha256));
      await one.keepDraft({ basketId: 'x', revision: 2, text: 'two' });
      await two.keepDraft({ basketId: 'x', revision: 1, text: 'one' });
      await two.keepDraft({ basketId: 'y', revision: 1, text: 'other' });
      same((await one.drafts()).find(({ basketId }) => basketId === 'x')?.text, 'two', 'the draft');
      const entry = await appendEntry(head, { at, kind: 'sale', body: '"sold"' }, sha256);
      same(await one.append(head, entry, 'x'), true, 'the sale');
      same(
        (await two.drafts()).map(({ basketId }) => basketId),
        ['y'],
        'what is left',
      );
      await one.dropDraft('y');
      same(await two.drafts(), [], 'nothing is left');
    },
  },
];
