// Alipay is not there at all: no connection can be made, before a payment, during one, and while its reversal is due. A request
// that provably never left may be sent again or given up; everything else waits until Alipay is back. The sandbox is stopped and
// started on its own data, as a shop's network cable is pulled and put back.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '#foundation/log.ts';
import { type RunningSandbox, startSandbox } from '#sandbox/index.ts';
import { openTestDatabase, type TestDatabase } from '../src/journal/with-database.ts';
import { startStoreServer } from '../src/server/store-server.ts';
import type { StoreServer } from '../src/server/store-settings.ts';
import { auditBooks, auditPayment, untilAtRest } from './shop/audit.ts';
import { channels } from './shop/open-shop.ts';
import { SandboxControl } from './shop/sandbox-control.ts';
import { codeLifeMs, shortDeadlines } from './shop/short-deadlines.ts';
import { type StoreOrder, settingsOf } from './shop/store-order.ts';
import { Till, viewOf } from './shop/till.ts';
import { until } from './shop/until.ts';

const amount = '12.30';

for (const channel of channels) {
  describe(`when Alipay cannot be reached over ${channel}`, () => {
    let database: TestDatabase;
    let dataDir: string;
    let sandbox: RunningSandbox;
    let store: StoreServer;
    let till: Till;
    let control: SandboxControl;

    const settings = { times: { codeLifeMs }, notices: { speedUp: 1_000 } };
    const plugIn = async (port: number): Promise<void> => {
      sandbox = await startSandbox({ port, dataDir, settings });
    };
    const unplug = async (): Promise<void> => await sandbox.close();

    before(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'tillway-cable-'));
      database = await openTestDatabase();
      await plugIn(0);
      const order: StoreOrder = {
        channel,
        deadline: shortDeadlines,
        databaseUrl: database.url,
        sandboxUrl: sandbox.url,
        credentials: sandbox.credentials,
        apiKey: randomBytes(24).toString('base64url'),
        port: 0,
        notifyBaseUrl: null,
      };
      store = await startStoreServer(settingsOf(order, silentLog));
      till = new Till(store.url, order.apiKey);
      control = new SandboxControl(sandbox.url);
    });
    after(async () => {
      await store.close();
      await sandbox.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    });

    it('a payment is given up with that reason, and nothing is booked when Alipay is back', async () => {
      const code = await control.showCode(await control.openWallet());
      const { saleId } = await till.openSale(amount);
      await unplug();
      const { paymentId } = viewOf(await till.pay(saleId, code, saleId));
      const { word, last } = await till.follow(paymentId);
      assert.deepEqual([word, last.reason, last.custody], ['not-paid', 'channel-unreachable', false]);
      await plugIn(sandbox.port);
      const { trades, calls } = await auditPayment(control, last);
      assert.deepEqual([trades, calls], [[], []]);
      const again = viewOf(await till.pay(saleId, code, `again-${saleId}`));
      const second = await till.follow(again.paymentId);
      // The code may have run out meanwhile; then the customer shows a new one.
      assert.ok(
        second.word === 'paid' || second.last.reason === 'code-invalid' || second.last.reason === 'code-expired',
      );
      await auditPayment(control, second.last);
    });

    it('for a moment only, the payment is sent when it is back, once', async () => {
      const code = await control.showCode(await control.openWallet());
      const { saleId } = await till.openSale(amount);
      await unplug();
      const answered = till.pay(saleId, code, saleId);
      await sleep(300);
      await plugIn(sandbox.port);
      const { paymentId } = viewOf(await answered);
      const { last } = await till.follow(paymentId);
      const { calls } = await auditPayment(control, last);
      assert.ok(calls.filter(({ method }) => method === 'pay').length <= 1);
    });

    it('after a payment whose answer was lost, the money goes back once it is', async () => {
      const walletId = await control.openWallet();
      const effect = { kind: 'answer-lost', booked: true };
      await control.addFault({ match: { method: 'pay', walletId }, effect });
      await control.addFault({ match: { method: 'query', walletId }, effect });
      await control.addFault({ match: { method: 'notify', walletId }, effect: { kind: 'notice-lost', forGood: true } });
      const { saleId } = await till.openSale(amount);
      const { paymentId, finalWordBy } = viewOf(await till.pay(saleId, await control.showCode(walletId), saleId));
      await unplug();
      const told = await until(
        { withinMs: shortDeadlines.finalWordMs + 1_000, everyMs: 50 },
        async () => {
          const view = viewOf(await till.payment(paymentId));
          return view.status === 'not-paid' ? { view, atMs: Date.now() } : undefined;
        },
        () => `${paymentId} has no word`,
      );
      assert.ok(told.atMs <= Date.parse(finalWordBy), 'the word came in time without Alipay');
      assert.equal(told.view.custody, true);
      await sleep(1_500);
      await plugIn(sandbox.port);
      const { last } = await till.follow(paymentId);
      const { trades } = await auditPayment(control, last);
      assert.deepEqual([trades.length, trades[0]?.closedBecause], [1, 'cancelled']);
    });

    it('a refund waits until it is back, and is made once', async () => {
      const { saleId } = await till.openSale(amount);
      const code = await control.showCode(await control.openWallet());
      const { paymentId } = viewOf(await till.pay(saleId, code, saleId));
      assert.equal((await till.follow(paymentId)).word, 'paid');
      await unplug();
      const { refundId, status } = viewOf(await till.refund(paymentId, '2.30', `r-${saleId}`));
      assert.equal(status, 'processing');
      await sleep(1_000);
      await plugIn(sandbox.port);
      await auditBooks(control, await untilAtRest(till, database.url, 15_000));
      assert.equal((await till.refundOf(refundId)).status, 'refunded');
    });
  });
}
