// The real deadlines, in the long suite only: the cases that use the whole of a store's 30 seconds, and of the two minutes in which a
// payment that never arrived is still watched. The word must come before the deadline as a cashier counts it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultPolicy } from '#payment/index.ts';
import { auditBooks, auditPayment, untilAtRest } from './shop/audit.ts';
import { channels, openShop, type Shop } from './shop/open-shop.ts';
import type { FaultEffect } from './shop/sandbox-control.ts';
import { viewOf } from './shop/till.ts';

type Case = {
  readonly name: string;
  readonly pay: FaultEffect;
  readonly query?: FaultEffect;
  readonly word: 'paid' | 'not-paid';
  /** The till has its word within so many milliseconds of the scan. */
  readonly withinMs: number;
};

const lost: FaultEffect = { kind: 'answer-lost', booked: true };
const cases: readonly Case[] = [
  { name: 'the answer is lost', pay: lost, word: 'paid', withinMs: 5_000 },
  { name: 'the answer is unclear', pay: { kind: 'unknown', booked: true }, word: 'paid', withinMs: 9_000 },
  {
    name: 'the buyer takes twenty seconds',
    pay: { kind: 'buyer-asked', answer: 'confirm', afterMs: 20_000 },
    word: 'paid',
    withinMs: 26_000,
  },
  { name: 'the buyer walks away', pay: { kind: 'buyer-asked', answer: 'never' }, word: 'not-paid', withinMs: 28_000 },
  { name: 'no call is ever answered', pay: lost, query: { kind: 'answer-lost' }, word: 'not-paid', withinMs: 28_000 },
  { name: 'the request never arrives', pay: { ...lost, booked: false }, word: 'not-paid', withinMs: 28_000 },
  {
    name: 'the request arrives after forty seconds',
    pay: { kind: 'delay', ms: 40_000, moment: 'before-booking' },
    word: 'not-paid',
    withinMs: 28_000,
  },
];

describe('with the deadlines of a real store', { concurrency: true, skip: process.env['TILLWAY_LONG'] !== '1' }, () => {
  for (const channel of channels) {
    it(`every case over ${channel} has its word in time and ends right`, async () => {
      const shop = await openShop({ channel, deadline: defaultPolicy, sandbox: { times: { codeLifeMs: 60_000 } } });
      try {
        await Promise.all(cases.map((each) => play(shop, each)));
        await auditBooks(shop.control, await untilAtRest(shop.till, shop.order.databaseUrl, 10_000));
      } finally {
        await shop.close();
      }
    });
  }
});

async function play({ control, till }: Shop, { name, pay, query, word, withinMs }: Case): Promise<void> {
  const walletId = await control.openWallet();
  await control.addFault({ match: { method: 'notify', walletId }, effect: { kind: 'notice-lost', forGood: true } });
  await control.addFault({ match: { method: 'pay', walletId }, effect: pay });
  // Long enough for the till's whole time; custody then gets its answers.
  if (query !== undefined) await control.addFault({ match: { method: 'query', walletId, times: 9 }, effect: query });
  const { saleId } = await till.openSale('12.30');
  const code = await control.showCode(walletId);
  const scannedAtMs = Date.now();
  const { paymentId } = viewOf(await till.pay(saleId, code, saleId));
  const { word: told, wordAtMs, last } = await till.follow(paymentId);
  assert.equal(told, word, name);
  const tookMs = wordAtMs - scannedAtMs;
  assert.ok(tookMs <= withinMs, `${name}: the word came after ${tookMs} ms`);
  await auditPayment(control, last);
}
