// The till's journal over a store in memory and a server in memory: what is written arrives once, whatever happens to either.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../testing/fake-store.ts';
import { EntrySender } from './entry-sender.ts';
import { makeSha256 } from './sha256.ts';
import { JournalServer } from './testing/journal-server.ts';
import { MemoryChainStore } from './testing/memory-chain-store.ts';
import { keptLast, TillChain } from './till-chain.ts';

const sha256 = makeSha256(crypto.subtle);
let keys = 0;

function openTill(store: MemoryChainStore, server: JournalServer, clock = new TestClock()) {
  let roomMade = 0;
  const chain = new TillChain({
    openStore: async () => store,
    sha256,
    nowMs: () => clock.nowMs(),
    makeKey: () => {
      keys += 1;
      return `chain-${keys}`;
    },
    makeRoom: async () => {
      roomMade += 1;
      if (store.trouble === 'disk-full') store.trouble = null;
    },
  });
  const whileAlone = async (_name: string, act: () => Promise<void>) => {
    await act();
    return true;
  };
  const sender = new EntrySender({ chain, client: server, ambient: clock, whileAlone, chance: () => 1 });
  const sell = async (...names: readonly string[]) => {
    for (const name of names) {
      const done = await chain.append({ kind: 'sale', body: JSON.stringify(name), endsBasket: null });
      assert.equal(done.ok, true, name);
    }
  };
  const sendAll = async () => {
    sender.start();
    await sender.idle();
    await clock.pass(60_000);
    await sender.idle();
    sender.stop();
  };
  return { chain, sender, clock, sell, sendAll, roomMade: () => roomMade };
}

const salesOf = (server: JournalServer) =>
  server.bodies.filter((body) => !body.includes('chain-replaced')).map((body) => String(JSON.parse(body)));
const numbered = (count: number, word = 'sale') => Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);
const alarmsOf = (chain: TillChain) => chain.state.get().alarms.map(({ kind }) => kind);

describe('the till journal', () => {
  it('numbers what two tabs write at once without gap or fork, and sends it in batches', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    const [one, two] = [openTill(store, server), openTill(store, server)];
    await Promise.all([one.sell(...numbered(150, 'one')), two.sell(...numbered(150, 'two'))]);
    assert.deepEqual(
      store.entries.map(({ number }) => number),
      numbered(300).map((_, index) => index + 1),
    );
    await one.chain.check();
    assert.deepEqual(alarmsOf(one.chain), []);
    await one.sendAll();
    assert.deepEqual(salesOf(server).toSorted(), [...numbered(150, 'one'), ...numbered(150, 'two')].toSorted());
    assert.equal(server.sent, 3);
    assert.equal(one.chain.state.get().waiting, 0);
  });

  it('sends what waited while the server was away, and nothing twice when answers are lost', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    const till = openTill(store, server);
    server.reach = 'request-lost';
    await till.sell(...numbered(10));
    await till.sendAll();
    assert.equal(till.chain.state.get().waiting, 10);
    server.reach = 'answer-lost';
    await till.sendAll();
    server.reach = 'there';
    await till.sendAll();
    assert.deepEqual(salesOf(server), numbered(10));
    assert.equal(till.chain.state.get().waiting, 0);
    assert.deepEqual(alarmsOf(till.chain), []);
  });

  it('goes on where it was after a reload', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    await openTill(store, server).sell(...numbered(3));
    const again = openTill(store, server);
    await again.chain.open();
    assert.equal(again.chain.state.get().waiting, 3);
    await again.sell('after');
    await again.sendAll();
    assert.deepEqual(salesOf(server), [...numbered(3), 'after']);
    assert.equal(server.chains.size, 1);
  });

  it('names cleared storage with the number that the server knew, and goes on under a new chain', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    const before = openTill(store, server);
    await before.sell(...numbered(5));
    await before.sendAll();
    const lostId = before.chain.state.get().chain?.chainId ?? '';
    store.clear();
    const after = openTill(store, server);
    await after.sell('new');
    await after.sendAll();
    assert.deepEqual(after.chain.state.get().alarms, [{ kind: 'storage-lost', chainId: lostId, knownUpTo: 5 }]);
    assert.deepEqual(salesOf(server), [...numbered(5), 'new']);
  });

  it('notices by itself when its storage goes away while the page is open', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    const till = openTill(store, server);
    await till.sell(...numbered(4));
    const chainId = till.chain.state.get().chain?.chainId ?? '';
    store.clear();
    till.chain.forgetStore();
    await till.sell('new');
    assert.deepEqual(till.chain.state.get().alarms, [{ kind: 'storage-lost', chainId, knownUpTo: 4 }]);
  });

  it('keeps every sale of a cloned profile, each once', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    const one = openTill(store, server);
    await one.sell('shared 1', 'shared 2');
    const two = openTill(store.clone(), server);
    await one.sell('one 1');
    await two.sell('two 1', 'two 2');
    await one.sendAll();
    await two.sendAll();
    assert.deepEqual(salesOf(server).toSorted(), ['one 1', 'shared 1', 'shared 2', 'two 1', 'two 2']);
    assert.deepEqual(alarmsOf(one.chain), []);
    assert.deepEqual(alarmsOf(two.chain), ['chain-replaced']);
    const [alarm] = two.chain.state.get().alarms;
    assert.ok(alarm?.kind === 'chain-replaced');
    assert.deepEqual([alarm.aside.why, alarm.aside.number, alarm.carried], ['forked', 3, 2]);
  });

  it('that is an older copy of itself begins a new chain before it forks the old one', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    const till = openTill(store, server);
    await till.sell('a', 'b');
    await till.sendAll();
    const backup = store.clone();
    await till.sell('c', 'd');
    await till.sendAll();
    const restored = openTill(backup, server);
    await restored.sendAll();
    await restored.sell('e');
    await restored.sendAll();
    assert.deepEqual(salesOf(server), ['a', 'b', 'c', 'd', 'e']);
    const [alarm] = restored.chain.state.get().alarms;
    assert.ok(alarm?.kind === 'chain-replaced');
    assert.deepEqual([alarm.aside.why, alarm.aside.number], ['till-lost', 3]);
  });

  it('tells again what a server has lost, as far as it is kept', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    const till = openTill(store, server);
    await till.sell(...numbered(250));
    await till.sendAll();
    server.forgetAfter(till.chain.state.get().chain?.chainId ?? '', 90);
    await till.sell('after');
    await till.sendAll();
    assert.deepEqual(salesOf(server), [...numbered(250), 'after']);
    assert.deepEqual(alarmsOf(till.chain), []);
  });

  it('keeps its sales when the server came back from a backup and a clone was faster', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    const one = openTill(store, server);
    await one.sell('a', 'b');
    await one.sendAll();
    const two = openTill(store.clone(), server);
    await one.sell('c');
    await one.sendAll();
    server.forgetAfter(one.chain.state.get().chain?.chainId ?? '', 2);
    await two.sell('clone');
    await two.sendAll();
    await one.sendAll();
    const again = openTill(store, server);
    await again.sendAll();
    assert.deepEqual(salesOf(server).toSorted(), ['a', 'b', 'c', 'clone']);
    assert.equal(again.chain.state.get().waiting, 0);
  });

  it('goes on when an entry is not what it was, and names where', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    const till = openTill(store, server);
    await till.sell('a', 'b', 'c');
    store.entries = store.entries.map((entry) => (entry.number === 2 ? { ...entry, body: '"x"' } : entry));
    const again = openTill(store, server);
    await again.chain.check();
    const [alarm] = again.chain.state.get().alarms;
    assert.ok(alarm?.kind === 'chain-replaced');
    assert.deepEqual([alarm.aside.why, alarm.aside.number, alarm.carried], ['broken', 2, 2]);
    await again.sendAll();
    assert.deepEqual(salesOf(server), ['a', 'c']);
  });

  it('that lost its last entry in a power cut sets the chain aside when it is opened', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    await openTill(store, server).sell('a', 'b');
    store.entries = store.entries.slice(0, 1);
    const again = openTill(store, server);
    await again.sell('c');
    await again.sendAll();
    assert.deepEqual(salesOf(server), ['a', 'c']);
    assert.deepEqual(alarmsOf(again.chain), ['chain-replaced']);
  });

  it('makes room on a full disk and writes; without room it says so and has written nothing', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    const till = openTill(store, server);
    await till.sell('a');
    store.trouble = 'disk-full';
    await till.sell('b');
    assert.equal(till.roomMade(), 1);
    store.trouble = 'newer-schema';
    const refused = await till.chain.append({ kind: 'sale', body: '"c"', endsBasket: null });
    assert.deepEqual(refused, { ok: false, failure: 'newer-schema' });
    assert.deepEqual([till.chain.state.get().phase, till.chain.state.get().unusable], ['unusable', 'newer-schema']);
    store.trouble = null;
    await till.sell('d');
    assert.equal(till.chain.state.get().phase, 'ready');
    assert.deepEqual(
      store.entries.map(({ body }) => body),
      ['"a"', '"b"', '"d"'],
    );
  });

  it('keeps the last thousand and what an open shift needs, and never deletes what was not acknowledged', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    const till = openTill(store, server);
    await till.sell(...numbered(keptLast + 50));
    await till.chain.need(21);
    assert.equal(store.entries.length, keptLast + 50);
    await till.sendAll();
    assert.equal(store.entries[0]?.number, 21);
    const shift = await till.chain.entriesFrom(21);
    assert.equal(shift.ok && shift.value.length, keptLast + 30);
    await till.chain.need(null);
    await till.sell('last');
    await till.sendAll();
    assert.equal(store.entries.length, keptLast);
  });

  it('says that the clock is far off, until it is right again', async () => {
    const [store, server] = [new MemoryChainStore(), new JournalServer(sha256)];
    const till = openTill(store, server);
    server.aheadMs = -3_600_000;
    await till.sell('a');
    await till.sendAll();
    assert.deepEqual(till.chain.state.get().alarms, [{ kind: 'clock-off', aheadMs: -3_600_000 }]);
    server.aheadMs = 1_000;
    await till.sell('b');
    await till.sendAll();
    assert.deepEqual(till.chain.state.get().alarms, []);
  });
});
