// What PostgreSQL says, under the names that a caller can act on: to be asked again, or a defect of ours.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type DeviceId, makeId, type StoreId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { silentLog } from '#foundation/log.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { approvedState, Shop } from '#payment/journal-subject.contract.ts';
import { ConnectionLost, isPassing, named, StatementGivenUp } from './journal-error.ts';
import { type Journal, openJournal } from './open-journal.ts';
import { withDatabase } from './with-database.ts';

const told = (code: string) => Object.assign(new Error('as PostgreSQL says it'), { severity: 'ERROR', code });

describe('an error of PostgreSQL', () => {
  const states = {
    lost: ['08006', '57P01', '57P03', '25P03'],
    passing: ['40001', '40P01', '55P03', '57014', '53200'],
    'given up': ['53100', '53300', '58030', '25006'],
    defect: ['23505', '42601', '22P02', '57000', '40003'],
  };
  for (const [name, codes] of Object.entries(states)) {
    test(`is known as ${name}: ${codes.join(', ')}`, () => {
      for (const code of codes) {
        const raw = told(code);
        const error = named(raw);
        assert.equal(error instanceof ConnectionLost, name === 'lost', code);
        assert.equal(error instanceof StatementGivenUp, name === 'passing' || name === 'given up', code);
        assert.equal(isPassing(error), name === 'passing', code);
        if (name === 'defect') assert.equal(error, raw);
      }
    });
  }

  test('that the driver never had an answer to is a lost connection', () => {
    assert.ok(named(new Error('Connection terminated unexpectedly')) instanceof ConnectionLost);
  });
});

withDatabase('a row that stays locked', (database) => {
  const at = instant(Date.UTC(2026, 0, 15));
  const random = seededRandom(Number(process.hrtime.bigint() % 2n ** 32n));
  const storeId: StoreId = makeId('store', at, random);
  const deviceId: DeviceId = makeId('device', at, random);
  let journal: Journal;
  let other: pg.Client;
  before(async () => {
    const limits = { lockMs: 20, waitMs: 500 };
    journal = await openJournal({ url: database.url, log: silentLog, limits });
    other = new pg.Client({ connectionString: database.url });
    await other.connect();
  });
  after(async () => {
    await other.end();
    await journal.close();
  });

  test('is told as a busy database to whoever would write it, and nothing was written', async () => {
    const nothing = { factsOf: async () => [], now: async () => at, close: async () => undefined };
    const shop = new Shop(
      {
        ...{ journal: journal.payments, ...nothing },
        async openSale(merchantId, id, amount) {
          const sale = { id, merchantId, storeId, deviceId, amount, description: 'Groceries', createdAt: at };
          await journal.sales.openSale(sale, null);
        },
      },
      random,
    );
    const charge = await shop.charge({ amount: money('CNY', 100n) });
    const approved = await journal.payments.advance(charge, approvedState(charge), []);
    assert.ok(approved !== undefined);
    await other.query('BEGIN');
    await other.query('SELECT id FROM payment_attempt WHERE id = $1 FOR UPDATE', [charge.identity.id]);
    await assert.rejects(journal.payments.openRefund(shop.refundOpening(approved, 50n)), { code: 'database-busy' });
    await assert.rejects(journal.payments.advance(approved, approved.state, []), { code: 'database-busy' });
    await other.query('ROLLBACK');
    assert.deepEqual(await journal.payments.listOfSale(shop.merchantId, charge.identity.saleId), [approved]);
  });
});
