// The wallet page by itself: its codes, its money, its memory.

import assert from 'node:assert/strict';
import { journey, phoneScreen, type Stage, type Theatre } from '../stage.ts';

export function walletJourneys(theatre: () => Theatre): void {
  journey('a code is replaced after its use and at the end of its minute', theatre, replaceCode);
  journey('codes of 24 digits can be chosen, are remembered, and pay', theatre, chooseDigits);
  journey('money is added, and nonsense is refused beside the field', theatre, topUp);
  journey('a confirmation with too little says so, and goes through after a top-up elsewhere', theatre, confirmTooLow);
  journey('the wallet is remembered, and another one can be chosen', theatre, changeWallet);
  journey('the wallet speaks Chinese and remembers it', theatre, speakChinese);
}

async function replaceCode(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer();
  const first = await customer.readCode();
  await cashier.keyAmount('1.00');
  await cashier.scan(first);
  await cashier.untilPaid('1.00');
  const second = await customer.nextCode(first);
  await customer.page.getByRole('img', { name: 'Bar code of the payment code' }).waitFor();
  await customer.page.getByRole('img', { name: 'QR code of the payment code' }).waitFor();

  // A minute passes on the phone's own clock.
  await customer.page.clock.install();
  await customer.page.reload();
  const third = await customer.nextCode(second);
  await customer.page.clock.fastForward(30_000);
  assert.equal(await customer.readCode(), third, 'half a minute is no reason for another code');
  await customer.page.clock.fastForward(31_000);
  const fourth = await customer.nextCode(third);
  assert.equal(new Set([first, second, third, fourth]).size, 4);
}

async function chooseDigits(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer();
  const short = await customer.readCode();
  await customer.open('Settings');
  await customer.page.getByLabel('Digits of the code').selectOption('24 digits');
  await customer.open('Pay');
  const long = await customer.nextCode(short);
  assert.match(long, /^(2[5-9]|30)\d{22}$/);
  await customer.page.reload();
  const again = await customer.nextCode(long);
  assert.equal(again.length, 24);
  await cashier.keyAmount('2.40');
  await cashier.scan(again);
  await cashier.untilPaid('2.40');
}

async function topUp(stage: Stage): Promise<void> {
  const customer = await stage.newCustomer({ balance: '1.00' });
  const { page } = customer;
  await customer.open('Settings');
  await page.getByLabel('Amount').fill('much');
  await page.getByRole('button', { name: 'Add money' }).click();
  await page.getByRole('alert').getByText('Enter an amount such as 100.00').waitFor();
  await page.getByLabel('Amount').fill('50');
  await page.getByRole('button', { name: 'Add money' }).click();
  await customer.untilTold('Added ¥50.00');
  await customer.open('Pay');
  await customer.untilBalance('51.00');
}

async function confirmTooLow(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer({ balance: '2000.00' });
  await cashier.keyAmount('1800');
  await cashier.scan(await customer.readCode());
  await cashier.untilAsked();
  // Meanwhile the same wallet pays elsewhere.
  const other = await stage.newCashier();
  await other.keyAmount('900');
  await other.scan(await stage.house.showCode(customer.walletId));
  await other.untilPaid('900.00');
  await customer.confirm();
  await customer.sheet.getByText('The balance is too low. Top up and confirm again, or refuse.').waitFor();
  await stage.house.topUp(customer.walletId, '1000.00');
  await customer.confirm();
  await cashier.untilPaid('1800.00');
  await customer.untilBalance('300.00');
}

async function changeWallet(stage: Stage): Promise<void> {
  const customer = await stage.newCustomer({ balance: '77.00' });
  await customer.page.reload();
  await customer.untilBalance('77.00');
  const other = await stage.house.control.openWallet('88.00');
  await customer.open('Settings');
  await customer.page.getByRole('button', { name: 'Use another wallet' }).click();
  await customer.page.getByRole('button', { name: other }).click();
  await customer.open('Pay');
  await customer.untilBalance('88.00');
}

async function speakChinese(stage: Stage): Promise<void> {
  const customer = await stage.newCustomer({ context: { viewport: phoneScreen } });
  const { page } = customer;
  await page.getByText('Sandbox', { exact: true }).waitFor();
  await customer.open('Settings');
  await page.getByLabel('Language').selectOption('简体中文');
  await page.getByRole('navigation', { name: '页面' }).getByRole('button', { name: '付款' }).click();
  await page.getByRole('heading', { name: '请向收银员出示付款码' }).waitFor();
  await page.getByText('沙箱', { exact: true }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: '请向收银员出示付款码' }).waitFor();
}
