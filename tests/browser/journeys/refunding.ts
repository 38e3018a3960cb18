// Money given back from the list of sales: a part, too much, the rest.

import assert from 'node:assert/strict';
import { journey, type Stage, type Theatre } from '../stage.ts';

export function refundingJourneys(theatre: () => Theatre): void {
  journey('a part is given back, too much is refused beside the field, and then the rest', theatre, refundInParts);
  journey('all of it is given back in one go', theatre, refundAll);
}

async function refundInParts(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer();
  await cashier.keyAmount('80.80');
  await cashier.scan(await customer.readCode());
  await cashier.untilPaid('80.80');
  await cashier.untilReady();
  await cashier.saleRow('80.80', 'Paid').click();
  const dialog = cashier.page.getByRole('dialog');
  const amount = dialog.getByLabel('Amount to give back');
  const send = dialog.getByRole('button', { name: /^Refund/ });

  for (const [text, sentence] of [
    ['80.81', 'At most ¥80.80 is left to refund'],
    ['0', 'Enter an amount above zero'],
    ['1.234', 'Use at most two decimals'],
    ['ten', 'Enter an amount such as 12.30'],
  ] as const) {
    await amount.fill(text);
    await send.click();
    await dialog.getByRole('alert').getByText(sentence).waitFor();
    assert.equal(await amount.getAttribute('aria-invalid'), 'true');
  }
  await amount.fill('30.30');
  await send.click();
  await dialog.getByRole('status').getByText('Refunded ¥30.30').waitFor();
  await customer.untilBalance('4949.50');
  await customer.untilTold('¥30.30 came back');

  await dialog.getByRole('button', { name: 'Refund more' }).click();
  assert.equal(await amount.inputValue(), '50.50');
  await amount.fill('50.51');
  await send.click();
  await dialog.getByRole('alert').getByText('At most ¥50.50 is left to refund').waitFor();
  await dialog.getByRole('button', { name: 'All of it' }).click();
  await send.click();
  await dialog.getByRole('status').getByText('Refunded ¥50.50').waitFor();
  await customer.untilBalance('5000.00');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await cashier.saleRow('80.80', 'Refunded').waitFor();
  const { trades } = await stage.tradesOf(cashier);
  assert.deepEqual(
    trades.map(({ refunded, kept }) => [refunded, kept]),
    [[8080n, 0n]],
  );
}

async function refundAll(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer();
  await cashier.keyAmount('90.90');
  await cashier.scan(await customer.readCode());
  await cashier.untilPaid('90.90');
  await cashier.untilReady();
  await cashier.saleRow('90.90', 'Paid').click();
  const dialog = cashier.page.getByRole('dialog');
  // The impatient click twice; one refund is made.
  await dialog.getByRole('button', { name: 'Refund ¥90.90' }).dblclick();
  await dialog.getByRole('status').getByText('Refunded ¥90.90').waitFor();
  await customer.untilBalance('5000.00');
  const { trades } = await stage.tradesOf(cashier);
  assert.equal(trades[0]?.refunds.length, 1);
  await customer.open('History');
  await customer.page.getByRole('listitem').filter({ hasText: '¥90.90' }).getByText('Refunded').waitFor();
}
