// Stores and devices, and the errors that a wrong DATABASE_URL gets.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { silentLog } from '#foundation/log.ts';
import { seededRandom } from '#foundation/random.ts';
import { type Journal, openJournal } from './open-journal.ts';
import { freePort } from './postgres-process.ts';
import { withDatabase } from './with-database.ts';

withDatabase('the directory', (database) => {
  let journal: Journal;
  before(async () => {
    journal = await openJournal({ url: database.url, log: silentLog });
  });
  after(() => journal.close());

  const at = instant(Date.UTC(2026, 0, 15));
  const random = seededRandom(7);
  const hash = (digit: string) => digit.repeat(64);
  const entry = () =>
    ({
      merchant: { id: makeId('merchant', at, random), name: 'Corner shop 街角' },
      store: { id: makeId('store', at, random), name: 'Main street', currency: 'CNY', timeZone: 'Asia/Shanghai' },
      device: { id: makeId('device', at, random), name: 'Till 1' },
    }) as const;

  test('a device is known by its key’s hash, with all that a request needs', async () => {
    const { merchant, store, device } = entry();
    await journal.directory.ensureStore({ merchant, store, device, apiKeyHash: hash('a') });
    const known = {
      merchantId: merchant.id,
      storeId: store.id,
      deviceId: device.id,
      name: 'Till 1',
      storeName: 'Main street',
      currency: 'CNY',
      timeZone: 'Asia/Shanghai',
    };
    assert.deepEqual(await journal.directory.findDeviceByKeyHash(hash('a')), known);
    assert.equal(await journal.directory.findDeviceByKeyHash(hash('b')), undefined);
    assert.deepEqual(await journal.directory.listDevices(merchant.id), [{ ...known, revokedAt: null }]);
  });

  test('ensuring a store again brings it up to date and keeps one of each', async () => {
    const { merchant, store, device } = entry();
    await journal.directory.ensureStore({ merchant, store, device, apiKeyHash: hash('c') });
    const renamed = { ...store, name: 'High street' };
    await journal.directory.ensureStore({ merchant, store: renamed, device, apiKeyHash: hash('d') });
    assert.equal(await journal.directory.findDeviceByKeyHash(hash('c')), undefined);
    assert.equal((await journal.directory.findDeviceByKeyHash(hash('d')))?.storeName, 'High street');
    assert.equal((await journal.directory.listDevices(merchant.id)).length, 1);
  });

  test('a revoked device is no longer known, and stays revoked', async () => {
    const { merchant, store, device } = entry();
    await journal.directory.ensureStore({ merchant, store, device, apiKeyHash: hash('e') });
    assert.equal(await journal.directory.revokeDevice(merchant.id, device.id), true);
    assert.equal(await journal.directory.revokeDevice(merchant.id, device.id), false);
    await journal.directory.ensureStore({ merchant, store, device, apiKeyHash: hash('e') });
    assert.equal(await journal.directory.findDeviceByKeyHash(hash('e')), undefined);
    const [listed] = await journal.directory.listDevices(merchant.id);
    assert.notEqual(listed?.revokedAt, null);
  });

  test('a key that is not a hash is refused by the database itself', async () => {
    await assert.rejects(journal.directory.ensureStore({ ...entry(), apiKeyHash: 'plain key' }), /api_key_hash/);
  });

  test('a wrong DATABASE_URL is told apart, with what to do and without the password', async () => {
    const wrong = (change: (url: URL) => void) => {
      const url = new URL(database.url);
      change(url);
      return openJournal({ url: url.href, log: silentLog });
    };
    const port = await freePort(0);
    const cases = [
      {
        change: (url: URL) => {
          url.port = `${port}`;
        },
        code: 'database-unreachable',
        words: /ECONNREFUSED.*Start it or correct/,
      },
      {
        change: (url: URL) => {
          url.password = 'sesame';
        },
        code: 'database-refused',
        words: /user or password/,
      },
      {
        change: (url: URL) => {
          url.pathname = '/nowhere';
        },
        code: 'database-refused',
        words: /no database named "nowhere".*createdb/,
      },
      {
        change: (url: URL) => {
          url.protocol = 'mysql:';
        },
        code: 'database-refused',
        words: /postgres:\/\/user:password@host/,
      },
    ];
    for (const { change, code, words } of cases)
      await assert.rejects(wrong(change), (error: Error & { code: string }) => {
        assert.equal(error.code, code);
        assert.match(error.message, words);
        assert.doesNotMatch(error.message, /sesame/);
        return true;
      });
  });
});
