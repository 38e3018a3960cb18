// Brings the till and the wallet into every state that a person can see, one after the other, and lets a visitor look at each:
// a test for what is wrong, a person for what is ugly (take-pictures.ts).

import type { Page } from 'playwright-core';
import type { Cashier } from './cashier.ts';
import type { Store } from './house.ts';
import { counterScreen, phoneScreen, type Stage } from './stage.ts';
import { type Language, words } from './words.ts';

export type Visit = (page: Page, state: string) => Promise<void>;
export type Dress = { readonly language: Language; readonly colours: 'light' | 'dark' };

/** The till from the first look to a refund. `store` must be one with a short deadline, and for this visit alone. */
export async function visitTill(stage: Stage, store: Store, dress: Dress, visit: Visit): Promise<void> {
  const { control } = stage.house;
  const cashier = await stage.newCashier({ store, language: dress.language, context: { colorScheme: dress.colours } });
  const { page } = cashier;
  const see = async (state: string): Promise<void> => {
    await visit(page, `till ${state}`);
    await page.setViewportSize(counterScreen);
  };
  await see('empty');
  await payAndStay(stage, cashier, '128.40', see);
  await cashier.keyAmount('86.50');
  await see('ready');
  await cashier.scanUntilTold('134567890123456789', cashier.words.wechatPay);
  await see('notice');
  await cashier.press('Escape');

  await cashier.scan(await stage.house.showCode(await control.openWallet('1.00')));
  await cashier.untilNotPaid('86.50', cashier.words.tooLow);
  await see('not paid');
  await cashier.press('F4');

  const shy = await control.openWallet('9000.00');
  const faultId = await control.addFault({
    match: { walletId: shy, method: 'cancel' },
    effect: { kind: 'answer-lost', booked: false },
  });
  await cashier.keyAmount('1999');
  await cashier.scan(await stage.house.showCode(shy));
  await cashier.untilAsked();
  await see('waiting');
  await cashier.sheet.getByText(cashier.words.custody).waitFor();
  await see('custody');
  await cashier.press('F4');
  await visitAside(stage, cashier, see);
  await visitRefund(cashier, see);
  await control.removeFault(faultId);
  const code = await stage.house.showCode(shy);
  await store.stop();
  await cashier.scan(code);
  await cashier.sheet.getByRole('heading', { name: cashier.words.away }).waitFor();
  await see('out of touch');
  await cashier.press('F4');
  await page.getByText(cashier.words.away).first().waitFor();
  await see('offline');
  await store.start();
}

async function payAndStay(stage: Stage, cashier: Cashier, amount: string, see: (state: string) => Promise<void>) {
  await cashier.keyAmount(amount);
  await cashier.scan(await stage.house.showCode(await stage.house.control.openWallet('2000.00')));
  await cashier.untilPaid(amount);
  // The green sheet would go after two seconds, and the visitor takes longer.
  await cashier.page.evaluate('globalThis.tillwayHold.stop()');
  await see('paid');
  await cashier.untilPaid(amount);
  await cashier.page.evaluate('globalThis.tillwayHold.goOn()');
  await cashier.press('F4');
}

// A payment left behind for the next customer, and the page of keys.
async function visitAside(stage: Stage, cashier: Cashier, see: (state: string) => Promise<void>): Promise<void> {
  await cashier.keyAmount('1500');
  await cashier.scan(await stage.house.showCode(await stage.house.control.openWallet('9000.00')));
  await cashier.untilAsked();
  await cashier.press('F4');
  await cashier.keyAmount('20');
  await see('next customer');
  await cashier.press('F1');
  await cashier.page.getByRole('dialog').waitFor();
  await see('keys');
  await cashier.press('Escape');
}

async function visitRefund(cashier: Cashier, see: (state: string) => Promise<void>): Promise<void> {
  const { page, words: say } = cashier;
  await cashier.saleRow('128.40', say.paidRow).click();
  const dialog = page.getByRole('dialog');
  const send = dialog.getByRole('button', { name: new RegExp(`^${say.refund}`) });
  await send.waitFor();
  await see('sale');
  await dialog.getByLabel(say.giveBack).fill('500');
  await send.click();
  await dialog.getByRole('alert').waitFor();
  await see('refund too much');
  await dialog.getByLabel(say.giveBack).fill('28.40');
  await send.click();
  await dialog.getByRole('status').getByText('¥28.40').waitFor();
  await see('refunded');
  await cashier.press('Escape');
}

/** The form that an unknown till shows. `store` must not be in the demo. */
export async function visitPairing(stage: Stage, store: Store, dress: Dress, visit: Visit): Promise<void> {
  const context = { viewport: counterScreen, locale: dress.language, colorScheme: dress.colours };
  const page = await stage.newPage(context);
  await page.goto(`${store.url}/till`);
  await page.getByRole('heading', { name: words[dress.language].pair }).waitFor();
  await visit(page, 'till pairing');
}

/** The wallet's pages, and the sheet that asks for the password. */
export async function visitWallet(stage: Stage, store: Store, dress: Dress, visit: Visit): Promise<void> {
  const { language, colours: colorScheme } = dress;
  const customer = await stage.newCustomer({ store, language, balance: '3000.00', context: { colorScheme } });
  const { page, words: say } = customer;
  const see = async (state: string): Promise<void> => {
    await visit(page, `wallet ${state}`);
    await page.setViewportSize(phoneScreen);
  };
  await see('code');
  const cashier = await stage.newCashier({ store, language });
  await cashier.keyAmount('128.40');
  await cashier.scan(await customer.readCode());
  await cashier.untilPaid('128.40');
  await customer.untilBalance('2871.60');
  await cashier.press('F4');
  await cashier.keyAmount('1288');
  await cashier.scan(await stage.house.showCode(customer.walletId));
  await customer.sheet.waitFor();
  await see('confirm');
  await customer.refuse();
  await customer.sheet.waitFor({ state: 'detached' });
  await customer.open(say.history);
  await see('history');
  await customer.open(say.settings);
  await see('settings');
  await page.getByRole('button', { name: say.other }).click();
  await page.getByRole('button', { name: customer.walletId }).waitFor();
  await see('choice');
}
