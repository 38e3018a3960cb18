import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { durationMs, plus } from '#foundation/instant.ts';
import { Problems } from './field-reader.ts';
import { noon } from './testing/fixtures.ts';
import {
  appendEntry,
  type ChainHead,
  compareChains,
  entriesReader,
  headAfter,
  type KnownChain,
  receiveEntries,
  startChain,
  type TillEntry,
  verifyChain,
} from './till-journal.ts';

const sha256 = (text: string) => Promise.resolve(createHash('sha256').update(text, 'utf8').digest('hex'));

async function chainOf(length: number, chainId = 'till-1'): Promise<readonly TillEntry[]> {
  return grow(await startChain(chainId, sha256), length, 'sale');
}

async function grow(start: ChainHead, length: number, said: string): Promise<readonly TillEntry[]> {
  const entries: TillEntry[] = [];
  let head = start;
  for (let count = 0; count < length; count += 1) {
    const at = plus(noon, durationMs(count));
    const entry = await appendEntry(head, { at, kind: 'sale', body: `{"${said}":${head.lastNumber}}` }, sha256);
    entries.push(entry);
    head = headAfter(entry);
  }
  return entries;
}

async function knownOf(entries: readonly TillEntry[], chainId = 'till-1'): Promise<KnownChain> {
  const last = entries.at(-1);
  const head = last === undefined ? await startChain(chainId, sha256) : headAfter(last);
  return { ...head, hashAt: (number) => entries[number - 1]?.hash };
}

test('an entry follows on the one before, by number and by hash', async () => {
  const [first, second] = await chainOf(2);
  assert.ok(first !== undefined && second !== undefined);
  const start = await startChain('till-1', sha256);
  assert.deepEqual([first.number, first.previousHash], [1, start.lastHash]);
  assert.deepEqual([second.number, second.previousHash], [2, first.hash]);
  // Any implementation must come to this very hash.
  assert.equal(
    first.hash,
    await sha256(
      `{"at":${noon},"body":"{\\"sale\\":0}","chainId":"till-1","kind":"sale","number":1,"previousHash":"${start.lastHash}"}`,
    ),
  );
});

test('nothing can be changed, left out or put in between without the chain showing it', async () => {
  const entries = await chainOf(4);
  const start = await startChain('till-1', sha256);
  const [first, second, third, fourth] = entries;
  assert.ok(first !== undefined && second !== undefined && third !== undefined && fourth !== undefined);
  assert.equal(await verifyChain(start, entries, sha256), null);
  for (const change of [{ body: '{}' }, { at: plus(second.at, durationMs(1)) }, { kind: 'note' }] as const) {
    const forged: readonly TillEntry[] = [first, { ...second, ...change }, third, fourth];
    assert.deepEqual(await verifyChain(start, forged, sha256), { kind: 'broken', number: 2 });
  }
  assert.deepEqual(await verifyChain(start, [first, third], sha256), { kind: 'gap', from: 2, to: 2 });
  assert.deepEqual(await verifyChain(start, [first, first], sha256), { kind: 'fork', number: 1 });
  const rehashed = await appendEntry(headAfter(first), { at: noon, kind: 'sale', body: '{"other":1}' }, sha256);
  assert.deepEqual(await verifyChain(start, [first, rehashed, third], sha256), { kind: 'fork', number: 3 });
});

test('the server takes what follows, counts what it has, and says what it lacks', async () => {
  const entries = await chainOf(10);
  const known = await knownOf(entries.slice(0, 4));
  const all = await receiveEntries(known, entries.toReversed(), sha256);
  assert.deepEqual([all.accepted, all.repeated, all.trouble], [entries.slice(4), 4, null]);
  assert.equal(all.head.lastNumber, 10);
  const gap = await receiveEntries(known, entries.slice(7), sha256);
  assert.deepEqual([gap.accepted, gap.trouble], [[], { kind: 'gap', from: 5, to: 7 }]);
  const part = await receiveEntries(known, [...entries.slice(2, 6), ...entries.slice(8)], sha256);
  assert.deepEqual(
    [part.accepted, part.repeated, part.trouble],
    [entries.slice(4, 6), 2, { kind: 'gap', from: 7, to: 8 }],
  );
  const nothing = await receiveEntries(known, [], sha256);
  assert.deepEqual([nothing.accepted, nothing.repeated, nothing.head.lastNumber], [[], 0, 4]);
});

test('a cloned till forks the chain, and the fork is named', async () => {
  const trunk = await chainOf(5);
  const last = trunk.at(-1);
  assert.ok(last !== undefined);
  const mine = await grow(headAfter(last), 3, 'mine');
  const clone = await grow(headAfter(last), 3, 'clone');
  const known = await knownOf([...trunk, ...mine]);
  for (const [sent, number] of [
    [clone, 6],
    [clone.slice(2), 8],
    [[...mine, ...clone], 6],
  ] as const) {
    const received = await receiveEntries(known, sent, sha256);
    assert.deepEqual([received.accepted, received.trouble], [[], { kind: 'fork', number }]);
  }
  const longer = await grow(headAfter(clone[2] ?? last), 1, 'clone');
  assert.deepEqual((await receiveEntries(known, longer, sha256)).trouble, { kind: 'fork', number: 9 });
  const twoAtOnce = await receiveEntries(await knownOf(trunk), [...mine, ...clone], sha256);
  assert.deepEqual(twoAtOnce.trouble, { kind: 'fork', number: 6 });
  assert.equal(twoAtOnce.accepted.length, 1);
});

test('a forged entry is never taken, whatever stands around it', async () => {
  const entries = await chainOf(6);
  const forged = entries.map((entry) => (entry.number === 4 ? { ...entry, body: '{"free":true}' } : entry));
  const received = await receiveEntries(await knownOf(entries.slice(0, 2)), forged, sha256);
  assert.deepEqual([received.accepted, received.trouble], [entries.slice(2, 3), { kind: 'broken', number: 4 }]);
  const foreign = await receiveEntries(await knownOf([]), await chainOf(1, 'till-2'), sha256);
  assert.deepEqual(foreign.trouble, { kind: 'fork', number: 1 });
});

test('a till that comes back is told how its chain stands', async () => {
  const entries = await chainOf(10);
  const server = await knownOf(entries.slice(0, 6));
  const at = async (count: number) => compareChains(await knownOf(entries.slice(0, count)), server);
  assert.deepEqual(await at(6), { kind: 'same' });
  assert.deepEqual(await at(10), { kind: 'server-lacks', from: 7, to: 10 });
  assert.deepEqual(await at(4), { kind: 'till-lost', from: 5, to: 6 });
  assert.deepEqual(await at(0), { kind: 'till-lost', from: 1, to: 6 });
  assert.deepEqual(compareChains(await knownOf([], 'till-1b'), server), { kind: 'other-chain', knownUpTo: 6 });
  const [fifth] = await grow(await knownOf(entries.slice(0, 4)), 1, 'clone');
  assert.ok(fifth !== undefined);
  assert.deepEqual(compareChains(headAfter(fifth), server), { kind: 'fork', number: 5 });
});

test('entries from outside are read field by field', async () => {
  const entries = await chainOf(2);
  const problems = new Problems();
  assert.deepEqual(entriesReader(JSON.parse(JSON.stringify(entries)), 'entries', problems), entries);
  assert.deepEqual(problems.all, []);
  entriesReader([{ ...entries[0], hash: 'x', extra: 1 }], 'entries', problems);
  assert.deepEqual(problems.all, [
    'entries[0].extra: is not a field that belongs here',
    'entries[0].hash: must be a hash: 64 hexadecimal digits',
  ]);
});
