// Takes a picture of every state, in every size, both languages and both colours, for a person to look at; and the two pictures of
// the README.
//
//   node tests/browser/take-pictures.ts <folder>      all states
//   node tests/browser/take-pictures.ts --readme      docs/pictures/till.png and wallet.png

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { House, hurried, unhurried } from './house.ts';
import { sizes } from './looking.ts';
import { Stage } from './stage.ts';
import { type Dress, visitPairing, visitTill, visitWallet } from './states.ts';

const readmeFolder = fileURLToPath(new URL('../../docs/pictures', import.meta.url));

async function takeAll(stage: Stage, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const language of ['en', 'zh-CN'] as const) {
    for (const colours of ['light', 'dark'] as const) await takeDress(stage, folder, { language, colours });
  }
  const page = await stage.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en' });
  await page.goto(stage.house.sandbox.url);
  await page.getByRole('heading').first().waitFor();
  for (const { name, width, height } of sizes) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(folder, `sandbox-${name}.png`) });
  }
}

async function takeDress(stage: Stage, folder: string, dress: Dress): Promise<void> {
  const visit = async (page: Page, state: string): Promise<void> => {
    for (const { name, width, height } of sizes) {
      await page.setViewportSize({ width, height });
      await page.screenshot({
        path: join(folder, `${dress.language}-${dress.colours}-${state}-${name}.png`.replaceAll(' ', '-')),
      });
    }
  };
  const store = await stage.house.openStore(hurried);
  await visitTill(stage, store, dress, visit);
  await store.leaveDemo();
  await visitPairing(stage, store, dress, visit);
  await visitWallet(stage, stage.theatre.store, dress, visit);
  await stage.close();
}

/** A morning's sales, then one more that has just been paid. */
async function takeForReadme(stage: Stage): Promise<void> {
  await mkdir(readmeFolder, { recursive: true });
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer({ balance: '1688.00' });
  for (const amount of ['36.00', '12.50', '208.80', '65.20', '9.90', '128.40']) {
    const isLast = amount === '128.40';
    const code = isLast
      ? await customer.readCode()
      : await stage.house.showCode(await stage.house.control.openWallet('500.00'));
    await cashier.keyAmount(amount);
    await cashier.scan(code);
    await cashier.untilPaid(amount);
    if (!isLast) await cashier.press('F4');
  }
  await cashier.page.screenshot({ path: join(readmeFolder, 'till.png') });
  await customer.untilBalance('1559.60');
  await customer.page.getByText('Paid ¥128.40').waitFor({ state: 'detached' });
  await customer.page.screenshot({ path: join(readmeFolder, 'wallet.png') });
}

const [wish] = process.argv.slice(2);
if (wish === undefined) {
  process.stderr.write('Name a folder for the pictures, or --readme.\n');
  process.exitCode = 2;
} else {
  const house = await House.open();
  const [store, hurriedStore] = [await house.openStore(unhurried), await house.openStore(hurried)];
  const browser = await startBrowser();
  const stage = new Stage({ browser, house, store, hurriedStore });
  try {
    await (wish === '--readme' ? takeForReadme(stage) : takeAll(stage, wish));
  } finally {
    await browser.close();
    await house.close();
  }
}
