// A server that gets a till's entries a hundred thousand times over: torn into pieces, in any order, again and again, and mixed with
// what a clone of the till wrote. It must end with exactly the till's chain, or with what the clone brought first, and never with
// an entry twice.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { below, type Random, seededRandom } from '#foundation/random.ts';
import { noon } from './testing/fixtures.ts';
import { appendEntry, type ChainHead, headAfter, receiveEntries, startChain, type TillEntry } from './till-journal.ts';

const seed = Number(process.env['TILLWAY_SEED'] ?? process.hrtime.bigint() % 2n ** 31n);
const replays = process.env['TILLWAY_LONG'] === '1' ? 1_000_000 : 100_000;
const sha256 = (text: string) => Promise.resolve(createHash('sha256').update(text, 'utf8').digest('hex'));

class Server {
  readonly entries: TillEntry[] = [];
  readonly start: ChainHead;
  readonly forks = new Set<number>();

  constructor(start: ChainHead) {
    this.start = start;
  }

  async receive(sent: readonly TillEntry[]): Promise<number> {
    const last = this.entries.at(-1);
    const head = last === undefined ? this.start : headAfter(last);
    const known = { ...head, hashAt: (number: number) => this.entries[number - 1]?.hash };
    const { accepted, trouble, head: next } = await receiveEntries(known, sent, sha256);
    this.entries.push(...accepted);
    if (trouble?.kind === 'fork') this.forks.add(trouble.number);
    assert.notEqual(trouble?.kind, 'broken');
    assert.equal(next.lastNumber, this.entries.length);
    return accepted.length;
  }
}

async function write(random: Random, head: ChainHead, count: number): Promise<readonly TillEntry[]> {
  const entries: TillEntry[] = [];
  for (let last = head; entries.length < count; ) {
    const entry = await appendEntry(last, { at: noon, kind: 'sale', body: `{"n":${random.uint32()}}` }, sha256);
    entries.push(entry);
    last = headAfter(entry);
  }
  return entries;
}

/** A few entries from anywhere in the chain, now and then with a hole, doubled or turned round. */
function piece(random: Random, entries: readonly TillEntry[]): readonly TillEntry[] {
  const from = below(random, entries.length);
  const cut = entries.slice(from, from + 1 + below(random, 6)).filter(() => below(random, 12) > 0);
  const doubled = below(random, 8) === 0 ? [...cut, ...cut] : cut;
  return below(random, 2) === 0 ? doubled : doubled.toReversed();
}

test(`${replays} pieces of a chain, in any order and again, double nothing and lose nothing (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const start = await startChain('till-1', sha256);
  const chain = await write(random, start, 300);
  const server = new Server(start);
  for (let count = 0; count < replays; count += 1) await server.receive(piece(random, chain));
  await server.receive(chain);
  assert.deepEqual(server.entries, chain);
  assert.equal(await server.receive(chain), 0);
  assert.equal(server.forks.size, 0);
});

test(`two clones of a till never mix, and the one that comes second is named (seed ${seed})`, async () => {
  const random = seededRandom(seed + 1);
  for (let run = 0; run < 200; run += 1) {
    const start = await startChain(`till-${run}`, sha256);
    const trunk = await write(random, start, 1 + below(random, 5));
    const last = trunk.at(-1);
    assert.ok(last !== undefined);
    const branches = [await write(random, headAfter(last), 6), await write(random, headAfter(last), 6)] as const;
    const server = new Server(start);
    for (let count = 0; count < 60; count += 1) {
      await server.receive(piece(random, [...trunk, ...branches[below(random, 2) === 0 ? 0 : 1]]));
    }
    for (const branch of branches) await server.receive([...trunk, ...branch]);
    const won = branches.find((branch) => server.entries.at(-1)?.hash === branch.at(-1)?.hash);
    assert.ok(won !== undefined, `run ${run}`);
    assert.deepEqual(server.entries, [...trunk, ...won], `run ${run}`);
    assert.ok(server.forks.size > 0, `run ${run}`);
  }
});

test(`a chain that was cut short and written on is never taken for the old one (seed ${seed})`, async () => {
  const random = seededRandom(seed + 2);
  for (let run = 0; run < 200; run += 1) {
    const start = await startChain('till-1', sha256);
    const chain = await write(random, start, 10);
    const server = new Server(start);
    await server.receive(chain);
    const kept = chain.slice(0, below(random, 10));
    const end = kept.at(-1);
    const again = await write(random, end === undefined ? start : headAfter(end), 12);
    assert.equal(await server.receive([...kept, ...again]), 0);
    assert.deepEqual([...server.forks], [kept.length + 1]);
  }
});
