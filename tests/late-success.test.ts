// Approval that comes too late. The request is held on its way (by the network, or inside Alipay) until the till has been told "not
// paid" and the cancel has been answered "never received"; then it is booked all the same. The money must go back by itself,
// and the sale must be free to be paid again.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditBooks, auditPayment, untilAtRest } from './shop/audit.ts';
import { channels, openShop, type Shop } from './shop/open-shop.ts';
import { shortDeadlines } from './shop/short-deadlines.ts';
import { type Followed, viewOf } from './shop/till.ts';
import { until } from './shop/until.ts';

const amount = '12.30';

for (const channel of channels) {
  describe(`a payment over ${channel} that is booked late`, { concurrency: true }, () => {
    let shop: Shop;
    before(async () => {
      shop = await openShop({ channel });
    });
    after(async () => {
      try {
        await auditBooks(shop.control, await untilAtRest(shop.till, shop.order.databaseUrl, 20_000));
      } finally {
        await shop.close();
      }
    });

    it('while its code may still be paid with is found by watching, and returned', async () => {
      const { last } = await payHeld(shop, shortDeadlines.finalWordMs + 1_000, 'lost');
      const { trades, calls } = await auditPayment(shop.control, last);
      assert.deepEqual([trades.length, trades[0]?.closedBecause], [1, 'cancelled']);
      const methods = calls.map(({ method }) => method);
      assert.ok(methods.indexOf('cancel') < methods.indexOf('pay'), `cancelled before it was booked: ${methods}`);
    });

    it('with its notice coming through is returned too', async () => {
      const { last } = await payHeld(shop, shortDeadlines.finalWordMs + 1_500, 'heard');
      const { trades } = await auditPayment(shop.control, last);
      assert.deepEqual([trades.length, trades[0]?.closedBecause], [1, 'cancelled']);
    });

    it('after everything was at rest is brought back by its notice, and returned', async () => {
      const heldMs = shortDeadlines.payerCodeLifeMs + 1_500;
      const { last } = await payHeld(shop, heldMs, 'heard');
      assert.equal(last.custody, false);
      const trade = await until(
        { withinMs: 10_000 },
        async () => (await shop.control.tradesOf(last.paymentId)).trades.find(({ kept }) => kept === 0n),
        () => `${last.paymentId} keeps its money`,
      );
      assert.equal(trade.closedBecause, 'cancelled');
      const now = viewOf(await shop.till.payment(last.paymentId));
      assert.equal(now.status, 'not-paid');
    });

    it('leaves the sale free to be paid once more, and only that payment is kept', async () => {
      const { last } = await payHeld(shop, shortDeadlines.finalWordMs + 500, 'lost');
      const walletId = await shop.control.openWallet();
      const again = viewOf(
        await shop.till.pay(last.saleId, await shop.control.showCode(walletId), `again-${last.saleId}`),
      );
      const { word, last: second } = await shop.till.follow(again.paymentId);
      assert.equal(word, 'paid');
      await auditPayment(shop.control, second);
      assert.equal((await shop.till.sale(last.saleId)).status, 'paid');
    });

    it('keeps its sale from a second payment while the first may still be booked', async () => {
      const walletId = await shop.control.openWallet();
      const effect = { kind: 'delay', ms: shortDeadlines.finalWordMs + 1_000, moment: 'before-booking' };
      await shop.control.addFault({ match: { method: 'pay', walletId }, effect });
      const { saleId } = await shop.till.openSale(amount);
      const { paymentId } = viewOf(await shop.till.pay(saleId, await shop.control.showCode(walletId), saleId));
      await untilWord(shop, paymentId);
      const other = await shop.control.showCode(await shop.control.openWallet());
      const refused = await shop.till.pay(saleId, other, `second-${saleId}`);
      assert.equal(refused.ok ? 'made' : refused.problem.code, 'payment-in-progress');
      assert.equal(refused.ok ? '' : refused.problem.paymentId, paymentId);
      const { last } = await shop.till.follow(paymentId);
      await auditPayment(shop.control, last);
    });

    it('after the till gave it up is returned', async () => {
      const walletId = await shop.control.openWallet();
      const effect = { kind: 'buyer-asked', answer: 'never' };
      await shop.control.addFault({ match: { method: 'pay', walletId }, effect });
      await shop.control.addFault({
        match: { method: 'cancel', walletId, times: 1 },
        effect: { kind: 'cancel-retry', booked: false },
      });
      const { saleId } = await shop.till.openSale(amount);
      const { paymentId } = viewOf(await shop.till.pay(saleId, await shop.control.showCode(walletId), saleId));
      viewOf(await shop.till.abandon(paymentId));
      await untilWord(shop, paymentId);
      // The buyer's thumb is quicker than the second cancel, or it is not; either way nothing is kept.
      await shop.control.answer(walletId, true).catch(() => undefined);
      const { word, last } = await shop.till.follow(paymentId);
      assert.deepEqual([word, last.reason], ['not-paid', 'abandoned']);
      await auditPayment(shop.control, last);
    });
  });
}

// Pays a sale whose request is held for so long before it is booked, and follows it to its rest.
async function payHeld({ control, till }: Shop, heldMs: number, notices: 'heard' | 'lost'): Promise<Followed> {
  const walletId = await control.openWallet();
  const effect = { kind: 'delay', ms: heldMs, moment: 'before-booking' };
  await control.addFault({ match: { method: 'pay', walletId }, effect });
  if (notices === 'lost') {
    await control.addFault({ match: { method: 'notify', walletId }, effect: { kind: 'notice-lost', forGood: true } });
  }
  const { saleId } = await till.openSale(amount);
  const started = performance.now();
  const { paymentId } = viewOf(await till.pay(saleId, await control.showCode(walletId), saleId));
  const followed = await till.follow(paymentId);
  assert.equal(followed.word, 'not-paid');
  // Whatever came first, the booking is waited for: without it the case would prove nothing.
  await sleep(Math.max(0, heldMs + 200 - (performance.now() - started)));
  const { trades } = await control.tradesOf(paymentId);
  assert.equal(trades.length, 1, 'the held request was booked');
  return followed;
}

async function untilWord({ till }: Shop, paymentId: string): Promise<void> {
  await until(
    { withinMs: shortDeadlines.finalWordMs, everyMs: 50 },
    async () => (viewOf(await till.payment(paymentId)).status === 'not-paid' ? true : undefined),
    () => `${paymentId} has no word`,
  );
}
