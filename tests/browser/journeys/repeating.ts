// Whatever is done twice is charged once: scans, clicks, reloads, and a store server that goes away in the middle.

import assert from 'node:assert/strict';
import type { Cashier } from '../cashier.ts';
import type { Customer } from '../customer.ts';
import { unhurried } from '../house.ts';
import { journey, type Stage, type Theatre } from '../stage.ts';

export function repeatingJourneys(theatre: () => Theatre): void {
  journey('a code scanned twice in a row is charged once', theatre, scanTwice);
  journey('a double click charges once', theatre, clickTwice);
  journey('a reload during a payment takes it up again', theatre, reload);
  journey('the store server goes away while the customer confirms, and comes back with the truth', theatre, loseStore);
  journey('a scan while the store server is away is charged once when it is back', theatre, scanWithoutStore);
}

/** One trade, paid, at the sandbox; the till has asked once. */
async function chargedOnce(stage: Stage, cashier: Cashier, customer: Customer, balance: string): Promise<void> {
  await customer.untilBalance(balance);
  const { trades } = await stage.tradesOf(cashier);
  assert.deepEqual(
    trades.map(({ state }) => state),
    ['paid'],
  );
}

async function scanTwice(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer();
  const code = await customer.readCode();
  await cashier.keyAmount('10.10');
  await cashier.scan(code);
  await cashier.scan(code);
  await cashier.untilTold('This code was already taken. It is charged once only.');
  await cashier.untilPaid('10.10');
  await cashier.press('F4');
  // And once more, for the next customer's amount.
  await cashier.keyAmount('20.20');
  await cashier.scan(code);
  await cashier.untilTold('This code was already taken. It is charged once only.');
  assert.equal((await cashier.charges()).length, 1);
  await chargedOnce(stage, cashier, customer, '4989.90');
}

async function clickTwice(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer();
  await cashier.keyAmount('11.10');
  await cashier.codeField.fill(await customer.readCode());
  await cashier.button('Charge').dblclick();
  await cashier.untilPaid('11.10');
  assert.equal((await cashier.charges()).length, 1);
  await chargedOnce(stage, cashier, customer, '4988.90');
}

async function reload(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer();
  const code = await customer.readCode();
  await cashier.keyAmount('1110');
  await cashier.scan(code);
  await cashier.untilAsked();
  const receipt = await cashier.receipt();
  const record = await cashier.lastPayment();
  await cashier.page.reload();
  await cashier.untilAsked();
  assert.equal(await cashier.receipt(), receipt);
  const kept = String(await cashier.page.evaluate('JSON.stringify(localStorage)'));
  assert.ok(!kept.includes(code.slice(4)), 'the payer code is kept nowhere');
  await customer.confirm();
  await cashier.untilPaid('1110.00');
  assert.deepEqual(await cashier.charges(), [], 'a reload asks for no second charge');
  await customer.untilBalance('3890.00');
  assert.equal((await stage.house.control.tradesOf(record)).trades.length, 1);
}

async function loseStore(stage: Stage): Promise<void> {
  const store = await stage.house.openStore(unhurried);
  const cashier = await stage.newCashier({ store });
  const customer = await stage.newCustomer({ store });
  await cashier.keyAmount('1120');
  await cashier.scan(await customer.readCode());
  await cashier.untilAsked();
  await store.stop();
  await cashier.sheet.getByRole('heading', { name: 'No connection to the store server' }).waitFor();
  await cashier.sheet.getByText('Whether the customer has paid is not known yet.').waitFor();
  await customer.confirm();
  await customer.untilBalance('3880.00');
  await store.start();
  await cashier.untilPaid('1120.00');
  await chargedOnce(stage, cashier, customer, '3880.00');
}

async function scanWithoutStore(stage: Stage): Promise<void> {
  const store = await stage.house.openStore(unhurried);
  const cashier = await stage.newCashier({ store });
  const customer = await stage.newCustomer({ store });
  await cashier.keyAmount('30.30');
  await store.stop();
  await cashier.scan(await customer.readCode());
  await cashier.sheet.getByRole('heading', { name: 'No connection to the store server' }).waitFor();
  await store.start();
  await cashier.untilPaid('30.30');
  await cashier.saleRow('30.30', 'Paid').waitFor();
  await chargedOnce(stage, cashier, customer, '4969.70');
}
