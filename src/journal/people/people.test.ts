// PostgreSQL against the contracts of people, overrides and held baskets; and what only a database can get wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { heldBasketContract } from '#checkout/held-basket.contract.ts';
import { overrideBookContract } from '#checkout/override-book.contract.ts';
import { personDirectoryContract } from '#checkout/person-directory.contract.ts';
import { makeId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { silentLog } from '#foundation/log.ts';
import { seededRandom } from '#foundation/random.ts';
import { redact } from '#foundation/redacted.ts';
import { openJournal } from '../open-journal.ts';
import { withDatabase } from '../with-database.ts';

withDatabase('people and held baskets on PostgreSQL', (database) => {
  const at = instant(Date.UTC(2026, 0, 15));
  const random = seededRandom(11);
  const open = () => openJournal({ url: database.url, log: silentLog });

  personDirectoryContract('PostgreSQL', async () => {
    const journal = await open();
    return {
      directory: journal.people,
      async openStore() {
        const place = { merchantId: makeId('merchant', at, random), storeId: makeId('store', at, random) };
        await journal.directory.ensureStore({
          merchant: { id: place.merchantId, name: 'Corner shop' },
          store: { id: place.storeId, name: 'Main street', currency: 'CNY', timeZone: 'Asia/Shanghai' },
          device: { id: makeId('device', at, random), name: 'Till 1' },
          apiKeyHash: Array.from({ length: 8 }, () => random.uint32().toString(16).padStart(8, '0')).join(''),
        });
        return place;
      },
      close: () => journal.close(),
    };
  });

  overrideBookContract('PostgreSQL', async () => {
    const journal = await open();
    return { book: journal.overrides, close: () => journal.close() };
  });

  heldBasketContract('PostgreSQL', async () => {
    const journal = await open();
    return { baskets: journal.heldBaskets, overrides: journal.overrides, close: () => journal.close() };
  });

  test('what is not a hash of a PIN is refused by the database itself', async () => {
    const journal = await open();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      const { rows } = await client.query('SELECT merchant_id, id FROM store LIMIT 1');
      const place = { merchantId: rows[0]?.merchant_id, storeId: rows[0]?.id };
      const person = { id: makeId('person', at, random), ...place, name: 'Plain', isActive: true, createdAt: at };
      const added = journal.people.addPerson({ ...person, role: 'cashier', language: 'en' }, redact('1234'));
      await assert.rejects(added, /pin_hash/);
    } finally {
      await client.end();
      await journal.close();
    }
  });
});
