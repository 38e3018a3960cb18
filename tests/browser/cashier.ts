// A cashier at the till page: keys, scans and reads what a cashier can, by role and by label.

import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { byCable, type Manner, Scanner } from './scanner.ts';
import { type Language, type Words, words } from './words.ts';

const notesSchema = z.object({
  tones: z.number(),
  requests: z.array(z.object({ method: z.string(), path: z.string(), sinceKeyMs: z.number() })),
});
type Notes = z.infer<typeof notesSchema>;

export class Cashier {
  readonly page: Page;
  readonly words: Words;
  readonly #scanner: Scanner;

  private constructor(page: Page, scanner: Scanner, language: Language) {
    this.page = page;
    this.#scanner = scanner;
    this.words = words[language];
  }

  /** Opens the till and waits until it knows its store. */
  static async atTill(page: Page, storeUrl: string, language: Language): Promise<Cashier> {
    const cashier = new Cashier(page, await Scanner.connect(page), language);
    await page.goto(`${storeUrl}/till`);
    await cashier.untilOpen();
    return cashier;
  }

  async untilOpen(): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: 'Corner shop' }).waitFor();
  }

  get total(): Locator {
    return this.page.getByRole('status', { name: this.words.total, exact: true });
  }

  /** The sheet of the payment in front. */
  get sheet(): Locator {
    return this.page.getByRole('region', { name: this.words.payment, exact: true });
  }

  get codeField(): Locator {
    return this.page.getByRole('textbox', { name: this.words.code, exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Types the amount as a person does, wherever the focus is, and checks that the total shows it. */
  async keyAmount(amount: string): Promise<void> {
    await this.page.keyboard.press('Escape');
    // Slower than any scanner: the digits are an amount.
    for (const key of amount) await this.page.keyboard.press(key, { delay: 5 }).then(() => this.page.waitForTimeout(125));
    await this.untilTotal(amount);
  }

  async untilTotal(amount: string): Promise<void> {
    await this.total.getByText(shown(amount), { exact: true }).or(this.total.filter({ hasText: shown(amount) })).first().waitFor();
  }

  /** The amount by the touch keys: for journeys that are about something else. */
  async tapAmount(amount: string): Promise<void> {
    for (const key of amount) await this.button(key === '.' ? 'Decimal point' : key).click();
    await this.untilTotal(amount);
  }

  async scan(code: string, manner: Manner = byCable): Promise<void> {
    await this.#scanner.scan(code, manner);
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  async untilPaid(amount: string): Promise<void> {
    await this.#untilOutcome(this.words.paid, amount);
  }

  async untilNotPaid(amount: string, reason?: string): Promise<void> {
    await this.#untilOutcome(this.words.notPaid, amount);
    if (reason !== undefined) await this.sheet.getByText(reason).waitFor();
  }

  async #untilOutcome(word: string, amount: string): Promise<void> {
    const outcome = this.sheet.getByRole('alert');
    await outcome.getByRole('heading', { name: word, exact: true }).waitFor();
    await outcome.getByText(shown(amount), { exact: true }).waitFor();
  }

  async untilAsked(): Promise<void> {
    await this.sheet.getByRole('heading', { name: this.words.ask }).waitFor();
  }

  async untilTold(sentence: string): Promise<void> {
    await this.page.getByRole('alert').getByText(sentence).waitFor();
  }

  async untilReady(): Promise<void> {
    await this.sheet.waitFor({ state: 'detached' });
  }

  /** The receipt number on the sheet, once it is there. */
  async receipt(): Promise<string> {
    const number = await this.sheet.getByText(/^[0-9A-Z]{8}$/).textContent();
    assert.ok(number !== null);
    return number;
  }

  /** The row of a sale in today's list: its state in words and its amount. */
  saleRow(amount: string, state: string): Locator {
    const list = this.page.getByRole('region', { name: this.words.salesToday });
    return list.getByRole('button', { name: new RegExp(`${escape(shown(amount))}(?![\\d.]).* ${state}$`) });
  }

  /** What the page has asked the store server to charge: the requests that start a payment. */
  async charges(): Promise<Notes['requests']> {
    const { requests } = await this.notes();
    return requests.filter(({ method, path }) => method === 'POST' && /^\/api\/v1\/sales\/[^/]+\/payments$/.test(path));
  }

  async notes(): Promise<Notes> {
    return notesSchema.parse(await this.page.evaluate('globalThis.tillwayNotes'));
  }
}

/** `1234.5` as the pages show it: ¥1,234.50. */
export function shown(amount: string): string {
  const [whole = '0', decimals = ''] = amount.split('.');
  return `¥${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${decimals.padEnd(2, '0')}`;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
