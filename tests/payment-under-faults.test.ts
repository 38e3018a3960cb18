// Contract suite of the roads to Alipay: every fault of the sandbox's grammar against a real store server, a real PostgreSQL and
// the sandbox, over HTTP. Method: each case pays one sale while its faults are on. The till must have its final word before the
// deadline, everything must be at rest within a bound, and then the sandbox's own books are held against what the store says.
// Deadlines are a tenth of a real store's; TILLWAY_LONG=1 adds the real ones (default-deadlines.test.ts).

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SaleView } from '#server/contract/ecr.ts';
import { auditBooks, auditPayment, unfinished, untilAtRest } from './shop/audit.ts';
import { type PaymentCase, paymentCases } from './shop/fault-cases.ts';
import { channels, openShop, type Shop } from './shop/open-shop.ts';
import type { SandboxControl } from './shop/sandbox-control.ts';
import { type Followed, viewOf } from './shop/till.ts';
import { until } from './shop/until.ts';

const amount = '12.30';
const casesAtOnce = 60;
const restMs = 25_000;

for (const channel of channels) {
  describe(`a payment over ${channel} ends right when`, { concurrency: casesAtOnce }, () => {
    let shop: Shop;
    before(async () => {
      shop = await openShop({ channel });
    });
    after(async () => {
      try {
        const sales = await untilAtRest(shop.till, shop.order.databaseUrl, restMs);
        assert.equal(sales.length, paymentCases.length);
        await auditBooks(shop.control, sales);
        await auditPays(shop.control, sales);
      } finally {
        await shop.close();
      }
    });
    for (const paymentCase of paymentCases) {
      it(paymentCase.name, async () => {
        const { word, last } = await play(shop, paymentCase);
        if (paymentCase.word !== 'either') assert.equal(word, paymentCase.word);
        await auditPayment(shop.control, last);
      });
    }
  });
}

// A call is in the sandbox's history once it is answered, so this is looked at when all is over.
async function auditPays(control: SandboxControl, sales: readonly SaleView[]): Promise<void> {
  for (const { paymentId } of sales.flatMap(({ payments }) => payments)) {
    const { calls } = await control.tradesOf(paymentId);
    const pays = calls.filter(({ method }) => method === 'pay');
    assert.equal(pays.length, 1, `${paymentId} is sent once, whatever happens`);
  }
}

// Pays one sale while the case's faults are on, and follows it to its rest.
async function play({ control, till, order }: Shop, paymentCase: PaymentCase): Promise<Followed> {
  const walletId = await control.openWallet(paymentCase.balance);
  const faultIds: string[] = [];
  for (const { method, effect, times } of paymentCase.rules) {
    const match = { method, walletId, ...(times === undefined ? {} : { times }) };
    faultIds.push(await control.addFault({ match, effect }));
  }
  if (paymentCase.notices !== true) {
    await control.addFault({ match: { method: 'notify', walletId }, effect: { kind: 'notice-lost', forGood: true } });
  }
  const { saleId } = await till.openSale(amount);
  const code = paymentCase.strangeCode === true ? '289999999999999999' : await control.showCode(walletId);
  const answered = till.pay(saleId, code, saleId);
  const blind = addBlindRules({ control, till }, saleId, paymentCase);
  const { paymentId, finalWordBy } = viewOf(await answered);
  await blind;
  const followed = await inTime(till.follow(paymentId), () => unfinished(order.databaseUrl));
  const lateMs = followed.wordAtMs - Date.parse(finalWordBy);
  assert.ok(lateMs <= 0, `the till had its word ${lateMs} ms after the deadline`);
  // A case whose faults did not happen proves nothing. (A notice or an early end may well make a query needless.)
  const certain = paymentCase.notices !== true && paymentCase.word !== 'either';
  if (certain) assert.deepEqual(await control.unfired(faultIds), []);
  return followed;
}

// Alipay does not know the wallet of a payment that it never got: such rules name the attempt, once it is in the journal.
async function addBlindRules(
  { control, till }: Pick<Shop, 'control' | 'till'>,
  saleId: string,
  { blindRules }: PaymentCase,
) {
  if (blindRules === undefined) return;
  const outTradeNo = await until(
    { withinMs: 2_000, everyMs: 10 },
    async () => (await till.sale(saleId)).payments[0]?.paymentId,
    () => `${saleId} has no payment`,
  );
  for (const { method, effect, times } of blindRules) {
    await control.addFault({ match: { method, outTradeNo, ...(times === undefined ? {} : { times }) }, effect });
  }
}

async function inTime(following: Promise<Followed>, states: () => Promise<readonly string[]>): Promise<Followed> {
  let ended: Followed | undefined;
  const told = following.then((followed) => {
    ended = followed;
  });
  const seen = until(
    { withinMs: restMs, everyMs: 200 },
    async () => ended,
    async () => `not at rest: ${(await states()).join('; ')}`,
  );
  await Promise.race([told, seen]);
  return await seen;
}
