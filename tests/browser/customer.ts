// A customer with the wallet page in hand: shows a code, confirms with a password, refuses, looks at the balance.

import type { Locator, Page } from 'playwright-core';
import { shown } from './cashier.ts';
import { type Language, type Words, words } from './words.ts';

export class Customer {
  readonly page: Page;
  readonly words: Words;
  /** The sandbox's name of the wallet, for looking into its books. */
  readonly walletId: string;

  private constructor(page: Page, language: Language, walletId: string) {
    this.page = page;
    this.words = words[language];
    this.walletId = walletId;
  }

  /** Opens the wallet page and picks this wallet of the sandbox. */
  static async withWallet(page: Page, storeUrl: string, language: Language, walletId: string): Promise<Customer> {
    const customer = new Customer(page, language, walletId);
    await page.goto(`${storeUrl}/wallet`);
    await page.getByRole('button', { name: walletId }).click();
    await customer.codeOutput.waitFor();
    return customer;
  }

  /** Opens the wallet page for the first time and takes a new wallet. */
  static async asNewcomer(page: Page, storeUrl: string, language: Language): Promise<Customer> {
    const customer = new Customer(page, language, '');
    await page.goto(`${storeUrl}/wallet`);
    const offer = page.getByRole('button', { name: customer.words.newWallet });
    // On a sandbox without any wallet the page makes one by itself.
    await offer.or(customer.codeOutput).first().waitFor();
    if (await offer.isVisible()) await offer.click();
    await customer.codeOutput.waitFor();
    return customer;
  }

  get codeOutput(): Locator {
    return this.page.getByRole('status', { name: this.words.code, exact: true });
  }

  /** The digits as the page shows them, in groups. */
  async readCode(): Promise<string> {
    const text = await this.codeOutput.textContent();
    return (text ?? '').replaceAll(/\s/g, '');
  }

  /** Waits until another code than this one is shown; answers it. */
  async nextCode(code: string): Promise<string> {
    const groups = code.replaceAll(/(.{4})(?=.)/g, '$1 ');
    await this.codeOutput.filter({ hasNotText: groups }).waitFor();
    return await this.readCode();
  }

  async untilBalance(amount: string): Promise<void> {
    await this.page
      .getByRole('status', { name: this.words.balance, exact: true })
      .filter({ hasText: shown(amount) })
      .waitFor();
  }

  /** The sheet that asks for the password. */
  get sheet(): Locator {
    return this.page.getByRole('dialog');
  }

  async confirm(password = '135790'): Promise<void> {
    await this.sheet.getByLabel(this.words.password).fill(password);
    await this.sheet.getByRole('button', { name: this.words.confirm }).click();
  }

  async refuse(): Promise<void> {
    await this.sheet.getByRole('button', { name: this.words.refuse }).click();
  }

  async untilTold(text: string): Promise<void> {
    await this.page.getByRole('status').getByText(text, { exact: true }).waitFor();
  }

  async open(tab: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('button', { name: tab }).click();
  }
}
