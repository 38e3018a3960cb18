// Payments for which Alipay wants the customer's password: confirmed, refused, ignored, and left behind for the next customer.

import assert from 'node:assert/strict';
import { journey, type Stage, type Theatre } from '../stage.ts';
import type { Language } from '../words.ts';

export function confirmingJourneys(theatre: () => Theatre): void {
  journey('the customer confirms with the password and the till turns to paid by itself', theatre, confirm);
  for (const language of ['en', 'zh-CN'] as const) {
    journey(`the customer refuses and the till says so (${language})`, theatre, (stage) => refuse(stage, language));
  }
  journey('the customer walks away: not paid before the deadline, and the trade is closed', theatre, walkAway);
  journey('the cashier stops waiting and nothing is charged', theatre, stopWaiting);
  journey('the next customer pays while the first still confirms', theatre, serveTheNext);
  journey('a cancel without an answer: not paid, in custody, and then it resolves by itself', theatre, endInCustody);
}

async function confirm(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer();
  await cashier.keyAmount('1200');
  await cashier.scan(await customer.readCode());
  await cashier.untilAsked();
  await customer.sheet.getByText('¥1200.00').waitFor();
  await customer.confirm('123');
  await customer.sheet.getByRole('alert').getByText('Enter six digits').waitFor();
  await customer.confirm();
  await cashier.untilPaid('1200.00');
  await customer.untilBalance('3800.00');
  await cashier.saleRow('1200.00', 'Paid').waitFor();
}

async function refuse(stage: Stage, language: Language): Promise<void> {
  const cashier = await stage.newCashier({ language });
  const customer = await stage.newCustomer({ language });
  await cashier.keyAmount('1300');
  await cashier.scan(await customer.readCode());
  await cashier.untilAsked();
  await customer.refuse();
  await cashier.untilNotPaid('1300.00', cashier.words.refused);
  await customer.untilBalance('5000.00');
}

async function walkAway(stage: Stage): Promise<void> {
  const store = stage.theatre.hurriedStore;
  const cashier = await stage.newCashier({ store });
  const customer = await stage.newCustomer({ store });
  await cashier.keyAmount('1400');
  const scannedAt = performance.now();
  await cashier.scan(await customer.readCode());
  await cashier.untilAsked();
  const record = await stage.tradesOf(cashier);
  assert.deepEqual(
    record.trades.map(({ state }) => state),
    ['waiting'],
  );
  await cashier.untilNotPaid('1400.00', 'The customer did not confirm in time');
  const tookMs = performance.now() - scannedAt;
  assert.ok(tookMs < store.deadlineMs, `the word came after ${tookMs.toFixed(0)} ms`);
  // Closed at the sandbox, gone from the phone, and not a cent has moved.
  const [trade] = (await stage.tradesOf(cashier)).trades;
  assert.deepEqual([trade?.state, trade?.closedBecause, trade?.kept], ['closed', 'cancelled', 0n]);
  await customer.sheet.waitFor({ state: 'detached' });
  await customer.untilBalance('5000.00');
}

async function stopWaiting(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer();
  await cashier.keyAmount('1500');
  await cashier.scan(await customer.readCode());
  await cashier.untilAsked();
  await cashier.button('Stop waiting').click();
  await cashier.untilNotPaid('1500.00', 'Stopped at the till');
  const [trade] = (await stage.tradesOf(cashier)).trades;
  assert.deepEqual([trade?.state, trade?.kept], ['closed', 0n]);
}

async function serveTheNext(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const [slow, quick] = await Promise.all([stage.newCustomer(), stage.newCustomer()]);
  await cashier.keyAmount('1600');
  await cashier.scan(await slow.readCode());
  await cashier.untilAsked();
  const quickCode = await quick.readCode();
  await cashier.scan(quickCode);
  await cashier.untilTold('A payment is under way.');
  await cashier.button('Next customer').click();
  const strip = cashier.page.getByRole('region', { name: 'Open payments' });
  const row = strip.getByRole('listitem').filter({ hasText: '¥1600.00' });
  await row.getByText('Waiting for the customer').waitFor();

  await cashier.keyAmount('7.70');
  await cashier.scan(quickCode);
  await cashier.untilPaid('7.70');
  await quick.untilBalance('4992.30');
  await slow.confirm();
  await row.getByText('Paid', { exact: true }).waitFor();
  await slow.untilBalance('3400.00');
  await row.getByRole('button', { name: 'Remove from the strip' }).click();
  await strip.waitFor({ state: 'detached' });
}

async function endInCustody(stage: Stage): Promise<void> {
  const store = stage.theatre.hurriedStore;
  const { control } = stage.house;
  const cashier = await stage.newCashier({ store });
  const customer = await stage.newCustomer({ store });
  const faultId = await control.addFault({
    match: { walletId: customer.walletId, method: 'cancel' },
    effect: { kind: 'answer-lost', booked: false },
  });
  await cashier.keyAmount('1700');
  await cashier.scan(await customer.readCode());
  await cashier.untilNotPaid('1700.00');
  await cashier.sheet.getByText('Not paid. Any charge is returned by itself').waitFor();
  await cashier.page.getByText('In custody 1').waitFor();
  await cashier.saleRow('1700.00', 'Not paid, in custody').waitFor();
  const [open] = (await stage.tradesOf(cashier)).trades;
  assert.equal(open?.state, 'waiting');

  // From here on nobody does anything: the network gets better, and that is all.
  await control.removeFault(faultId);
  await cashier.sheet.getByText('Any charge is returned by itself').waitFor({ state: 'detached' });
  await cashier.untilNotPaid('1700.00');
  const [closed] = (await stage.tradesOf(cashier)).trades;
  assert.deepEqual([closed?.state, closed?.kept], ['closed', 0n]);
  await customer.untilBalance('5000.00');
}
