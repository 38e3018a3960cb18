// Devices as an operator keeps them: beside a running shop, and in a home where nothing runs.

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { formatInstant } from '#foundation/instant.ts';
import { silentLog } from '#foundation/log.ts';
import { systemClock } from '../ambient.ts';
import { openEmbeddedDatabase } from '../start/open-database.ts';
import { takeHome } from '../start/take-home.ts';
import { assertProblem, openShop, type Shop } from '../testing/shop.fixture.ts';
import { until } from '../testing/until.ts';
import { runCommandLine } from './main.ts';

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const out: string[] = [];
  const notes: string[] = [];
  const code = await runCommandLine(['devices', ...args], {
    ...{ out: (text) => void out.push(text), note: (text) => void notes.push(text) },
    ...{ env, folder: tmpdir() },
  });
  return { code, out: out.join('\n'), notes: notes.join('\n') };
}

describe('beside a shop that runs', () => {
  let shop: Shop;
  const command = (...args: readonly string[]) =>
    run(args, { DATABASE_URL: shop.databaseUrl, TILLWAY_STORE_NAME: 'Corner shop' });
  const storeOf = (key: string) => shop.call('GET', '/api/v1/store', { key });
  const idOf = (notes: string) => /\((dev_\w+)\)/.exec(notes)?.[1] ?? '';
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.close());

  test('a device is added to the store that is there; its key is printed alone, works, and is kept by no one', async () => {
    const { code, out, notes } = await command('add', 'Till 2 二号');
    assert.equal(code, 0, notes);
    assert.match(out, /^tw_[\w-]{43}$/);
    assert.match(notes, /^Made the device "Till 2 二号" \(dev_\w{24}\) of the store "Corner shop"\..*not\nshown again/);
    const { json } = await storeOf(out);
    assert.deepEqual([json['deviceName'], json['storeName']], ['Till 2 二号', 'Corner shop']);
    const sale = await shop.sell('5.00', out);
    assert.equal((await shop.call('GET', `/api/v1/sales/${sale}`)).status, 200, 'the demo till is of the same store');
    assert.ok(!(await command('list')).out.includes(out));
  });

  test('a store of another name is made with its first device, and found again for the second', async () => {
    const first = await command('add', 'Till 1', '--store', 'Main Street');
    assert.match(first.notes, /^Made the store "Main Street" \(CNY, Asia\/Shanghai\)\.\n/);
    const second = await command('add', 'Till 2', '--store', 'Main Street');
    assert.doesNotMatch(second.notes, /Made the store/);
    const sale = await shop.sell('5.00', first.out);
    assert.equal((await shop.call('GET', `/api/v1/sales/${sale}`, { key: second.out })).status, 200);
    assertProblem(await shop.call('GET', `/api/v1/sales/${sale}`), 'sale-not-found');
  });

  test('a store that is there keeps its currency, whatever the settings say', async () => {
    const settings = {
      DATABASE_URL: shop.databaseUrl,
      TILLWAY_STORE_NAME: 'Corner shop',
      TILLWAY_STORE_CURRENCY: 'HKD',
    };
    const { out } = await run(['add', 'Till 3'], settings);
    assert.equal((await storeOf(out)).json['currency'], 'CNY');
  });

  test('all are listed, by line and as JSON', async () => {
    const { out } = await command('list');
    assert.match(out, /^dev_demo +Till 1 +Corner shop +in use$/m);
    const rows: readonly Record<string, unknown>[] = JSON.parse((await command('list', '--json')).out);
    const demo = rows.find((row) => row['deviceId'] === 'dev_demo');
    assert.deepEqual(demo, {
      deviceId: 'dev_demo',
      name: 'Till 1',
      storeName: 'Corner shop',
      currency: 'CNY',
      revoked: false,
    });
    assert.equal(rows.length, out.split('\n').length);
  });

  test('a revoked device is refused within five seconds, stays listed, and is revoked once', async () => {
    const { out: key, notes } = await command('add', 'Lost till');
    assert.equal((await storeOf(key)).status, 200);
    const { code, out } = await command('revoke', idOf(notes));
    assert.deepEqual([code, /^Revoked "Lost till"/.test(out)], [0, true]);
    await until('the key is refused', async () => (await storeOf(key)).status === 401, 10_000);
    assert.match((await command('list')).out, /Lost till +Corner shop +revoked$/m);
    const again = await command('revoke', idOf(notes));
    assert.deepEqual([again.code, again.notes], [1, `The device "Lost till" (${idOf(notes)}) was revoked before.`]);
    const unknown = await command('revoke', 'dev_nobody');
    assert.deepEqual(
      [unknown.code, unknown.notes],
      [1, 'There is no device dev_nobody. See them with: tillway devices list'],
    );
  });

  test('what is not understood is said, with the way to help', async () => {
    for (const [args, says] of [
      [['add'], /missing required argument 'name'/],
      [['add', ' '], /a name of 1 to 64 characters/],
      [['add', 'a\u0007b'], /a name of 1 to 64 characters/],
      [['add', 'Till', '--store', 'x'.repeat(65)], /a name of 1 to 64 characters/],
      [['revoke'], /missing required argument 'id'/],
      [['remove'], /unknown command 'remove'/],
    ] as const) {
      const { code, notes } = await command(...args);
      assert.equal(code, 2, notes);
      assert.match(notes, says);
      assert.match(notes, /See: tillway devices/);
    }
    for (const name of ['add', 'list', 'revoke']) {
      assert.match((await command(name, '--help')).out, new RegExp(`^ {2}\\$ tillway devices ${name}`, 'm'));
    }
  });

  test('a database that is away is a sentence', async () => {
    const { code, notes } = await run(['list'], { DATABASE_URL: 'postgres://till:sesame@127.0.0.1:1/till' });
    assert.equal(code, 1);
    assert.match(notes, /^Cannot reach PostgreSQL at 127\.0\.0\.1:1/);
    assert.doesNotMatch(notes, /sesame/);
  });
});

describe('in a home of its own', () => {
  let home = '';
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'tillway-devices-'));
    chmodSync(home, 0o711);
  });
  after(() => rmSync(home, { recursive: true, force: true }));
  const command = (...args: readonly string[]) => run(args, { TILLWAY_HOME: home, TILLWAY_DEMO: '0' });

  test('devices are kept by a database that is started for the moment, and by the one that runs', async () => {
    const empty = await command('list');
    assert.deepEqual([empty.code, empty.out], [0, ''], empty.notes);
    assert.match(empty.notes, /There is no device yet/);
    const stopped = await command('add', 'Till 1');
    assert.match(stopped.notes, /^Made the store "Tillway Demo Store"/);
    const lock = takeHome(home, formatInstant(systemClock.now()));
    const database = await openEmbeddedDatabase(home, silentLog);
    try {
      assert.equal((await command('add', 'Till 2')).code, 0);
      assert.match((await command('list')).out, /^dev_\w+ +Till 1 .*\ndev_\w+ +Till 2 /);
    } finally {
      await database.close();
      lock.release();
    }
    assert.equal((await command('list')).out.split('\n').length, 2);
  });

  test('a home that runs and does not say where its database is gets a sentence', async () => {
    const lock = takeHome(home, formatInstant(systemClock.now()));
    writeFileSync(join(home, 'postgres.json'), '{}');
    const { code, notes } = await command('list');
    lock.release();
    assert.equal(code, 1);
    assert.match(notes, /its database cannot be found\. Wait until "tillway status"/);
  });
});
