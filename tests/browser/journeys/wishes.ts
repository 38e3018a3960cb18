// What a person sets or uses beside paying: language, sound, keys alone, and a till that must be paired first.

import assert from 'node:assert/strict';
import { Cashier } from '../cashier.ts';
import { unhurried } from '../house.ts';
import { counterScreen, journey, type Stage, type Theatre } from '../stage.ts';

export function wishJourneys(theatre: () => Theatre): void {
  journey('the language is switched at once and remembered', theatre, switchLanguage);
  journey('colours are switched and remembered', theatre, switchColours);
  journey('paid and not paid can be heard, and muted', theatre, mute);
  journey('a sale and its refund with the keyboard alone', theatre, useKeysOnly);
  journey('F1 shows the keys, and Escape goes one step back and loses nothing', theatre, stepBack);
  journey('outside of the demo the till asks for its key once', theatre, pair);
}

async function switchLanguage(stage: Stage): Promise<void> {
  const { page } = await stage.newCashier();
  await page.getByLabel('Language').selectOption('简体中文');
  await page.getByRole('heading', { name: '请输入金额' }).waitFor();
  await page.getByRole('heading', { name: '今日销售' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  assert.equal(await page.title(), '收银台 · Tillway');
  await page.reload();
  await page.getByRole('heading', { name: '请输入金额' }).waitFor();
  await page.getByLabel('语言').selectOption('English');
  await page.getByRole('heading', { name: 'Enter the amount' }).waitFor();
}

async function switchColours(stage: Stage): Promise<void> {
  const { page } = await stage.newCashier();
  await page.getByRole('button', { name: 'Dark colours' }).click();
  await page.getByRole('button', { name: 'Light colours' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Light colours' }).waitFor();
}

async function mute(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const pay = async (amount: string): Promise<number> => {
    const before = (await cashier.notes()).tones;
    const walletId = await stage.house.control.openWallet('100.00');
    await cashier.keyAmount(amount);
    await cashier.scan(await stage.house.showCode(walletId));
    if (Number(amount) > 100) await cashier.untilNotPaid(amount);
    else await cashier.untilPaid(amount);
    await cashier.press('F4');
    return (await cashier.notes()).tones - before;
  };
  assert.equal(await pay('50.00'), 3, 'three rising tones');
  assert.equal(await pay('150.00'), 2, 'two low tones');
  await cashier.button('Sound on').click();
  await cashier.button('Sound off').waitFor();
  assert.equal(await pay('40.00'), 0);
  await cashier.page.reload();
  await cashier.untilOpen();
  await cashier.button('Sound off').waitFor();
  assert.equal(await pay('30.00'), 0);
}

async function useKeysOnly(stage: Stage): Promise<void> {
  const store = await stage.house.openStore(unhurried);
  const cashier = await stage.newCashier({ store });
  const walletId = await stage.house.control.openWallet('100.00');
  await cashier.keyAmount('41.00');
  await cashier.press('Delete');
  await cashier.untilTotal('0.00');
  await cashier.keyAmount('42.5');
  await cashier.press('Backspace');
  await cashier.untilTotal('42.00');
  // Enter leads to the code field, as F2 does.
  await cashier.press('Enter');
  await cashier.untilFocused(cashier.codeField);
  await cashier.scan(await stage.house.showCode(walletId));
  await cashier.untilPaid('42.00');
  await cashier.press('F4');
  await cashier.saleRow('42.00', 'Paid').waitFor();
  await cashier.press('F7');
  await cashier.untilFocused(cashier.saleRow('42.00', 'Paid'));
  await cashier.press('Enter');
  const dialog = cashier.page.getByRole('dialog');
  await dialog.waitFor();
  const amount = dialog.getByLabel('Amount to give back');
  for (let steps = 0; steps < 10 && !(await cashier.isFocused(amount)); steps += 1) await cashier.press('Tab');
  await cashier.untilFocused(amount);
  await cashier.press('Enter');
  await dialog.getByRole('status').getByText('Refunded ¥42.00').waitFor();
  await cashier.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await cashier.saleRow('42.00', 'Refunded').waitFor();
}

async function stepBack(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  await cashier.keyAmount('15.00');
  await cashier.press('F1');
  const dialog = cashier.page.getByRole('dialog', { name: 'Keys' });
  await dialog.waitFor();
  await cashier.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await cashier.press('F2');
  await cashier.untilFocused(cashier.codeField);
  await cashier.press('Escape');
  await cashier.press('Escape');
  await cashier.press('Escape');
  await cashier.untilTotal('15.00');
}

async function pair(stage: Stage): Promise<void> {
  const store = await stage.house.openStore(unhurried);
  const deviceKey = await store.leaveDemo();
  const page = await stage.newPage({ viewport: counterScreen, locale: 'en' });
  await page.goto(`${store.url}/till`);
  await page.getByRole('heading', { name: 'Pair this till' }).waitFor();
  await page.getByLabel('Device key').fill('guessed');
  await page.getByRole('button', { name: 'Pair', exact: true }).click();
  await page.getByRole('alert').getByText('This key is not known. Check it and try again.').waitFor();
  await page.getByLabel('Device key').fill(deviceKey);
  await page.getByRole('button', { name: 'Pair', exact: true }).click();
  await page.getByRole('heading', { name: 'Enter the amount' }).waitFor();
  // Paired for good, and the page itself does not hold the key.
  const kept = String(await page.evaluate('JSON.stringify(localStorage) + document.cookie'));
  assert.ok(!kept.includes(deviceKey));
  const cashier = await Cashier.atTill(page, store.url, 'en');
  await cashier.keyAmount('2.00');
  await cashier.scan(await stage.house.showCode(await stage.house.control.openWallet('10.00')));
  await cashier.untilPaid('2.00');
}
