// Every way in which a code reaches the till, and every code that it cannot take.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cashier } from '../cashier.ts';
import type { Manner } from '../scanner.ts';
import { journey, type Stage, type Theatre } from '../stage.ts';
import type { Language } from '../words.ts';

type Way = { readonly name: string; readonly digits?: number; give(cashier: Cashier, code: string): Promise<void> };

function byScanner(name: string, manner: Partial<Manner>, digits?: number): Way {
  return {
    name,
    ...(digits === undefined ? {} : { digits }),
    give: (cashier, code) => cashier.scan(code, { gapMs: 1, prefix: '', end: 'Enter', ...manner }),
  };
}

const ways: readonly Way[] = [
  byScanner('a scanner without Enter', { end: 'none' }),
  byScanner('a scanner that sends an AIM prefix', { prefix: ']C1' }),
  byScanner('a scanner that sends an AIM prefix and no Enter', { prefix: ']Q1', end: 'none' }),
  byScanner('a slow Bluetooth scanner', { gapMs: 50 }),
  byScanner('a slow Bluetooth scanner without Enter', { gapMs: 50, end: 'none' }),
  byScanner('24 digits without Enter', { end: 'none' }, 24),
  byScanner('16 digits without Enter', { end: 'none' }, 16),
  {
    name: 'a scanner while the code field has the focus',
    async give(cashier, code) {
      await cashier.press('F2');
      await cashier.scan(code);
    },
  },
  {
    name: 'a hand that types it',
    async give(cashier, code) {
      await cashier.press('F2');
      for (const digit of code) {
        await cashier.press(digit);
        await sleep(110);
      }
      assert.equal(await cashier.codeField.inputValue(), code);
      await cashier.press('Enter');
    },
  },
  { name: 'a paste anywhere on the page', give: (cashier, code) => paste(cashier, code) },
  {
    name: 'a paste in groups of four into the field',
    async give(cashier, code) {
      await cashier.codeField.focus();
      await paste(cashier, code.replaceAll(/(.{4})(?=.)/g, '$1 '));
    },
  },
];

async function paste(cashier: Cashier, text: string): Promise<void> {
  await cashier.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await cashier.press('ControlOrMeta+v');
}

export function scanningJourneys(theatre: () => Theatre): void {
  for (const way of ways) {
    journey(`a code comes by ${way.name}`, theatre, (stage) => payBy(stage, way));
  }
  journey('a code comes from a picture of the phone', theatre, payByPicture);
  for (const language of ['en', 'zh-CN'] as const) {
    journey(`codes that the till cannot take are named and charge nothing (${language})`, theatre, (stage) =>
      takeNoOther(stage, language),
    );
  }
  journey('a code without an amount is not charged, and pays once the amount is there', theatre, scanTooEarly);
  journey('an amount typed very fast is not lost as a scan', theatre, typeLikeAMachine);
}

async function payBy(stage: Stage, { give, digits }: Way): Promise<void> {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const cashier = await stage.newCashier({ context: { permissions } });
  const walletId = await stage.house.control.openWallet('100.00');
  await cashier.keyAmount('20.40');
  const code = await stage.house.showCode(walletId, digits);
  if (digits !== undefined) assert.equal(code.length, digits);
  await give(cashier, code);
  await cashier.untilPaid('20.40');
  const { trades } = await stage.tradesOf(cashier);
  assert.deepEqual(
    trades.map(({ state, kept }) => [state, kept]),
    [['paid', 2040n]],
  );
  assert.equal(await cashier.codeField.inputValue(), '', 'nothing of the code is left on the page');
}

async function payByPicture(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer();
  await cashier.keyAmount('6.60');
  const picture = await customer.page.screenshot();
  await cashier.press('F6');
  const chooser = cashier.page.getByLabel('Read from a picture');
  await chooser.setInputFiles({ name: 'phone.png', mimeType: 'image/png', buffer: picture });
  await cashier.untilPaid('6.60');
  await customer.untilBalance('4993.40');
}

async function takeNoOther(stage: Stage, language: Language): Promise<void> {
  const cashier = await stage.newCashier({ language });
  const { wechatPay, unionPay, product, unreadable } = cashier.words;
  await cashier.keyAmount('9.99');
  const strangers = [
    ['134567890123456789', wechatPay],
    ['6212345678901234567', unionPay],
    ['6901234567892', product],
    ['012345678905', product],
    ['9912345678901234', unreadable],
    ['31123456789012345678', unreadable],
    ['HELLO-WORLD-1', unreadable],
  ] as const;
  for (const [code, sentence] of strangers) {
    await cashier.scanUntilTold(code, sentence);
    // The amount stands: only the code was wrong.
    await cashier.untilTotal('9.99');
    await cashier.press('Escape');
    await cashier.page.getByText(sentence).waitFor({ state: 'detached' });
  }
  assert.deepEqual(await cashier.charges(), []);
  assert.equal(await cashier.sheet.count(), 0);
}

async function scanTooEarly(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  const customer = await stage.newCustomer();
  const code = await customer.readCode();
  await cashier.scan(code);
  await cashier.untilTold(cashier.words.noAmount);
  await cashier.untilTotal('0.00');
  assert.deepEqual(await cashier.charges(), []);
  await cashier.keyAmount('4.50');
  await cashier.scan(code);
  await cashier.untilPaid('4.50');
}

async function typeLikeAMachine(stage: Stage): Promise<void> {
  const cashier = await stage.newCashier();
  await cashier.strike('123.45');
  await cashier.untilTotal('123.45');
  await cashier.press('Delete');
  await cashier.scanUntilTold('123456', cashier.words.unreadable);
  await cashier.button('It was an amount').click();
  await cashier.untilTotal('123456.00');
  assert.deepEqual(await cashier.charges(), []);
}
