// What a notice may do and what it may not. It can only make a payment end sooner: a forged one changes nothing, one about another
// amount changes nothing, a true one is as good as an answer, and the same one twice is one. The test holds Alipay's key, so it
// can also say things that Alipay never would.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditBooks, auditPayment, untilAtRest } from './shop/audit.ts';
import { globalNotice, makeKeys, makePair, type NoticeWords, openapiNotice } from './shop/notice-forger.ts';
import { channels, openShop, type Shop } from './shop/open-shop.ts';
import type { FaultEffect } from './shop/sandbox-control.ts';
import { viewOf } from './shop/till.ts';
import { until } from './shop/until.ts';

const amount = '12.30';
const keys = makeKeys();
const stranger = makePair();

type Opened = { readonly paymentId: string; readonly walletId: string };

for (const channel of channels) {
  describe(`a notice over ${channel}`, { concurrency: true }, () => {
    let shop: Shop;
    before(async () => {
      shop = await openShop({ channel, keys });
    });
    after(async () => {
      try {
        await auditBooks(shop.control, await untilAtRest(shop.till, shop.order.databaseUrl, 20_000));
      } finally {
        await shop.close();
      }
    });

    const post = async (words: NoticeWords, privateKey: string): Promise<{ status: number; text: string }> => {
      const domestic = channel === 'alipay-openapi';
      const { headers, body } = domestic
        ? openapiNotice(words, keys.openapi.appId, privateKey)
        : globalNotice(words, keys.global.clientId, privateKey);
      const response = await fetch(`${shop.storeUrl}/notify/alipay`, { method: 'POST', headers, body });
      return { status: response.status, text: await response.text() };
    };
    const isReceipt = (text: string): boolean => text === 'success' || /"resultStatus":"S"/.test(text);

    it('with a forged signature is refused and changes nothing', async () => {
      const { paymentId, walletId } = await begin(shop, [{ kind: 'buyer-asked', answer: 'never' }], 'quiet');
      const words = { outTradeNo: paymentId, tradeNo: '2026112322001400000000000001', amount, paid: true };
      const { status, text } = await post(words, stranger.privateKey);
      assert.equal(status, 401);
      assert.equal(isReceipt(text), false);
      assert.equal(viewOf(await shop.till.payment(paymentId)).status, 'awaiting-payer');
      await shop.control.answer(walletId, false);
      const { word, last } = await shop.till.follow(paymentId);
      assert.equal(word, 'not-paid');
      await auditPayment(shop.control, last);
    });

    it('that is forged and says "closed" cannot end a payment that the buyer then makes', async () => {
      const { paymentId, walletId } = await begin(shop, [{ kind: 'buyer-asked', answer: 'never' }], 'quiet');
      const words = { outTradeNo: paymentId, tradeNo: '2026112322001400000000000002', amount, paid: false };
      assert.equal((await post(words, stranger.privateKey)).status, 401);
      await shop.control.answer(walletId, true);
      const { word, last } = await shop.till.follow(paymentId);
      assert.equal(word, 'paid');
      await auditPayment(shop.control, last);
    });

    it('about another amount is acknowledged and changes nothing', async () => {
      const { paymentId } = await begin(shop, [{ kind: 'buyer-asked', answer: 'never' }], 'quiet');
      for (const wrong of ['12.31', '0.01', '1230.00']) {
        const words = { outTradeNo: paymentId, tradeNo: '2026112322001400000000000003', amount: wrong, paid: true };
        const { status, text } = await post(words, keys.alipay.privateKey);
        assert.equal(status, 200);
        assert.ok(isReceipt(text), text);
      }
      assert.equal(viewOf(await shop.till.payment(paymentId)).status, 'awaiting-payer');
      const { word, last } = await shop.till.follow(paymentId);
      assert.equal(word, 'not-paid');
      await auditPayment(shop.control, last);
    });

    it('about a number that is not ours is acknowledged, so that it is not sent for a day', async () => {
      const words = { outTradeNo: 'pa_00000000000000000000000000', tradeNo: '1', amount, paid: true };
      const { status, text } = await post(words, keys.alipay.privateKey);
      assert.equal(status, 200);
      assert.ok(isReceipt(text), text);
    });

    it('makes a payment paid when no call about it was ever answered', async () => {
      const lost: FaultEffect = { kind: 'answer-lost', booked: true };
      const { paymentId } = await begin(shop, [lost], 'heard', lost);
      const { word, last } = await shop.till.follow(paymentId);
      assert.equal(word, 'paid');
      assert.ok(last.channelReference !== null);
      const { calls } = await auditPayment(shop.control, last);
      assert.deepEqual(
        calls.filter(({ method }) => method === 'cancel'),
        [],
      );
    });

    it('that comes before the first query saves the query', async () => {
      const { paymentId } = await begin(shop, [{ kind: 'unknown', booked: true }], 'heard');
      const { word, last } = await shop.till.follow(paymentId);
      assert.equal(word, 'paid');
      const { calls } = await auditPayment(shop.control, last);
      assert.deepEqual(
        calls.map(({ method }) => method),
        ['pay'],
      );
    });

    it('that comes again and again, also long after, changes nothing', async () => {
      const { paymentId } = await begin(shop, [], 'heard');
      const { word, last } = await shop.till.follow(paymentId);
      assert.equal(word, 'paid');
      const tradeNo = last.channelReference ?? '';
      for (let round = 0; round < 3; round += 1) {
        const told = { outTradeNo: paymentId, tradeNo, amount, paid: true };
        const answers = await Promise.all([1, 2, 3].map(() => post(told, keys.alipay.privateKey)));
        assert.deepEqual(
          answers.map(({ status }) => status),
          [200, 200, 200],
        );
      }
      assert.deepEqual(viewOf(await shop.till.payment(paymentId)), last);
      await auditPayment(shop.control, last);
    });

    it('of an approval whose payment is already reversed leads to a look, not to a sale', async () => {
      const { paymentId } = await begin(shop, [{ kind: 'buyer-asked', answer: 'never' }], 'quiet');
      const { word, last } = await shop.till.follow(paymentId);
      assert.equal(word, 'not-paid');
      const told = { outTradeNo: paymentId, tradeNo: '2026112322001400000000000009', amount, paid: true };
      assert.equal((await post(told, keys.alipay.privateKey)).status, 200);
      assert.equal(viewOf(await shop.till.payment(paymentId)).status, 'not-paid');
      const after = await until(
        { withinMs: 15_000 },
        async () => {
          const view = viewOf(await shop.till.payment(paymentId));
          return view.custody ? undefined : view;
        },
        () => `${paymentId} is still in custody`,
      );
      await auditPayment(shop.control, after);
      assert.equal(last.saleId, after.saleId);
    });

    it('is delivered and acknowledged once for each payment', async () => {
      const { paymentId } = await begin(shop, [], 'heard');
      await shop.till.follow(paymentId);
      await sleep(300);
      const notices = await shop.control.noticesOf(paymentId);
      assert.deepEqual(
        notices.map(({ about, status, sends }) => [about, status, sends.length]),
        [['payment', 'delivered', 1]],
      );
    });
  });
}

// Starts a payment whose call to Alipay goes wrong in the given ways; `query` is what befalls every query about it.
async function begin(
  { control, till }: Shop,
  pay: readonly FaultEffect[],
  notices: 'heard' | 'quiet',
  query?: FaultEffect,
): Promise<Opened> {
  const walletId = await control.openWallet();
  for (const effect of pay) await control.addFault({ match: { method: 'pay', walletId }, effect });
  if (query !== undefined) await control.addFault({ match: { method: 'query', walletId }, effect: query });
  if (notices === 'quiet') {
    await control.addFault({ match: { method: 'notify', walletId }, effect: { kind: 'notice-lost', forGood: true } });
  }
  const { saleId } = await till.openSale(amount);
  const { paymentId } = viewOf(await till.pay(saleId, await control.showCode(walletId), saleId));
  return { paymentId, walletId };
}
